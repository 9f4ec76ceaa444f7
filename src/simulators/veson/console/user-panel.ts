import { PageRefusal, redirect } from "../../console/frame.ts";
import type { SimResponse } from "../../wire.ts";
import type { UserDraft } from "../drafts.ts";
import { SaveRefusal } from "../records.ts";
import { addUserOf, hasApiRights, requestedToken, saveUserOf } from "../save-user.ts";
import { needsSeat } from "../standing.ts";
import { type ConsoleCall, type ConsolePage, requireSecurity, roleOf, rowOf } from "./console-call.ts";
import { securityPath } from "./layout.ts";
import { draftOf, openingOf, panelPage, panelPath, reopened, targetOf } from "./panel.ts";
import { pressedRights, type RightsPanel, rightsTab } from "./rights-view.ts";
import { userFieldsOf, userProfile, withTypedProfile } from "./user-form.ts";

/** The panel User: opening, typing, saving. */

function rightsOf(call: ConsoleCall, draft: UserDraft): RightsPanel {
  const { settings, store } = call;
  const { rights, userName } = draft.values;
  const user = targetOf(draft, store.users) ?? null;
  const isThere = draft.hadApiRights || (settings.openPanelSeesApiRights && hasApiRights(call, userName, user));
  return { rights, expanded: draft.expanded, hasApiRights: isThere, isEditable: roleOf(call) === "all" };
}

/** What the tab says of a user whose rights cannot be set now. */
function seatNote({ settings, store }: ConsoleCall, draft: UserDraft): string | undefined {
  const user = targetOf(draft, store.users);
  if (!user || settings.rightsWithoutSeat !== "refused" || needsSeat(user, store.groups.values())) return undefined;
  return "This user does not count against the license limit; rights can be set only while it does.";
}

function show(call: ConsoleCall, draft: UserDraft, alert?: string): SimResponse {
  const user = targetOf(draft, call.store.users);
  const isEditable = roleOf(call) === "all";
  const content =
    draft.tab === "profile"
      ? userProfile(call, draft, user, isEditable)
      : rightsTab(call, rightsOf(call, draft), seatNote(call, draft));
  const name = user ? user.userName : call.labels.newUser;
  return panelPage(call, { title: call.labels.user, name, draft, content, isEditable, alert });
}

function openUser(call: ConsoleCall): SimResponse {
  requireSecurity(call);
  const user = rowOf(call, call.store.users);
  const base = userFieldsOf(user);
  const draft: UserDraft = {
    ...{ ...openingOf(call), kind: "user", targetId: user.id, base, values: base, isPasswordOpen: false },
    ...{ token: "keep", newToken: null, hadApiRights: hasApiRights(call, user.userName, user) },
  };
  return show(call, call.store.drafts.put(draft));
}

/** Where a full license already stops New User, if the switch says so. */
function checkNewSeat(call: ConsoleCall): void {
  const { store, settings, labels } = call;
  if (settings.seatCheckedAt !== "new-user" || store.seatsUsed < store.licenseLimit) return;
  throw new PageRefusal(
    409,
    labels.newUser,
    `No license is left. ${store.seatsUsed} users count against the limit of ${store.licenseLimit}.`,
  );
}

function newUser(call: ConsoleCall): SimResponse {
  requireSecurity(call, "users");
  checkNewSeat(call);
  const base = userFieldsOf(undefined);
  const draft: UserDraft = {
    ...{ ...openingOf(call), kind: "user", targetId: null, base, values: base, isPasswordOpen: true },
    ...{ token: "keep", newToken: null, hadApiRights: hasApiRights(call, "", null) },
  };
  return show(call, call.store.drafts.put(draft));
}

/** The draft with what the form says, whichever tab was shown. */
function withTyped(call: ConsoleCall, draft: UserDraft): UserDraft {
  if (call.form.get("shown") === "profile") return withTypedProfile(call, draft);
  const { rights, expanded } = pressedRights(call, rightsOf(call, draft));
  return { ...draft, expanded, values: { ...draft.values, rights } };
}

function withPressed(call: ConsoleCall, draft: UserDraft): UserDraft {
  const press = call.form.get("press") ?? "";
  if (press === "tab:profile" || press === "tab:rights")
    return { ...draft, tab: press === "tab:profile" ? "profile" : "rights" };
  if (press === "password") return { ...draft, isPasswordOpen: !draft.isPasswordOpen };
  if (press === "token:clear") return { ...draft, token: "clear", newToken: null };
  if (press !== "token:new") return draft;
  return { ...draft, token: "new", newToken: requestedToken(call, targetOf(draft, call.store.users)) };
}

/** What whoever may only look can do on the panel: see the other tab, and open branches. */
function looked(call: ConsoleCall, draft: UserDraft): UserDraft {
  const { expanded } = pressedRights(call, rightsOf(call, draft));
  const asked = call.form.get("press") ?? "";
  if (!/^(tab|expand):/.test(asked)) requireSecurity(call, "users");
  return asked.startsWith("tab:") ? withPressed(call, draft) : { ...draft, expanded };
}

/** A button of the panel that saves nothing: a tab, a right, a token that is only requested. */
function press(call: ConsoleCall): SimResponse {
  requireSecurity(call);
  const { drafts } = call.store;
  if (roleOf(call) !== "all") return redirect(panelPath(drafts.put(looked(call, draftOf(call, "user")))));
  const draft = drafts.put(withTyped(call, draftOf(call, "user")));
  try {
    return redirect(panelPath(drafts.put(withPressed(call, draft))));
  } catch (error) {
    if (!(error instanceof SaveRefusal)) throw error;
    return show(call, draft, error.message);
  }
}

function save(call: ConsoleCall): SimResponse {
  requireSecurity(call, "users");
  const { store } = call;
  const draft = store.drafts.put(withTyped(call, draftOf(call, "user")));
  try {
    const before = targetOf(draft, store.users);
    const saved = before ? saveUserOf(call, draft, before) : addUserOf(call, draft);
    return redirect(reopened(draft, saved.id), "user");
  } catch (error) {
    if (!(error instanceof SaveRefusal)) throw error;
    return show(call, draft, error.message);
  }
}

const view = (call: ConsoleCall): SimResponse => show(call, draftOf(call, "user"));
const access = "signed-in";
const [added, open] = [`${securityPath}/new-users/:key`, `${securityPath}/user-panels/:key`];
export const userPanelPages: readonly ConsolePage[] = [
  { name: "console/users/new", verb: "GET", path: `${securityPath}/new-user`, access, run: newUser },
  { name: "console/users/open", verb: "GET", path: `${securityPath}/users/:key`, access, run: openUser },
  { name: "console/users/add", verb: "POST", path: added, press: "save", isWrite: true, access, run: save },
  { name: "console/users/save", verb: "POST", path: open, press: "save", isWrite: true, access, run: save },
  ...[added, open].flatMap((path): ConsolePage[] => [
    { name: "console/users/panel", verb: "GET", path, access, run: view },
    { name: "console/users/press", verb: "POST", path, access, run: press },
  ]),
];
