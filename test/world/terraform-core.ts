import { makeSocketFolder } from "../../src/platform/provider-process.ts";
import type { TerraformAttribute } from "../../src/terraform/form.ts";
import { providerSource } from "../../src/terraform/provider-schema.ts";
import { decodeMsgpack } from "../../src/terraform/wire/msgpack.ts";
import { serveForReattach } from "../../src/terraform/wire/run.ts";
import { compileIdentity, compileSchema } from "../../src/terraform/wire/schema.ts";
import type { ProviderService } from "../../src/terraform/wire/service.ts";
import {
  equalValues,
  isObjectValue,
  isWhollyKnown,
  type ObjectType,
  type ObjectValue,
  Unknown,
  type Value,
  type ValueType,
  withoutWriteOnly,
} from "../../src/terraform/wire/value.ts";
import { dynamic, ProviderClient } from "../provider-client.ts";

/**
 * Terraform's core as far as a provider sees it, over the real protocol: one resource after the other, proposals made and answers checked by
 * the rules of core (internal/plans/objchange), states kept. It lets tests go where a terraform program would hide what happens.
 */

export interface Kept {
  kind: string;
  value: ObjectValue | null;
  private: Uint8Array;
}

export interface Said {
  severity: "error" | "warning";
  summary: string;
  detail: string;
  path: string;
}

export interface CorePlan {
  action: "create" | "update" | "replace" | "delete" | "none";
  planned: ObjectValue | null;
  replaces: string[];
  said: Said[];
}

export class TerraformCore {
  readonly states: Map<string, Kept>;
  /** What the last answer named each resource by (Terraform 1.12). */
  readonly identities = new Map<string, ObjectValue | undefined>();
  /** Every answer, as it came: tests look for what must not be in one. */
  readonly answers: unknown[] = [];
  readonly #service: ProviderService;
  readonly #client: ProviderClient;
  readonly #stop: () => void;
  readonly #types = new Map<string, ObjectType>();

  private constructor(
    service: ProviderService,
    client: ProviderClient,
    stop: () => void,
    states: ReadonlyMap<string, Kept>,
  ) {
    this.states = new Map(states);
    this.#service = service;
    this.#client = client;
    this.#stop = stop;
  }

  /** With the states that another one left. */
  static async start(
    system: string,
    service: ProviderService,
    states: ReadonlyMap<string, Kept> = new Map(),
  ): Promise<TerraformCore> {
    const program = { source: providerSource(system), load: async () => service };
    const served = await serveForReattach(program, { pid: process.pid, makeSocketFolder });
    const client = new ProviderClient(`unix:${served.socketPath}`);
    return new TerraformCore(service, client, served.stop, states);
  }

  stop(): void {
    this.#client.close();
    this.#stop();
  }

  typeOf(kind: string): ObjectType {
    const known = this.#types.get(kind) ?? compileSchema(this.#service.resources.schemas()[kind]!, kind).type;
    this.#types.set(kind, known);
    return known;
  }

  /** Configures the provider, as at the beginning of each walk. What is left out is null. */
  async configure(config: ObjectValue): Promise<Said[]> {
    const schema = this.#service.provider.schema();
    const type = compileSchema(schema, "provider").type;
    const sent = { config: dynamic(type, filled(type, config) as ObjectValue) };
    const checked = said((await this.#client.ask("ValidateProviderConfig", sent)).diagnostics);
    if (isFailed(checked)) return checked;
    const answer = await this.#client.ask("ConfigureProvider", { ...sent, terraform_version: "1.11.4" });
    return said(answer.diagnostics);
  }

  /** Reads the state of a resource again. */
  async refresh(name: string): Promise<Said[]> {
    const kept = this.states.get(name)!;
    const type = this.typeOf(kept.kind);
    const answer = await this.#client.ask("ReadResource", {
      type_name: kept.kind,
      current_state: dynamic(type, kept.value),
      private: kept.private,
    });
    this.answers.push(answer);
    const value = decodeMsgpack(type, answer.new_state!.msgpack) as ObjectValue | null;
    if (value === null) this.states.delete(name);
    else this.states.set(name, { ...kept, value, private: answer.private });
    return said(answer.diagnostics);
  }

