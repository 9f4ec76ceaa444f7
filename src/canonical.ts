import { hash } from "node:crypto";

/** JSON with sorted keys and without undefined members: equal meaning, equal bytes. */
export function canonicalJson(value: unknown): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item ?? null)).join(",")}]`;
  const object = value as Record<string, unknown>;
  let text = "";
  for (const name of Object.keys(object).sort()) {
    const member = object[name];
    if (member !== undefined) text += `${text === "" ? "{" : ","}${JSON.stringify(name)}:${canonicalJson(member)}`;
  }
  return text === "" ? "{}" : `${text}}`;
}

/** Whether lists and maps are nested deeper than `depthMax`: a stranger's file must not use up the stack. */
export function isDeeperThan(value: unknown, depthMax: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  return depthMax === 0 || Object.values(value).some((member) => isDeeperThan(member, depthMax - 1));
}

/** sha256 of the canonical JSON, in hex. */
export function digestOf(value: unknown): string {
  return hash("sha256", canonicalJson(value));
}
