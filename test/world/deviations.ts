import type { AnswerResult, Ask, Screen, ScreenResult } from "../../src/screen.ts";
import type { Told } from "./support-person.ts";

/**
 * Everything that a person may say of a step, made from its Screen alone: each result, each of its choices, each thing left out
 * or added, each way in which credentials can be wrong. A new result or a new ask is in it by itself.
 */

export interface Deviation {
  name: string;
  told: Told;
  /** It does not fit the Screen: it must be refused, whatever else. */
  isMisfit?: true;
}

/** Values to be wrong with. */
export interface Wrong {
  /** A Key and a Secret of somebody else, as GUIDs. */
  anothers: { secret: string; key: string };
}

const allResults: readonly AnswerResult[] = ["done", "found", "absent", "cannot-see", "not-done", "failed"];
const madeUp = { secret: "00000000-1111-2222-3333-444444444444", key: "55555555-6666-7777-8888-999999999999" };

/** Every answer but the honest one. */
export function deviationsOf(screen: Screen, honest: Told, wrong: Wrong): Deviation[] {
  const offered = screen.results.flatMap((one) => answersWith(one, baseOf(one, honest), wrong));
  const missing = allResults.filter((word) => !screen.results.some(({ result }) => result === word));
  const unoffered = missing.map((result): Deviation => {
    return { name: `${result}, which is not offered`, told: { result, fields: {}, secrets: {} }, isMisfit: true };
  });
  return [...offered, ...unoffered].filter(({ told }) => JSON.stringify(told) !== JSON.stringify(honest));
}

/** What is told with a result when nothing else is meant: what is so, where that was looked up, else the first that fits. */
function baseOf({ result, asks }: ScreenResult, honest: Told): Told {
  const isHonest = result === honest.result;
  const fields = asks
    .filter(({ secret }) => !secret)
    .flatMap((ask): [string, string][] => {
      const value = isHonest ? honest.fields[ask.name] : ask.optional ? undefined : fitting(ask);
      return value === undefined ? [] : [[ask.name, value]];
    });
  const secrets = asks
    .filter(({ secret }) => secret)
    .map(({ name }): [string, string] => {
      return [name, honest.secrets[name] ?? madeUp[name as "secret" | "key"]];
    });
  const isLeftOut = ([name]: [string, string]): boolean => isHonest && honest.secrets[name] === undefined;
  return {
    result,
    fields: Object.fromEntries(fields),
    secrets: Object.fromEntries(secrets.filter((one) => !isLeftOut(one))),
  };
}

const fitting = ({ choices, name }: Ask): string => choices?.[0] ?? (name === "organization" ? "10" : "X");

function answersWith(one: ScreenResult, base: Told, wrong: Wrong): Deviation[] {
  const { result, asks } = one;
  const unasked = { ...base, fields: { ...base.fields, unasked: "x" } };
  return [
    { name: result, told: base },
    { name: `${result} with something that was not asked`, told: unasked, isMisfit: true },
    ...asks.flatMap((ask) => answersAbout(result, ask, base)),
    ...wrongCredentials(one, base, wrong),
  ];
}

/** One thing told otherwise, left out, or of a wrong form. */
function answersAbout(result: AnswerResult, ask: Ask, base: Told): Deviation[] {
  const { name, choices, optional, pattern, secret } = ask;
  const to = secret ? "secrets" : "fields";
  const telling = (value: string): Told => ({ ...base, [to]: { ...base[to], [name]: value } });
  const { [name]: _left, ...others } = base[to];
  const deviations: Deviation[] = (choices ?? []).map((choice) => ({
    name: `${result} with ${name} ${choice}`,
    told: telling(choice),
  }));
  deviations.push({
    name: `${result} without ${name}`,
    told: { ...base, [to]: others },
    ...(optional ? {} : { isMisfit: true as const }),
  });
  if (choices) deviations.push({ name: `${result} with ${name} perhaps`, told: telling("perhaps"), isMisfit: true });
  if (pattern)
    deviations.push({ name: `${result} with ${name} of no form`, told: telling("not ~ one"), isMisfit: true });
  if (!choices && !pattern && !secret)
    deviations.push({ name: `${result} with another ${name}`, told: telling("Other") });
  if (pattern && !secret) deviations.push({ name: `${result} with a ${name}`, told: telling("ABC1") });
  return deviations;
}

/** Right in form, and not the user's own. */
function wrongCredentials({ result, asks }: ScreenResult, base: Told, { anothers }: Wrong): Deviation[] {
  const names = asks.filter(({ secret }) => secret).map(({ name }) => name as "secret" | "key");
  const telling = (what: string, secrets: Record<string, string>): Deviation => ({
    name: `${result} with ${what}`,
    told: { ...base, secrets: { ...base.secrets, ...secrets } },
  });
  const each = names.flatMap((name) => [
    telling(`a ${name} that is made up`, { [name]: madeUp[name] }),
    telling(`somebody else's ${name}`, { [name]: anothers[name] }),
  ]);
  if (names.length < 2) return each;
  const { secret = madeUp.secret, key = madeUp.key } = base.secrets;
  return [
    ...each,
    telling("Secret and Key swapped", { secret: key, key: secret }),
    telling("the credentials of somebody else", { ...anothers }),
  ];
}
