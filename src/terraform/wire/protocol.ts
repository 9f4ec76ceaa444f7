import { byName, bytes, type FieldTable, int32, int64, message, present, repeated, text } from "./message.ts";
import {
  AttributePath,
  ClientCapabilities,
  Diagnostic,
  DynamicValue,
  FunctionError,
  RawState,
  ResourceIdentityData,
  ResourceIdentitySchema,
  Schema,
  ServerCapabilities,
  Timestamp,
} from "./messages.ts";

/**
 * The requests of the four gRPC services that a provider answers: `tfplugin6.Provider` (plugin protocol 6 as of 6.9, without what is
 * asked of providers with functions), and those of go-plugin, which starts it. Field numbers are the protocol's; a field that neither
 * we nor Terraform from 1.8 on use is left out, and skipped when it is read.
 */

/** What a request holds and what its answer holds. */
const rpc = <Q extends FieldTable, R extends FieldTable>(request: Q, response: R) => ({
  request: message(request),
  response: message(response),
});

const diagnostics = repeated(Diagnostic);
const named = repeated(message({ type_name: [1, text] }));
const imported = message({
  type_name: [1, text],
  state: [2, DynamicValue],
  private: [3, bytes],
  identity: [4, ResourceIdentityData],
});

/** Requests of `tfplugin6.Provider`. */
export const providerRpcs = {
  GetMetadata: rpc(
    {},
    {
      server_capabilities: [1, ServerCapabilities],
      diagnostics: [2, diagnostics],
      data_sources: [3, named],
      resources: [4, named],
      ephemeral_resources: [6, named],
    },
  ),
  GetProviderSchema: rpc(
    {},
    {
      provider: [1, Schema],
      resource_schemas: [2, byName(Schema)],
      data_source_schemas: [3, byName(Schema)],
      diagnostics: [4, diagnostics],
      server_capabilities: [6, ServerCapabilities],
      ephemeral_resource_schemas: [8, byName(Schema)],
    },
  ),
  GetResourceIdentitySchemas: rpc(
    {},
    { identity_schemas: [1, byName(ResourceIdentitySchema)], diagnostics: [2, diagnostics] },
  ),
  ValidateProviderConfig: rpc({ config: [1, DynamicValue] }, { diagnostics: [2, diagnostics] }),
  ValidateResourceConfig: rpc(
    { type_name: [1, text], config: [2, DynamicValue], client_capabilities: [3, ClientCapabilities] },
    { diagnostics: [1, diagnostics] },
  ),
  ValidateDataResourceConfig: rpc(
    { type_name: [1, text], config: [2, DynamicValue] },
    { diagnostics: [1, diagnostics] },
  ),
  ValidateEphemeralResourceConfig: rpc(
    { type_name: [1, text], config: [2, DynamicValue] },
    { diagnostics: [1, diagnostics] },
  ),
  ConfigureProvider: rpc(
    { terraform_version: [1, text], config: [2, DynamicValue], client_capabilities: [3, ClientCapabilities] },
    { diagnostics: [1, diagnostics] },
  ),
  UpgradeResourceState: rpc(
    { type_name: [1, text], version: [2, int64], raw_state: [3, RawState] },
    { upgraded_state: [1, DynamicValue], diagnostics: [2, diagnostics] },
  ),
  UpgradeResourceIdentity: rpc(
    { type_name: [1, text], version: [2, int64], raw_identity: [3, RawState] },
    { upgraded_identity: [1, ResourceIdentityData], diagnostics: [2, diagnostics] },
  ),
  ReadResource: rpc(
    {
      type_name: [1, text],
      current_state: [2, DynamicValue],
      private: [3, bytes],
      client_capabilities: [5, ClientCapabilities],
      current_identity: [6, ResourceIdentityData],
    },
    {
      new_state: [1, DynamicValue],
      diagnostics: [2, diagnostics],
      private: [3, bytes],
      new_identity: [5, ResourceIdentityData],
    },
  ),
  PlanResourceChange: rpc(
    {
      type_name: [1, text],
      prior_state: [2, DynamicValue],
      proposed_new_state: [3, DynamicValue],
      config: [4, DynamicValue],
      prior_private: [5, bytes],
      client_capabilities: [7, ClientCapabilities],
      prior_identity: [8, ResourceIdentityData],
    },
    {
      planned_state: [1, DynamicValue],
      requires_replace: [2, repeated(AttributePath)],
      planned_private: [3, bytes],
      diagnostics: [4, diagnostics],
      planned_identity: [7, ResourceIdentityData],
    },
  ),
  ApplyResourceChange: rpc(
    {
      type_name: [1, text],
      prior_state: [2, DynamicValue],
      planned_state: [3, DynamicValue],
      config: [4, DynamicValue],
      planned_private: [5, bytes],
      planned_identity: [7, ResourceIdentityData],
    },
    {
      new_state: [1, DynamicValue],
      private: [2, bytes],
      diagnostics: [3, diagnostics],
      new_identity: [5, ResourceIdentityData],
    },
  ),
  ImportResourceState: rpc(
    {
      type_name: [1, text],
      id: [2, text],
      client_capabilities: [3, ClientCapabilities],
      identity: [4, ResourceIdentityData],
    },
    { imported_resources: [1, repeated(imported)], diagnostics: [2, diagnostics] },
  ),
  MoveResourceState: rpc(
    {
      source_provider_address: [1, text],
      source_type_name: [2, text],
      source_schema_version: [3, int64],
      source_state: [4, RawState],
      target_type_name: [5, text],
      source_private: [6, bytes],
      source_identity: [7, RawState],
      source_identity_schema_version: [8, int64],
    },
    {
      target_state: [1, DynamicValue],
      diagnostics: [2, diagnostics],
      target_private: [3, bytes],
      target_identity: [4, ResourceIdentityData],
    },
  ),
  ReadDataSource: rpc(
    { type_name: [1, text], config: [2, DynamicValue], client_capabilities: [4, ClientCapabilities] },
    { state: [1, DynamicValue], diagnostics: [2, diagnostics] },
  ),
  OpenEphemeralResource: rpc(
    { type_name: [1, text], config: [2, DynamicValue], client_capabilities: [3, ClientCapabilities] },
    {
      diagnostics: [1, diagnostics],
      renew_at: [2, Timestamp],
      result: [3, DynamicValue],
      private: [4, present(bytes)],
    },
  ),
  RenewEphemeralResource: rpc(
    { type_name: [1, text], private: [2, present(bytes)] },
    { diagnostics: [1, diagnostics], renew_at: [2, Timestamp], private: [3, present(bytes)] },
  ),
  CloseEphemeralResource: rpc(
    { type_name: [1, text], private: [2, present(bytes)] },
    { diagnostics: [1, diagnostics] },
  ),
  /** We offer no functions; the answer of no field says so. */
  GetFunctions: rpc({}, { diagnostics: [2, diagnostics] }),
  CallFunction: rpc(
    { name: [1, text], arguments: [2, repeated(DynamicValue)] },
    { result: [1, DynamicValue], error: [2, FunctionError] },
  ),
  StopProvider: rpc({}, { Error: [1, text] }),
};

export type ProviderRpcs = typeof providerRpcs;
export const providerPath = (name: string): string => `/tfplugin6.Provider/${name}`;

/** Requests of go-plugin, which starts and ends the process, and of gRPC's own health service, by path. */
export const processRpcs = {
  shutdown: { path: "/plugin.GRPCController/Shutdown", ...rpc({}, {}) },
  /** A stream of what the process prints; ours prints nothing there. */
  stdio: { path: "/plugin.GRPCStdio/StreamStdio", ...rpc({}, { channel: [1, int32], data: [2, bytes] }) },
  /** Streams in both directions for further connections; neither side needs one. */
  broker: { path: "/plugin.GRPCBroker/StartStream", ...rpc({}, {}) },
  health: { path: "/grpc.health.v1.Health/Check", ...rpc({ service: [1, text] }, { status: [1, int32] }) },
};

/** What a health check answers. */
export const HealthStatus = { serving: 1 } as const;
