import { operationOf } from "../apply/context.ts";
import { phrase } from "../render/visible.ts";
import type { OpenRun, State } from "../state.ts";
import type { Workspace } from "../workspace.ts";

/** Secrets that nothing refers to any more: Steward deletes none, and says where they are. */

/** What was delivered for something that is gone is still where it was. */
export function leftInSinks(before: State["entries"], after: State["entries"]): string[] {
  const placesOf = (entries: State["entries"]): string[] =>
    Object.values(entries).flatMap(({ secrets }) =>
      Object.values(secrets).flatMap(({ sink, path, delivered }) => (delivered ? [`${sink}:${path}`] : [])),
    );
  const kept = new Set(placesOf(after));
  return [...new Set(placesOf(before))].filter((place) => !kept.has(place)).sort();
}

/** What was chosen for something that a run which ended has not made. */
export async function chosenInVain(workspace: Workspace, run: OpenRun): Promise<string[]> {
  const places: string[] = [];
  for (const step of run.plan.steps) {
    if (run.steps[step.id] === undefined || run.steps[step.id]?.state === "done") continue;
    for (const name of operationOf(workspace, step).chooses ?? []) {
      const target = step.delivers?.[name];
      if (target && (await workspace.secrets.has(target))) places.push(`${target.sink}:${target.path}`);
    }
  }
  return [...new Set(places)].sort();
}

/** One line that names them; empty where there is none. */
export function sayLeftInSinks(left: readonly string[]): string {
  if (left.length === 0) return "";
  const what = left.length === 1 ? "A secret stays in its sink" : `${left.length} secrets stay in their sinks`;
  return `${what}, for whoever still needs ${left.length === 1 ? "it" : "them"}; delete there what nobody does:  ${left.map((place) => phrase(place)).join(", ")}\n`;
}
