import type { Kind, Verdict, View } from "../connectors/connector.ts";
import type { Plain, Value } from "../resource.ts";
import type { AttributeChange, Step, StepDraft } from "../step.ts";
import { metaOf } from "./judge.ts";

/** A change as steps of its own; the order between changes is added by `orderSteps`. */
export function lowerChange(
  view: View,
  kind: Kind,
  verdict: Verdict,
  records: AttributeChange[],
  movedFrom?: string,
): Step[] {
  const drafts: StepDraft[] = [];
  if (movedFrom !== undefined) drafts.push(moveDraft(view, movedFrom));
  if (verdict.action === "adopt") drafts.push(adoptDraft(view));
  if (verdict.action === "forget") drafts.push(forgetDraft(view));
  else if (needsConnector(verdict)) drafts.push(...kind.lower(view, connectorVerdict(verdict)));
  if (records.length > 0) drafts.push(recordDraft(records));
  return linked(view, drafts);
}

/** The question that has a person look again at what is recorded; undefined where nobody reads it by hand. */
export function lookAgain(view: View, kind: Kind): Step[] | undefined {
  const draft = kind.inspect?.(view);
  if (!draft) return undefined;
  const computed = Object.keys(kind.schema.properties).filter((name) => kind.schema.properties[name]!.readOnly);
  const question = { operation: "inspect", hand: "person", expects: { is: "anything" }, asks: true } as const;
  return linked(view, [{ ...question, ...draft, records: { is: "inspected", computed } }]);
}

function needsConnector(verdict: Verdict): boolean {
  if (verdict.action === "none") return false;
  return !(verdict.action === "adopt" || verdict.action === "move") || verdict.attributes.length > 0;
}

/** A connector knows no adoption and no move: for it the rest is an update. */
function connectorVerdict(verdict: Verdict): Verdict {
  const stateOnly = verdict.action === "adopt" || verdict.action === "move";
  return stateOnly ? { ...verdict, action: "update" } : verdict;
}

function linked(view: View, drafts: StepDraft[]): Step[] {
  const { address, kind } = view;
  const names = drafts.map((draft) => (draft.qualifier ? `${draft.operation}:${draft.qualifier}` : draft.operation));
  const meta = metaOf(view);
  return drafts.map((draft, index) => {
    const { qualifier: _qualifier, needs, when, ...rest } = draft;
    const before = needs ?? names.slice(Math.max(0, index - 1), index);
    const ids = before.map((name) => (name.includes("/") ? name : `${address}/${name}`));
    const step: Step = {
      ...rest,
      id: `${address}/${names[index]}`,
      address,
      kind,
      system: view.system.name,
      needs: ids,
      ...(when ? { when: { is: when.is, of: `${address}/${when.of}` } } : {}),
    };
    return meta ? { ...step, meta } : step;
  });
}

function stateDraft(operation: string, title: string, records: StepDraft["records"]): StepDraft {
  return { operation, hand: "state", title, input: {}, expects: { is: "anything" }, records };
}

function adoptDraft(view: View): StepDraft {
  const actual = view.actual!;
  const managed = Object.keys(view.desired ?? {}).filter((name) => isObserved(name, view));
  const attributes = Object.fromEntries(
    managed.map((name) => [name, (actual.attributes[name] ?? { $clear: true }) as Value]),
  );
  const identity: Record<string, Plain> = Object.fromEntries(
    managed.map((name) => [name, actual.attributes[name] ?? null]),
  );
  return {
    ...stateDraft("adopt", `take over ${actual.id}, unchanged`, {
      is: "adopted",
      id: actual.id,
      attributes,
      origin: "adopted",
    }),
    expects: { is: "present", id: actual.id, attributes: identity },
  };
}

function isObserved(name: string, view: View): boolean {
  return view.actual!.attributes[name] !== undefined && !view.actual!.unobservable.includes(name);
}

function moveDraft(view: View, from: string): StepDraft {
  return stateDraft("move", `record ${from} as ${view.address}`, { is: "moved", from });
}

function forgetDraft(view: View): StepDraft {
  return stateDraft("forget", `leave ${view.recorded?.id ?? view.address} as it is and forget it`, { is: "removed" });
}

function recordDraft(changes: AttributeChange[]): StepDraft {
  const unmanaged = changes.filter((change) => change.unmanaged).map((change) => change.path);
  return stateDraft("record", "write it to the state only", { is: "updated", attributes: {}, unmanaged });
}
