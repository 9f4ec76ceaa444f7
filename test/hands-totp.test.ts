import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { Fault } from "../src/diagnostic.ts";
import { readTotp, totpCode, totpPeriod } from "../src/hands/totp.ts";
import { Secret } from "../src/secret.ts";

/** Seeds of RFC 6238, appendix B: the digits over and over, as long as the hash. */
const seed = (length: number): Uint8Array => Buffer.from("1234567890".repeat(7).slice(0, length), "ascii");
const bases = [
  { algorithm: "sha1", key: seed(20) },
  { algorithm: "sha256", key: seed(32) },
  { algorithm: "sha512", key: seed(64) },
] as const;
/** Time in seconds, and the codes by SHA-1, SHA-256 and SHA-512. */
const vectors: [number, string, string, string][] = [
  [59, "94287082", "46119246", "90693936"],
  [1111111109, "07081804", "68084774", "25091201"],
  [1111111111, "14050471", "67062674", "99943326"],
  [1234567890, "89005924", "91819424", "93441116"],
  [2000000000, "69279037", "90698825", "38618901"],
  [20000000000, "65353130", "77737706", "47863826"],
];

describe("codes of an authenticator", () => {
  it.each(vectors)("at %i s are those of RFC 6238, appendix B", (seconds, ...codes) => {
    const made = bases.map((base) => {
      const settings = { ...base, digits: 8, periodSeconds: 30 };
      return totpCode(settings, totpPeriod(settings, seconds * 1000));
    });
    expect(made).toEqual(codes);
  });

  it("have six digits of thirty seconds by SHA-1, unless the secret says otherwise", () => {
    const plain = readTotp(new Secret("GEZD GNBV gy3t-qojq GEZDGNBVGY3TQOJQ===="));
    expect(plain).toEqual({ key: Uint8Array.from(seed(20)), algorithm: "sha1", digits: 6, periodSeconds: 30 });
    expect(totpCode(plain, totpPeriod(plain, 59_999))).toBe("287082");
    const whole =
      "otpauth://totp/Vendor:me?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&algorithm=SHA256&digits=8&period=60&issuer=x";
    expect(readTotp(new Secret(whole))).toMatchObject({ algorithm: "sha256", digits: 8, periodSeconds: 60 });
  });

  it.each([
    ["no base32", "canary-1890"],
    ["nothing", " "],
    ["a secret for counted codes", "otpauth://hotp/x?secret=GEZDGNBV&counter=1"],
    ["an unknown hash", "otpauth://totp/x?secret=GEZDGNBV&algorithm=MD5"],
    ["five digits", "otpauth://totp/x?secret=GEZDGNBV&digits=5"],
    ["no period", "otpauth://totp/x?secret=GEZDGNBV&period=0"],
  ])("are not made from %s, which the fault does not repeat", (_what, text) => {
    const read = () => readTotp(new Secret(text));
    expect(read).toThrow(Fault);
    try {
      read();
    } catch (error) {
      expect(inspect(error)).not.toContain("canary");
      expect((error as Fault).details).toMatchObject({ happened: "no", code: "unauthorized" });
    }
  });
});
