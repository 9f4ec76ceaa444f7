import type { Expression as OurExpression } from "../manifest/interpolate.ts";
import { type Entry, entryOf, type MapNode, type Node, type ScalarNode, type Span } from "../manifest/node.ts";
import type { Variables } from "../manifest/place.ts";
import type { Report } from "../manifest/report.ts";
import type { Address } from "../resource.ts";
import { addressIn } from "../terraform/names.ts";
import { Evaluator, type Scope } from "./evaluate.ts";
import { ExpressionError } from "./expression.ts";
import { type Hiding, isPlainName } from "./hiding.ts";
import { rawOffset } from "./json.ts";
import { isTemplate } from "./parser.ts";
import type { Stack } from "./stack.ts";
import { isUnset, nodeOf, textOfNode, wrongNode } from "./value-nodes.ts";
import { type Budget, type Evaluated, Pending, truthOf } from "./values.ts";
import { converted, fromOutside } from "./variable-types.ts";

/** Thrown where a value is missing whose error stands in the report already. */
class Reported extends Error {}

/** For whom something is evaluated. */
export interface For {
  address: Address;
  /** It is for a secret attribute: no piece of it is printed. */
  secret: boolean;
  /** Where the resource was written in the code. */
  construct: string | undefined;
  /** It has a `count` or `for_each`, which is reported: its own names are not reported again. */
  isMultiplied?: boolean;
  /** Gets the addresses of resources whose values were taken in, and where that was. */
  needs: Map<Address, Span>;
}

/** What all stacks share. */
export interface Shared {
  /** A stack by the name that CDKTF gives its state; undefined when none or several could be meant. */
  stackCalled(name: string): StackScope | undefined;
  report: Report;
  hiding: Hiding;
  budget: Budget;
  environment: string;
  variables: Variables;
  /** Our word for an attribute of the Terraform form. */
  attribute(kind: string, word: string): string;
  /** The block of an address, for values that are taken from it. */
  block(address: Address): { body: MapNode; scope: StackScope } | undefined;
}

/** What a value was made from: nodes that it was written in, and resources whose attributes it took in. */
interface Origin {
  nodes: Set<Node>;
  needs: Set<Address>;
}
/** Something that is evaluated once. Without a value it is evaluated just now, or cannot be; then the error stands in the report. */
interface Slot {
  origin: Origin;
  isOpen: boolean;
  value: Evaluated | undefined;
}

const newOrigin = (): Origin => ({ nodes: new Set(), needs: new Set() });

function addOrigin({ nodes, needs }: Origin, into: Origin): void {
  for (const node of nodes) into.nodes.add(node);
  for (const address of needs) into.needs.add(address);
}

/** How CDKTF calls the state of another stack of the same app. */
const crossStack = "cross-stack-reference-input-";

/** Beginnings of names that mean something in Terraform, and why they do not here. */
const unknowable: Record<string, [message: string, hint?: string]> = {
  count: ["count is not evaluated", "let the code declare each resource"],
  each: ["for_each is not evaluated", "let the code declare each resource"],
  self: ["self is not evaluated"],
  path: ["paths are not evaluated", "let the code put the value in"],
  terraform: ["Terraform's own values are not evaluated", "${environment} is the environment of Steward"],
  module: ["modules are not read"],
  ephemeral: [
    "ephemeral values are not read",
    "write where a secret comes from: ${env.NAME}, ${file:PATH} or ${sink:NAME:PATH}",
  ],
};

const plainReference = /^\$\{([a-z][a-z0-9_]*)\.([A-Za-z_][A-Za-z0-9_-]*)\.([a-z][a-z0-9_]*)\}$/;
const roots = new Set(["local", "var", "data", "env", "environment", ...Object.keys(unknowable)]);

/** The names of one stack, and the evaluation of its values. */
export class StackScope implements Scope {
  readonly stack: Stack;
  readonly #shared: Shared;
  readonly #evaluator: Evaluator;
  readonly #slots = new Map<string, Slot>();
  #user: For | undefined;
  #origin = newOrigin();

