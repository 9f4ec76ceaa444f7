import { phrase } from "./visible.ts";

/** What whoever reads a hint has to say again, so that a suggested command means the same world and the same plan. */
export interface Said {
  /** Only where the manifest has several environments. */
  env?: string | undefined;
  /** Only where it was named: `--manifest`. */
  manifest?: string | undefined;
  allowDeletions?: number | undefined;
  allowMissing?: number | undefined;
  restore?: readonly string[] | undefined;
  replace?: readonly string[] | undefined;
  ask?: readonly string[] | undefined;
  destroy?: boolean | undefined;
}

const command =
  /\bsteward (plan|apply|destroy|drift|doctor|trust|recover|refresh|validate|dump|import|forget|tokens|graph|do|confirm|status|(?:state|secret) [a-z]+)\b([^;\n`]*?)(?=;|\n|`|steward |$)/g;

/** Completes every `steward COMMAND …` of a hint with what was said on the command line and is missing there. */
export function completeHints(text: string, said: Said): string {
  return text.replace(command, (_whole, name: string, rest: string) => {
    // A plan file knows its environment and its consents.
    if (name === "apply" && /^ [^\s-]\S*\.json\b/.test(rest))
      return `steward ${name}${manifestWords(rest, said).join("")}${rest}`;
    return `steward ${name}${missingWords(name, rest, said).join("")}${rest}`;
  });
}

/** What has to stand behind every `steward COMMAND`, with a space before each word: ` --manifest access/ --env test`. */
export const placeWords = (said: Said): string => [...manifestWords("", said), ...environmentWords("", said)].join("");

/** The command that carries out a plan file, which knows its environment and its consents. */
export function applyCommand(file: string, { manifest }: Pick<Said, "manifest">): string {
  return `steward apply${placeWords({ manifest })} ${shellWord(file)}`;
}

const environmentWords = (rest: string, { env }: Said): string[] =>
  env !== undefined && !rest.includes("--env ") ? [` --env ${phrase(env)}`] : [];

function missingWords(name: string, rest: string, said: Said): string[] {
  const destroy = name === "plan" && said.destroy && !rest.includes("--destroy") ? [" --destroy"] : [];
  // In running text, as in "steward plan shows what is left", a consent has no place.
  // A run keeps the consents of its plan.
  const isOfRun = /--(?:resume|abandon) /.test(rest);
  const isCall = !/^ [a-z]/.test(rest) && !isOfRun && ["plan", "apply", "destroy"].includes(name);
  return [
    ...manifestWords(rest, said),
    ...destroy,
    ...environmentWords(rest, said),
    ...(isCall ? consentWords(name, rest, said) : []),
  ];
}

/** One word for a shell: in quotes where a shell would take it for something else. */
export function shellWord(text: string): string {
  const shown = phrase(text);
  return /^[\w%+=:,./@-]+$/.test(shown) ? shown : `'${shown.replaceAll("'", "'\\''")}'`;
}

function manifestWords(rest: string, { manifest }: Said): string[] {
  return manifest === undefined || rest.includes("--manifest ") ? [] : [` --manifest ${shellWord(manifest)}`];
}

function consentWords(name: string, rest: string, said: Said): string[] {
  const { allowDeletions, allowMissing, restore = [], replace = [], ask = [] } = said;
  const count = (flag: string, number: number | undefined): string[] =>
    number === undefined || rest.includes(`${flag} `) ? [] : [` ${flag} ${number}`];
  const each = (flag: string, addresses: readonly string[]): string[] =>
    addresses.map((address) => ` ${flag} ${phrase(address)}`).filter((words) => !`${rest} `.includes(`${words} `));
  const deletions = count("--allow-deletions", allowDeletions);
  if (name === "destroy") return deletions;
  return [
    ...deletions,
    ...count("--allow-missing", allowMissing),
    ...each("--restore", restore),
    ...each("--replace", replace),
    ...each("--ask", ask),
  ];
}
