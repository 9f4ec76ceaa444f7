/** Rights: what can be allowed, and what a user or a group may. Only leaves of the tree carry rights; the rest shows theirs. */

export type Right = "delete" | "write" | "read" | "denied";
/** By the key of a leaf; what is not there is no right. */
export type Rights = Readonly<Record<string, Right>>;
/** `mixed`: some rights are assigned at a lower level. */
export type ShownRight = Right | "none" | "mixed";

export type RightsNode = { readonly key: string; readonly label: string; readonly items: readonly RightsNode[] };

/** From the weakest to the strongest; each of the API includes those before it. */
export const apiPermissions = ["veslink/api-read", "veslink/api-write", "veslink/api-imos-message"] as const;
export type ApiPermission = (typeof apiPermissions)[number];

const branch = (key: string, label: string, items: Readonly<Record<string, string>>): RightsNode => ({
  ...{ key, label },
  items: Object.entries(items).map(([name, text]) => ({ key: `${key}/${name}`, label: text, items: [] })),
});

/**
 * Documents name the modules Veslink (Voyage Reporting) and Networking (Voyage Reporting). That the API permissions are items
 * of the first is assumed; other modules and items are the simulator's own.
 */
export const moduleTree: readonly RightsNode[] = [
  branch("chartering", "Chartering", { estimates: "Estimates", cargoes: "Cargoes" }),
  branch("data-center", "Data Center", { vessels: "Vessels", ports: "Ports", companies: "Address Book" }),
  branch("financials", "Financials", { invoices: "Invoices", payments: "Payments" }),
  branch("networking", "Networking (Voyage Reporting)", { partners: "Partners" }),
  branch("operations", "Operations", { voyages: "Voyages", bunkers: "Bunkers" }),
  branch("veslink", "Veslink (Voyage Reporting)", {
    ...{ forms: "Forms", "api-read": "API Read", "api-write": "API Write", "api-imos-message": "API IMOS Message" },
  }),
];

/** Companies, vessel types, vessels and pools. Their names are the simulator's own. */
export const objectTree: readonly RightsNode[] = [
  branch("company", "Company", { harbor: "Harbor Shipping", strait: "Strait Carriers" }),
  branch("vessel-type", "Vessel Type", { bulk: "Bulk Carrier", tanker: "Tanker" }),
  branch("vessel", "Vessel", { aurora: "MV Aurora", borealis: "MV Borealis", celeste: "MT Celeste" }),
  branch("pool", "Pool", { north: "North Pool" }),
];

export const vesselNodes: readonly RightsNode[] = objectTree.find(({ key }) => key === "vessel")?.items ?? [];

/** Whether the key is that of an API permission. */
export function isApiPermission(key: string): key is ApiPermission {
  return apiPermissions.some((permission) => permission === key);
}

/** The leaves below a node, itself if it is one. */
export function leavesOf(node: RightsNode): RightsNode[] {
  return node.items.length === 0 ? [node] : node.items.flatMap(leavesOf);
}

/** The node with this key. */
export function nodeOf(tree: readonly RightsNode[], key: string): RightsNode | undefined {
  for (const node of tree) {
    const found = node.key === key ? node : nodeOf(node.items, key);
    if (found) return found;
  }
  return undefined;
}

/** What a node shows: the right that all its leaves have, or that they differ. */
export function shownRight(node: RightsNode, rights: Rights): ShownRight {
  const [first, ...others] = new Set(leavesOf(node).map(({ key }) => rights[key] ?? "none"));
  return others.length > 0 ? "mixed" : (first ?? "none");
}

/** The rights after a node was given one, and its leaves with it. */
export function withRight(rights: Rights, node: RightsNode, right: Right | "none"): Rights {
  const keys = new Set(leavesOf(node).map(({ key }) => key));
  const others = Object.entries(rights).filter(([key]) => !keys.has(key));
  const given = right === "none" ? [] : [...keys].map((key) => [key, right] as const);
  return Object.fromEntries([...others, ...given].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** What one may in the end: a denial anywhere wins, else the most that anybody grants. */
export function strongest(sources: readonly Rights[], key: string): Right | undefined {
  const found = new Set(sources.map((rights) => rights[key]));
  return (["denied", "delete", "write", "read"] as const).find((right) => found.has(right));
}
