import type { SeededRandom } from "../random.ts";
import type { SimResponse } from "../wire.ts";
import { postForm, textField } from "./controls.ts";
import { PageRefusal, redirect } from "./frame.ts";
import { type Html, html } from "./html.ts";
import { type CookieSessions, localPath, type SessionMoment, type SessionRecord } from "./session.ts";
import { matchingPeriod } from "./totp.ts";

/**
 * Signing in and out at a simulated console: with a password, with a code of an authenticator after it, or by an identity provider
 * that stands on the same site because a simulator has one. No vendor documents its pages; this is the shape of the usual ones.
 */

/** `mfa`: a code of the authenticator follows the password. `sso`: an identity provider asks, and the console has no field for it. */
type SignInMode = "password" | "mfa" | "sso";

export type SignInSettings = {
  /** How one signs in; no vendor documents it. */
  readonly signInMode: SignInMode;
  /** A code of the authenticator may be used twice. False, as RFC 6238 5.2 wants it. */
  readonly codesRepeat: boolean;
};

/** What a store keeps of who is on the way in. */
export class SignInState {
  /** Sessions that have given a good password and no code yet, with whose it was. */
  halfSignedIn = new Map<string, string>();
  /** The period of the last code of each name. */
  usedCodes = new Map<string, number>();
  /** Codes that the identity provider gave out and nobody brought back yet, with whose they are. */
  providerCodes = new Map<string, string>();

  /** A copy that shares nothing. */
  clone(): SignInState {
    const copy = new SignInState();
    copy.halfSignedIn = new Map(this.halfSignedIn);
    copy.usedCodes = new Map(this.usedCodes);
    copy.providerCodes = new Map(this.providerCodes);
    return copy;
  }
}

/** One request on the way in or out. */
type SignInCall = SessionMoment & {
  readonly store: SessionMoment["store"] & { readonly signIn: SignInState; readonly random: SeededRandom };
  readonly settings: SessionMoment["settings"] & SignInSettings;
  readonly session: SessionRecord;
  readonly query: URLSearchParams;
  readonly form: URLSearchParams;
};

/** Somebody who may sign in. */
type SignInAccount = { readonly username: string; readonly password: string; readonly totpSecret: string };

/** The words on the pages. */
type SignInWords = Readonly<
  Record<"signIn" | "userName" | "password" | "code" | "verify" | "singleSignOn" | "providerContinue", string>
>;

type SignInPage = { title: string; content: Html; alert?: string | undefined; status: number; shape: "narrow" };

/** What one console has of its own. */
type SignInWays<Call extends SignInCall> = {
  readonly sessions: CookieSessions;
  words(call: Call): SignInWords;
  account(call: Call, name: string): SignInAccount | undefined;
  /** Whether the console itself knows the password; false for whom only the identity provider knows. */
  knowsPassword(call: Call, name: string): boolean;
  /** Why somebody may not come in although the password is good. */
  problem(call: Call, name: string): string | undefined;
  answer(call: Call, page: SignInPage): SimResponse;
};

const providerPath = "/identity-provider";
const wrongPassword = "User name or password is wrong.";

/** The pages of one console. */
export function signInPages<Call extends SignInCall>(ways: SignInWays<Call>) {
  return [...passwordPages(new Doors(ways)), ...providerPages(new Doors(ways))];
}

function passwordPages<Call extends SignInCall>(doors: Doors<Call>) {
  return [
    page<Call>("console/signIn", "GET", "/signin", (call) => doors.first(call)),
    page<Call>("console/signIn/submit", "POST", "/signin", (call) => signIn(doors, call)),
    page<Call>("console/signIn/code", "GET", "/signin/code", (call) => askForCode(doors, call)),
    page<Call>("console/signIn/code/submit", "POST", "/signin/code", (call) => checkCode(doors, call)),
    { ...page<Call>("console/signOut", "POST", "/signout", (call) => doors.leave(call)), access: "signed-in" as const },
  ];
}

function providerPages<Call extends SignInCall>(doors: Doors<Call>) {
  const provided = (run: (call: Call) => SimResponse) => (call: Call) => {
    doors.requireSso(call);
    return run(call);
  };
  return [
    page<Call>("console/sso/begin", "POST", "/sso", provided(beginAtProvider)),
    page<Call>(
      "console/sso/provider",
      "GET",
      providerPath,
      provided((call) => doors.provider(call)),
    ),
    page<Call>(
      "console/sso/provider/submit",
      "POST",
      providerPath,
      provided((call) => authenticate(doors, call)),
    ),
    page<Call>(
      "console/sso/return",
      "GET",
      "/sso/return",
      provided((call) => comeBack(doors, call)),
    ),
  ];
}

function page<Call>(name: string, verb: "GET" | "POST", path: string, run: (call: Call) => SimResponse) {
  return { name, verb, path, access: "anyone" as const, run };
}

const nextOf = ({ query, form }: SignInCall): string => localPath(query.get("next") ?? form.get("next"));

/** What the pages look like, and the ways in and out. */
class Doors<Call extends SignInCall> {
  readonly ways: SignInWays<Call>;

  constructor(ways: SignInWays<Call>) {
    this.ways = ways;
  }

  /** Where a password is asked for, and where the identity provider is the only way. */
  first(call: Call, alert?: string): SimResponse {
    const words = this.ways.words(call);
    if (call.settings.signInMode === "sso") {
      return this.#page(call, "/sso", html`<p>Your organization signs you in.</p>`, words.singleSignOn, alert);
    }
    return this.#page(call, "/signin", nameAndPassword(words), words.signIn, alert);
  }

