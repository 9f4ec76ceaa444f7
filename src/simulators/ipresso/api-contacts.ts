import type { SimResponse } from "../wire.ts";
import { type ApiCall, ApiRefusal, answer, type Endpoint, nested } from "./api-call.ts";
import type { ContactRecord } from "./records.ts";

/** Contacts, as the public clients call them. Contacts of one e-mail address are the same contact. */

const isSame = (a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): boolean =>
  Object.entries(b).every(([name, value]) => a[name] === value);

function contactOf({ store, keys }: ApiCall): ContactRecord {
  const contact = store.contacts.get(Number(keys[0]));
  if (!contact) throw new ApiRefusal(404, "Not Found", { errorCode: 13 });
  return contact;
}

/**
 * Each contact of the form has a code of its own: 201 it is new, 302 there is one, 303 there is the very same. That one which is
 * there takes over what the form says is assumed.
 */
function addOne({ store }: ApiCall, fields: Record<string, string>): { code: number; id?: number; errorCode?: number } {
  if (!fields.email) return { code: 400, errorCode: 60 };
  const found = store.contacts.find((contact) => contact.fields.email === fields.email);
  if (!found) return { code: 201, id: store.putContact(null, fields).id };
  if (isSame(found.fields, fields)) return { code: 303, id: found.id };
  store.putContact(found.id, { ...found.fields, ...fields });
  return { code: 302, id: found.id };
}

function add(call: ApiCall): SimResponse {
  const contacts = nested(call.form, "contact");
  if (contacts.length === 0) throw new ApiRefusal(400, "simulated: the form has no contact", { errorCode: 60 });
  return answer(200, "OK", { data: { contact: contacts.map((fields) => addOne(call, fields)) } });
}

function read(call: ApiCall): SimResponse {
  const { id, fields } = contactOf(call);
  return answer(200, "OK", { data: { contact: { idContact: String(id), ...fields } } });
}

function edit(call: ApiCall): SimResponse {
  const { id, fields } = contactOf(call);
  const [changes] = nested(call.form, "contact");
  if (!changes) throw new ApiRefusal(400, "simulated: the form has no contact", { errorCode: 60 });
  if (isSame(fields, changes)) {
    const message = "Not Change - the same contact already exists";
    throw new ApiRefusal(303, message, { data: { id }, errorCode: 1 });
  }
  call.store.putContact(id, { ...fields, ...changes });
  return answer(201, "Created", { data: { id } });
}

function remove(call: ApiCall): SimResponse {
  const { id } = contactOf(call);
  call.store.contacts.remove(id, call.at);
  return answer(200, "OK", { data: true });
}

function search({ store, form }: ApiCall): SimResponse {
  const [wanted = {}] = nested(form, "contact");
  if (Object.keys(wanted).length === 0) throw new ApiRefusal(400, "simulated: no criteria", { errorCode: 4 });
  const found = store.contacts.values().filter(({ fields }) => isSame(fields, wanted));
  if (found.length === 0) throw new ApiRefusal(404, "Not Found", { data: { contact: [] }, errorCode: 3 });
  return answer(200, "OK", { data: { contact: found.map(({ id }) => String(id)) } });
}

export const contactEndpoints: readonly Endpoint[] = [
  { name: "ipresso/contacts/search", verb: "POST", path: "contact/search", needs: "POST contact", run: search },
  { name: "ipresso/contacts/add", verb: "POST", path: "contact", needs: "POST contact", run: add },
  { name: "ipresso/contacts/read", verb: "GET", path: "contact/:key", needs: "GET contact", run: read },
  { name: "ipresso/contacts/edit", verb: "PUT", path: "contact/:key", needs: "PUT contact", run: edit },
  { name: "ipresso/contacts/delete", verb: "DELETE", path: "contact/:key", needs: "DELETE contact", run: remove },
];
