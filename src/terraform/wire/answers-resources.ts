import type { Some } from "./answers.ts";
import type { CompiledService } from "./compiled.ts";
import { decodeJson } from "./json.ts";
import type { ReadMessage } from "./message.ts";
import type { DynamicValue } from "./messages.ts";
import {
  readDynamic,
  readIdentity,
  readObject,
  readStored,
  writeDiagnostics,
  writeIdentity,
  writeOnlyPaths,
  writePath,
  writeState,
} from "./parts.ts";
import type { CompiledSchema } from "./schema.ts";
import type { ResourcePart, TerraformDiagnostic } from "./service.ts";
import { isObjectValue, type ObjectValue, withoutWriteOnly } from "./value.ts";

type Lifecycle = Some<"ValidateResourceConfig" | "ReadResource" | "PlanResourceChange" | "ApplyResourceChange">;
type Stored = Some<"UpgradeResourceState" | "UpgradeResourceIdentity" | "ImportResourceState" | "MoveResourceState">;

/** The answers about resources. */
export function resourceAnswers(resources: ResourcePart, compiled: CompiledService): Lifecycle & Stored {
  return {
    ...lifecycleAnswers(resources, compiled),
    ...upgradeAnswers(resources, compiled),
    ...arrivalAnswers(resources, compiled),
  };
}

const error = (summary: string, detail: string): TerraformDiagnostic => ({ severity: "error", summary, detail });

function lifecycleAnswers(resources: ResourcePart, compiled: CompiledService): Lifecycle {
  return {
    async ValidateResourceConfig({ type_name: kind, config: sent, client_capabilities: client }, call) {
      const { type } = compiled.resources.get(kind);
      const config = readObject(type, sent);
      const refused = client?.write_only_attributes_allowed ? [] : writeOnlyPaths(type, config).map(needsNewer);
      const answer = await resources.validate?.({ kind, config }, call);
      return { diagnostics: writeDiagnostics([...refused, ...(answer?.diagnostics ?? [])]) };
    },
    async ReadResource({ type_name: kind, current_state, private: kept, current_identity }, call) {
      const schema = compiled.resources.get(kind);
      const identitySchema = compiled.identity(kind);
      const identity = readIdentity(identitySchema, current_identity);
      const request = { kind, state: readObject(schema.type, current_state), private: kept, identity };
      const answer = await resources.read(request, call);
      return {
        new_state: writeState(schema, answer.state),
        private: answer.private ?? kept,
        new_identity: writeIdentity(identitySchema, answer.identity, current_identity),
        diagnostics: writeDiagnostics(answer.diagnostics),
      };
    },
    async PlanResourceChange(sent, call) {
      const { type_name: kind, prior_private: kept, prior_identity } = sent;
      const schema = compiled.resources.get(kind);
      const identitySchema = compiled.identity(kind);
      const request = {
        kind,
        prior: readDynamic(schema.type, sent.prior_state),
        proposed: readProposed(schema, sent.proposed_new_state),
        config: readDynamic(schema.type, sent.config),
        private: kept,
        identity: readIdentity(identitySchema, prior_identity),
      };
      const answer = await resources.plan(request, call);
      return {
        planned_state: writeState(schema, answer.state),
        requires_replace: (answer.replaces ?? []).map(writePath),
        planned_private: answer.private ?? kept,
        planned_identity: writeIdentity(identitySchema, answer.identity, prior_identity),
        diagnostics: writeDiagnostics(answer.diagnostics),
      };
    },
    async ApplyResourceChange(sent, call) {
      const { type_name: kind, planned_private: kept, planned_identity } = sent;
      const schema = compiled.resources.get(kind);
      const identitySchema = compiled.identity(kind);
      const request = {
        kind,
        prior: readDynamic(schema.type, sent.prior_state),
        planned: readDynamic(schema.type, sent.planned_state),
        config: readDynamic(schema.type, sent.config),
        private: kept,
        identity: readIdentity(identitySchema, planned_identity),
      };
      const answer = await resources.apply(request, call);
      return {
        new_state: writeState(schema, answer.state),
        private: answer.private ?? kept,
        new_identity: writeIdentity(identitySchema, answer.identity, planned_identity),
        diagnostics: writeDiagnostics(answer.diagnostics),
      };
    },
  };
}