  constructor(stack: Stack, shared: Shared) {
    this.stack = stack;
    this.#shared = shared;
    this.#evaluator = new Evaluator(this);
  }

  get budget(): Budget {
    return this.#shared.budget;
  }

  /** A node with everything in it evaluated; the same node when there is nothing to do. What is wrong is in the report. */
  node(node: Node, user: For): Node {
    this.#user = user;
    this.#origin = newOrigin();
    const result = this.#node(node);
    for (const address of this.#origin.needs) user.needs.set(address, node);
    if (user.secret) for (const one of this.#origin.nodes) this.#shared.hiding.hide(one);
    return result;
  }

  #node(node: Node): Node {
    if (node.type === "scalar") return this.#scalar(node);
    if (node.type === "list") {
      const items = node.items.map((item) => this.#node(item));
      return items.every((item, index) => item === node.items[index]) ? node : { ...node, items };
    }
    const entries = node.entries.map((entry) => {
      const value = this.#node(entry.value);
      return value === entry.value ? entry : { ...entry, value };
    });
    return entries.every((entry, index) => entry === node.entries[index]) ? node : { ...node, entries };
  }

  #scalar(node: ScalarNode): Node {
    const { value: text } = node;
    if (typeof text !== "string" || !isTemplate(text)) return node;
    const reference = plainReference.exec(text);
    if (reference && !roots.has(reference[1]!)) {
      const found = this.#reference(reference[1]!, reference[2]!, reference[3]!, text.length);
      if (found) return { ...node, evaluated: { parts: [found] } };
    }
    try {
      return this.#reporting(node, text, () => nodeOf(this.#evaluator.text(text), node, this.budget));
    } catch (error) {
      if (!(error instanceof Reported)) throw error;
      return wrongNode(node, !isPlainName(text));
    }
  }

  /** What a text is made into; an error is reported at its place. Throws Reported. */
  #reporting<T>(node: ScalarNode, text: string, make: () => T): T {
    try {
      return make();
    } catch (error) {
      if (error instanceof ExpressionError) this.#reportExpression(error, node, text);
      else if (!(error instanceof Reported)) throw error;
      throw new Reported();
    }
  }

