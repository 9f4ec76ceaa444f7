import { Refusal } from "../../diagnostic.ts";
import type { Plain, SecretEntry, Value } from "../../resource.ts";
import type { SecretTarget } from "../../secret.ts";
import type { AttributeChange, StepDraft } from "../../step.ts";
import type { Assessment, Given, Outcome, Settled, StepContext, Verdict, View } from "../connector.ts";
import { expectsPresent, inspectDraft, issueAt, splitTarget, writesOf } from "../drafts.ts";
import { recordIn, settledBy, targetIn } from "../inputs.ts";
import { listingOf, seenNow } from "../listing.ts";
import { keySecret } from "./customer-key.ts";
import { inspectSettings } from "./inspect.ts";
import { asksFirst, consoleDraft, handOf, type IpressoKind, type IpressoOperation } from "./kind.ts";
import type { LabelsOfIpresso } from "./labels.ts";
import { acceptTold } from "./observed.ts";
import type { IpressoReader } from "./reader.ts";
import { adoptSettingsScreen, changeSettingsScreen, deliverKeyScreen } from "./screens-api-settings.ts";
import { settingsScreen } from "./screens-look.ts";
import { settingsTold } from "./told.ts";
import { readBack } from "./verify.ts";

/** The page has no id of its own: there is one for each installation (IPR-02). */
const onlyId = "settings";

/** The settings of API users, which are always there: they are taken over as they are, and never removed. */
export function apiSettings(labels: LabelsOfIpresso): IpressoKind {
  return {
    name: "ipresso_api_settings",
    hand: handOf,
    list: (reader) => listingOf(async () => [seenNow(onlyId, await settingsNow(reader), [])]),

    assess: assessSettings,
    // A longer validity lets tokens live longer; a shorter one takes access away.
    widens: (_view, { path, before, after }) =>
      path === "validity_seconds" ? Number(after) > Number(before) : undefined,
    lower: lowerSettings,
    inspect: () => inspectDraft({}),
    operations: operations(labels),
  };
}

async function settingsNow(reader: IpressoReader): Promise<Record<string, Plain>> {
  const { fields } = await reader.look(settingsScreen(reader.label, reader.system));
  return settingsTold(fields);
}

function operations(labels: LabelsOfIpresso): Record<string, IpressoOperation> {
  return {
    adopt: {
      screen: (step, system) => adoptSettingsScreen(labels(system), step, system),
      accept: async (context, given) => {
        const told = acceptTold(context, given, settingsTold(given.fields));
        return given.result === "done" ? { ...told, id: onlyId } : told;
      },
    },
    update: {
      screen: (step, system) => changeSettingsScreen(labels(system), step, system),
      ...readBack(
        settleUpdated,
        () => ({}),
        (context, fields) => isAsChanged(context, settingsTold(fields)),
      ),
    },
    deliver: {
      screen: (step, system) => deliverKeyScreen(labels(system), step, system),
      accept: acceptKey,
      // Reading the key changes nothing: one that is not in the sink is read again.
      settle: async (context) => settledBy(await context.secrets.has(targetIn(context, keySecret))),
    },
    inspect: inspectSettings(labels),
  };
}

async function settleUpdated(context: StepContext, reader: IpressoReader): Promise<Settled> {
  return settledBy(isAsChanged(context, await settingsNow(reader)));
}

function isAsChanged(context: StepContext, now: Record<string, Plain>): boolean {
  return Object.entries(recordIn(context, "changes")).every(([name, value]) => now[name] === value);
}

async function acceptKey(context: StepContext, { result, secrets }: Given): Promise<Outcome> {
  if (result !== "done") return {};
  const key = secrets[keySecret];
  if (!key || !/^\S+$/.test(key.reveal())) {
    const message = "what was read as API key (CUSTOMER_KEY) is empty or holds blanks: nothing was recorded";
    throw new Refusal([
      { message, remedy: "look at the page of the settings, and say in screens what the field is called" },
    ]);
  }
  await context.secrets.put(targetIn(context, keySecret), key);
  return {};
}

