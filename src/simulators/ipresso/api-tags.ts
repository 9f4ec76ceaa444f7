import type { SimResponse } from "../wire.ts";
import { type ApiCall, ApiRefusal, answer, type Endpoint, nested } from "./api-call.ts";
import type { TagRecord } from "./records.ts";

/** Tags, and lists that nobody can change here: something to read, so that a permission can be proved. */

function tagOf({ store, keys }: ApiCall): TagRecord {
  const tag = store.tags.get(Number(keys[0]));
  if (!tag) throw new ApiRefusal(404, "Not Found", { errorCode: 37 });
  return tag;
}

function list({ store }: ApiCall): SimResponse {
  const tag = Object.fromEntries(store.tags.values().map(({ id, name }) => [id, name]));
  return answer(200, "OK", { data: { tag } });
}

function read(call: ApiCall): SimResponse {
  const { id, name } = tagOf(call);
  return answer(200, "OK", { data: { tag: { id, name } } });
}

/** A tag that exists is answered 302, "found". */
function add({ store, form }: ApiCall): SimResponse {
  const name = form.get("name") ?? "";
  if (name === "") throw new ApiRefusal(400, "simulated: the form has no name", { errorCode: 31 });
  const found = store.tags.find((tag) => tag.name === name);
  if (found) throw new ApiRefusal(302, "Found", { data: { tag: { id: found.id } } });
  return answer(201, "Created", { data: { tag: { id: store.putTag(null, name).id } } });
}

function edit(call: ApiCall): SimResponse {
  const { id } = tagOf(call);
  const name = nested(call.form, "tag")[0]?.name ?? "";
  if (name === "") throw new ApiRefusal(400, "simulated: the form has no name", { errorCode: 38 });
  call.store.putTag(id, name);
  return answer(200, "OK", { data: true });
}

function remove(call: ApiCall): SimResponse {
  call.store.tags.remove(tagOf(call).id, call.at);
  return answer(200, "OK", { data: true });
}

const catalogs = {
  action: [{ key: "visit", name: "Visit" }],
  activity: [{ key: "order", name: "Order" }],
  agreement: { 1: { name: "Newsletter" } },
  attribute: { fname: { name: "First name" }, lname: { name: "Last name" }, email: { name: "E-mail" } },
  category: { 1: "Customers" },
  origin: { 1: "Shop" },
  type: { person: { name: "Person" } },
  www: { 1: { url: "https://shop.example" } },
} as const;

const catalogEndpoints = (Object.keys(catalogs) as (keyof typeof catalogs)[]).map((area): Endpoint => {
  const run = () => answer(200, "OK", { data: { [area]: catalogs[area] } });
  return { name: `ipresso/${area}/list`, verb: "GET", path: area, needs: `GET ${area}`, run };
});

export const tagEndpoints: readonly Endpoint[] = [
  { name: "ipresso/tags/list", verb: "GET", path: "tag", needs: "GET tag", run: list },
  { name: "ipresso/tags/read", verb: "GET", path: "tag/:key", needs: "GET tag", run: read },
  { name: "ipresso/tags/add", verb: "POST", path: "tag", needs: "POST tag", run: add },
  { name: "ipresso/tags/edit", verb: "PUT", path: "tag/:key", needs: "PUT tag", run: edit },
  { name: "ipresso/tags/delete", verb: "DELETE", path: "tag/:key", needs: "DELETE tag", run: remove },
  ...catalogEndpoints,
];
