import { postForm, pressButton } from "../../console/controls.ts";
import { noSuchPage, PageRefusal } from "../../console/frame.ts";
import { type Content, type Html, html } from "../../console/html.ts";
import type { SimResponse } from "../../wire.ts";
import type { Draft, PanelTab } from "../drafts.ts";
import { type ConsoleCall, requireSecurity } from "./console-call.ts";
import { answerPage, securityPath } from "./layout.ts";
import { listQueryOf, listQueryText } from "./list-query.ts";
import { listPart } from "./security-list.ts";

/** The panel that opens to the right of the Security List, whatever it shows. */

type PanelDraft = Exclude<Draft, { kind: "account" }>;
/** What is in the query of an address that opens a panel. */
type Opening = Pick<PanelDraft, "id" | "sessionId" | "list" | "tab" | "expanded" | "password" | "confirmation">;

/** What every panel begins with. */
export function openingOf(call: ConsoleCall): Opening {
  const { query, session, store } = call;
  const expanded = (query.get("expanded") ?? "").split(",").filter((key) => key !== "");
  return {
    ...{ id: store.random.hex(16), sessionId: session.id, list: listQueryText(listQueryOf(call, query)) },
    ...{ tab: query.get("tab") === "rights" ? "rights" : "profile", expanded, password: "", confirmation: "" },
  };
}

/** The open panel that the path names. Throws a page when it is not open any more: the session is another one, or it is long ago. */
export function draftOf<Kind extends Draft["kind"]>(call: ConsoleCall, kind: Kind): Extract<Draft, { kind: Kind }> {
  const draft = call.store.drafts.get(call.keys[0] ?? "");
  if (draft?.kind === kind && draft.sessionId === call.session.id) return draft as Extract<Draft, { kind: Kind }>;
  throw new PageRefusal(
    409,
    call.labels.securityList,
    "This panel is not open any more. Open it again; what was typed is lost.",
  );
}

/** The row behind a draft. Nothing is ever deleted, so it is there. */
export function targetOf<Row>(
  draft: { targetId: number | null },
  table: { get(id: number): Row | undefined },
): Row | undefined {
  if (draft.targetId === null) return undefined;
  const row = table.get(draft.targetId);
  if (!row) throw noSuchPage();
  return row;
}

/** Where a saved panel leads: to itself, opened anew at the same place. */
export function reopened(draft: PanelDraft, id: number): string {
  const open = draft.expanded.length > 0 ? `&expanded=${encodeURIComponent(draft.expanded.join(","))}` : "";
  return `${securityPath}/${draft.kind}s/${id}?${draft.list}&tab=${draft.tab}${open}`;
}

/** Paths of panels that are open. */
export function panelPath({ kind, targetId, id }: PanelDraft): string {
  return targetId === null ? `${securityPath}/new-${kind}s/${id}` : `${securityPath}/${kind}-panels/${id}`;
}

/** What a panel consists of. */
type Panel = {
  /** What it shows: "User" or "Group", and which. */
  title: string;
  name: string;
  draft: PanelDraft;
  content: Content;
  /** Whether the signed-in user may save. */
  isEditable: boolean;
  alert?: string | undefined;
};

function tabButtons({ labels }: ConsoleCall, selected: PanelTab): Html {
  const button = (tab: PanelTab, label: string): Html =>
    pressButton(`tab:${tab}`, label, html`role="tab" aria-selected="${tab === selected ? "true" : "false"}"`);
  return html`<div role="tablist">${button("profile", labels.profile)}${button("rights", labels.accessRights)}</div>`;
}

/** Save comes first in the form, so that the Enter key saves. */
function panelForm(call: ConsoleCall, { title, name, draft, content, isEditable, alert }: Panel): Html {
  const { labels } = call;
  const save = isEditable && pressButton("save", labels.save, html`class="lead"`);
  const close = html`<a class="button" role="button" href="${securityPath}?${draft.list}">${labels.close}</a>`;
  const isTyped = draft.password !== "" || JSON.stringify(draft.base) !== JSON.stringify(draft.values);
  const isUnsaved = isTyped || (draft.kind === "user" && draft.token !== "keep");
  const body = html`<input type="hidden" name="shown" value="${draft.tab}">
<div class="panel-top"><div><h2 id="panel-title">${title}</h2><p class="panel-name">${name}${isUnsaved && html` <span class="badge">Not saved</span>`}</p></div>
<div class="row">${save}${close}</div></div>
${alert !== undefined && html`<div class="says alert" role="alert">${alert}</div>`}
${tabButtons(call, draft.tab)}<div role="tabpanel" aria-label="${draft.tab === "profile" ? labels.profile : labels.accessRights}">${content}</div>`;
  return html`<section class="panel" aria-labelledby="panel-title">${postForm(call, panelPath(draft), body)}</section>`;
}

/** The list with the panel beside it. */
export function panelPage(call: ConsoleCall, panel: Panel): SimResponse {
  requireSecurity(call);
  const { draft, alert } = panel;
  const query = listQueryOf(call, new URLSearchParams(draft.list));
  const open = draft.targetId === null ? "" : `${draft.kind}-${draft.targetId}`;
  const content = html`<div class="beside"><div class="list">${listPart(call, query, open, true)}</div>${panelForm(call, panel)}</div>`;
  return answerPage(call, {
    ...{ title: call.labels.securityList, content, shape: "wide" },
    ...{ status: alert === undefined ? 200 : 422 },
  });
}

/** Text as it was typed, without blanks around it. Browsers send line breaks as two characters. */
export function typed({ form }: ConsoleCall, name: string): string {
  return (form.get(name) ?? "").replaceAll("\r\n", "\n").trim();
}
