/**
 * The three places where users live on an orchestrator. Customer = enterprise, partner = enterpriseProxy,
 * operator = network. Names of methods and parameters: swagger "VMware SD-WAN Orchestrator API v1" 5.0.0 (VCO-22).
 * This table is the only place that knows how the scopes differ.
 */
export type ScopeName = "enterprise" | "partner" | "operator";
export type Login = "enterprise" | "operator";

export interface Scope {
  readonly name: ScopeName;
  /** As users and roles of the scope show it. */
  readonly userType: "ENTERPRISE" | "MSP" | "OPERATOR";
  /** Parameter and field that hold the tenant's id. */
  readonly tenantKey: "enterpriseId" | "enterpriseProxyId" | "networkId";
  /** Which login serves users of this scope: customers and partners share one (VCO-21). */
  readonly login: Login;
  readonly users: { list: string; read: string; insert: string; update: string; remove: string };
  readonly tokens: { list: string; create: string; download: string; revoke: string };
  /** Parameter of createApiToken. */
  readonly tokenOwnerKey: "enterpriseUserId" | "operatorUserId";
  /** Field of a token that names its owner. */
  readonly tokenOwnerField: "createdForEnterpriseUserId" | "createdForOperatorUserId";
  readonly roles: { create: string; list: string; update: string; remove: string; parts: string };
}

const tokensOf = (prefix: string): Scope["tokens"] => ({
  list: `${prefix}/getApiTokens`,
  create: `${prefix}/createApiToken`,
  download: `${prefix}/downloadApiToken`,
  revoke: `${prefix}/revokeApiToken`,
});

const rolesOf = (suffix: string): Scope["roles"] => ({
  create: `compositeRole/createBy${suffix}`,
  list: `compositeRole/getBy${suffix}`,
  update: `compositeRole/updateBy${suffix}`,
  remove: `compositeRole/deleteBy${suffix}`,
  parts: `functionalRole/getBy${suffix}`,
});

export const scopes: Readonly<Record<ScopeName, Scope>> = {
  enterprise: {
    name: "enterprise",
    userType: "ENTERPRISE",
    tenantKey: "enterpriseId",
    login: "enterprise",
    users: {
      list: "enterprise/getEnterpriseUsers",
      read: "enterpriseUser/getEnterpriseUser",
      insert: "enterprise/insertEnterpriseUser",
      update: "enterpriseUser/updateEnterpriseUser",
      remove: "enterpriseUser/deleteEnterpriseUser",
    },
    tokens: tokensOf("enterprise"),
    tokenOwnerKey: "enterpriseUserId",
    tokenOwnerField: "createdForEnterpriseUserId",
    roles: rolesOf("Enterprise"),
  },
  partner: {
    name: "partner",
    userType: "MSP",
    tenantKey: "enterpriseProxyId",
    login: "enterprise",
    users: {
      list: "enterpriseProxy/getEnterpriseProxyUsers",
      read: "enterpriseProxy/getEnterpriseProxyUser",
      insert: "enterpriseProxy/insertEnterpriseProxyUser",
      update: "enterpriseProxy/updateEnterpriseProxyUser",
      remove: "enterpriseProxy/deleteEnterpriseProxyUser",
    },
    tokens: tokensOf("enterpriseProxy"),
    tokenOwnerKey: "enterpriseUserId",
    tokenOwnerField: "createdForEnterpriseUserId",
    roles: rolesOf("EnterpriseProxy"),
  },
  operator: {
    name: "operator",
    userType: "OPERATOR",
    tenantKey: "networkId",
    login: "operator",
    users: {
      list: "network/getNetworkOperatorUsers",
      read: "operatorUser/getOperatorUser",
      insert: "operatorUser/insertOperatorUser",
      update: "operatorUser/updateOperatorUser",
      remove: "operatorUser/deleteOperatorUser",
    },
    tokens: tokensOf("network"),
    tokenOwnerKey: "operatorUserId",
    tokenOwnerField: "createdForOperatorUserId",
    roles: rolesOf("Operator"),
  },
};

/** Default roles whose users cannot have tokens, in the spellings of the documents (VCO-09). */
export const rolesWithoutTokens: ReadonlySet<string> = new Set([
  "Enterprise Read Only User",
  "Enterprise Security Read Only",
  "MSP Business Specialist",
  "Partner Business Specialist",
]);

/** Users of this role can be neither modified nor deleted (VCO-17). */
export const untouchableRole = "Operator Superuser";
