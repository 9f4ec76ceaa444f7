import type { Secret } from "../../secret.ts";

/** The vendor's policy for passwords ("What is the Veson Nautical client Password Policy?"), on new accounts and resets. */

const lengthMin = 12;
const special = "~!@#%&_=;:'<,>-.$^{[(|)]}*+?\\`";

/** What a password lacks, as the end of a sentence; undefined when it may be used. Never shows any of it. */
export function passwordLacks(password: Secret): string | undefined {
  const text = password.reveal();
  const parts: readonly (readonly [boolean, string])[] = [
    [text.length >= lengthMin, `at least ${lengthMin} characters`],
    [/[a-z]/.test(text), "a lower-case letter"],
    [/[A-Z]/.test(text), "an upper-case letter"],
    [/[0-9]/.test(text), "a digit"],
    [[...text].some((sign) => special.includes(sign)), `one of ${special}`],
  ];
  const missing = parts.filter(([isThere]) => !isThere).map(([, what]) => what);
  return missing.length === 0 ? undefined : missing.join(", ");
}