  code(call: Call, alert?: string): SimResponse {
    const { code: label, verify } = this.ways.words(call);
    const hint = "The six digits that your authenticator shows now.";
    const field = textField({ name: "code", label, lengthMax: 6, hint, isFirst: true });
    return this.#page(call, "/signin/code", html`<div class="fields">${field}</div>`, verify, alert);
  }

  provider(call: Call, alert?: string): SimResponse {
    const words = this.ways.words(call);
    const title = "Simulated identity provider";
    return this.#page(call, providerPath, nameAndPassword(words), words.providerContinue, alert, title);
  }

  /** Ends the session that asked, and opens one of the account. */
  enter(call: Call, { username }: SignInAccount): SimResponse {
    const { store, session, form, query } = call;
    store.sessions.delete(session.id);
    store.signIn.halfSignedIn.delete(session.id);
    const to = localPath(form.get("next") ?? query.get("next"));
    return this.ways.sessions.keep(redirect(to), this.ways.sessions.open(call, username));
  }

  leave({ store, session }: Call): SimResponse {
    store.sessions.delete(session.id);
    return this.ways.sessions.drop(redirect("/signin"));
  }

  requireSso(call: Call): void {
    if (call.settings.signInMode === "sso") return;
    throw new PageRefusal(404, this.ways.words(call).signIn, "This site does not sign in that way.");
  }

  #page(call: Call, action: string, fields: Html, button: string, alert?: string, title?: string): SimResponse {
    const content = postForm(
      call,
      action,
      html`<input type="hidden" name="next" value="${nextOf(call)}">${fields}<div class="row end"><button class="lead">${button}</button></div>`,
    );
    const status = alert === undefined ? 200 : 403;
    const named = title ?? this.ways.words(call).signIn;
    return this.ways.sessions.keep(
      this.ways.answer(call, { title: named, content, alert, status, shape: "narrow" }),
      call.session,
    );
  }
}

function nameAndPassword({ userName, password }: SignInWords): Html {
  return html`<div class="fields">${textField({ name: "username", label: userName, isFirst: true })}
${textField({ name: "password", label: password, type: "password" })}</div>`;
}

function signIn<Call extends SignInCall>(doors: Doors<Call>, call: Call): SimResponse {
  const { store, settings, form, session } = call;
  const { ways } = doors;
  if (settings.signInMode === "sso") return doors.first(call, "Single sign-on is the only way in.");
  const name = form.get("username") ?? "";
  const account = ways.account(call, name);
  const isRight = account?.password === (form.get("password") ?? "") && ways.knowsPassword(call, name);
  if (!account || !isRight) return doors.first(call, wrongPassword);
  const problem = ways.problem(call, name);
  if (problem !== undefined) return doors.first(call, problem);
  if (settings.signInMode === "password") return doors.enter(call, account);
  store.signIn.halfSignedIn.set(session.id, account.username);
  return redirect(`/signin/code?next=${encodeURIComponent(nextOf(call))}`);
}

function askForCode<Call extends SignInCall>(doors: Doors<Call>, call: Call): SimResponse {
  return call.store.signIn.halfSignedIn.has(call.session.id) ? doors.code(call) : redirect("/signin");
}

function checkCode<Call extends SignInCall>(doors: Doors<Call>, call: Call): SimResponse {
  const { store, settings, form, session, at } = call;
  const { halfSignedIn, usedCodes } = store.signIn;
  const account = doors.ways.account(call, halfSignedIn.get(session.id) ?? "");
  if (!account) return redirect("/signin");
  const period = matchingPeriod(account.totpSecret, (form.get("code") ?? "").trim(), at);
  const isUsed = period !== undefined && !settings.codesRepeat && period <= (usedCodes.get(account.username) ?? -1);
  if (period === undefined || isUsed) return doors.code(call, "The code is wrong or was used already.");
  const problem = doors.ways.problem(call, account.username);
  if (problem !== undefined) return doors.first(call, problem);
  usedCodes.set(account.username, period);
  return doors.enter(call, account);
}

function beginAtProvider({ form }: SignInCall): SimResponse {
  return redirect(`${providerPath}?next=${encodeURIComponent(localPath(form.get("next")))}`);
}

/** The provider knows everybody by name and password, and sends the browser back with a code that is good once. */
function authenticate<Call extends SignInCall>(doors: Doors<Call>, call: Call): SimResponse {
  const { store, form } = call;
  const account = doors.ways.account(call, form.get("username") ?? "");
  if (account?.password !== (form.get("password") ?? "")) return doors.provider(call, wrongPassword);
  const code = store.random.hex(32);
  store.signIn.providerCodes.set(code, account.username);
  return redirect(`/sso/return?code=${code}&next=${encodeURIComponent(localPath(form.get("next")))}`);
}

function comeBack<Call extends SignInCall>(doors: Doors<Call>, call: Call): SimResponse {
  const { providerCodes } = call.store.signIn;
  const code = call.query.get("code") ?? "";
  const account = doors.ways.account(call, providerCodes.get(code) ?? "");
  providerCodes.delete(code);
  if (!account) return doors.first(call, "The identity provider's answer is not valid any more.");
  const problem = doors.ways.problem(call, account.username);
  return problem === undefined ? doors.enter(call, account) : doors.first(call, problem);
}
