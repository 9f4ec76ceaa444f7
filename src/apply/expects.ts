import type { Kind } from "../connectors/connector.ts";
import { sameValue } from "../diff.ts";
import type { Observation } from "../observation.ts";
import { identityOf } from "../plan/world.ts";
import type { Actual, Plain } from "../resource.ts";
import type { Step } from "../step.ts";

/** Why the world is not as a step expects it; undefined when it is. */
export function whyNotExpected(kind: Kind, step: Step, actual: Actual | undefined): string | undefined {
  if (step.expects.is !== "present") return undefined;
  if (!actual) return `${step.kind} ${step.expects.id} is gone`;
  for (const [name, value] of Object.entries(step.expects.attributes)) {
    if (actual.unobservable.includes(name)) continue;
    const property = kind.schema.properties[name] ?? {};
    const now: Plain = actual.attributes[name] ?? null;
    if (!sameValue(property, value, now))
      return `${name} is ${JSON.stringify(now)} and was ${JSON.stringify(value)} in the plan`;
  }
  return undefined;
}

/** The same, held against a whole refresh: for the unfinished steps of a run that is resumed. */
export function whyNotExpectedIn(observation: Observation, kind: Kind, step: Step): string | undefined {
  const listing = observation.systems[step.system]?.kinds[step.kind];
  if (!listing) return `${step.kind} was not read on ${step.system}`;
  if (step.expects.is === "present") {
    const { id } = step.expects;
    return whyNotExpected(
      kind,
      step,
      listing.objects.find((object) => object.id === id),
    );
  }
  if (step.expects.is !== "absent") return undefined;
  const identity = identityOf(kind.schema, step.expects.identity);
  const found = listing.objects.find((object) => identityOf(kind.schema, object.attributes) === identity);
  return found && identity !== undefined ? `${step.kind} ${found.id} exists now` : undefined;
}