  #reportExpression(error: ExpressionError, node: ScalarNode, text: string): void {
    const { at, end } = error.span ?? { at: 0, end: text.length };
    const user = this.#user;
    if (user?.secret) this.#shared.hiding.hide(node);
    const details = { address: user?.address, construct: user?.construct };
    this.#shared.hiding.error(error, { node, text, span: spanIn(node, at, end) }, details);
  }

  /** The value of a node whose texts are templates. Throws Reported. */
  #value(node: Node): Evaluated {
    if (node.type === "list") return node.items.map((item) => this.#value(item));
    if (node.type === "map") return new Map(node.entries.map(({ key, value }) => [key, this.#value(value)] as const));
    const { value: text } = node;
    if (typeof text !== "string" || !isTemplate(text)) return text;
    return this.#reporting(node, text, () => this.#evaluator.text(text));
  }

  resolve(path: readonly string[]): { value: Evaluated; steps: number } {
    const [root = "", name, third, fourth, fifth] = path;
    if (root === "environment" && path.length === 1) return { value: this.#shared.environment, steps: 1 };
    if (root === "local") return { value: this.#local(name), steps: 2 };
    if (root === "var") return { value: this.#variable(name), steps: 2 };
    if (root === "env") return { value: secretOf(path), steps: 2 };
    if (root === "data") {
      if (name !== "terraform_remote_state" || fourth !== "outputs")
        throw new ExpressionError("data sources are not read", undefined, "let the code put the value in");
      return { value: this.#output(third, fifth), steps: 5 };
    }
    const [message, hint] = Object.hasOwn(unknowable, root) ? unknowable[root]! : [];
    if (message !== undefined && this.#user?.isMultiplied && (root === "each" || root === "count"))
      throw new Reported();
    if (message !== undefined) throw new ExpressionError(message, undefined, hint);
    return this.#object(root, name, third);
  }

  #object(kind: string, name: string | undefined, attribute: string | undefined): { value: Evaluated; steps: number } {
    if (name === undefined)
      throw new ExpressionError(`${kind} alone is no name of anything`, undefined, "write ${KIND.NAME.ATTRIBUTE}");
    const found = this.#reference(kind, name, attribute ?? "", 0);
    if (!found) throw new ExpressionError(`no resource can have the address ${kind}.${name}`);
    return { value: new Pending([found]), steps: attribute === undefined ? 2 : 3 };
  }

  #reference(kind: string, name: string, attribute: string, end: number): OurExpression | undefined {
    const address = addressIn(`${kind}.${name}`);
    if (address === undefined) return undefined;
    return { kind: "reference", address, attribute: this.#shared.attribute(kind, attribute), at: 0, end };
  }

  follow({ address, attribute }: OurExpression & { kind: "reference" }): Evaluated {
    const target = this.#shared.block(address);
    if (attribute === "")
      throw new ExpressionError(`${address} is a whole object`, undefined, "write ${KIND.NAME.ATTRIBUTE}");
    if (!target) throw new ExpressionError(`no resource ${address} is declared`);
    const entry = entryOf(target.body, attribute);
    if (!entry || isUnset(entry.value)) {
      const hint = "a reference to it can be a whole value or a part of a text, nothing else";
      throw new ExpressionError(`${address}.${attribute} is known only when the object exists`, undefined, hint);
    }
    this.#origin.needs.add(address);
    return this.#taken(target.scope, `${address}.${attribute}`, entry);
  }

  /** A value of this or another stack, for the one that is evaluated now. */
  #taken(scope: StackScope, name: string, entry: Entry): Evaluated {
    const before = scope.#user;
    scope.#user = this.#user;
    try {
      return scope.#slot(name, entry.value, this.#origin, () => scope.#value(entry.value));
    } finally {
      scope.#user = before;
    }
  }

  /**
   * Evaluated once. What it was made from is added to `into` on every way out: an asker that is a secret hides it also when nothing
   * came of it. Throws an ExpressionError for a circle, Reported when the error stands in the report already.
   */
  #slot(name: string, node: Node, into: Origin, evaluate: () => Evaluated): Evaluated {
    const known = this.#slots.get(name);
    if (known) {
      addOrigin(known.origin, into);
      if (known.isOpen) throw this.#circle(name);
      if (known.value === undefined) throw new Reported();
      return known.value;
    }
    const slot: Slot = { origin: newOrigin(), isOpen: true, value: undefined };
    slot.origin.nodes.add(node);
    this.#slots.set(name, slot);
    const outside = this.#origin;
    this.#origin = slot.origin;
    try {
      const value = this.budget.deeper(evaluate);
      this.#slots.set(name, { ...slot, isOpen: false, value });
      return value;
    } catch (error) {
      this.#slots.set(name, { ...slot, isOpen: false, value: undefined });
      throw error;
    } finally {
      this.#origin = outside;
      addOrigin(slot.origin, into);
    }
  }

  #circle(name: string): ExpressionError {
    const open = [...this.#slots].filter(([, slot]) => slot.isOpen).map(([one]) => one);
    const circle = [...open.slice(open.indexOf(name)), name];
    return new ExpressionError(`these need one another: ${circle.slice(0, 12).join(" → ")}`);
  }

  #local(name: string | undefined): Evaluated {
    const entry = name === undefined ? undefined : this.stack.locals.get(name);
    if (entry) return this.#taken(this, `local.${name}`, entry);
    throw this.#missing("local", name, this.stack.locals);
  }

  #missing(what: string, name: string | undefined, known: ReadonlyMap<string, Entry>): ExpressionError {
    const hint = this.#shared.report.suggest(name ?? "", [...known.keys()]);
    return new ExpressionError(`the stack has no ${what} ${name ?? ""}`.trim(), undefined, hint);
  }

  /** An output of another stack of the app, by which CDKTF hands values on. */
  #output(state: string | undefined, output: string | undefined): Evaluated {
    const name = state?.startsWith(crossStack) ? state.slice(crossStack.length) : undefined;
    if (name === undefined)
      throw new ExpressionError("the state of somebody else is not read", undefined, "let the code put the value in");
    const scope = this.#shared.stackCalled(name);
    if (!scope) {
      const hint = "synthesise all stacks of the app";
      throw new ExpressionError(`the stack ${name} is not here`, undefined, hint);
    }
    const body = output === undefined ? undefined : scope.stack.outputs.get(output);
    const value = body?.value.type === "map" ? entryOf(body.value, "value") : undefined;
    if (!value) throw new ExpressionError(`the stack ${name} has no output ${output ?? ""}`.trim());
    return this.#taken(scope, `output.${output}`, value);
  }

  #variable(name: string | undefined): Evaluated {
    const entry = name === undefined ? undefined : this.stack.variables.get(name);
    if (!entry || name === undefined) throw this.#missing("variable", name, this.stack.variables);
    return this.#slot(`var.${name}`, entry.value, this.#origin, () => this.#variableValue(name, entry));
  }

  #variableValue(name: string, { value: declared }: Entry): Evaluated {
    const part = (key: string) => (declared.type === "map" ? entryOf(declared, key)?.value : undefined);
    const sensitive = part("sensitive");
    if (sensitive?.type === "scalar" && sensitive.value === true) {
      const hint = "write where the secret comes from instead: ${env.NAME}, ${file:PATH} or ${sink:NAME:PATH}";
      throw new ExpressionError(
        `the variable ${name} is sensitive, and no secret comes by a variable`,
        undefined,
        hint,
      );
    }
    const type = textOfNode(part("type")) ?? "any";
    const given = this.#shared.variables.value(name);
    const otherwise = part("default");
    if (given === undefined && !otherwise) {
      const { environment } = this.#shared;
      const hint = `give it with --var ${name}=VALUE, STEWARD_VAR_${name}, environments.${environment}.variables or a default`;
      throw new ExpressionError(`the variable ${name} has no value`, undefined, hint);
    }
    const value =
      given === undefined ? converted(literal(otherwise!), type, this.#evaluator) : fromOutside(given, type);
    this.#slots.set(`var.${name}`, { origin: this.#origin, isOpen: false, value });
    this.#assertValid(name, part("validation"));
    return value;
  }

  /** The rules that the code gives for a variable; they may name the variable itself. */
  #assertValid(name: string, validation: Node | undefined): void {
    const rules = validation?.type === "list" ? validation.items : validation ? [validation] : [];
    for (const rule of rules) {
      const condition = rule.type === "map" ? entryOf(rule, "condition") : undefined;
      if (!condition || truthOf(this.#evaluator.known(this.#value(condition.value)))) continue;
      const hint = rule.type === "map" ? textOfNode(entryOf(rule, "error_message")?.value) : undefined;
      throw new ExpressionError(`the value of the variable ${name} is not allowed`, undefined, hint);
    }
  }
}

/** A value as it stands: defaults of variables are no templates. */
function literal(node: Node): Evaluated {
  if (node.type === "list") return node.items.map(literal);
  if (node.type === "map") return new Map(node.entries.map(({ key, value }) => [key, literal(value)] as const));
  return node.value;
}

function secretOf(path: readonly string[]): Evaluated {
  const [, name = ""] = path;
  if (path.length !== 2 || !/^[A-Za-z_][A-Za-z0-9_]{0,199}$/.test(name))
    throw new ExpressionError("this is not the name of an environment variable", undefined, "write ${env.NAME}");
  return new Pending([{ kind: "secret", from: "env", name, at: 0, end: 0 }]);
}

/** The piece of the file that a piece of a text stands in. */
function spanIn(node: ScalarNode, at: number, end: number): Span {
  const start = rawOffset(node, at);
  return { file: node.file, at: start, end: Math.max(start + 1, rawOffset(node, end)) };
}
