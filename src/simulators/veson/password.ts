/** The policy of the vendor's page "What is the Veson Nautical client Password Policy?"; the wording is the simulator's own. */

const lengthMin = 12;
const special = "~!@#%&_=;:'<,>-.$^{[(|)]}*+?\\";

/** What a password lacks, or undefined. */
export function passwordProblem(password: string): string | undefined {
  const parts: readonly (readonly [boolean, string])[] = [
    [password.length >= lengthMin, `at least ${lengthMin} characters`],
    [/[a-z]/.test(password), "a lower-case letter"],
    [/[A-Z]/.test(password), "an upper-case letter"],
    [/[0-9]/.test(password), "a digit"],
    [[...password].some((sign) => special.includes(sign)), "a special character"],
  ];
  const missing = parts.filter(([isThere]) => !isThere).map(([, what]) => what);
  return missing.length === 0 ? undefined : `The password needs ${missing.join(", ")}.`;
}
