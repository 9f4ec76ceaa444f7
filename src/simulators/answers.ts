import type { SimResponse } from "./wire.ts";

/** An answer that is no envelope: what stands before the portal API would say. */
export function plain(status: number, text: string): SimResponse {
  return { status, headers: { "content-type": "text/plain; charset=utf-8" }, body: `${text}\n` };
}

/** The page that a proxy or an ended session puts where JSON is expected. */
export function loginPage(): SimResponse {
  const body =
    "<!doctype html><html><head><title>Simulated login</title></head><body><form>Log in</form></body></html>";
  return { status: 200, headers: { "content-type": "text/html; charset=utf-8" }, body };
}

/** The same answer with the second half of its body lost on the way. */
export function truncate(response: SimResponse): SimResponse {
  const headers = { ...response.headers, "content-length": String(Buffer.byteLength(response.body)) };
  return { ...response, headers, body: response.body.slice(0, Math.floor(response.body.length / 2)) };
}
