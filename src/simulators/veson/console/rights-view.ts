import { menuButton, pressButton, region } from "../../console/controls.ts";
import { type Content, type Html, html } from "../../console/html.ts";
import {
  isApiPermission,
  leavesOf,
  moduleTree,
  nodeOf,
  objectTree,
  type Right,
  type Rights,
  type RightsNode,
  type ShownRight,
  shownRight,
  withRight,
} from "../rights.ts";
import type { ConsoleCall } from "./console-call.ts";
import type { Labels } from "./labels.ts";

/**
 * The tab Access Rights. A right selector has three looks (off, on, some below) and five values, so it is no check box: a press
 * gives or takes everything, or moves on to the next value, and a menu beside it gives one. What it holds stands beside it in
 * words. Older and newer documents disagree about the presses; a switch says which of them this is.
 */

export type RightsPanel = { rights: Rights; expanded: readonly string[]; hasApiRights: boolean; isEditable: boolean };

/** The trees as this panel shows them: without the API permissions while they have not come. */
function treesOf(
  { labels }: ConsoleCall,
  hasApiRights: boolean,
): { modules: RightsNode[]; objects: readonly RightsNode[] } {
  const named: Readonly<Record<string, string>> = {
    ...{ veslink: labels.veslinkModule, networking: labels.networkingModule },
    ...{ "veslink/api-read": labels.apiRead, "veslink/api-write": labels.apiWrite },
    "veslink/api-imos-message": labels.apiImosMessage,
  };
  const renamed = (node: RightsNode): RightsNode => ({
    ...{ key: node.key, label: named[node.key] ?? node.label },
    items: node.items.filter(({ key }) => hasApiRights || !isApiPermission(key)).map(renamed),
  });
  return { modules: moduleTree.map(renamed), objects: objectTree };
}

const rightLabels: Readonly<Record<ShownRight, keyof Labels>> = {
  ...{ delete: "rightDelete", write: "rightWrite", read: "rightRead" },
  ...{ denied: "rightDenied", none: "rightNone", mixed: "rightMixed" },
};
/** In the order of the menu, and of presses where they go around. */
const choices = ["delete", "write", "read", "denied", "none"] as const;

/** What the control beside a right is called. */
function menuLabel(labels: Labels, { key, label }: RightsNode): string {
  const named: Readonly<Record<string, string>> = {
    ...{ "veslink/api-read": labels.rightsOfApiRead, "veslink/api-write": labels.rightsOfApiWrite },
    "veslink/api-imos-message": labels.rightsOfApiImosMessage,
  };
  return named[key] ?? `Rights of ${label}`;
}

function selector({ labels, settings }: ConsoleCall, node: RightsNode, shown: ShownRight, isEditable: boolean): Html {
  const checked = shown === "none" ? "false" : shown === "mixed" ? "mixed" : "true";
  const state = html`role="checkbox" class="tri ${shown}" aria-checked="${checked}" aria-label="${node.label}"${!isEditable && html` disabled`}`;
  const box = pressButton(`toggle:${node.key}`, "", state);
  if (settings.rightSelector === "cycle" || !isEditable) return box;
  const items = choices.map((right) =>
    pressButton(`right:${node.key}:${right}`, labels[rightLabels[right]], html`role="menuitem"`),
  );
  const id = `rights-${node.key.replaceAll("/", "-")}`;
  return html`${box}<span class="on-hover">${menuButton(id, menuLabel(labels, node), items, "▾")}</span>`;
}

function control(call: ConsoleCall, panel: RightsPanel, node: RightsNode, shown: ShownRight): Html {
  const isPlain = call.settings.apiRightsControl === "checkbox" && isApiPermission(node.key);
  if (!isPlain) return selector(call, node, shown, panel.isEditable);
  const state = html`${shown !== "none" && shown !== "denied" && html` checked`}${!panel.isEditable && html` disabled`}`;
  return html`<input type="checkbox" name="${node.key}" value="Y" aria-label="${node.label}"${state}>`;
}

