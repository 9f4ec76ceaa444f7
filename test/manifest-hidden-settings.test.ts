import { expect, it } from "vitest";
import { builtInConnectors } from "../src/connectors/all.ts";
import { renderDiagnostics } from "../src/render/diagnostics.ts";
import { styleFor } from "../src/render/style.ts";
import { loadLabels } from "../src/schema-files.ts";
import { diagnosticsOf, parse } from "./manifest-fixture.ts";

/** Settings hold no secrets. Somebody may take one for the place of a password all the same, and errors are read by many. */

const secret = "S3CRETKEY";

it.each([
  ["ipresso", `console: { settings: page, customer_key: ${secret} }`],
  ["veson", `license: { limit: 5, key: ${secret} }`],
  ["veson", `license:\n      limit: 5\n      api_token: |\n        ${secret}\n        more`],
  ["momentus", `license: { mail_from: a@b.example, smtp_pass: ${secret} }`],
  ["veson", `screens: { tokn: ${secret} }`],
])("what stands under a name that no setting of %s has is hidden: %s", (type, lines) => {
  const text = `systems:
  ${type}:
    url: https://a.example
    credentials: { username: a, password: "\${env.P}" }
    ${lines}
resources: {}
`;
  const found = diagnosticsOf(() => parse(text, { connectors: [...builtInConnectors], labels: loadLabels }));
  const said = renderDiagnostics(found, styleFor(false));
  expect(said).toContain("unknown attribute");
  expect(said).not.toContain(secret);
});
