import { expect } from "vitest";
import { renderDiagnostics } from "../src/render/diagnostics.ts";
import { head, problems } from "./manifest-fixture.ts";

/** `at` is LINE:COLUMN; lines of `text` count from the top of the whole manifest. */
export interface Bad {
  name: string;
  text: string;
  at: string | undefined;
  says: string;
  hint?: string;
}

export const user = (line: string): string => `${head}  velocloud_admin_user:
    ci:
      username: ci@acme.example
      role: Enterprise Support
      ${line}
`;
export const system = (line: string): string => `systems:
  velocloud:
    url: https://vco.example.net
    ${line}
`;
export const sink = (line: string): string => `sinks:
  local:
    type: age
    recipients: [age1qyqszqgpqyqszqgp]
    ${line}
`;
export const several = `environments: { test: {}, prod: {} }
`;

/** The error stands at its place with its line, and no secret of these tables is printed. */
export const check = ({ text, at, says, hint }: Bad): void => {
  const found = problems(text, { environment: text.startsWith(several) ? "prod" : undefined });
  const places = found.map((one) => `${one.source?.line}:${one.source?.column} ${one.message}`);
  const hit = found.find((one) => one.message.includes(says));
  expect(hit?.message, places.join("\n")).toContain(says);
  expect(`${hit?.source?.line}:${hit?.source?.column}`, places.join("\n")).toBe(at);
  if (hint !== undefined) expect(hit?.hint).toContain(hint);
  expect(hit?.excerpt?.line).toBeDefined();
  expect(renderDiagnostics(found)).not.toMatch(/hunter2|12345678/);
};
