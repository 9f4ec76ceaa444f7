import { Fault } from "../diagnostic.ts";
import type { Clock } from "../io.ts";
import type { SignIn } from "../screen.ts";
import { Secret } from "../secret.ts";
import type { ConsolePage } from "./console.ts";
import { inOne } from "./hearing.ts";
import { readTotp, totpCode, totpPeriod } from "./totp.ts";

/** The code of now, and the next one where a command before this one has used that. */
const codeTriesMax = 2;

/** Who signs in. */
export interface ConsoleAccount {
  userName: string;
  password: Secret;
  /** What an authenticator makes its codes from: base32, or `otpauth://totp/…`. */
  totp?: Secret;
}

/** Signs in at one console, as often as it asks. */
export class SignInDesk {
  readonly #how: SignIn;
  readonly #account: ConsoleAccount;
  readonly #clock: Clock;
  /** A code counts once (RFC 6238, 5.2): the period of the one that was used last. */
  #usedPeriod = -1;
  /** Why the console did not let the account in. It is not asked again: too many wrong tries lock an account. */
  #refusal: Fault | undefined;

  constructor(how: SignIn, account: ConsoleAccount, clock: Clock) {
    this.#how = how;
    this.#account = account;
    this.#clock = clock;
  }

  /**
   * Fills in the sign-in page that is shown. Throws a Fault (code `unauthorized`, happened "no") when the console does not let
   * the account in: signing in changes nothing. An account that was refused once is not tried again.
   */
  async signIn(page: ConsolePage): Promise<void> {
    if (this.#refusal) throw this.#refusal;
    const { userName, password, button, code } = this.#how;
    await page.fill(userName, this.#account.userName);
    await page.fill(password, this.#account.password);
    const isOnOnePage = code !== undefined && (await page.has(code.field));
    if (isOnOnePage) await page.fill(code.field, await this.#code());
    await this.#press(page, button);
    if (!code || isOnOnePage) return;
    for (let tries = 0; await page.has(code.field); tries += 1) {
      if (tries === codeTriesMax) throw await this.#refused(page);
      await page.fill(code.field, await this.#code());
      await this.#press(page, code.button);
    }
  }

  async #press(page: ConsolePage, button: SignIn["button"]): Promise<void> {
    try {
      await page.press(button);
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      if (error.details.code === "unauthorized") throw await this.#refused(page);
      throw new Fault(error.message, { ...error.details, happened: "no" });
    }
  }

  /** The code of now; where that one was used already, the next one, for which this waits. */
  async #code(): Promise<Secret> {
    const { totp, userName } = this.#account;
    if (!totp) {
      const remedy = "give the secret of the account's authenticator beside its password";
      const details = { happened: "no", code: "unauthorized", remedy } as const;
      throw new Fault(`the console asks for a code, and none is known for ${userName}`, details);
    }
    const settings = readTotp(totp);
    const now = totpPeriod(settings, this.#clock.now());
    const period = Math.max(now, this.#usedPeriod + 1);
    if (period > now) await this.#clock.sleep(period * settings.periodSeconds * 1000 - this.#clock.now());
    this.#usedPeriod = period;
    return new Secret(totpCode(settings, period));
  }

  async #refused(page: ConsolePage): Promise<Fault> {
    const said = inOne(await page.hear());
    // What was filled in may be repeated there.
    const because = said === undefined ? "" : `: it says ${JSON.stringify(page.unsaid.clean(said))}`;
    this.#refusal = new Fault(`the console does not let ${this.#account.userName} in${because}`, {
      ...{ happened: "no", code: "unauthorized" },
      remedy: "check user name and password, and whether a second factor is asked for",
    });
    return this.#refusal;
  }
}
