import type { Connector, Failed, Kind, Operation, Outcome, View } from "../../src/connectors/connector.ts";
import { apiDraft } from "../../src/connectors/drafts.ts";
import type { KindSchema } from "../../src/schema.ts";
import type { Label, Screen, ScreenResult } from "../../src/screen.ts";
import type { StepDraft } from "../../src/step.ts";

/**
 * A system of the tests' own that only people can work on, with everything that people's work needs of the engine: a question
 * with branches, something borrowed by mail, a step of a person, a proof by API, and giving back.
 */
export const depotSchema: KindSchema = {
  $schema: "https://json-schema.org/draft/2020-12/schema",
  $id: "https://steward.test/schemas/depot/depot_account.json",
  title: "depot_account",
  description: "An account of the depot.",
  type: "object",
  properties: {
    name: { type: "string", description: "Its name.", "x-immutable": true },
    note: { type: "string", description: "Anything." },
  },
  required: ["name"],
  additionalProperties: false,
  "x-identity": ["name"],
  "x-removal": "delete",
  "x-label": "Account",
  "x-system": "depot",
};

/** A manifest with accounts of these names. */
export function depotManifest(names: string[], byMail = true): string {
  const blocks = names.map((name) => `    ${name}: { name: ${name}, note: hello }`);
  return `
systems:
  depot: { url: "https://depot.test", by_mail: ${byMail} }
resources:
  depot_account:${blocks.length > 0 ? `\n${blocks.join("\n")}` : " {}"}
`;
}

const label: Label = { key: "ok", text: "OK", role: "button", mark: "assumed" };

const ended: ScreenResult[] = [
  { result: "done", means: "it is done", asks: [] },
  { result: "not-done", means: "not yet", asks: [] },
  { result: "failed", means: "it cannot be done", asks: [] },
];

function screen(results: ScreenResult[]): () => Screen {
  return () => ({ role: "a clerk", acts: [{ act: "press", button: label }], results });
}

const question: ScreenResult[] = [
  { result: "found", means: "it is there", asks: [] },
  {
    result: "absent",
    means: "it is not there",
    asks: [{ name: "licensed", label: "Licensed", choices: ["yes", "no"] }],
  },
  {
    result: "cannot-see",
    means: "it cannot be seen",
    asks: [{ name: "licensed", label: "Licensed", choices: ["yes", "no"], optional: true }],
  },
];

/** What the depot's own API says: which accounts work. Tests fill it. */
export class Depot {
  readonly working = new Set<string>();
  /** Every write of the API, in order. */
  readonly proofs: string[] = [];
}

function operations(depot: Depot): Record<string, Operation> {
  const made = { screen: screen([...ended, { result: "found", means: "it is there already", asks: [] }]) };
  return {
    observe: {
      screen: screen(question),
      accept: async ({ step }, { result }): Promise<Outcome | Failed> =>
        result === "found" && isForeign(step.input.name)
          ? { failed: "it belongs to somebody else", remedy: "choose another name" }
          : {},
    },
    create: { ...made, accept: async ({ step }) => ({ id: String(step.input.name) }) },
    adopt: {
      screen: screen([
        { result: "done", means: "copied", asks: [{ name: "note", label: "Note", optional: true }] },
        { result: "failed", means: "it cannot be copied", asks: [] },
      ]),
      accept: async ({ step }, { fields }) => {
        const note = fields.note ?? null;
        const differs = note !== (step.input.note ?? null);
        return { id: String(step.input.name), attributes: { note }, ...(differs ? { ends: "the note differs" } : {}) };
      },
    },
    change: { screen: screen(ended) },
    remove: { screen: screen(ended) },
    wait: { screen: screen(ended) },
    borrow: { mail: (step) => mailOf(step.address, "add"), screen: screen(ended) },
    giveBack: { mail: (step) => mailOf(step.address, "remove"), screen: screen(ended) },
    prove: {
      run: async ({ step }) => {
        const name = String(step.input.name);
        depot.proofs.push(name);
        return {};
      },
      settle: async () => ({ verdict: "not-done" }),
    },
  };
}

function mailOf(address: string, wish: string) {
  return { from: "us@acme.example", to: "depot@acme.example", subject: `${wish} ${address}`, text: wish };
}

function person(operation: string, rest: Partial<StepDraft>): StepDraft {
  return {
    ...apiDraft({ operation, title: operation, input: {}, expects: { is: "anything" }, records: { is: "nothing" } }),
    hand: "person",
    ...rest,
  };
}

/** An account that may not be taken over where it is found: its plan has no such branch. */
const isForeign = (name: unknown): boolean => String(name).startsWith("foreign");

function lower(view: View, action: string): StepDraft[] {
  const attributes = view.desired ?? {};
  const { name = "", note } = attributes;
  const input = { name, ...(note === undefined ? {} : { note }) };
  if (action === "update") return [person("change", { input, records: { is: "updated", attributes } })];
  if (action === "delete") return [person("remove", { records: { is: "removed" } })];
  const adopt = person("adopt", {
    needs: ["observe"],
    when: { is: "found", of: "observe" },
    input,
    records: { is: "adopted", id: String(name), attributes, origin: "adopted" },
  });
  const mailHand = view.system.settings.by_mail === true ? "mail" : "person";
  return [
    person("observe", { asks: true, input }),
    person("borrow", {
      hand: mailHand,
      needs: [],
      when: { is: "unlicensed", of: "observe" },
      loan: { name: "license", part: "take" },
    }),
    person("wait", { needs: ["borrow"], when: { is: "unlicensed", of: "observe" } }),
    person("create", {
      needs: ["observe", "wait"],
      when: { is: "absent", of: "observe" },
      input,
      records: { is: "created", attributes, generation: view.generationNext },
    }),
    ...(isForeign(name) ? [] : [adopt]),
    { ...person("prove", { needs: isForeign(name) ? ["create"] : ["create", "adopt"], input }), hand: "api" },
    person("giveBack", {
      hand: mailHand,
      needs: ["wait", "create", ...(isForeign(name) ? [] : ["adopt"]), "prove"],
      when: { is: "borrowed", of: "borrow" },
      always: true,
      loan: { name: "license", part: "return" },
    }),
  ];
}

export function depotConnector(depot: Depot): Connector {
  const kind: Kind = {
    name: "depot_account",
    schema: depotSchema,
    hand: () => "person",
    list: async () => ({ objects: [], complete: false, attested: true }),
    lower: (view, verdict) => lower(view, verdict.action),
    operations: operations(depot),
  };
  return {
    name: "depot",
    settings: { properties: { by_mail: { type: "boolean" } }, required: [], credentials: {} },
    kinds: [kind],
    fingerprint: (system) => `depot ${system.url}`,
    open: () => ({
      reader: {},
      writer: () => ({}),
      facts: async () => ({ me: null }),
      examine: async () => [],
      mailServer: async () => ({ url: "smtp://127.0.0.1:25", timeoutMs: 1_000 }),
      close: async () => {},
    }),
  };
}
