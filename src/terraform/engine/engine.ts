import type { Connector } from "../../connectors/connector.ts";
import { sideFilesIn } from "../../manifest/read.ts";
import { kindName } from "../../manifest/resources.ts";
import { nodeFiles } from "../../platform/manifest-files.ts";
import type { TerraformForm } from "../form.ts";
import { decodeJson } from "../wire/json.ts";
import { compileSchema } from "../wire/schema.ts";
import type {
  ApplyRequest,
  Call,
  ImportRequest,
  Kept,
  MoveRequest,
  PlanRequest,
  ResourceState,
  TerraformDiagnostic,
} from "../wire/service.ts";
import { isWhollyKnown, type ObjectValue } from "../wire/value.ts";
import type { ConfigText, Held } from "./config-text.ts";
import { openWalk } from "./configure.ts";
import { readDataSource } from "./data-source.ts";
import { fromError, say } from "./diagnostics.ts";
import { withLogin } from "./people.ts";
import { isPrivate } from "./private-data.ts";
import { providerText, readProviderConfig } from "./provider-config.ts";
import { applyResource } from "./resource-apply.ts";
import { readResourceConfig } from "./resource-config.ts";
import { importResource } from "./resource-import.ts";
import { planResource } from "./resource-plan.ts";
import { identityOf, readResource } from "./resource-read.ts";
import { openSecretSource } from "./secret-source.ts";
import type { ProviderParts } from "./service.ts";
import { timeoutProblems } from "./timeouts.ts";
import { withUnknownComputed } from "./values.ts";
import type { Walk } from "./walk.ts";

type Answered<T = object> = Promise<T & { diagnostics?: readonly TerraformDiagnostic[] }>;

/** The engine behind one provider process. It holds one configuration at a time, as Terraform does. */
export class Engine {
  readonly #parts: ProviderParts;
  readonly #forms: ReadonlyMap<string, TerraformForm>;
  #connector: Promise<Connector> | undefined;
  /** Undefined while parts of the provider block are known only after apply, and before it is configured. */
  #walk: Walk | undefined;

  constructor(parts: ProviderParts, forms: readonly TerraformForm[]) {
    this.#parts = parts;
    this.#forms = new Map(forms.map((form) => [form.kind, form]));
  }

  /** Ends sessions. */
  async close(): Promise<void> {
    await this.#walk?.close();
    this.#walk = undefined;
  }

  async validateProvider({ config }: { config: ObjectValue }): Answered {
    if (!isWhollyKnown(config)) return {};
    const held: Held = new Map();
    const text = providerText(held);
    try {
      readProviderConfig(config, text, this.#reading(held));
      return {};
    } catch (error) {
      return { diagnostics: fromError(error, text) };
    }
  }

  async configure({ config }: { config: ObjectValue }): Answered {
    await this.#walk?.close();
    this.#walk = undefined;
    if (!isWhollyKnown(config)) return {};
    const held: Held = new Map();
    const text = providerText(held);
    try {
      const read = readProviderConfig(config, text, this.#reading(held));
      this.#walk = await openWalk(this.#parts, await this.#loadConnector(), read, held);
      return {};
    } catch (error) {
      return { diagnostics: fromError(error, text) };
    }
  }

  /** What can be told without a system: `terraform validate` knows no provider block. */
  async validate({ kind: name, config }: { kind: string; config: ObjectValue }): Answered {
    const { schemas, connector } = this.#parts;
    const schema = schemas.find((one) => kindName(one) === name)!;
    const { timeouts: _timeouts, ...attributes } = config;
    const type = connector.name;
    const manifest = { environment: "default", systems: { [type]: { name: type, type } } };
    let text: ConfigText | undefined;
    try {
      const options = { address: `${name}.x`, kind: { name, schema }, manifest, held: new Map() };
      readResourceConfig(attributes, options, (found) => {
        text = found;
      });
      return { diagnostics: timeoutProblems(config) };
    } catch (error) {
      return { diagnostics: [...timeoutProblems(config), ...fromError(error, text)] };
    }
  }

  async read(request: Kept & { kind: string; state: ObjectValue }): Answered<ResourceState> {
    if (!this.#walk) return { state: request.state };
    return this.#told(readResource(this.#walk, this.#form(request.kind), request));
  }

  async plan(request: PlanRequest): ReturnType<typeof planResource> {
    const form = this.#form(request.kind);
    if (this.#walk) return this.#told(planResource(this.#walk, form, request));
    const { proposed, prior } = request;
    return { state: proposed && !prior ? withUnknownComputed(form, proposed) : proposed };
  }

  async apply(request: ApplyRequest, call: Call): Answered<ResourceState> {
    if (this.#walk) return this.#told(applyResource(this.#walk, this.#form(request.kind), request, call));
    return { state: request.prior, diagnostics: [notConfigured] };
  }

  async import(request: ImportRequest): Answered<ResourceState> {
    if (this.#walk) return this.#told(importResource(this.#walk, this.#form(request.kind), request));
    return { diagnostics: [notConfigured] };
  }

  async readData({ kind, config }: { kind: string; config: ObjectValue }): Answered<{ state?: ObjectValue }> {
    if (this.#walk) return this.#told(readDataSource(this.#walk, this.#form(kind), config));
    return { diagnostics: [notConfigured] };
  }

  async openSecret({ config }: { config: ObjectValue }): Answered<{ result?: ObjectValue }> {
    if (this.#walk) return openSecretSource(this.#walk, config);
    return { diagnostics: [notConfigured] };
  }

  /**
   * Only the same kind moves: from a provider of another address, as when it comes from another registry. What it kept beside the state
   * comes along where it is ours; else the object is found again by what names it.
   */
  async move({ kind, sourceKind, state, private: kept }: MoveRequest): Answered<ResourceState> {
    const form = this.#form(kind);
    if (sourceKind !== kind) {
      const remedy = `move only ${kind}; of another kind, write a removed block for the old one and an import block for the new one`;
      return { diagnostics: [say("error", `${kind} takes over no ${sourceKind}`, remedy)] };
    }
    const { type } = compileSchema({ version: 0, block: form.block }, kind);
    const moved = { ...(decodeJson(type, state, { mayLack: true }) as ObjectValue), timeouts: null };
    const schema = this.#parts.schemas.find((one) => kindName(one) === kind)!;
    const ours = isPrivate(kept) ? { private: kept } : {};
    return { state: moved, ...ours, ...identityOf({ schema }, moved) };
  }

  async #told<T extends { diagnostics?: readonly TerraformDiagnostic[] }>(answer: Promise<T>): Promise<T> {
    const said = await answer;
    if (!this.#walk || !said.diagnostics) return said;
    return { ...said, diagnostics: await withLogin(this.#walk, said.diagnostics) };
  }

  #reading(held: Held) {
    const { connector: type, folder, world } = this.#parts;
    return { type, folder, side: world ? undefined : sideFilesIn(folder, nodeFiles), held };
  }

  #form(kind: string): TerraformForm {
    return this.#forms.get(kind)!;
  }

  #loadConnector(): Promise<Connector> {
    const { connector, schemas, labels } = this.#parts;
    this.#connector ??= connector.load(schemas, labels);
    return this.#connector;
  }
}

const notConfigured = say(
  "error",
  "the provider is not configured",
  "parts of its block are known only after apply: apply first what they come from, with -target",
);
