import {
  bool,
  byName,
  bytes,
  int32,
  int64,
  type Message,
  message,
  present,
  recursive,
  repeated,
  text,
} from "./message.ts";

/**
 * The messages that the requests of plugin protocol 6 are made of, as of 6.9 (Terraform 1.12), with the protocol's own names. Later minor
 * versions only add; what they add is skipped when it is read. The requests themselves are in protocol.ts.
 */

export const DynamicValue = message({ msgpack: [1, bytes], json: [2, bytes] });

/** Exactly one of the three is there. */
const PathStep = message({
  attribute_name: [1, present(text)],
  element_key_string: [2, present(text)],
  element_key_int: [3, present(int64)],
});
export const AttributePath = message({ steps: [1, repeated(PathStep)] });

export const Severity = { error: 1, warning: 2 } as const;
export const Diagnostic = message({
  severity: [1, int32],
  summary: [2, text],
  detail: [3, text],
  attribute: [4, AttributePath],
});

/** A state as it was stored, by whatever schema wrote it. `flatmap` is what Terraform before 0.12 wrote. */
export const RawState = message({ json: [1, bytes], flatmap: [2, byName(text)] });

/** How the objects of a nested attribute are held; 0 is none. */
export const Nesting = { single: 1, list: 2, set: 3, map: 4 } as const;
export const DescriptionKind = { plain: 0, markdown: 1 } as const;

/** An attribute of a schema. Its type is JSON, and absent when `nested_type` is there. */
export interface SchemaAttribute {
  name?: string | undefined;
  type?: Uint8Array | undefined;
  description?: string | undefined;
  required?: boolean | undefined;
  optional?: boolean | undefined;
  computed?: boolean | undefined;
  sensitive?: boolean | undefined;
  description_kind?: number | undefined;
  deprecated?: boolean | undefined;
  nested_type?: { attributes?: readonly SchemaAttribute[] | undefined; nesting?: number | undefined } | undefined;
  write_only?: boolean | undefined;
}

const Attribute: Message<SchemaAttribute> = recursive(() =>
  message({
    name: [1, text],
    type: [2, bytes],
    description: [3, text],
    required: [4, bool],
    optional: [5, bool],
    computed: [6, bool],
    sensitive: [7, bool],
    description_kind: [8, int32],
    deprecated: [9, bool],
    nested_type: [10, message({ attributes: [1, repeated(Attribute)], nesting: [3, int32] })],
    write_only: [11, bool],
  }),
);

/** `block_types` (3) is left out: our schemas have attributes only. */
const Block = message({
  version: [1, int64],
  attributes: [2, repeated(Attribute)],
  description: [4, text],
  description_kind: [5, int32],
  deprecated: [6, bool],
});
export const Schema = message({ version: [1, int64], block: [2, Block] });

const IdentityAttribute = message({
  name: [1, text],
  type: [2, bytes],
  required_for_import: [3, bool],
  optional_for_import: [4, bool],
  description: [5, text],
});
export const ResourceIdentitySchema = message({
  version: [1, int64],
  identity_attributes: [2, repeated(IdentityAttribute)],
});
export const ResourceIdentityData = message({ identity_data: [1, DynamicValue] });

export const ServerCapabilities = message({
  plan_destroy: [1, bool],
  get_provider_schema_optional: [2, bool],
  move_resource_state: [3, bool],
});
export const ClientCapabilities = message({
  deferral_allowed: [1, bool],
  write_only_attributes_allowed: [2, bool],
});

export const Timestamp = message({ seconds: [1, int64], nanos: [2, int32] });
export const FunctionError = message({ text: [1, text], function_argument: [2, present(int64)] });
