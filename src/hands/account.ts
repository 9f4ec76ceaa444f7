import type { Clock } from "../io.ts";
import type { SystemConfig } from "../manifest/manifest.ts";
import { isSecretRef, type SecretRef, type Value } from "../resource.ts";
import type { SignIn } from "../screen.ts";
import { Secret } from "../secret.ts";
import { SignInDesk } from "./sign-in.ts";

/** What reading the account of a console takes. */
interface AccountAccess {
  io: { clock: Clock };
  secret(reference: SecretRef): Promise<Secret>;
}

/** The account that the system's `credentials` name; undefined where they name none. Throws a Fault for one that is not there. */
export async function accountDesk(
  how: SignIn,
  { credentials }: Pick<SystemConfig, "credentials">,
  access: AccountAccess,
): Promise<SignInDesk | undefined> {
  const { username, password, totp } = credentials;
  if (username === undefined || password === undefined) return undefined;
  const account = {
    userName: (await secretOf(username, access)).reveal(),
    password: await secretOf(password, access),
    ...(totp === undefined ? {} : { totp: await secretOf(totp, access) }),
  };
  return new SignInDesk(how, account, access.io.clock);
}

async function secretOf(value: Value, access: AccountAccess): Promise<Secret> {
  return isSecretRef(value) ? access.secret(value) : new Secret(String(value));
}
