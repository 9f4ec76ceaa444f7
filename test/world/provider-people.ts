import { expect } from "vitest";
import type { FlowWorld } from "./flow-world.ts";

/** People who are asked by a provider, and tell it to `steward` by the manifest that the provider wrote. */

/** That manifest; undefined before anybody was asked. */
export function writtenManifest({ disk }: FlowWorld): string | undefined {
  const files = disk.files();
  const [path] = Object.keys(files).filter((name) => /\/\.steward-momentus-[0-9a-f]{8}\.yaml$/.test(name));
  return path === undefined ? undefined : files[path];
}

/** Everybody who is asked does it and tells it. Answers the steps. */
export async function peopleWork(flow: FlowWorld): Promise<string[]> {
  const told: string[] = [];
  const text = writtenManifest(flow);
  while (text !== undefined) {
    const { tasks } = await flow.look(text);
    const [task] = tasks;
    if (!task) break;
    const answer = await flow.person.work(task);
    expect(answer, task.step).toBeDefined();
    told.push(`${task.step.slice(task.step.indexOf("/") + 1)} ${answer!.result}`);
    await flow.confirm(text, task, answer!);
  }
  return told;
}
