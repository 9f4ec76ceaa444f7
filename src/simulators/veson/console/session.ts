import { CookieSessions } from "../../console/session.ts";
import { signInPages } from "../../console/sign-in.ts";
import type { UserRecord } from "../records.ts";
import type { Moment } from "../saving.ts";
import { isActive } from "../standing.ts";
import type { ConsoleCall, ConsolePage } from "./console-call.ts";
import { answerPage } from "./layout.ts";

/** Signing in and out. The pages are assumed; what an external-only user is told is documented. */

/** Kept in one cookie. */
export const sessions = new CookieSessions("imos.session");

/** Why a user may not sign in now, or undefined. */
export function signInProblem({ store }: Moment, user: UserRecord): string | undefined {
  // The page "Veslink Onboard - User Master.Smith is external only and may not log on interactively."
  if (user.isExternalOnly) return `User ${user.userName} is external only and may not log on interactively.`;
  return isActive(user, store.groups.values()) ? undefined : `User ${user.userName} is inactive.`;
}

export const sessionPages: readonly ConsolePage[] = signInPages<ConsoleCall>({
  sessions,
  words: ({ labels }) => ({
    ...{ signIn: labels.signIn, userName: labels.signInUserName, password: labels.signInPassword },
    ...{ code: labels.signInCode, verify: labels.verify },
    ...{ singleSignOn: labels.singleSignOn, providerContinue: labels.providerContinue },
  }),
  account: ({ store }, name) => {
    const user = store.user(name);
    return user && { username: user.userName, password: user.password, totpSecret: user.totpSecret };
  },
  knowsPassword: ({ store }, name) => store.user(name)?.authentication === "IMOS",
  problem: (call, name) => {
    const user = call.store.user(name);
    return user && signInProblem(call, user);
  },
  answer: answerPage,
});
