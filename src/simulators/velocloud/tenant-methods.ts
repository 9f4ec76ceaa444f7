import { type Call, isoTime, type MethodDefinition, read, requirePrivilege, tenantOf, write } from "./call.ts";
import { missingPrivilege } from "./envelope.ts";
import { checkFields, stringIn } from "./params.ts";
import { scopes } from "./scopes.ts";

/** Delegation, and small versions of the methods about the orchestrator and its tenants. */

/** Only the enterprise itself may set the flag; an operator gets the missing-privilege error [public test code]. */
const setDelegation = write("role/setEnterpriseUserManagementDelegatedToOperator", (call) => {
  checkFields(call.params, { enterpriseId: "integer", isDelegated: "boolean" }, ["isDelegated"]);
  requirePrivilege(call, "UPDATE:ENTERPRISE_DELEGATION");
  if (call.principal.user.userType !== "ENTERPRISE")
    throw missingPrivilege("UPDATE:ENTERPRISE_DELEGATION", call.method);
  const isDelegated = call.params.isDelegated === true;
  call.store.setDelegation(tenantOf(call, scopes.ENTERPRISE), isDelegated);
  return { isDelegated };
});

/**
 * Reads the flag. The method is not in the published description; public test and client code call it with an
 * `enterpriseId` and get `{isDelegated}` as a boolean.
 */
const getDelegation = read("role/isEnterpriseUserManagementDelegatedToOperator", (call) => {
  checkFields(call.params, { enterpriseId: "integer" });
  const enterprise = enterpriseOf(call);
  return { isDelegated: enterprise.userManagementDelegatedToOperator };
});

function enterpriseOf(call: Call) {
  requirePrivilege(call, "READ:ENTERPRISE");
  return call.store.enterprises.get(tenantOf(call, scopes.ENTERPRISE))!;
}

const getEnterprise = read("enterprise/getEnterprise", (call) => {
  checkFields(call.params, { id: "integer", enterpriseId: "integer" });
  const { id, name, created } = enterpriseOf({
    ...call,
    params: { enterpriseId: call.params.enterpriseId ?? call.params.id },
  });
  return { id, created: isoTime(created), name, logicalId: `simulated-${id}`, accountNumber: `SIM-${id}` };
});

/** Field names are the simulator's own. */
const getRateLimits = read("enterprise/getEnterpriseRateLimits", (call) => {
  const { id } = enterpriseOf(call);
  return { enterpriseId: id, windowMs: 5000, penaltyMs: 5000 };
});

const getVersionInfo = read("system/getVersionInfo", () => ({
  version: "5.1.0.0",
  build: "simulated",
  apiVersion: "5.1.0",
}));

/** Switches token authentication with `session.options.enableApiTokenAuth`; operators only. */
const setSystemProperty = write("systemProperty/insertOrUpdateSystemProperty", (call) => {
  requirePrivilege(call, "UPDATE:SYSTEM_PROPERTY");
  const { name, value } = { name: stringIn(call.params, "name"), value: call.params.value };
  checkFields({ name, value }, { name: "string", value: "string" }, ["name", "value"]);
  call.store.systemProperties.set(String(name), String(value));
  return { rows: 1 };
});

export const tenantMethods: readonly MethodDefinition[] = [
  setDelegation,
  getDelegation,
  getEnterprise,
  getRateLimits,
  getVersionInfo,
  setSystemProperty,
];