/** Terraform proposes write-only values too, and refuses a plan that holds them. */
const readProposed = (
  { type }: CompiledSchema,
  sent: ReadMessage<typeof DynamicValue> | undefined,
): ObjectValue | null => withoutWriteOnly(type, readDynamic(type, sent)) as ObjectValue | null;

const needsNewer = (path: readonly (string | number | { key: string })[]): TerraformDiagnostic => ({
  ...error(
    "This Terraform would store a secret",
    "The attribute is write-only, which Terraform knows from 1.11 on. Use that or a newer one.",
  ),
  path,
});

function upgradeAnswers(
  resources: ResourcePart,
  compiled: CompiledService,
): Some<"UpgradeResourceState" | "UpgradeResourceIdentity"> {
  return {
    async UpgradeResourceState({ type_name: kind, version, raw_state }, call) {
      const schema = compiled.resources.get(kind);
      const stored = readStored(raw_state);
      if (version === schema.version)
        return { upgraded_state: writeState(schema, decodeJson(schema.type, stored, { mayLack: true })) };
      if (!resources.upgrade) return { diagnostics: writeDiagnostics([noUpgrade(kind, version, schema.version)]) };
      const answer = await resources.upgrade({ kind, version, state: stored }, call);
      return { upgraded_state: writeState(schema, answer.state), diagnostics: writeDiagnostics(answer.diagnostics) };
    },
    async UpgradeResourceIdentity({ type_name: kind, version, raw_identity }, call) {
      compiled.resources.get(kind);
      const schema = compiled.identity(kind);
      const stored = readStored(raw_identity);
      if (!schema) return { diagnostics: writeDiagnostics([noUpgrade(`the identity of ${kind}`, version, 0)]) };
      if (version === schema.version) {
        const value = decodeJson(schema.type, stored, { mayLack: true });
        return { upgraded_identity: writeIdentity(schema, isObjectValue(value) ? value : undefined) };
      }
      if (!resources.upgradeIdentity)
        return { diagnostics: writeDiagnostics([noUpgrade(`the identity of ${kind}`, version, schema.version)]) };
      const answer = await resources.upgradeIdentity({ kind, version, identity: stored }, call);
      return {
        upgraded_identity: writeIdentity(schema, answer.identity),
        diagnostics: writeDiagnostics(answer.diagnostics),
      };
    },
  };
}

const noUpgrade = (what: string, from: number, to: number): TerraformDiagnostic =>
  error(
    "A stored state is of another version",
    `The state holds ${what} in version ${from}, and this provider knows only version ${to}. Use the version of the provider that wrote it.`,
  );

function arrivalAnswers(
  resources: ResourcePart,
  compiled: CompiledService,
): Some<"ImportResourceState" | "MoveResourceState"> {
  return {
    async ImportResourceState({ type_name: kind, id, identity: sent }, call) {
      const schema = compiled.resources.get(kind);
      const identitySchema = compiled.identity(kind);
      if (!resources.import)
        return { diagnostics: writeDiagnostics([error("Nothing can be imported", `${kind} has no import.`)]) };
      const answer = await resources.import({ kind, id, identity: readIdentity(identitySchema, sent) }, call);
      const diagnostics = writeDiagnostics(answer.diagnostics);
      if (!answer.state) return { diagnostics };
      const resource = {
        type_name: kind,
        state: writeState(schema, answer.state),
        private: answer.private,
        identity: writeIdentity(identitySchema, answer.identity, sent),
      };
      return { imported_resources: [resource], diagnostics };
    },
    async MoveResourceState(sent, call) {
      const kind = sent.target_type_name;
      const schema = compiled.resources.get(kind);
      if (!resources.move)
        return { diagnostics: writeDiagnostics([error("Nothing can be moved", `${kind} takes over no other kind.`)]) };
      const request = {
        kind,
        sourceProvider: sent.source_provider_address,
        sourceKind: sent.source_type_name,
        sourceVersion: sent.source_schema_version,
        state: readStored(sent.source_state),
        private: sent.source_private,
      };
      const answer = await resources.move(request, call);
      return {
        target_state: writeState(schema, answer.state),
        target_private: answer.private,
        target_identity: writeIdentity(compiled.identity(kind), answer.identity),
        diagnostics: writeDiagnostics(answer.diagnostics),
      };
    },
  };
}
