/**
 * What a CDKTF app imports, as `steward/cdktf` where it uses cdktf and as `steward/cdktn` where it uses cdktn: bindings of every kind,
 * and constructs on top of them. What the app synthesises is planned and applied by `steward`, or by Terraform.
 */

export * as ipresso from "./ipresso.generated.ts";
export {
  type ApiClientGroup,
  type ApiPermission,
  IpressoApiClient,
  type IpressoApiClientProps,
} from "./ipresso-api-client.ts";
export * as momentus from "./momentus.generated.ts";
export { MomentusConnect, type MomentusConnectProps } from "./momentus-connect.ts";
export { named } from "./names.ts";
export type { ServicePassword } from "./service-password.ts";
export {
  type Duration,
  environmentSecret,
  fileSecret,
  type OnRemove,
  type SecretSource,
  type SinkTarget,
  sinkSecret,
} from "./values.ts";
export * as velocloud from "./velocloud.generated.ts";
export {
  type RoleWithoutTokens,
  type ServiceToken,
  type TokenRole,
  VelocloudServiceAccount,
  type VelocloudServiceAccountProps,
} from "./velocloud-service-account.ts";
export * as veson from "./veson.generated.ts";
export { VesonIntegration, type VesonIntegrationProps, type VesonPermission } from "./veson-integration.ts";