function rowsOf(call: ConsoleCall, panel: RightsPanel, node: RightsNode, level: number): Content {
  const shown = shownRight(node, panel.rights);
  const isBranch = node.items.length > 0;
  const isOpen = panel.expanded.includes(node.key);
  const arrow = isBranch
    ? pressButton(
        `expand:${node.key}`,
        isOpen ? "▾" : "▸",
        html`class="arrow" aria-expanded="${isOpen ? "true" : "false"}" aria-label="${node.key === "veslink" ? call.labels.expandVeslink : `Expand ${node.label}`}"`,
      )
    : undefined;
  const row = html`<tr class="level${level}"><td>${arrow}</td><th scope="row">${node.label}</th>
<td><span class="right">${control(call, panel, node, shown)}</span></td><td>${call.labels[rightLabels[shown]]}</td></tr>\n`;
  return [row, isOpen && node.items.map((item) => rowsOf(call, panel, item, level + 1))];
}

/** Both trees. */
export function rightsTab(call: ConsoleCall, panel: RightsPanel, note?: string): Html {
  const { labels } = call;
  const { modules, objects } = treesOf(call, panel.hasApiRights);
  const tree = (nodes: readonly RightsNode[], label: string): Html =>
    html`<table class="rights" aria-label="${label}"><tbody>${nodes.map((node) => rowsOf(call, panel, node, 1))}</tbody></table>`;
  return html`${note !== undefined && html`<p class="hint">${note}</p>`}
${region("module-rights", labels.moduleRights, tree(modules, labels.moduleRights), 3)}
${region("object-rights", labels.objectRights, tree(objects, labels.objectRights), 3)}`;
}

function afterPress(shown: ShownRight, isCycle: boolean): Right | "none" {
  if (!isCycle || shown === "mixed") return shown === "none" || shown === "mixed" ? "delete" : "none";
  return choices[(choices.indexOf(shown) + 1) % choices.length]!;
}

/** The rights after plain check boxes were set or cleared; only those that the tab showed. */
function withCheckBoxes(
  call: ConsoleCall,
  rights: Rights,
  nodes: readonly RightsNode[],
  expanded: readonly string[],
): Rights {
  if (call.settings.apiRightsControl !== "checkbox" || !expanded.includes("veslink")) return rights;
  let after = rights;
  for (const node of nodes.flatMap(leavesOf).filter(({ key }) => isApiPermission(key))) {
    const isOn = call.form.has(node.key);
    const wasOn = rights[node.key] !== undefined && rights[node.key] !== "denied";
    if (isOn !== wasOn) after = withRight(after, node, isOn ? "delete" : "none");
  }
  return after;
}

/** Rights and open branches after a button of the tab was pressed: `expand:KEY`, `toggle:KEY` or `right:KEY:RIGHT`. */
export function pressedRights(call: ConsoleCall, panel: RightsPanel): { rights: Rights; expanded: readonly string[] } {
  const [what, key = "", chosen] = (call.form.get("press") ?? "").split(":");
  const { modules, objects } = treesOf(call, panel.hasApiRights);
  const rights = withCheckBoxes(call, panel.rights, modules, panel.expanded);
  const node = nodeOf([...modules, ...objects], key);
  if (!node) return { rights, expanded: panel.expanded };
  const isOpen = panel.expanded.includes(key);
  if (what === "expand") {
    return { rights, expanded: isOpen ? panel.expanded.filter((other) => other !== key) : [...panel.expanded, key] };
  }
  const wanted =
    what === "toggle"
      ? afterPress(shownRight(node, rights), call.settings.rightSelector === "cycle")
      : choices.find((right) => what === "right" && right === chosen);
  return { rights: wanted === undefined ? rights : withRight(rights, node, wanted), expanded: panel.expanded };
}
