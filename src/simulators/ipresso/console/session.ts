import { CookieSessions } from "../../console/session.ts";
import { signInPages } from "../../console/sign-in.ts";
import type { ConsoleCall, ConsolePage } from "./console-call.ts";
import { answerPage } from "./layout.ts";

/** Signing in and out. How the panel does it is not documented; the pages are assumed. API users cannot sign in here. */

/** Kept in one cookie. */
export const sessions = new CookieSessions("ipresso.session");

export const sessionPages: readonly ConsolePage[] = signInPages<ConsoleCall>({
  sessions,
  words: ({ labels }) => ({
    ...{ signIn: labels.signIn, userName: labels.userName, password: labels.signInPassword },
    ...{ code: labels.signInCode, verify: labels.verify },
    ...{ singleSignOn: labels.singleSignOn, providerContinue: labels.providerContinue },
  }),
  account: ({ store }, name) => store.account(name),
  knowsPassword: () => true,
  problem: () => undefined,
  answer: answerPage,
});
