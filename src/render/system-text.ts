import type { AttributeSchema } from "../schema.ts";
import { attributeRows } from "./kind-page.ts";
import { columnsFor, type KindTextOptions, plain, renderAttribute, wrap } from "./kind-text.ts";
import { plainStyle } from "./style.ts";
import type { SystemParts } from "./system-page.ts";

/** What may be said about a system of one type, for the terminal. `example` is YAML. */
export function renderSystem(parts: SystemParts, example: string, options: KindTextOptions): string {
  const style = options.style ?? plainStyle;
  const columns = columnsFor(options);
  const section = (title: string, schemas: Record<string, AttributeSchema>, prefix = "") => [
    "",
    style("strong", title),
    ...Object.entries(schemas)
      .flatMap(([key, schema]) => attributeRows(prefix + key, schema, parts.required))
      .flatMap((row) => renderAttribute(row, columns, style)),
  ];
  return [
    style("strong", `systems.NAME of type ${parts.name}`),
    ...wrap(plain(parts.description), columns, "  "),
    ...section(`Settings of ${parts.name}`, parts.own),
    ...section("Credentials", parts.credentials, "credentials."),
    ...section("Settings that every system has", parts.shared),
    "",
    "What is pinned must be trusted before Steward goes there:  steward trust NAME",
    ...(example ? ["", style("strong", "Example"), ...example.trimEnd().split("\n")] : []),
    "",
  ].join("\n");
}