  /** Plans it; `config` null takes it away. Throws where core would call the provider wrong. */
  async plan(name: string, kind: string, config: ObjectValue | null): Promise<CorePlan & { private: Uint8Array }> {
    const kept = this.states.get(name);
    const whole = config && (filled(this.typeOf(kind), config) as ObjectValue);
    if (whole) {
      const type_name = kind;
      const client_capabilities = { write_only_attributes_allowed: true };
      const sent = { type_name, config: dynamic(this.typeOf(kind), whole), client_capabilities };
      const checked = said((await this.#client.ask("ValidateResourceConfig", sent)).diagnostics);
      if (isFailed(checked))
        return { action: "none", planned: null, replaces: [], said: checked, private: new Uint8Array() };
    }
    return this.#planFrom(kind, kept?.value ?? null, whole, kept?.private ?? new Uint8Array());
  }

  async #planFrom(
    kind: string,
    prior: ObjectValue | null,
    config: ObjectValue | null,
    kept: Uint8Array,
  ): Promise<CorePlan & { private: Uint8Array }> {
    const type = this.typeOf(kind);
    const attributes = this.#service.resources.schemas()[kind]!.block.attributes;
    const proposed = config && proposedNew(attributes, prior, config);
    const answer = await this.#client.ask("PlanResourceChange", {
      type_name: kind,
      prior_state: dynamic(type, prior),
      proposed_new_state: dynamic(type, proposed),
      config: dynamic(type, config),
      prior_private: kept,
    });
    this.answers.push(answer);
    const heard = said(answer.diagnostics);
    const base = { replaces: [] as string[], said: heard, private: answer.planned_private };
    if (isFailed(heard)) return { ...base, action: "none", planned: null };
    const planned = decodeMsgpack(type, answer.planned_state!.msgpack) as ObjectValue | null;
    assertPlanValid(kind, attributes, type, { prior, config, planned });
    const replaces = answer.requires_replace.map((path) => path.steps[0]?.attribute_name ?? "");
    if (prior !== null && planned !== null && replaces.some((one) => !equal(type, one, prior, planned))) {
      const anew = await this.#planFrom(kind, null, config, new Uint8Array());
      return { ...anew, action: "replace", replaces };
    }
    const isSame = prior !== null && planned !== null && equalValues(type, prior, planned);
    const action = planned === null ? "delete" : prior === null ? "create" : isSame ? "none" : "update";
    return { ...base, action, planned, replaces };
  }

  /** Plans and applies it. */
  async apply(name: string, kind: string, config: ObjectValue | null): Promise<CorePlan> {
    const plan = await this.plan(name, kind, config);
    if (isFailed(plan.said)) return plan;
    const { action } = plan;
    if (action === "none") {
      const kept = this.states.get(name)!;
      this.states.set(name, { ...kept, private: plan.private });
      return plan;
    }
    if (action === "replace") {
      const gone = await this.#applyPlanned(name, kind, null, null, this.states.get(name)!.private);
      if (isFailed(gone)) return { ...plan, said: gone };
    }
    const whole = config && (filled(this.typeOf(kind), config) as ObjectValue);
    return { ...plan, said: await this.#applyPlanned(name, kind, whole, plan.planned, plan.private) };
  }

  async #applyPlanned(
    name: string,
    kind: string,
    config: ObjectValue | null,
    planned: ObjectValue | null,
    kept: Uint8Array,
  ): Promise<Said[]> {
    const type = this.typeOf(kind);
    const prior = this.states.get(name)?.value ?? null;
    const answer = await this.#client.ask("ApplyResourceChange", {
      type_name: kind,
      prior_state: dynamic(type, prior),
      planned_state: dynamic(type, planned),
      config: dynamic(type, config),
      planned_private: kept,
    });
    this.answers.push(answer);
    const heard = said(answer.diagnostics);
    this.identities.set(name, this.#named(kind, answer.new_identity));
    const value = answer.new_state ? (decodeMsgpack(type, answer.new_state.msgpack) as ObjectValue | null) : prior;
    if (value === null) this.states.delete(name);
    else this.states.set(name, { kind, value, private: answer.private });
    if (!isFailed(heard)) assertApplied(kind, type, planned, value);
    return heard;
  }

  /** Imports an object by its id, or by an identity as Terraform 1.12 does, and reads it as Terraform does next. */
  async import(name: string, kind: string, by: string | ObjectValue): Promise<Said[]> {
    const sent = typeof by === "string" ? { id: by } : { identity: this.#identity(kind, by) };
    const answer = await this.#client.ask("ImportResourceState", { type_name: kind, ...sent });
    this.answers.push(answer);
    const [imported] = answer.imported_resources;
    if (!imported) return said(answer.diagnostics);
    const value = decodeMsgpack(this.typeOf(kind), imported.state!.msgpack) as ObjectValue;
    this.identities.set(name, this.#named(kind, imported.identity));
    this.states.set(name, { kind, value, private: imported.private });
    return this.refresh(name);
  }

  /** Takes over the state of a resource from a provider of another address, as a `moved` block does. */
  async move(
    name: string,
    kind: string,
    source: { kind: string; state: object; private: Uint8Array },
  ): Promise<Said[]> {
    const answer = await this.#client.ask("MoveResourceState", {
      target_type_name: kind,
      source_type_name: source.kind,
      source_provider_address: "registry.example/others/system",
      source_state: { json: Buffer.from(JSON.stringify(source.state)) },
      source_private: source.private,
    });
    this.answers.push(answer);
    const heard = said(answer.diagnostics);
    if (isFailed(heard)) return heard;
    const value = decodeMsgpack(this.typeOf(kind), answer.target_state!.msgpack) as ObjectValue;
    this.identities.set(name, this.#named(kind, answer.target_identity));
    this.states.set(name, { kind, value, private: answer.target_private });
    return heard;
  }

  #identitySchema(kind: string) {
    return compileIdentity(this.#service.resources.schemas()[kind]!.identity!, kind);
  }

  #identity(kind: string, value: ObjectValue) {
    return { identity_data: dynamic(this.#identitySchema(kind).type, value) };
  }

  #named(
    kind: string,
    sent: { identity_data?: { msgpack: Uint8Array } | undefined } | undefined,
  ): ObjectValue | undefined {
    const bytes = sent?.identity_data?.msgpack;
    return bytes && (decodeMsgpack(this.#identitySchema(kind).type, bytes) as ObjectValue);
  }

  stopProvider(): Promise<unknown> {
    return this.#client.ask("StopProvider");
  }
}

export const isFailed = (heard: readonly Said[]): boolean => heard.some(({ severity }) => severity === "error");

type Diagnostics = readonly {
  severity: number;
  summary: string;
  detail: string;
  attribute?: { steps: readonly { attribute_name: string | undefined }[] } | undefined;
}[];

const said = (diagnostics: Diagnostics): Said[] =>
  diagnostics.map(({ severity, summary, detail, attribute }) => ({
    severity: severity === 1 ? "error" : "warning",
    summary,
    detail,
    path: attribute?.steps.map((step) => step.attribute_name).join(".") ?? "",
  }));

/** With null for every attribute that is left out. */
function filled(type: ValueType, value: Value | undefined): Value {
  if (value === null || value === undefined) return null;
  if (type.is === "object" && isObjectValue(value))
    return Object.fromEntries([...type.attributes].map(([name, of]) => [name, filled(of, value[name])]));
  if (type.is === "map" && isObjectValue(value))
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, filled(type.of, one)]));
  if ((type.is === "list" || type.is === "set") && Array.isArray(value))
    return value.map((one) => filled(type.of, one));
  return value;
}

