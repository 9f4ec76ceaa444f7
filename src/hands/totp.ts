import { createHmac } from "node:crypto";
import { Fault } from "../diagnostic.ts";
import type { Secret } from "../secret.ts";

/** Time-based one-time passwords: RFC 6238 over RFC 4226. */

interface TotpSettings {
  key: Uint8Array;
  /** SHA-1, as nearly every authenticator has it, unless the secret says otherwise. */
  algorithm: "sha1" | "sha256" | "sha512";
  /** 6 to 8. */
  digits: number;
  periodSeconds: number;
}

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** Bytes of a base32 text (RFC 4648), in any letter case, with or without blanks and padding; undefined when it is none. */
function base32(text: string): Uint8Array | undefined {
  const digits = text.replace(/[\s-]/g, "").replace(/=+$/, "").toUpperCase();
  const bytes: number[] = [];
  let [held, bits] = [0, 0];
  for (const digit of digits) {
    const value = alphabet.indexOf(digit);
    if (value < 0) return undefined;
    held = ((held << 5) | value) & 0xfff;
    bits += 5;
    if (bits < 8) continue;
    bits -= 8;
    bytes.push((held >> bits) & 0xff);
  }
  return bytes.length > 0 ? Uint8Array.from(bytes) : undefined;
}

/**
 * Reads what a console gives for an authenticator: the secret in base32, or the whole `otpauth://totp/…` of the picture. Throws a
 * Fault that does not repeat it.
 */
export function readTotp(secret: Secret): TotpSettings {
  const text = secret.reveal().trim();
  const url = /^otpauth:\/\/totp\//i.test(text) && URL.canParse(text) ? new URL(text) : undefined;
  const query = url?.searchParams ?? new URLSearchParams();
  const key = base32(url ? (query.get("secret") ?? "") : text);
  const algorithm = (query.get("algorithm") ?? "sha1").toLowerCase().replace("-", "");
  const digits = Number(query.get("digits") ?? 6);
  const periodSeconds = Number(query.get("period") ?? 30);
  const isKnown = algorithm === "sha1" || algorithm === "sha256" || algorithm === "sha512";
  const isBounded = [6, 7, 8].includes(digits) && Number.isInteger(periodSeconds) && periodSeconds > 0;
  if (key && isKnown && isBounded) return { key, algorithm, digits, periodSeconds };
  throw new Fault("the secret of the authenticator can be read neither as base32 nor as otpauth://totp/…", {
    ...{ happened: "no", code: "unauthorized" },
    remedy: "store the text that the console shows beside the picture when an authenticator is set up",
  });
}

/** The number of the period that a moment lies in. */
export function totpPeriod({ periodSeconds }: TotpSettings, nowMs: number): number {
  return Math.floor(nowMs / 1000 / periodSeconds);
}

/** The code of one period. */
export function totpCode({ key, algorithm, digits }: TotpSettings, period: number): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(period));
  const hash = createHmac(algorithm, key).update(counter).digest();
  const number = hash.readUInt32BE(hash[hash.length - 1]! & 0xf) & 0x7fffffff;
  return String(number % 10 ** digits).padStart(digits, "0");
}
