import type { Plain, Value } from "../../resource.ts";
import type { StepDraft } from "../../step.ts";
import type { Verdict, View } from "../connector.ts";
import { consoleDraft, expectsPresent, referenceTo, writesOf } from "../drafts.ts";
import { mayAdopt } from "./api-user-assess.ts";
import { isMocoServ, settingNames, settingsToEnter } from "./api-user-settings.ts";
import { bundleSecret } from "./bundle.ts";
import { deliveredBundle, deliveryDrafts, newTarget, placed, proof } from "./delivery.ts";
import { notYet } from "./kind.ts";
import { borrowDrafts, returnDrafts } from "./license.ts";
import { shown } from "./screens.ts";

const anything = { is: "anything" } as const;

/** A change of an API user as what people do, in order, with every branch. */
export function lowerApiUser(view: View, verdict: Verdict): StepDraft[] {
  switch (verdict.action) {
    case "create":
      return createDrafts(view);
    case "update":
      return [...changeDrafts(view, verdict, "update"), ...redelivery(view)];
    case "replace":
      return [...changeDrafts(view, verdict, "update"), ...renewalDrafts(view)];
    case "revive":
      return [...changeDrafts(view, verdict, "revive"), ...redelivery(view)];
    case "delete":
      return [retireDraft(view)];
    default:
      return [];
  }
}

/** It is looked for first; then it is made or taken over, with the API module borrowed where it is missing (MOM-05, MOM-07). */
function createDrafts(view: View): StepDraft[] {
  const borrow = borrowDrafts(view);
  const makers = [
    createDraft(view, ["observe", ...borrow.slice(-1).map(({ operation }) => operation)]),
    ...(mayAdopt(view) ? [adoptDraft(view)] : []),
  ];
  const made = makers.map(({ operation }) => operation);
  return [observeDraft(view), ...borrow, ...makers, proof(newTarget(view), made), ...returnDrafts(view, made)];
}

function observeDraft(view: View): StepDraft {
  return consoleDraft(view, {
    operation: "observe",
    title: `is there an API user ${idOf(view)}?`,
    input: { ...subjectOf(view), adopt: mayAdopt(view) },
    expects: anything,
    records: { is: "nothing" },
    asks: true,
    needs: [],
  });
}

function createDraft(view: View, needs: string[]): StepDraft {
  const attributes = view.desired ?? {};
  return consoleDraft(view, {
    operation: "create",
    title: "create the API user",
    input: { ...subjectOf(view), adopt: mayAdopt(view), settings: settingsToEnter(attributes) },
    expects: notYet(view, { user_id: idOf(view) }),
    records: { is: "created", attributes, generation: view.generationNext },
    delivers: { [bundleSecret]: newTarget(view) },
    when: { is: "absent", of: "observe" },
    needs,
  });
}

function adoptDraft(view: View): StepDraft {
  const attributes = view.desired ?? {};
  return consoleDraft(view, {
    operation: "adopt",
    title: "take it over as it is, with its Secret and a Key",
    input: { ...subjectOf(view), declared: comparedOf(attributes) },
    expects: anything,
    records: { is: "adopted", id: idOf(view), attributes, origin: "adopted" },
    delivers: { [bundleSecret]: newTarget(view) },
    when: { is: "found", of: "observe" },
    needs: ["observe"],
  });
}

/** One window for all changed settings. */
function changeDrafts(view: View, verdict: Verdict, operation: "update" | "revive"): StepDraft[] {
  const written = writesOf(verdict);
  const changes = Object.fromEntries(Object.entries(written).filter(([name]) => isSetting(name)));
  const names = Object.keys(changes).sort();
  if (names.length === 0) return [];
  const attributes = Object.fromEntries(Object.entries(changes).filter(([name]) => name in (view.desired ?? {})));
  const title = operation === "revive" ? `un-retire the API user ${idOf(view)}` : `change ${names.join(", ")}`;
  return [
    consoleDraft(view, {
      operation,
      title,
      input: { ...subjectOf(view), changes, before: beforeOf(view, names) },
      expects: expectsPresent(view),
      records: { is: "updated", attributes },
      needs: [],
    }),
  ];
}

const redelivery = (view: View): StepDraft[] =>
  deliveryDrafts(view, { what: "its Secret and a Key", input: subjectOf(view) });

/** A new Secret, on demand only (MOM-05, MOM-10). */
function renewalDrafts(view: View): StepDraft[] {
  const target = newTarget(view);
  const former = deliveredBundle(view);
  const bundle: Record<string, Value> = former ? { bundle: referenceTo(former) } : {};
  const regenerate = consoleDraft(view, {
    operation: "regenerate",
    title: "renew its Secret, which breaks every Key until the new one is delivered",
    input: { ...subjectOf(view), ...bundle },
    expects: anything,
    records: placed(view),
    delivers: { [bundleSecret]: target },
  });
  return [regenerate, proof(target)];
}

/** Nothing is deleted (MOM-09). */
function retireDraft(view: View): StepDraft {
  const retired = view.actual?.attributes.retired;
  return consoleDraft(view, {
    operation: "retire",
    title: `retire the API user ${idOf(view)}`,
    input: {
      ...subjectOf(view),
      changes: { retired: true },
      before: typeof retired === "boolean" ? { retired } : {},
    },
    expects: expectsPresent(view),
    records: { is: "removed" },
  });
}

function subjectOf(view: View): Record<string, Value> {
  const internal = isMocoServ(idOf(view)) || (view.desired?.internal ?? view.actual?.attributes.internal) === true;
  return { user_id: idOf(view), internal };
}

function idOf(view: View): string {
  return view.actual?.id ?? shown(view.desired?.user_id);
}

const isSetting = (name: string): boolean => (settingNames as string[]).includes(name);

/** Declared settings, to be compared with those that are told. */
function comparedOf(desired: Record<string, Value>): Record<string, Value> {
  return Object.fromEntries(Object.entries(desired).filter(([name]) => isSetting(name) && name !== "user_id"));
}

/** What the screen should show before it is changed, as far as anybody told us. */
function beforeOf(view: View, names: string[]): Record<string, Value> {
  const { actual } = view;
  const known = names.flatMap((name): [string, Value][] => {
    const value: Plain | undefined = actual?.unobservable.includes(name) ? undefined : actual?.attributes[name];
    if (name === "organization" && value === "any") return [];
    return typeof value === "string" || typeof value === "boolean" ? [[name, value]] : [];
  });
  return Object.fromEntries(known);
}
