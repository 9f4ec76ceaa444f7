import { exitCodes } from "../diagnostic.ts";
import { orderedByManifest } from "../plan/implicit-needs.ts";
import { renderGraphDot, renderGraphMermaid, renderGraphText } from "../render/graph.ts";
import { stringify } from "../render/json.ts";
import type { AddCommand, Console, SharedOptions } from "./command.ts";
import { WrongUsage } from "./errors.ts";
import { kindsOf, loadManifest } from "./session.ts";

interface GraphFlags {
  dot?: true;
  mermaid?: true;
}

/** `steward graph`. */
export const addGraph: AddCommand = (command, run) => {
  command
    .description(
      "Shows which resource needs which, by reference, by name and by rule, as plan orders them. From the manifest alone: reads nothing from any system.",
    )
    .option("--dot", "for Graphviz")
    .option("--mermaid", "for pages that draw mermaid, for example pull requests")
    .addHelpText("after", "\nExamples:\n  steward graph\n  steward graph --dot | dot -Tsvg > graph.svg")
    .action(run<GraphFlags, []>(graph));
};

async function graph(console: Console, options: SharedOptions & GraphFlags): Promise<number> {
  if (options.dot && options.mermaid) throw new WrongUsage("--dot and --mermaid exclude one another");
  const manifest = loadManifest(console, options);
  const resources = orderedByManifest(manifest.resources, await kindsOf(console, manifest));
  if (options.dot) console.write(renderGraphDot(resources));
  else if (options.mermaid) console.write(renderGraphMermaid(resources));
  else if (options.format === "json") {
    const nodes = resources.map(({ address, kind, system, dependsOn }) => ({ address, kind, system, dependsOn }));
    console.write(stringify({ formatVersion: 1, nodes }));
  } else if (resources.length === 0) console.note("The manifest declares no resources.\n");
  else console.write(renderGraphText(resources));
  return exitCodes.done;
}
