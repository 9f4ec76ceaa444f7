import type { Address } from "../resource.ts";
import type { KindSchema } from "../schema.ts";
import type { Span } from "./node.ts";
import type { FoundRef } from "./place.ts";
import { listed, type Report } from "./report.ts";
import { type Draft, kindName } from "./resources.ts";
import { place } from "./sections.ts";

/** Looks up every reference and `depends_on`; reports what is not there, of the wrong kind, secret, left out, or a circle. */
export function checkReferences(
  drafts: Map<Address, Draft>,
  kinds: Map<string, KindSchema>,
  environment: string,
  report: Report,
): void {
  for (const draft of drafts.values()) {
    for (const found of draft.refs) {
      const target = lookUp(found.ref.address, found.span, draft, drafts, kinds, environment, report);
      if (target) checkAttribute(found, target, draft, report);
    }
    for (const { address, span } of draft.dependsOn) lookUp(address, span, draft, drafts, kinds, environment, report);
  }
  reportCircles(drafts, report);
}

/** Addresses that a resource needs: written, and referred to; sorted. */
export function dependencies(draft: Draft): Address[] {
  if (draft.refs.length === 0 && draft.dependsOn.length === 0) return [];
  return [
    ...new Set([...draft.refs.map((found) => found.ref.address), ...draft.dependsOn.map((one) => one.address)]),
  ].sort();
}

function lookUp(
  address: Address,
  span: Span,
  draft: Draft,
  drafts: Map<Address, Draft>,
  kinds: Map<string, KindSchema>,
  environment: string,
  report: Report,
): Draft | undefined {
  const target = drafts.get(address);
  if (!target) {
    report.error(`no resource ${address}`, span, {
      hint: missingHint(address, drafts, kinds, report),
      address: draft.address,
    });
    return undefined;
  }
  if (target.absent && !draft.absent) {
    const hint = `it is written for: ${target.absent.join(", ")}; leave this one out of ${environment} too (environments: [${target.absent.join(", ")}])`;
    report.error(`${address} is left out of the environment ${environment}`, span, { hint, address: draft.address });
  }
  return target;
}

function missingHint(
  address: Address,
  drafts: Map<Address, Draft>,
  kinds: Map<string, KindSchema>,
  report: Report,
): string | undefined {
  const kind = address.slice(0, address.indexOf("."));
  if (!kinds.has(kind)) return report.suggest(kind, [...kinds.keys()]);
  const declared = [...drafts.keys()].filter((candidate) => candidate.startsWith(`${kind}.`));
  if (declared.length === 0) return `no ${kind} is declared`;
  const only = declared.length === 1 ? drafts.get(declared[0]!) : undefined;
  if (only) return `declared: ${only.address} (${place(only.entry)})`;
  return report.suggest(address, declared, listed(declared, "declared"));
}

function checkAttribute({ ref, span, schema, secret }: FoundRef, target: Draft, draft: Draft, report: Report): void {
  const { address } = draft;
  const kind = kindName(target.kind);
  const wanted = schema["x-ref"];
  if (wanted && (wanted.kind !== kind || (ref.attribute !== "" && ref.attribute !== wanted.attribute))) {
    const hint = `write \${${wanted.kind}.NAME}`;
    report.error(`this attribute refers to the ${wanted.attribute} of a ${wanted.kind}`, span, { hint, address });
    return;
  }
  if (wanted && target.system !== draft.system) {
    report.error(`${ref.address} is on the system ${target.system}`, span, {
      hint: `this one is on ${draft.system}`,
      address,
    });
    return;
  }
  const names = Object.keys(target.kind.properties);
  const attribute = ref.attribute || (wanted?.attribute ?? only(target.kind["x-identity"]));
  if (attribute === undefined) {
    report.error(`${kind} has no single attribute that names it`, span, {
      hint: `write \${${ref.address}.ATTRIBUTE}`,
      address,
    });
    return;
  }
  const property = Object.hasOwn(target.kind.properties, attribute) ? target.kind.properties[attribute]! : undefined;
  if (!property) {
    report.error(`${kind} has no attribute "${attribute}"`, span, { hint: report.suggest(attribute, names), address });
  } else if (property["x-secret"] && !secret) {
    const hint = "a reference to a secret stands only in a secret attribute";
    report.error(`${attribute} of ${ref.address} is a secret, and this is not a secret attribute`, span, {
      hint,
      address,
    });
  }
}

const only = (names: string[]): string | undefined => (names.length === 1 ? names[0] : undefined);

/** One walk over the graph, without recursion: a chain may be as long as the manifest. */
function reportCircles(drafts: Map<Address, Draft>, report: Report): void {
  const done = new Set<Address>();
  for (const [start, draft] of drafts) {
    if (draft.refs.length === 0 && draft.dependsOn.length === 0) continue;
    const path: { address: Address; rest: Address[] }[] = [];
    const onPath = new Set<Address>();
    const enter = (address: Address) => {
      path.push({ address, rest: dependencies(drafts.get(address)!) });
      onPath.add(address);
    };
    if (!done.has(start)) enter(start);
    while (path.length > 0) {
      const top = path.at(-1)!;
      const next = top.rest.shift();
      if (next === undefined) {
        path.pop();
        onPath.delete(top.address);
        done.add(top.address);
      } else if (onPath.has(next)) {
        reportCircle(
          [...path.map((one) => one.address).slice(path.findIndex((one) => one.address === next)), next],
          drafts,
          report,
        );
      } else if (!done.has(next) && drafts.has(next)) {
        enter(next);
      }
    }
  }
}

function reportCircle(addresses: Address[], drafts: Map<Address, Draft>, report: Report): void {
  const last = drafts.get(addresses.at(-2)!)!;
  const back = addresses.at(-1)!;
  const span =
    last.refs.find((found) => found.ref.address === back)?.span ??
    last.dependsOn.find((one) => one.address === back)?.span;
  const path = addresses.length > 12 ? [...addresses.slice(0, 6), "…", ...addresses.slice(-5)] : addresses;
  const message =
    addresses.length === 2 ? `${back} refers to itself` : `these resources need one another: ${path.join(" → ")}`;
  report.error(message, span, { hint: "take one of these references out", address: last.address });
}
