import type { AttributeSchema } from "../schema.ts";

/** The account of a console, for systems whose hand may be `browser`: part of every such system's `credentials`. */
export const consoleCredentials: Record<string, AttributeSchema> = {
  username: {
    type: "string",
    minLength: 1,
    maxLength: 200,
    description: "User name of the account that signs in at the console. It is no secret.",
    examples: ["steward@example.com"],
  },
  password: { type: "string", "x-secret": "chosen", description: "Password of that account." },
  totp: {
    type: "string",
    "x-secret": "chosen",
    description:
      "What an authenticator makes that account's codes from, where the console asks for one: base32, or otpauth://totp/…",
  },
};
