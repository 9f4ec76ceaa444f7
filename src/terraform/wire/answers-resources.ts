import type { Some } from "./answers.ts";
import type { CompiledService } from "./compiled.ts";
import type { ReadMessage } from "./message.ts";
import type { DynamicValue } from "./messages.ts";
import {
  readDynamic,
  readIdentity,
  readObject,
  writeDiagnostics,
  writeIdentity,
  writeOnlyPaths,
  writePath,
  writeState,
} from "./parts.ts";
import type { CompiledSchema } from "./schema.ts";
import type { ResourcePart, TerraformDiagnostic } from "./service.ts";
import { type ObjectValue, withoutWriteOnly } from "./value.ts";

/**
 * Requests about resources that are configured, there, or to be: each reads what Terraform sent by the schema of its kind, asks the service,
 * and writes what it says. What holds for every kind is done here and nowhere else: write-only values stay out, and private data and identity
 * stay when an answer is silent about them.
 */

type Lifecycle = Some<"ValidateResourceConfig" | "ReadResource" | "PlanResourceChange" | "ApplyResourceChange">;

/** The answers about what is configured, and about objects that are there or are to be. */
export function resourceAnswers(resources: ResourcePart, compiled: CompiledService): Lifecycle {
  return { ...lookAnswers(resources, compiled), ...changeAnswers(resources, compiled) };
}

function lookAnswers(
  resources: ResourcePart,
  compiled: CompiledService,
): Some<"ValidateResourceConfig" | "ReadResource"> {
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
        new_state: writeState(schema, answer.state, answer.diagnostics),
        private: answer.private ?? kept,
        new_identity: writeIdentity(identitySchema, answer.identity, current_identity),
        diagnostics: writeDiagnostics(answer.diagnostics),
      };
    },
  };
}

function changeAnswers(
  resources: ResourcePart,
  compiled: CompiledService,
): Some<"PlanResourceChange" | "ApplyResourceChange"> {
  return {
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
        planned_state: writeState(schema, answer.state, answer.diagnostics),
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
        new_state: writeState(schema, answer.state, answer.diagnostics),
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
  severity: "error",
  summary: "This Terraform would store a secret",
  detail: "The attribute is write-only, which Terraform knows from 1.11 on. Use that or a newer one.",
  path,
});
