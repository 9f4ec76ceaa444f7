/**
 * The three places where users live on an orchestrator. Customer = `enterprise`, Partner = `enterpriseProxy`,
 * operator = `network`. Method names and privilege objects: swagger "VMware SD-WAN Orchestrator API v1" 5.0.0.
 */
export type UserType = "ENTERPRISE" | "MSP" | "OPERATOR";
type TenantKey = "enterpriseId" | "enterpriseProxyId" | "networkId";

export type Scope = {
  readonly userType: UserType;
  readonly tenantKey: TenantKey;
  /** Objects in privilege names such as `CREATE:ENTERPRISE_USER`. */
  readonly tenantObject: string;
  readonly userObject: string;
  readonly tokenObject: string;
  readonly roleObject: string;
  readonly listUsers: string;
  readonly getUser: string;
  readonly insertUser: string;
  readonly updateUser: string;
  readonly deleteUser: string;
  /** `<tokens>/createApiToken` and so on. */
  readonly tokens: "enterprise" | "enterpriseProxy" | "network";
  readonly tokenOwnerKey: "enterpriseUserId" | "operatorUserId";
  /** `compositeRole/createBy<roleSuffix>` and so on. */
  readonly roleSuffix: "Enterprise" | "EnterpriseProxy" | "Operator";
};

export const scopes: Readonly<Record<UserType, Scope>> = {
  ENTERPRISE: {
    userType: "ENTERPRISE",
    tenantKey: "enterpriseId",
    tenantObject: "ENTERPRISE",
    userObject: "ENTERPRISE_USER",
    tokenObject: "ENTERPRISE_TOKEN",
    roleObject: "ENTERPRISE_SCOPED_ROLE",
    listUsers: "enterprise/getEnterpriseUsers",
    getUser: "enterpriseUser/getEnterpriseUser",
    insertUser: "enterprise/insertEnterpriseUser",
    updateUser: "enterpriseUser/updateEnterpriseUser",
    deleteUser: "enterpriseUser/deleteEnterpriseUser",
    tokens: "enterprise",
    tokenOwnerKey: "enterpriseUserId",
    roleSuffix: "Enterprise",
  },
  MSP: {
    userType: "MSP",
    tenantKey: "enterpriseProxyId",
    tenantObject: "PROXY",
    userObject: "PROXY_USER",
    tokenObject: "PROXY_TOKEN",
    roleObject: "MSP_SCOPED_ROLE",
    listUsers: "enterpriseProxy/getEnterpriseProxyUsers",
    getUser: "enterpriseProxy/getEnterpriseProxyUser",
    insertUser: "enterpriseProxy/insertEnterpriseProxyUser",
    updateUser: "enterpriseProxy/updateEnterpriseProxyUser",
    deleteUser: "enterpriseProxy/deleteEnterpriseProxyUser",
    tokens: "enterpriseProxy",
    tokenOwnerKey: "enterpriseUserId",
    roleSuffix: "EnterpriseProxy",
  },
  OPERATOR: {
    userType: "OPERATOR",
    tenantKey: "networkId",
    tenantObject: "OPERATOR",
    userObject: "OPERATOR_USER",
    tokenObject: "OPERATOR_TOKEN",
    roleObject: "OPERATOR_SCOPED_ROLE",
    listUsers: "network/getNetworkOperatorUsers",
    getUser: "operatorUser/getOperatorUser",
    insertUser: "operatorUser/insertOperatorUser",
    updateUser: "operatorUser/updateOperatorUser",
    deleteUser: "operatorUser/deleteOperatorUser",
    tokens: "network",
    tokenOwnerKey: "operatorUserId",
    roleSuffix: "Operator",
  },
};

export const allScopes: readonly Scope[] = Object.values(scopes);
