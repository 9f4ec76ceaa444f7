import { BlockList, isIPv4, isIPv6 } from "node:net";
import type { IpressoSettings } from "./options.ts";

/** Allowed addresses: which are good, and whom they let in. */

type Network = { address: string; bits: number; family: "ipv4" | "ipv6" };

/** Addresses are networks of one. */
function networkOf(text: string): Network | undefined {
  const [address = "", bits, ...rest] = text.split("/");
  const family = isIPv4(address) ? "ipv4" : isIPv6(address) ? "ipv6" : undefined;
  if (!family || rest.length > 0 || (bits !== undefined && !/^\d{1,3}$/.test(bits))) return undefined;
  const bitsMax = family === "ipv4" ? 32 : 128;
  const given = bits === undefined ? bitsMax : Number(bits);
  return given <= bitsMax ? { address, bits: given, family } : undefined;
}

/** Whether the form takes it. */
export function isAddress(text: string, forms: IpressoSettings["addressForms"]): boolean {
  if (forms === "ipv4") return isIPv4(text);
  if (forms === "ipv6") return isIPv4(text) || isIPv6(text);
  return networkOf(text) !== undefined;
}

/** Whether somebody at this address may come in. No allowed address means all of them. */
export function lets(addresses: readonly string[], from: string): boolean {
  if (addresses.length === 0) return true;
  const allowed = new BlockList();
  for (const text of addresses) {
    const network = networkOf(text);
    if (network) allowed.addSubnet(network.address, network.bits, network.family);
  }
  return allowed.check(from, isIPv6(from) ? "ipv6" : "ipv4");
}
