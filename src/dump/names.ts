import type { Plain } from "../resource.ts";

/** Longest name that a resource may have, less room for a number. */
const lengthMax = 56;

/**
 * A name for a resource that nobody else has, made of its identity: `ci@acme.example` becomes `ci`, and when that is taken
 * `ci_acme_example`, then `ci_acme_example_2`. Adds it to `taken`.
 */
export function nameFor(identity: readonly Plain[], otherwise: string, taken: Set<string>): string {
  const texts = identity.map((value) => String(value ?? ""));
  const last = texts.at(-1) ?? otherwise;
  const candidates = [snake(last.replace(/@.*$/s, "")), snake(last), snake(texts.join("_"))].filter(
    (name) => name !== "",
  );
  const base = candidates.at(-1) ?? snake(otherwise);
  let name = candidates.find((candidate) => !taken.has(candidate));
  for (let number = 2; name === undefined; number++) {
    if (!taken.has(`${base}_${number}`)) name = `${base}_${number}`;
  }
  taken.add(name);
  return name;
}

/** YAML reads these as something else than text, or our loader takes none of them as a key. */
const unusable = /^(true|false|null|yes|no|on|off|y|n|constructor|prototype)$/;

/** Text as `snake_case` that begins with a letter; empty when nothing of it can stay. */
function snake(text: string): string {
  const words = text
    .normalize("NFKD")
    .toLowerCase()
    .replace(/\p{M}/gu, "")
    .replace(/[^a-z0-9]+/g, "_");
  const name = words.slice(0, lengthMax).replace(/^_+|_+$/g, "");
  return name === "" || (/^[a-z]/.test(name) && !unusable.test(name)) ? name : `n_${name}`;
}
