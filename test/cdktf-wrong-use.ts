/**
 * Uses that a compiler must refuse. Each line below a directive is wrong in one way; a directive above a line that compiles is
 * itself an error, so that checking this file proves every refusal. Never run.
 */
import type { Construct } from "constructs";
import {
  environmentSecret,
  MomentusConnect,
  type MomentusConnectProps,
  momentus,
  type SecretSource,
  type ServicePassword,
  type ServiceToken,
  type SinkTarget,
  VelocloudServiceAccount,
  velocloud,
} from "../src/cdktf/index.ts";

declare const scope: Construct;
declare const foreignRole: momentus.Role;

const token: ServiceToken = { lifetime: "90d", rotateBefore: "14d", deliverTo: "local:ci-token" };
const password: ServicePassword = { deliverTo: "local:ci-password" };
const good = { username: "ci@acme.example", role: "Enterprise Standard Admin", password, token } as const;

export const rightUses = (): unknown[] => [
  new VelocloudServiceAccount(scope, "a", good),
  new VelocloudServiceAccount(scope, "b", { ...good, password: { from: environmentSecret("PASSWORD"), version: 2 } }),
  new VelocloudServiceAccount(scope, "c", {
    ...good,
    role: new velocloud.Role(scope, "r", { name: "R", description: "R", privileges: ["p"] }),
  }),
  new VelocloudServiceAccount(scope, "d", { ...good, role: String(good.role) }).addToken({ ...token, name: "second" }),
  new MomentusConnect(scope, "e", { deliverTo: "local:moco-serv", apps: ["Event Portal"] }).approve("Reports", {
    name: "reports",
  }),
];

export const wrongUses = (): unknown[] => [
  // @ts-expect-error a role whose users cannot have tokens (VCO-09)
  new VelocloudServiceAccount(scope, "a", { ...good, role: "Enterprise Read Only User" }),
  // @ts-expect-error no password: nobody could download the token (VCO-10)
  new VelocloudServiceAccount(scope, "b", { username: "ci", role: "Support", token }),
  // @ts-expect-error no token
  new VelocloudServiceAccount(scope, "c", { username: "ci", role: "Support", password }),
  // @ts-expect-error the system of another connector
  new VelocloudServiceAccount(scope, "d", { ...good, provider: new momentus.MomentusProvider(scope, "p") }),
  // @ts-expect-error a role of another system
  new VelocloudServiceAccount(scope, "e", { ...good, role: foreignRole }),
  // @ts-expect-error a word for what becomes of the user that does not exist
  new VelocloudServiceAccount(scope, "f", { ...good, onRemove: "keep" }),
  // @ts-expect-error an attribute that does not exist
  new VelocloudServiceAccount(scope, "g", { ...good, nickname: "ci" }),
  // @ts-expect-error a further token without a name
  new VelocloudServiceAccount(scope, "h", good).addToken(token),
  // @ts-expect-error what MOCO-SERV is called cannot be chosen (MOM-06)
  new MomentusConnect(scope, "i", { deliverTo: "local:moco-serv", userId: "MOCO" }),
  // @ts-expect-error nowhere for Secret and Key to go
  new MomentusConnect(scope, "j", { apps: ["Event Portal"] }),
  // @ts-expect-error apps are written by name
  new MomentusConnect(scope, "k", { deliverTo: "local:moco-serv", apps: [7] }),
  // @ts-expect-error a required attribute of a binding is missing
  new velocloud.Role(scope, "l", { name: "R", privileges: ["p"] }),
  // @ts-expect-error a binding has no such attribute
  new velocloud.ApiToken(scope, "m", { owner: "o", name: "n", lifetime: "1d", deliverTo: "a:b", value: "x" }),
  // @ts-expect-error a provider has no such setting
  new velocloud.VelocloudProvider(scope, "n", { address: "https://vco.example.net" }),
  // @ts-expect-error credentials are several words
  new velocloud.VelocloudProvider(scope, "o", { credentials: "hunter2" }),
];

// @ts-expect-error a sink without a path
export const noPath: SinkTarget = "local";
// @ts-expect-error a secret in clear
export const inClear: SecretSource = "hunter2";
// @ts-expect-error a secret from a resource
export const fromResource: SecretSource = "${velocloud_admin_user.ci.username}";
// @ts-expect-error a password in clear
export const passwordInClear: ServicePassword = { from: "correct horse battery staple" };
// @ts-expect-error a password that is both made and chosen
export const bothPasswords: ServicePassword = { deliverTo: "local:a", from: environmentSecret("PASSWORD") };
// @ts-expect-error a lifetime without a unit
export const noUnit: ServiceToken = { ...token, lifetime: "90" };
// @ts-expect-error a lifetime that is a number
export const numeric: ServiceToken = { ...token, lifetime: 90 };
// @ts-expect-error nothing said about rotation
export const noRotation: ServiceToken = { lifetime: "90d", deliverTo: "local:a" };
export function changed(props: MomentusConnectProps): void {
  // @ts-expect-error properties do not change afterwards
  props.deliverTo = "local:b";
}
