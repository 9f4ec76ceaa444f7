import type { SystemConfig } from "../../manifest/manifest.ts";
import { isRef, type Value } from "../../resource.ts";
import type { Act, Ask, Label, Screen } from "../../screen.ts";
import type { Step } from "../../step.ts";
import type { LabelBook } from "../labels.ts";
import type { ScopeName } from "./scopes.ts";
import { settingsOf } from "./settings.ts";

/** Controls of the two generations of the console; the words stand in schemas/velocloud/labels.json. */
export type VelocloudLabel =
  | "administration"
  | "administrators"
  | "operatorUsers"
  | "actions"
  | "globalSettings"
  | "userManagement"
  | "users"
  | "modify"
  | "apiTokens"
  | "downloadApiToken"
  | "tokenName"
  | "tokenDescription"
  | "tokenStatus"
  | "pending"
  | "enabled"
  | "myAccount"
  | "ownApiTokens"
  | "ownDownload";

/** The label behind a key. */
type VelocloudLabels = LabelBook<VelocloudLabel>;

const askToken: Ask = {
  name: "token",
  label: "Token",
  secret: true,
  pattern: {
    matches: "eyJ[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+",
    says: "a token: three parts with dots between",
  },
};

/**
 * The download by the owner in person, who alone may, once (VCO-10, VCO-12). Which of the two generations of the console a site
 * has is not known, so both are told.
 */
export function downloadScreen(label: VelocloudLabels, step: Step, system: SystemConfig): Screen {
  const { owner = "", name = "", mark } = step.input;
  const username = ownerName(owner);
  const token = String(name);
  const { scope } = settingsOf(system);
  const marked = mark === undefined ? "" : `, ${label("tokenDescription").text} ending with ${String(mark)}`;
  const which = `The token: ${label("tokenName").text} ${token}${marked}, ${label("tokenStatus").text} ${label("pending").text}.`;
  return {
    role: username,
    url: system.url,
    acts: [
      {
        act: "note",
        text: `Sign in as ${username}: nobody else may download it, and it can be downloaded once (VCO-10, VCO-12).`,
      },
      { act: "note", text: which },
      { act: "note", text: "In the classic UI (before 5.1):" },
      { act: "go", path: classicPath(label, scope.name) },
      { act: "open", row: username },
      { act: "go", path: [label("apiTokens")] },
      { act: "press", button: label("downloadApiToken"), menu: label("actions"), row: token },
      { act: "note", text: "Or in the new UI (5.1 and later):" },
      { act: "go", path: newPath(label, scope.name) },
      { act: "press", button: label("modify"), row: username },
      { act: "go", path: [label("apiTokens")] },
      { act: "press", button: label("downloadApiToken"), row: token },
      { act: "note", text: "Or, where these pages are not shown to the owner, behind the user icon (6.x):" },
      { act: "go", path: [label("myAccount"), label("ownApiTokens")] },
      { act: "press", button: label("ownDownload"), row: token },
      afterwards(label),
      { act: "note", text: "Keep the value until Steward has taken it: it cannot be shown again (VCO-12)." },
    ],
    results: [
      { result: "done", means: "the token is downloaded", asks: [askToken] },
      { result: "not-done", means: "it is not downloaded yet", asks: [] },
      { result: "failed", means: "it cannot be downloaded, or its value is lost", asks: [] },
    ],
  };
}

function classicPath(label: VelocloudLabels, scope: ScopeName): Label[] {
  return scope === "operator" ? [label("operatorUsers")] : [label("administration"), label("administrators")];
}

function newPath(label: VelocloudLabels, scope: ScopeName): Label[] {
  const first = scope === "enterprise" ? label("globalSettings") : label("administration");
  return [first, label("userManagement"), label("users")];
}

function afterwards(label: VelocloudLabels): Act {
  return { act: "shows", labels: [label("enabled")], text: "the token has another status" };
}

/** What only an apply tells is shown by its address. */
function ownerName(owner: Value): string {
  return isRef(owner) ? owner.$ref.address : String(owner);
}
