import type { Address } from "../resource.ts";

/** What may stand in `${…}`. `at` and `end` are offsets in the text that was read. */
export type Expression = { at: number; end: number } & (
  | { kind: "environment" }
  | { kind: "variable"; name: string }
  | { kind: "secret"; from: "sink" | "env" | "file"; name: string }
  | { kind: "reference"; address: Address; attribute: string }
  | { kind: "wrong"; message: string; hint: string }
);

const forms =
  "allowed: ${KIND.NAME}, ${KIND.NAME.ATTRIBUTE}, ${var.NAME}, ${environment}, and in secret attributes ${env.NAME}, ${file:PATH}, ${sink:NAME:PATH}; $${ is a plain ${";

const reference = /^([a-z][a-z0-9_]{0,99})\.([a-z][a-z0-9_]{0,99})(?:\.([a-z][a-z0-9_]{0,99}))?$/;

/** Longest `${…}` that is read as one. */
const expressionLengthMax = 1_000;

/** Whether a text has to be looked at. */
export const hasExpression = (text: string): boolean => text.includes("${");

/** Splits a text into plain pieces and expressions. `$${` stands for a plain `${`. Linear in the text. */
export function readExpressions(text: string): (string | Expression)[] {
  const parts: (string | Expression)[] = [];
  let plain = "";
  let from = 0;
  for (;;) {
    const at = text.indexOf("${", from);
    if (at < 0) break;
    if (at > from && text[at - 1] === "$") {
      plain += `${text.slice(from, at - 1)}\${`;
      from = at + 2;
      continue;
    }
    plain += text.slice(from, at);
    if (plain) parts.push(plain);
    plain = "";
    const expression = readExpression(text, at);
    parts.push(expression);
    from = expression.end;
  }
  plain += text.slice(from);
  if (plain) parts.push(plain);
  return parts;
}

/** The expression whose `${` stands at `at`. */
export function readExpression(text: string, at: number): Expression {
  const close = text.slice(at, at + expressionLengthMax).indexOf("}");
  if (close < 0) {
    return {
      kind: "wrong",
      at,
      end: text.length,
      message: "${ without a closing }",
      hint: "close it, or write $${ for a plain ${",
    };
  }
  const end = at + close + 1;
  return { ...parseInside(text.slice(at + 2, end - 1)), at, end };
}

type Inside = Expression extends infer E ? (E extends Expression ? Omit<E, "at" | "end"> : never) : never;

function parseInside(inside: string): Inside {
  if (inside === "environment") return { kind: "environment" };
  const prefixed = /^(var\.|env\.|file:|sink:)(.*)$/s.exec(inside);
  if (prefixed) return parsePrefixed(prefixed[1]!, prefixed[2]!);
  const match = reference.exec(inside);
  if (match) return { kind: "reference", address: `${match[1]}.${match[2]}`, attribute: match[3] ?? "" };
  return { kind: "wrong", message: "this is not an expression", hint: forms };
}

function parsePrefixed(prefix: string, rest: string): Inside {
  const named = /^[A-Za-z_][A-Za-z0-9_]{0,199}$/.test(rest);
  if (prefix === "var.") {
    if (named) return { kind: "variable", name: rest };
    return { kind: "wrong", message: "this is not the name of a variable", hint: "write ${var.NAME}" };
  }
  if (prefix === "env.") {
    if (named) return { kind: "secret", from: "env", name: rest };
    return { kind: "wrong", message: "this is not the name of an environment variable", hint: "write ${env.NAME}" };
  }
  if (prefix === "file:") {
    const problem = pathProblem(rest);
    if (!problem) return { kind: "secret", from: "file", name: rest };
    return {
      kind: "wrong",
      message: `the path ${problem}`,
      hint: "write ${file:PATH} with a path inside the manifest's folder",
    };
  }
  const problem = targetProblem(rest);
  if (!problem) return { kind: "secret", from: "sink", name: rest };
  return { kind: "wrong", message: problem, hint: "write ${sink:NAME:PATH}" };
}

/** Why a path is not one inside the manifest's folder; undefined when it is. Links are looked at where files are read. */
export function pathProblem(path: string): string | undefined {
  if (path === "") return "is empty";
  if (path.length > 500) return "is longer than 500 characters";
  if (/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(path)) return "holds a control character";
  if (path.includes("\\")) return "holds a backslash; write /";
  if (path.startsWith("/") || path.startsWith("~") || /^[A-Za-z]:/.test(path)) return "leaves the manifest's folder";
  const parts = path.replace(/\/$/, "").split("/");
  if (parts.includes("..")) return "leaves the manifest's folder";
  if (parts.includes("")) return "has an empty part";
  return undefined;
}

/** Splits `SINK:PATH`. */
export function splitTarget(target: string): { sink: string; path: string } {
  const colon = target.indexOf(":");
  return { sink: target.slice(0, colon), path: target.slice(colon + 1) };
}

/** Why a text is not `SINK:PATH`; undefined when it is. */
export function targetProblem(target: string): string | undefined {
  const { sink, path } = splitTarget(target);
  if (!target.includes(":") || !/^[A-Za-z][A-Za-z0-9_-]*$/.test(sink)) return "this is not SINK:PATH";
  const problem = pathProblem(path);
  if (problem) return `the path ${problem}`;
  if (!/^[A-Za-z0-9._@+/-]+$/.test(path)) return "the path holds other characters than letters, digits and . _ @ + - /";
  return undefined;
}
