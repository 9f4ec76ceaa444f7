/** How a console is asked: a request and its answer, whatever carries them. */

export interface ConsoleRequest {
  method: "GET" | "POST";
  /** With the query; begins with a slash. */
  path: string;
  /** Lower-case names. */
  headers: Record<string, string>;
  body: string;
}

export interface ConsoleResponse {
  status: number;
  /** Lower-case names; `set-cookie` may repeat. */
  headers: Record<string, string | string[]>;
  body: string;
}

/** One request, one answer; redirects are not followed. What it throws goes through to whoever drives. */
export type SendRequest = (request: ConsoleRequest) => Promise<ConsoleResponse>;

/** The first value of a header. */
export function headerOf({ headers }: ConsoleResponse, name: string): string | undefined {
  return [headers[name]].flat()[0];
}
