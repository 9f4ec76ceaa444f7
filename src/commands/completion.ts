import { Argument, Command } from "commander";
import { exitCodes, Fault, InvalidManifest, Refusal } from "../diagnostic.ts";
import { kindName } from "../manifest/resources.ts";
import { kindSummary } from "../render/kind-text.ts";
import { loadKindSchemas } from "../schema-files.ts";
import { commandEntries } from "./all.ts";
import type { AddCommand, Console, SharedOptions } from "./command.ts";
import { completionScripts, type Shell } from "./completion-scripts.ts";
import { type Candidate, candidatesFor, type Source } from "./completion-words.ts";
import { connectorsOf, loadManifest } from "./session.ts";
import { addSharedOptions, sharedDefaults } from "./shared-options.ts";

/** `steward completion`. */
export const addCompletion: AddCommand = (command, run) => {
  command
    .description(
      "Prints a script that completes commands, options, kinds, and addresses of the manifest in your shell.",
    )
    .addArgument(new Argument("<shell>", "which shell").choices(["bash", "zsh", "fish", "words"]))
    .argument("[words...]", "after `words`: a command line whose last word is to be completed; the scripts ask this")
    .addHelpText(
      "after",
      `
Examples:
  steward completion fish | source    in ~/.config/fish/config.fish
  source <(steward completion bash)   in ~/.bashrc
  source <(steward completion zsh)    in ~/.zshrc, after compinit`,
    )
    .action(run<object, [Shell | "words", string[]]>(completion));
};

async function completion(
  console: Console,
  _options: SharedOptions,
  shell: Shell | "words",
  words: string[],
): Promise<number> {
  if (shell !== "words") {
    console.write(completionScripts[shell]);
    return exitCodes.done;
  }
  const program = await wholeProgram(words[0]);
  for (const { word, about } of candidatesFor(program, words, sourceOf(console, words))) {
    console.write(about ? `${word}\t${about}\n` : `${word}\n`);
  }
  return exitCodes.done;
}

/** Every command by name, and the chosen one with its options. */
async function wholeProgram(chosen: string | undefined): Promise<Command> {
  const program = new Command("steward");
  for (const entry of commandEntries) {
    const command = program.command(entry.name).description(entry.summary);
    if (entry.name !== chosen) continue;
    (await entry.load())(command, () => async () => {});
    command.summary(entry.summary);
    addSharedOptions(command);
  }
  return program;
}

/** What the manifest and the schemas offer. A manifest that cannot be read offers nothing, and a prompt shows no errors. */
function sourceOf(console: Console, words: readonly string[]): Source {
  const after = (option: string) => {
    const at = words.indexOf(option);
    return at < 0 ? undefined : words[at + 1];
  };
  const manifest = () => {
    const [env, path] = [after("--env"), after("--manifest")];
    const chosen = { ...(env ? { env } : {}), ...(path ? { manifest: path } : {}) };
    try {
      return loadManifest(console, { ...sharedDefaults, format: "text", ...chosen });
    } catch (error) {
      if (error instanceof InvalidManifest || error instanceof Fault || error instanceof Refusal) return undefined;
      throw error;
    }
  };
  const named = (names: string[], about: string): Candidate[] => names.map((word) => ({ word, about }));
  return {
    address: () => named(manifest()?.resources.map(({ address }) => address) ?? [], "declared"),
    system: () => named(Object.keys(manifest()?.systems ?? {}), "system"),
    sink: () => named(Object.keys(manifest()?.sinks ?? {}), "sink"),
    kind: () => loadKindSchemas().map((kind) => ({ word: kindName(kind), about: kindSummary(kind) })),
    type: () =>
      named(
        connectorsOf(console).map(({ name }) => name),
        "system type",
      ),
  };
}
