import { createHmac } from "node:crypto";

/** Codes of an authenticator, as RFC 6238 makes them: six digits of HMAC-SHA-1, one every 30 seconds. */

const periodMs = 30_000;
const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
export const totpAlphabet = alphabet;

function decodeBase32(text: string): Buffer {
  let bits = "";
  for (const letter of text) bits += alphabet.indexOf(letter).toString(2).padStart(5, "0");
  const bytes = bits.match(/.{8}/g) ?? [];
  return Buffer.from(bytes.map((byte) => Number.parseInt(byte, 2)));
}

/** The period that a time lies in. */
export function totpPeriod(at: number): number {
  return Math.floor(at / periodMs);
}

/** The code of a period. */
export function totpCode(secret: string, period: number): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(period));
  const digest = createHmac("sha1", decodeBase32(secret)).update(counter).digest();
  const number = digest.readUInt32BE(digest[digest.length - 1]! & 0x0f) & 0x7fffffff;
  return String(number % 1_000_000).padStart(6, "0");
}

/** The period whose code this is: now, one before or one after, for clocks that differ. */
export function matchingPeriod(secret: string, code: string, at: number): number | undefined {
  const now = totpPeriod(at);
  return [now, now - 1, now + 1].find((period) => totpCode(secret, period) === code);
}
