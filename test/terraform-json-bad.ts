import { expect } from "vitest";
import { renderDiagnostics } from "../src/render/diagnostics.ts";
import { beside, problemsOf, type Synthesized, synthesized, type Texts } from "./terraform-json-fixture.ts";

/** A wrong input, and the diagnostic that it must give. */
export interface Bad {
  name: string;
  /** A stack, or the texts of several files. */
  of: Synthesized | Texts;
  /** What the caret underlines; undefined: the error has no place. */
  marks: string | undefined;
  says: string;
  hint?: string;
  construct?: string;
  yaml?: string;
  variables?: Record<string, string>;
  environment?: string;
}

export const role = { name: "Auditor", description: "May look", privileges: ["Monitor"] };
export const account = { username: "ci@acme.example", role: "Enterprise Support" };

/** A stack with one role. */
export const withRole = (more: Record<string, unknown>, parts: Synthesized = {}): Synthesized => ({
  ...parts,
  resource: { velocloud_role: { auditor: { ...role, ...more } } },
});

/** A stack with one user. */
export const withUser = (more: Record<string, unknown>, parts: Synthesized = {}): Synthesized => ({
  ...parts,
  resource: { velocloud_admin_user: { ci: { ...account, ...more } } },
});

const isTexts = (of: Bad["of"]): of is Texts => Object.values(of).every((text) => typeof text === "string");

/** The error says what it must, at the very piece of the text that is wrong; no secret of these tables is printed. */
export function check({ of, marks, says, hint, construct, yaml = beside, variables, environment }: Bad): void {
  const texts = isTexts(of) ? of : { "cdk.tf.json": synthesized(of) };
  const found = problemsOf(texts, { yaml, ...(variables ? { variables } : {}), environment });
  const all = renderDiagnostics(found);
  const hit = found.find((one) => one.message.includes(says));
  expect(hit?.message, all).toContain(says);
  expect(marked(hit?.source, texts), all).toBe(marks);
  if (hint !== undefined) expect(hit?.hint).toContain(hint);
  if (construct !== undefined) expect(hit?.source?.construct).toBe(construct);
  expect(all).not.toContain("hunter2");
}

function marked(source: { file: string; line: number; column: number; length?: number } | undefined, texts: Texts) {
  const line = source && texts[source.file]?.replace(/^\uFEFF/, "").split("\n")[source.line - 1];
  return line?.slice(source!.column - 1, source!.column - 1 + (source!.length ?? 1));
}
