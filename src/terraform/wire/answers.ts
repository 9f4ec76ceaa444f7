import { resourceAnswers } from "./answers-resources.ts";
import { storedAnswers } from "./answers-stored.ts";
import { type CompiledService, compileService } from "./compiled.ts";
import type { ReadMessage, WriteMessage } from "./message.ts";
import { readObject, writeDiagnostics, writeState } from "./parts.ts";
import type { ProviderRpcs } from "./protocol.ts";
import type { Call, Lease, ProviderService } from "./service.ts";

/** Answers every request of `tfplugin6.Provider` by a service: reads it, asks the service, writes what it says. */

type Name = keyof ProviderRpcs;
/** One function for each request. What is thrown becomes a status of gRPC in grpc.ts. */
export type Answers = {
  [N in Name]: (
    request: ReadMessage<ProviderRpcs[N]["request"]>,
    call: Call,
  ) => Promise<WriteMessage<ProviderRpcs[N]["response"]>>;
};
export type Some<N extends Name> = Pick<Answers, N>;

/** The answers of a service. `stop` is called when the user stops Terraform, so that what is under way ends soon. */
export function answersOf(service: ProviderService, { stop }: { stop(): void }): Answers {
  const compiled = compileService(service);
  return {
    ...schemaAnswers(service, compiled),
    ...providerAnswers(service, compiled),
    ...resourceAnswers(service.resources, compiled),
    ...storedAnswers(service.resources, compiled),
    ...dataSourceAnswers(service, compiled),
    ...ephemeralAnswers(service, compiled),
    GetFunctions: async () => ({}),
    CallFunction: async ({ name }) => ({ error: { text: `this provider has no function ${name}` } }),
    StopProvider: async () => {
      stop();
      return {};
    },
  };
}

function schemaAnswers(
  { resources }: ProviderService,
  compiled: CompiledService,
): Some<"GetMetadata" | "GetProviderSchema" | "GetResourceIdentitySchemas"> {
  const server_capabilities = {
    plan_destroy: true,
    get_provider_schema_optional: true,
    move_resource_state: resources.move !== undefined,
  };
  const named = (kinds: string[]) => kinds.map((type_name) => ({ type_name }));
  const messages = ({ names, get }: CompiledService["resources"]) =>
    new Map(names().map((kind) => [kind, get(kind).message]));
  return {
    GetMetadata: async () => ({
      server_capabilities,
      resources: named(compiled.resources.names()),
      data_sources: named(compiled.dataSources.names()),
      ephemeral_resources: named(compiled.ephemerals.names()),
    }),
    GetProviderSchema: async () => ({
      server_capabilities,
      provider: compiled.provider().message,
      resource_schemas: messages(compiled.resources),
      data_source_schemas: messages(compiled.dataSources),
      ephemeral_resource_schemas: messages(compiled.ephemerals),
    }),
    GetResourceIdentitySchemas: async () => {
      const entries = compiled.resources.names().flatMap((kind) => {
        const identity = compiled.identity(kind);
        return identity ? [[kind, identity.message] as const] : [];
      });
      return { identity_schemas: new Map(entries) };
    },
  };
}

function providerAnswers(
  { provider }: ProviderService,
  compiled: CompiledService,
): Some<"ValidateProviderConfig" | "ConfigureProvider"> {
  return {
    async ValidateProviderConfig({ config }, call) {
      const answer = await provider.validate?.({ config: readObject(compiled.provider().type, config) }, call);
      return { diagnostics: writeDiagnostics(answer?.diagnostics) };
    },
    async ConfigureProvider({ config, terraform_version: terraformVersion }, call) {
      const request = { config: readObject(compiled.provider().type, config), terraformVersion };
      const answer = await provider.configure(request, call);
      return { diagnostics: writeDiagnostics(answer.diagnostics) };
    },
  };
}

function dataSourceAnswers(
  { dataSources }: ProviderService,
  compiled: CompiledService,
): Some<"ValidateDataResourceConfig" | "ReadDataSource"> {
  return {
    async ValidateDataResourceConfig({ type_name: kind, config }, call) {
      const request = { kind, config: readObject(compiled.dataSources.get(kind).type, config) };
      const answer = await dataSources?.validate?.(request, call);
      return { diagnostics: writeDiagnostics(answer?.diagnostics) };
    },
    async ReadDataSource({ type_name: kind, config }, call) {
      const schema = compiled.dataSources.get(kind);
      const answer = await dataSources?.read({ kind, config: readObject(schema.type, config) }, call);
      return {
        state: writeState(schema, answer?.state, answer?.diagnostics),
        diagnostics: writeDiagnostics(answer?.diagnostics),
      };
    },
  };
}

function ephemeralAnswers(
  { ephemerals }: ProviderService,
  compiled: CompiledService,
): Some<
  "ValidateEphemeralResourceConfig" | "OpenEphemeralResource" | "RenewEphemeralResource" | "CloseEphemeralResource"
> {
  const kept = (kind: string, sent: Uint8Array | undefined) => {
    compiled.ephemerals.get(kind);
    return { kind, private: sent ?? new Uint8Array() };
  };
  return {
    async ValidateEphemeralResourceConfig({ type_name: kind, config }, call) {
      const request = { kind, config: readObject(compiled.ephemerals.get(kind).type, config) };
      const answer = await ephemerals?.validate?.(request, call);
      return { diagnostics: writeDiagnostics(answer?.diagnostics) };
    },
    async OpenEphemeralResource({ type_name: kind, config }, call) {
      const schema = compiled.ephemerals.get(kind);
      const answer = await ephemerals?.open({ kind, config: readObject(schema.type, config) }, call);
      const diagnostics = writeDiagnostics(answer?.diagnostics);
      return {
        ...writeLease(answer, undefined),
        result: writeState(schema, answer?.result, answer?.diagnostics),
        diagnostics,
      };
    },
    async RenewEphemeralResource({ type_name: kind, private: sent }, call) {
      const answer = await ephemerals?.renew?.(kept(kind, sent), call);
      return { ...writeLease(answer, sent), diagnostics: writeDiagnostics(answer?.diagnostics) };
    },
    async CloseEphemeralResource({ type_name: kind, private: sent }, call) {
      const answer = await ephemerals?.close?.(kept(kind, sent), call);
      return { diagnostics: writeDiagnostics(answer?.diagnostics) };
    },
  };
}

function writeLease(lease: Lease | undefined, sent: Uint8Array | undefined) {
  const atMs = lease?.renewAt?.getTime();
  const renew_at =
    atMs === undefined ? undefined : { seconds: Math.floor(atMs / 1000), nanos: (atMs % 1000) * 1_000_000 };
  return { private: lease?.private ?? sent, renew_at };
}