function assessSettings(view: View, general: Verdict): Assessment {
  if (!view.desired) return {};
  const isDelivered = deliveryReason(view) === undefined;
  const action = general.action === "none" && view.actual && !isDelivered ? "update" : general.action;
  const moved: AttributeChange[] = isDelivered || general.action === "create" ? [] : [movedPlace(view)];
  const because = general.action === "none" ? deliveryReason(view) : general.because;
  const verdict = { ...general, action, attributes: [...general.attributes, ...moved] };
  const isChanged = general.attributes.some(({ unmanaged }) => !unmanaged) && general.action !== "create";
  const notes = isChanged
    ? [...general.notes, "it counts for every API user of the installation (IPR-03)"]
    : general.notes;
  return { verdict: { ...verdict, notes, ...(because === undefined ? {} : { because }) } };
}

/** The key of the record, when it is in its sink. */
function deliveredKey(view: View): SecretEntry | undefined {
  const secret = view.recorded?.secrets[keySecret];
  return secret?.delivered ? secret : undefined;
}

/** Why the key is to be read; undefined when it lies where it should. */
function deliveryReason(view: View): string | undefined {
  const place = view.desired?.deliver_to;
  if (typeof place !== "string") return undefined;
  const secret = deliveredKey(view);
  if (!secret) return "its key is not in the sink";
  const { sink, path } = splitTarget(place);
  if (secret.sink !== sink || secret.path !== path) return "deliver_to changed";
  return view.replaceConsented ? "asked for by --replace: the key is read anew" : undefined;
}

function movedPlace(view: View): AttributeChange {
  const secret = deliveredKey(view);
  const before = secret ? { before: `${secret.sink}:${secret.path}` } : {};
  const after = view.desired?.deliver_to;
  return { path: "deliver_to", secret: true, ...before, ...(after === undefined ? {} : { after }) };
}

function lowerSettings(view: View, verdict: Verdict): StepDraft[] {
  // What only a person sees is told first; what differs is the next plan's.
  if (verdict.action === "create") return asksFirst(view) ? [adoptDraft(view), ...deliverDrafts(view)] : [];
  if (verdict.action !== "update") return [];
  const written = Object.entries(writesOf(verdict)).filter(([name]) => name !== "deliver_to");
  const update = written.length > 0 ? [updateDraft(view, Object.fromEntries(written))] : [];
  return [...update, ...deliverDrafts(view)];
}

function adoptDraft(view: View): StepDraft {
  const { deliver_to: _place, ...declared } = view.desired ?? {};
  return consoleDraft(view, {
    operation: "adopt",
    title: "tell the settings as they are",
    input: { declared },
    expects: { is: "anything" },
    records: { is: "adopted", id: onlyId, attributes: declared, origin: "adopted" },
    needs: [],
  });
}

function updateDraft(view: View, changes: Record<string, Value>): StepDraft {
  const { actual } = view;
  const before = Object.keys(changes).flatMap((name): [string, Value][] => {
    const value = actual?.attributes[name];
    return value === undefined || value === null ? [] : [[name, value as Value]];
  });
  return consoleDraft(view, {
    operation: "update",
    title: `change ${Object.keys(changes).sort().join(", ")}, for every API user of the installation`,
    input: { changes, before: Object.fromEntries(before) },
    expects: expectsPresent(view, ["validity_seconds", "returns_different_token"]),
    records: { is: "updated", attributes: changes },
  });
}

function deliverDrafts(view: View): StepDraft[] {
  const place = view.desired?.deliver_to;
  if (typeof place !== "string" || deliveryReason(view) === undefined) return [];
  const target: SecretTarget & { generation: number } = issueAt(view, keySecret, place, view.generationNext);
  const { generation: _generation, ...promoted } = target;
  const deliver = consoleDraft(view, {
    operation: "deliver",
    title: `copy the key of the installation to ${place}`,
    input: {},
    expects: { is: "anything" },
    records: { is: "updated", attributes: { deliver_to: place } },
    delivers: { [keySecret]: target },
    promotes: [promoted],
  });
  return [deliver];
}
