import type { Kind, Verdict, View } from "../connectors/connector.ts";
import type { Diagnostic } from "../diagnostic.ts";
import { compareAttributes, widensAccess } from "../diff.ts";
import type { Actual } from "../resource.ts";
import type { AttributeChange, EntryMeta } from "../step.ts";
import { type IndexedListing, identityOf } from "./world.ts";

/** A verdict, or why there can be none, or the user's mistake. */
export interface Judgement {
  verdict: Verdict;
  /** Differences that only our own record has to learn: no connector sees them. */
  records?: AttributeChange[];
  blocked?: string;
  errors: Diagnostic[];
}

const nothing: Verdict = { action: "none", attributes: [], notes: [] };

/** The table of architecture 5: what becomes of one resource, from schema, desired, recorded and actual alone. */
export function judge(view: View, kind: Kind, listing: IndexedListing | undefined): Judgement {
  if (!listing) return blockedBy(`${view.kind} was not read on ${view.system.name}`);
  if (view.resource) return view.recorded ? judgeKnown(view, kind, listing) : judgeNew(view, kind, listing);
  return view.recorded ? judgeRemoved(view, kind, listing) : { verdict: { ...nothing }, errors: [] };
}

function judgeKnown(view: View, kind: Kind, listing: IndexedListing): Judgement {
  if (!view.actual) return listing.complete || view.recorded?.gone ? vanished(view) : cannotSee(view, listing);
  const compared = attributeChanges(view, kind);
  const attributes = compared.filter((change) => !change.unmanaged);
  const verdict: Verdict = { ...nothing, attributes };
  if (attributes.length > 0) verdict.action = "update";
  const immutable = attributes.filter((change) => kind.schema.properties[change.path]?.["x-immutable"]);
  if (immutable.length > 0) {
    verdict.action = "replace";
    verdict.because = `${immutable.map((change) => change.path).join(", ")} cannot be changed in place`;
  }
  const widening = attributes.filter((change) => change.drift && widens(view, kind, change));
  if (widening.length > 0) {
    const paths = widening.map((change) => change.path).join(", ");
    verdict.held = { because: `somebody changed ${paths} on ${view.system.name}, and changing it back gives access` };
  }
  if (verdict.action !== "replace" && isRetired(view, kind)) Object.assign(verdict, revived(view, kind, attributes));
  const records = [...compared.filter((change) => change.unmanaged), ...metaChanges(view)];
  return { verdict, records, errors: takenErrors(view, kind, listing, immutable) };
}

function widens(view: View, kind: Kind, change: AttributeChange): boolean {
  const property = kind.schema.properties[change.path] ?? {};
  return kind.widens?.(view, change) ?? widensAccess(property, change.before, change.after);
}

/** A new identity that another object has already: replacing would delete ours and then fail, or take the other one's place. */
function takenErrors(view: View, kind: Kind, listing: IndexedListing, immutable: AttributeChange[]): Diagnostic[] {
  if (kind.schema["x-unique"] === false) return [];
  if (!immutable.some((change) => kind.schema["x-identity"].includes(change.path))) return [];
  const identity = identityOf(kind.schema, view.desired ?? {});
  const other = identity === undefined ? undefined : listing.byIdentity(identity);
  return other && other.id !== view.actual?.id ? [existsError(view, other)] : [];
}

/** An object that stands in the way, and whose it is. */
function existsError(view: View, other: Actual): Diagnostic {
  const { address, system, world } = view;
  const recorded = world.recordedById(view.kind, other.id);
  const source = view.locate();
  const byTerraform = source?.file.endsWith(".tf");
  const adopt = byTerraform
    ? "adopt = true"
    : source?.file.endsWith(".tf.json")
      ? "adopt: true"
      : "lifecycle: { adopt: true }";
  const imported = byTerraform
    ? `import it: terraform import ADDRESS ${other.id}`
    : `run: steward import ${address} ${other.id}`;
  const error: Diagnostic = recorded
    ? {
        severity: "error",
        message: `what ${address} declares is on ${system.name} already (id ${other.id}), recorded as ${recorded.address}`,
        hint: `keep it at ${recorded.address}; to give it the other address, take ${recorded.address} out of the manifest in the same change, and use a free address for what was there`,
        address,
      }
    : {
        severity: "error",
        message: `${address} exists already on ${system.name} (id ${other.id}), and Steward did not make it`,
        hint: `write ${adopt} to take it over at apply, or ${imported}`,
        address,
      };
  return source ? { ...error, source } : error;
}

function judgeNew(view: View, kind: Kind, listing: IndexedListing): Judgement {
  const created: Verdict = { ...nothing, action: "create", attributes: createdAttributes(view, kind) };
  // Whether it is there is asked at apply, and the plan prints what is done in either case.
  const isAsked = kind.schema["x-adopt"] === "found";
  if (!view.actual) {
    if (!listing.complete && !listing.attested && !isAsked) return cannotSee(view, listing);
    return { verdict: created, errors: [] };
  }
  if (isAsked && view.world.recordedById(view.kind, view.actual.id) === undefined) {
    return { verdict: created, errors: [] };
  }
  // Of a kind without a name there is exactly one object, which is always there: declaring it takes it over.
  const isOnlyOne = kind.schema["x-identity"].length === 0;
  const isOurs = view.world.recordedById(view.kind, view.actual.id) !== undefined;
  if (!isOurs && isRetired(view, kind)) {
    return { verdict: { ...nothing, ...revived(view, kind, attributeChanges(view, kind)) }, errors: [] };
  }
  if (!isOurs && (view.resource?.lifecycle.adopt || isOnlyOne)) {
    return { verdict: { ...nothing, action: "adopt", attributes: attributeChanges(view, kind) }, errors: [] };
  }
  return { verdict: { ...nothing }, errors: [existsError(view, view.actual)] };
}

