import { describe, test } from "vitest";
import { type Bad, check } from "./manifest-bad.ts";

const yaml: Bad[] = [
  { name: "a bracket without its end", text: "systems: { velocloud: {\n", at: "2:1", says: "the indentation is wrong" },
  {
    name: "a key without a colon",
    text: "systems:\n  velocloud\n  other: 1\n",
    at: "2:3",
    says: "a key cannot go over several lines",
  },
  {
    name: "a tab as indentation",
    text: "systems:\n\tvelocloud: {}\n",
    at: "2:1",
    says: "a tab is used for indentation",
    hint: "use spaces",
  },
  {
    name: "a quote without its end",
    text: 'guard:\n  deletions_max: "5\n',
    at: "3:1",
    says: "something is missing here",
  },
  {
    name: "an expression without quotes in braces",
    text: "sinks: { a: { path: x/${environment} } }\n",
    at: "1:24",
    says: "this does not belong here",
    hint: "in quotes",
  },
  {
    name: "a duplicate key",
    text: "guard:\n  deletions_max: 1\n  deletions_max: 2\n",
    at: "3:3",
    says: 'the key "deletions_max" stands here twice',
    hint: "line 2, column 3",
  },
  {
    name: "a duplicate key in braces",
    text: "guard: { deletions_max: 1, deletions_max: 2 }\n",
    at: "1:28",
    says: "stands here twice",
  },
  {
    name: "an unknown tag",
    text: "guard:\n  deletions_max: !!int 3\n",
    at: "2:18",
    says: "the tag !!int is not known here",
    hint: "!clear",
  },
  { name: "a tag that makes code elsewhere", text: "guard: !!js/function 'x'\n", at: "1:8", says: "is not known here" },
  {
    name: "a merge key",
    text: "guard:\n  <<: { deletions_max: 1 }\n",
    at: "2:3",
    says: "merge keys are not supported",
  },
  {
    name: "a second document",
    text: "guard: {}\n---\nguard: {}\n",
    at: "2:1",
    says: "a manifest file holds one document",
  },
  { name: "a directive", text: "%YAML 1.1\n---\nguard: {}\n", at: "1:1", says: "directives are not supported" },
  {
    name: "__proto__",
    text: "guard:\n  __proto__: { deletions_max: 1 }\n",
    at: "2:3",
    says: '"__proto__" cannot be a key',
  },
  { name: "constructor", text: "resources:\n  constructor: {}\n", at: "2:3", says: '"constructor" cannot be a key' },
  { name: "a key that is a number", text: "resources:\n  1: {}\n", at: "2:3", says: "a key must be plain text" },
  { name: "an alias without an anchor", text: "guard: *nothing\n", at: "1:8", says: "alias" },
  {
    name: "an alias that contains itself",
    text: "resources: &a\n  x: *a\n",
    at: "2:6",
    says: "this alias contains itself",
  },
  {
    name: "a control character",
    text: "guard: {} # \u001b[31m\n",
    at: "1:13",
    says: "a control character stands here",
  },
  { name: "a list at the top", text: "- systems\n", at: "1:1", says: "a manifest is a map", hint: "systems" },
  {
    name: "nesting without end",
    text: `guard: ${"[".repeat(40)}\n`,
    at: "1:40",
    says: "nested too deeply",
    hint: "32",
  },
];

describe("YAML that is wrong is reported with its place:", () => {
  test.each(yaml)("$name", check);
});
