import { Fault, Refusal } from "../diagnostic.ts";
import { Secret } from "../secret.ts";

/** Code of the Fault of a value that the identity at hand does not open. */
export const cannotDecrypt = "cannot-decrypt";

/** What is encrypted: the value and where it belongs. */
interface Plaintext {
  environment: string;
  path: string;
  issueId: string;
  value: string;
}

/** A new key pair: the identity reads, the recipient (`age1…`) only writes. */
export async function generateIdentity(): Promise<{ identity: Secret; recipient: string }> {
  const age = await import("age-encryption");
  const identity = await age.generateX25519Identity();
  return { identity: new Secret(identity), recipient: await age.identityToRecipient(identity) };
}

/** The recipients (`age1…`) of an identity: one of each key in it. Throws a Fault when it is no identity. */
export async function recipientsOf(identity: Secret): Promise<string[]> {
  const age = await import("age-encryption");
  try {
    return await Promise.all(keysOf(identity).map((key) => age.identityToRecipient(key)));
  } catch {
    const remedy = "it must hold AGE-SECRET-KEY-1…, as steward init or age-keygen writes it";
    throw new Fault("the age identity cannot be used", { happened: "no", remedy });
  }
}

/** Whether a text is a recipient that values can be encrypted for, its checksum included. */
export async function isRecipient(text: string): Promise<boolean> {
  const age = await import("age-encryption");
  try {
    new age.Encrypter().addRecipient(text);
    return true;
  } catch {
    return false;
  }
}

/** Armored age text that each of the recipients can read. */
export async function encryptFor(sink: string, recipients: string[], plaintext: string): Promise<string> {
  const age = await import("age-encryption");
  const encrypter = new age.Encrypter();
  for (const recipient of recipients) {
    try {
      encrypter.addRecipient(recipient);
    } catch {
      const remedy = "write the public key that `steward init` or `age-keygen -y` prints; it begins with age1";
      throw new Refusal([{ message: `sink ${sink}: ${JSON.stringify(recipient)} is no age recipient`, remedy }]);
    }
  }
  return age.armor.encode(await encrypter.encrypt(plaintext));
}

/** Throws a Fault when there is no identity or it does not fit. No error text holds anything of the value. */
export async function decryptWith(
  sink: string,
  file: string,
  identity: Secret | undefined,
  ciphertext: string,
): Promise<Plaintext> {
  if (!identity) {
    const remedy = "give the sink its age identity (see `steward init`), or run where it is at hand";
    throw new Fault(`sink ${sink} can only be written here: no age identity is given`, {
      happened: "no",
      on: sink,
      remedy,
    });
  }
  const age = await import("age-encryption");
  const decrypter = new age.Decrypter();
  try {
    for (const key of keysOf(identity)) decrypter.addIdentity(key);
    return JSON.parse(await decrypter.decrypt(age.armor.decode(ciphertext), "text")) as Plaintext;
  } catch {
    const remedy =
      "check that the identity belongs to one of the recipients of the sink, and that the file was not edited";
    const details = { happened: "no", on: sink, at: file, remedy, code: cannotDecrypt } as const;
    throw new Fault(`sink ${sink}: ${file} cannot be decrypted`, details);
  }
}

/** A key file has comments and may hold several keys. */
function keysOf(identity: Secret): string[] {
  const lines = identity.reveal().split(/\r?\n/);
  return lines.map((line) => line.trim()).filter((line) => line !== "" && !line.startsWith("#"));
}
