import { isIP } from "node:net";
import type { Plain, Value } from "../../resource.ts";

/** Allowed addresses (IPR-08, IPR-15): where a field is empty, everywhere is allowed, and that is never left unsaid. */

/** The written word for everywhere. */
const anyAddress = "any";

/** What a field or a cell says, as the manifest says it. */
export function addressesIn(text: string): string[] {
  const addresses = text.split(/[\s,;]+/).filter((part) => part !== "");
  return addresses.length === 0 ? [anyAddress] : [...new Set(addresses)].sort();
}

/** What is typed into the field. */
export function addressesText(addresses: Value | undefined, way: "line" | "lines"): string {
  const typed = textsIn(addresses).filter((address) => address !== anyAddress);
  return typed.join(way === "lines" ? "\n" : ", ");
}

/** Whether it means everywhere. */
export const isEverywhere = (addresses: Value | Plain | undefined): boolean => textsIn(addresses).includes(anyAddress);

/** What is wrong with a list of addresses, as the end of a sentence. */
export function addressesProblem(addresses: readonly string[]): string | undefined {
  if (addresses.includes(anyAddress) && addresses.length > 1) return "holds any and addresses";
  const wrong = addresses.find((address) => address !== anyAddress && !isAddress(address));
  return wrong === undefined ? undefined : `holds ${wrong}, which is no IP address`;
}

/** Addresses of which no document says whether iPresso takes them: networks, and those of IPv6. */
export function unusualAddresses(addresses: readonly string[]): string[] {
  return addresses.filter((address) => address !== anyAddress && isIP(address) !== 4);
}

/** The texts of a list; references are left out. */
export function textsIn(value: Value | Plain | undefined): string[] {
  return Array.isArray(value) ? (value as unknown[]).filter((item) => typeof item === "string") : [];
}

function isAddress(text: string): boolean {
  const [address = "", bits] = text.split("/");
  const family = isIP(address);
  const bitsMax = family === 6 ? 128 : 32;
  return family !== 0 && (bits === undefined || Number(bits) <= bitsMax);
}
