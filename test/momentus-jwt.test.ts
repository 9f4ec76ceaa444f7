import { decodeProtectedHeader, jwtVerify, SignJWT, UnsecuredJWT } from "jose";
import { beforeEach, describe, expect, it } from "vitest";
import { signToken } from "../src/connectors/momentus/jwt.ts";
import { Secret } from "../src/secret.ts";
import type { ApiCredentials } from "../src/simulators/momentus/records.ts";
import type { MomentusSimulator } from "../src/simulators/momentus/simulator.ts";
import { callApi, makeMomentus, nowSeconds, startMs } from "./momentus-client.ts";

/** Tokens between three parties that share no code: an independent library, Steward, and the simulator. */

let simulator: MomentusSimulator;
let steward: ApiCredentials;

beforeEach(() => {
  simulator = makeMomentus().simulator;
  steward = simulator.world.apiUser.prod;
});

const bytes = (secret: string) => new TextEncoder().encode(secret);
const other = "11111111-1111-4111-8111-111111111111";

/** As the vendor's documents have it, made by jose; `undefined` leaves a claim out. */
function joseToken(claims: Record<string, unknown> = {}, header: { alg?: string } = {}, secret = steward.secret) {
  const times = { iat: nowSeconds, nbf: nowSeconds, exp: nowSeconds + 60 };
  const all = { iss: steward.id, key: steward.key, ...times, ...claims };
  return new SignJWT(all).setProtectedHeader({ typ: "JWT", alg: "HS256", ...header }).sign(bytes(secret));
}

/** Status, and why not. */
async function answerTo(token: string): Promise<{ status: number; why: string }> {
  const { status, headers } = await callApi(simulator, "GET sdk_initialize", { token });
  return { status, why: String(headers["www-authenticate"] ?? "") };
}

const ours = ({ id, secret, key }: ApiCredentials, atMs = startMs) =>
  signToken({ id, secret: new Secret(secret), key: new Secret(key) }, atMs);

describe("a token of jose", () => {
  it("MOM-11 is accepted by the simulator with iss, key, iat, nbf and exp, and without nbf", async () => {
    expect(await answerTo(await joseToken())).toEqual({ status: 200, why: "" });
    expect(await answerTo(await joseToken({ nbf: undefined }))).toEqual({ status: 200, why: "" });
  });

  it("acts for another user with sub, where the API user may", async () => {
    expect((await answerTo(await joseToken({ sub: "AGREEN" }))).why).toContain("may not act for others");
    simulator.store.changeApiUser("prod", "STEWARD", { allowProxyUser: true });
    expect((await answerTo(await joseToken({ sub: "AGREEN" }))).status).toBe(200);
  });

  it.each([
    ["expired", { exp: nowSeconds }, "expired"],
    ["not valid yet", { nbf: nowSeconds + 30 }, "not valid yet"],
    ["made in the future", { iat: nowSeconds + 30 }, "not valid yet"],
    ["without exp", { exp: undefined }, "claim exp"],
    ["without iat", { iat: undefined }, "claim iat"],
    ["of another issuer", { iss: "NOBODY" }, "no such API user"],
    ["with another Key", { key: other }, "key is not valid"],
    ["without a Key", { key: undefined }, "key is not valid"],
  ])("is refused when it is %s", async (_what, claims, why) => {
    expect(await answerTo(await joseToken(claims))).toEqual({ status: 401, why: expect.stringContaining(why) });
  });

  it("is refused with a wrong Secret, and with the bytes of the GUID in place of its text", async () => {
    const wrong = await joseToken({}, {}, other);
    const raw = Buffer.from(steward.secret.replaceAll("-", ""), "hex");
    const claims = { iss: steward.id, key: steward.key, iat: nowSeconds, exp: nowSeconds + 60 };
    const ofBytes = await new SignJWT(claims).setProtectedHeader({ typ: "JWT", alg: "HS256" }).sign(raw);
    for (const token of [wrong, ofBytes]) {
      expect(await answerTo(token)).toEqual({ status: 401, why: expect.stringContaining("signature is wrong") });
    }
  });

  it("is refused when ID and Key are the other way round, and when the ID stands in sub", async () => {
    const swapped = await joseToken({ iss: steward.key, key: steward.id });
    expect(await answerTo(swapped)).toEqual({ status: 401, why: expect.stringContaining("no such API user") });
    const inSub = await joseToken({ iss: steward.key, sub: steward.id, key: undefined });
    expect((await answerTo(inSub)).status).toBe(401);
  });

  it("is refused when nothing or another algorithm signs it", async () => {
    const claims = { iss: steward.id, key: steward.key };
    const unsigned = new UnsecuredJWT(claims)
      .setIssuedAt(nowSeconds)
      .setExpirationTime(nowSeconds + 60)
      .encode();
    expect(await answerTo(unsigned)).toMatchObject({ status: 401 });
    const [head = "", body = ""] = unsigned.split(".");
    const [, , signature = ""] = (await joseToken()).split(".");
    expect(await answerTo(`${head}.${body}.${signature}`)).toMatchObject({ status: 401 });
    for (const alg of ["HS384", "HS512"]) {
      const answer = await answerTo(await joseToken({}, { alg }));
      expect([alg, answer]).toEqual([alg, { status: 401, why: expect.stringContaining("HS256") }]);
    }
  });

  it("is refused when one claim was changed after it was signed", async () => {
    const [head = "", body = "", signature = ""] = (await joseToken()).split(".");
    const claims = JSON.parse(Buffer.from(body, "base64url").toString("utf8")) as object;
    const longer = Buffer.from(JSON.stringify({ ...claims, exp: nowSeconds + 86_400 })).toString("base64url");
    expect((await answerTo(`${head}.${body}.${signature}`)).status).toBe(200);
    expect((await answerTo(`${head}.${longer}.${signature}`)).why).toContain("signature is wrong");
  });
});

describe("a token of Steward", () => {
  it("MOM-11 verifies with jose, and its header and claims are exactly the documented ones", async () => {
    const token = ours(steward, startMs + 999);
    const options = { currentDate: new Date(startMs + 1000), algorithms: ["HS256"], typ: "JWT", issuer: "STEWARD" };
    const { payload, protectedHeader } = await jwtVerify(token, bytes(steward.secret), options);
    expect(protectedHeader).toEqual({ typ: "JWT", alg: "HS256" });
    expect(payload).toEqual({
      ...{ iss: steward.id, key: steward.key },
      ...{ iat: nowSeconds, nbf: nowSeconds, exp: nowSeconds + 120 },
    });
    expect((await answerTo(token)).status).toBe(200);
  });

  it("verifies with no other Secret, not before its time and not after two minutes", async () => {
    const token = ours(steward);
    const at = (ms: number) => jwtVerify(token, bytes(steward.secret), { currentDate: new Date(ms) });
    await expect(jwtVerify(token, bytes(other), { currentDate: new Date(startMs) })).rejects.toThrow("signature");
    await expect(at(startMs - 1000)).rejects.toThrow("nbf");
    await expect(at(startMs + 120_000)).rejects.toThrow("exp");
    expect((await at(startMs + 119_000)).payload.iss).toBe("STEWARD");
  });

  it("carries its claims as UTF-8, so that jose reads an ID of any letters as it is", async () => {
    const id = "MOCO-ÄÖ";
    const token = ours({ ...steward, id });
    expect(decodeProtectedHeader(token).alg).toBe("HS256");
    const { payload } = await jwtVerify(token, bytes(steward.secret), { currentDate: new Date(startMs) });
    expect(payload.iss).toBe(id);
  });
});
