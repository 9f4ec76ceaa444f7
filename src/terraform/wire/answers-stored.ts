import type { Some } from "./answers.ts";
import type { CompiledService } from "./compiled.ts";
import { decodeJson } from "./json.ts";
import { readIdentity, readStored, writeDiagnostics, writeIdentity, writeState } from "./parts.ts";
import type { ResourcePart, TerraformDiagnostic } from "./service.ts";
import { isObjectValue } from "./value.ts";

/**
 * Requests about what comes into Terraform's state, or was there before: states of older schemas, imports, and moves from other kinds.
 */

type Stored = Some<"UpgradeResourceState" | "UpgradeResourceIdentity" | "ImportResourceState" | "MoveResourceState">;

/** The answers about states that Terraform stored, and about objects that come into its state without being made. */
export function storedAnswers(resources: ResourcePart, compiled: CompiledService): Stored {
  return { ...upgradeAnswers(resources, compiled), ...arrivalAnswers(resources, compiled) };
}

const error = (summary: string, detail: string): TerraformDiagnostic => ({ severity: "error", summary, detail });

function upgradeAnswers(
  resources: ResourcePart,
  compiled: CompiledService,
): Some<"UpgradeResourceState" | "UpgradeResourceIdentity"> {
  return {
    async UpgradeResourceState({ type_name: kind, version, raw_state }, call) {
      const schema = compiled.resources.get(kind);
      const stored = readStored(raw_state);
      if (version === schema.version)
        return { upgraded_state: writeState(schema, decodeJson(schema.type, stored, { mayLack: true }), []) };
      if (!resources.upgrade) return { diagnostics: writeDiagnostics([noUpgrade(kind, version, schema.version)]) };
      const answer = await resources.upgrade({ kind, version, state: stored }, call);
      return {
        upgraded_state: writeState(schema, answer.state, answer.diagnostics),
        diagnostics: writeDiagnostics(answer.diagnostics),
      };
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
        state: writeState(schema, answer.state, answer.diagnostics),
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
        target_state: writeState(schema, answer.state, answer.diagnostics),
        target_private: answer.private,
        target_identity: writeIdentity(compiled.identity(kind), answer.identity),
        diagnostics: writeDiagnostics(answer.diagnostics),
      };
    },
  };
}