/** What core proposes: the configuration, and what was computed before. It holds write-only values, as core's does. */
function proposedNew(
  attributes: Record<string, TerraformAttribute>,
  prior: ObjectValue | null,
  config: ObjectValue,
): ObjectValue {
  const entries = Object.entries(attributes).map(([name, { computed }]) => [
    name,
    computed && config[name] === null ? (prior?.[name] ?? null) : (config[name] ?? null),
  ]);
  return Object.fromEntries(entries);
}

const equal = (type: ObjectType, name: string, a: ObjectValue, b: ObjectValue): boolean =>
  equalValues(type.attributes.get(name)!, a[name] ?? null, b[name] ?? null);

function assertPlanValid(
  kind: string,
  attributes: Record<string, TerraformAttribute>,
  type: ObjectType,
  { prior, config, planned }: { prior: ObjectValue | null; config: ObjectValue | null; planned: ObjectValue | null },
): void {
  if ((planned === null) !== (config === null)) throw new Error(`${kind}: planned and configured differ in being null`);
  if (!planned || !config) return;
  const shown = withoutWriteOnly(type, config) as ObjectValue;
  for (const [name, { computed }] of Object.entries(attributes)) {
    const fits = equal(type, name, planned, shown) || (prior && equal(type, name, planned, prior));
    if (shown[name] === null ? computed || planned[name] === null : fits) continue;
    throw new Error(`${kind}.${name} is planned as ${JSON.stringify(planned[name])}, which core refuses`);
  }
}

function assertApplied(kind: string, type: ObjectType, planned: ObjectValue | null, value: ObjectValue | null): void {
  if ((planned === null) !== (value === null))
    throw new Error(`${kind}: the result is ${value === null ? "null" : "not null"}`);
  if (!planned || !value) return;
  if (!isWhollyKnown(value)) throw new Error(`${kind}: the result is not wholly known`);
  for (const [name] of type.attributes) {
    if (planned[name] instanceof Unknown || equal(type, name, planned, value)) continue;
    throw new Error(`${kind}.${name} became ${JSON.stringify(value[name])}, and another value was planned`);
  }
}