function judgeRemoved(view: View, kind: Kind, listing: IndexedListing): Judgement {
  const entry = view.recorded!;
  const ours = entry.origin === "created" ? entry.onRemove !== "forget" : entry.onRemove === "delete";
  if (!ours)
    return {
      verdict: { ...nothing, action: "forget", because: forgetReason(entry.onRemove, entry.origin) },
      errors: [],
    };
  if (entry.gone) return { verdict: { ...nothing, action: "forget", because: "it is gone already" }, errors: [] };
  if (kind.schema["x-removal"] === "never") return { verdict: { ...nothing }, errors: [neverRemoved(view)] };
  if (view.actual && kind.retiredBy !== undefined && view.actual.attributes[kind.retiredBy] === true) {
    return { verdict: { ...nothing, action: "forget", because: "it is retired already" }, errors: [] };
  }
  if (view.actual) return { verdict: { ...nothing, action: "delete" }, errors: [] };
  if (!listing.complete) return cannotSee(view, listing);
  return { verdict: { ...nothing, action: "forget", because: "it is gone already" }, errors: [] };
}

/** Whether the object is as removing leaves it, and the manifest wants it alive. */
function isRetired({ actual, desired, resource }: View, { retiredBy }: Kind): boolean {
  if (retiredBy === undefined || resource?.lifecycle.ignoreChanges.includes(retiredBy)) return false;
  return actual?.attributes[retiredBy] === true && desired?.[retiredBy] !== true;
}

/** Un-retiring gives access back: it is held, whoever retired the object (law 11). */
function revived(view: View, { retiredBy = "" }: Kind, attributes: AttributeChange[]): Partial<Verdict> {
  const others = attributes.filter((change) => change.path !== retiredBy);
  const because = `it is retired on ${view.system.name}`;
  const back: AttributeChange = { path: retiredBy, before: true, after: false };
  return { action: "revive", because, held: { because }, attributes: [...others, back] };
}

function neverRemoved(view: View): Diagnostic {
  return {
    severity: "error",
    message: `${view.address} left the manifest, but ${view.kind} cannot be removed on ${view.system.name}`,
    hint: `put it back, or let Steward forget it: steward forget ${view.address}`,
    address: view.address,
  };
}

function forgetReason(onRemove: string, origin: string): string {
  return onRemove === "forget" ? "on_remove: forget" : `it was ${origin}, not created by Steward`;
}

function vanished(view: View): Judgement {
  const on = view.recorded?.gone?.slice(0, 10);
  const told = on === undefined ? "" : `, as was told on ${on}`;
  const because = `it is gone from ${view.system.name}${told}: somebody removed it`;
  return { verdict: { ...nothing, action: "create", because, held: { because } }, errors: [] };
}

function cannotSee(view: View, listing: IndexedListing): Judgement {
  return blockedBy(
    `the list of ${view.kind} on ${view.system.name} is not complete${listing.because ? `: ${listing.because}` : ""}`,
  );
}

function blockedBy(reason: string): Judgement {
  return { verdict: { ...nothing }, blocked: reason, errors: [] };
}

function attributeChanges(view: View, kind: Kind): AttributeChange[] {
  const { resource, desired, recorded, actual } = view;
  const changes = compareAttributes(kind.schema, desired!, recorded, actual!, resource!.lifecycle.ignoreChanges);
  const { seen } = actual!;
  if (seen.how === "read") return changes;
  const note = `attested on ${seen.on.slice(0, 10)}`;
  return changes.map((change) => (change.before === undefined ? change : { ...change, note }));
}

/** What a create writes, for people: everything declared; secrets only by name. */
function createdAttributes(view: View, kind: Kind): AttributeChange[] {
  return Object.entries(view.desired ?? {}).flatMap(([path, after]) => {
    const property = kind.schema.properties[path];
    return property?.["x-secret"] ? [{ path, after, secret: true as const }] : [{ path, after }];
  });
}

/** Settings that only our record keeps; a change of them is shown, and written to state alone. */
function metaChanges(view: View): AttributeChange[] {
  const meta = metaOf(view);
  const entry = view.recorded;
  if (!meta || !entry) return [];
  const changes: AttributeChange[] = [];
  if (meta.preventDestroy !== entry.preventDestroy) {
    changes.push({ path: "lifecycle.prevent_destroy", before: entry.preventDestroy, after: meta.preventDestroy });
  }
  if (meta.onRemove !== entry.onRemove) {
    changes.push({ path: "lifecycle.on_remove", before: entry.onRemove, after: meta.onRemove });
  }
  if (meta.dependsOn.join() !== entry.dependsOn.join()) {
    changes.push({ path: "depends_on", before: entry.dependsOn, after: meta.dependsOn });
  }
  return changes;
}

/** What the record keeps of a block besides its attributes; undefined when the block left the manifest. */
export function metaOf(view: View): EntryMeta | undefined {
  if (!view.resource) return undefined;
  const { dependsOn, lifecycle } = view.resource;
  return { dependsOn, preventDestroy: lifecycle.preventDestroy, onRemove: lifecycle.onRemove };
}
