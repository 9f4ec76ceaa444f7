import { createPublicKey, generateKeyPairSync, type KeyObject, randomBytes, sign } from "node:crypto";

/**
 * A self-signed certificate for one process, as go-plugin expects it of the process that it starts: whoever gets it in the handshake
 * trusts it and nothing else. DER is written here because Node makes keys and signatures and no certificates. The key never leaves memory.
 */

export interface Certificate {
  der: Buffer;
  pem: string;
  privateKeyPem: string;
}

type Curve = "P-256" | "P-384" | "P-521";

const hourMs = 3_600_000;
/** Clocks of one machine do not differ, but they are set back. */
const backdatedMs = hourMs;
/** No apply takes as long, and it is checked only when a connection begins. */
const lifetimeMs = 30 * 24 * hourMs;

/** Signature algorithms by hash, named by RFC 5758. */
const ecdsaWithSha256 = "1.2.840.10045.4.3.2";
const oid = {
  commonName: "2.5.4.3",
  basicConstraints: "2.5.29.19",
  keyUsage: "2.5.29.15",
  extendedKeyUsage: "2.5.29.37",
  subjectAltName: "2.5.29.17",
  serverAuth: "1.3.6.1.5.5.7.3.1",
  clientAuth: "1.3.6.1.5.5.7.3.2",
};

/** A certificate for `localhost` that signs itself (RFC 5280), valid from an hour before `now` for 30 days. */
export function makeCertificate(now: Date, curve: Curve = "P-256"): Certificate {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: curve });
  const body = certificateBody(privateKey, now);
  const signature = sign("sha256", body, privateKey);
  const der = sequence(body, sequence(objectId(ecdsaWithSha256)), bitString(signature));
  return { der, pem: pemOf(der), privateKeyPem: privateKey.export({ type: "pkcs8", format: "pem" }).toString() };
}

function certificateBody(privateKey: KeyObject, now: Date): Buffer {
  const name = sequence(set(sequence(objectId(oid.commonName), utf8String("localhost"))));
  const from = now.getTime() - backdatedMs;
  const version3 = context(0, true, integer(Buffer.of(2)));
  // The first bit is cleared and the second set, so that the number is positive and has its whole length.
  const serial = randomBytes(16);
  serial[0] = (serial[0]! & 0x3f) | 0x40;
  return sequence(
    version3,
    integer(serial),
    sequence(objectId(ecdsaWithSha256)),
    name,
    sequence(time(new Date(from)), time(new Date(from + lifetimeMs))),
    name,
    createPublicKey(privateKey).export({ type: "spki", format: "der" }),
    context(3, true, sequence(...extensions())),
  );
}

function extensions(): Buffer[] {
  const yes = element(0x01, Buffer.of(0xff));
  /** digitalSignature is bit 0, keyCertSign bit 5; bits count from the left. */
  const usage = element(0x03, Buffer.of(2, 0b1000_0100));
  const extension = (id: string, content: Buffer, ...critical: Buffer[]) =>
    sequence(objectId(id), ...critical, element(0x04, content));
  return [
    extension(oid.basicConstraints, sequence(yes), yes),
    extension(oid.keyUsage, usage, yes),
    extension(oid.extendedKeyUsage, sequence(objectId(oid.serverAuth), objectId(oid.clientAuth))),
    extension(oid.subjectAltName, sequence(context(2, false, Buffer.from("localhost")))),
  ];
}

function element(tag: number, ...contents: Uint8Array[]): Buffer {
  const content = Buffer.concat(contents);
  const size = content.length;
  const length = size < 0x80 ? [size] : size < 0x100 ? [0x81, size] : [0x82, size >> 8, size & 0xff];
  return Buffer.concat([Buffer.of(tag, ...length), content]);
}

const sequence = (...parts: Uint8Array[]) => element(0x30, ...parts);
const set = (...parts: Uint8Array[]) => element(0x31, ...parts);
const integer = (bytes: Buffer) => element(0x02, bytes);
const bitString = (bytes: Buffer) => element(0x03, Buffer.of(0), bytes);
const utf8String = (text: string) => element(0x0c, Buffer.from(text));
const context = (number: number, constructed: boolean, content: Buffer) =>
  element((constructed ? 0xa0 : 0x80) | number, content);

function objectId(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split(".").map(Number);
  return element(0x06, Buffer.from([first * 40 + second, ...rest].flatMap(base128)));
}

function base128(value: number): number[] {
  const digits = [value & 0x7f];
  for (let left = value >> 7; left > 0; left >>= 7) digits.unshift((left & 0x7f) | 0x80);
  return digits;
}

/** Two digits of a year until 2049, four from then on, as RFC 5280 demands. */
function time(at: Date): Buffer {
  const text = `${at.toISOString().replaceAll(/\..*|[-:T]/g, "")}Z`;
  return at.getUTCFullYear() < 2050 ? element(0x17, Buffer.from(text.slice(2))) : element(0x18, Buffer.from(text));
}

const pemOf = (der: Buffer): string =>
  `-----BEGIN CERTIFICATE-----\n${der.toString("base64").replaceAll(/.{64}(?=.)/g, "$&\n")}\n-----END CERTIFICATE-----\n`;
