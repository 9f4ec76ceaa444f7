import { Fault } from "../../diagnostic.ts";
import { Secret } from "../../secret.ts";
import type { Params, VelocloudClient } from "./client.ts";
import type { VelocloudReader } from "./reader.ts";
import type { Scope } from "./scopes.ts";
import { integer } from "./wire.ts";

/** Everything that Steward changes of one tenant, one method per call. Only applyPlan holds one. */
export class VelocloudWriter {
  readonly reader: VelocloudReader;
  readonly #client: VelocloudClient;
  readonly #scope: Scope;

  constructor(reader: VelocloudReader, client: VelocloudClient) {
    this.reader = reader;
    this.#client = client;
    this.#scope = reader.scope;
  }

  /** Answers the id; operator users answer the whole user, others id and rows (VCO-22). */
  async createUser(fields: Params): Promise<number> {
    const params = { ...(await this.reader.tenantParams()), ...fields, userType: this.#scope.userType };
    return idIn(await this.#client.write(this.#scope.users.insert, params), "a user");
  }

  async updateUser(id: number, update: Params): Promise<void> {
    await this.#write(this.#scope.users.update, { id, _update: update });
  }

  async deleteUser(id: number): Promise<void> {
    await this.#write(this.#scope.users.remove, { id });
  }

  async createToken(
    ownerId: number,
    token: { name: string; description: string; lifetimeMs: number },
  ): Promise<number> {
    const params = { ...(await this.reader.tenantParams()), [this.#scope.tokenOwnerKey]: ownerId, ...token };
    return idIn(await this.#client.write(this.#scope.tokens.create, params), "a token");
  }

  async revokeToken(id: number): Promise<void> {
    await this.#write(this.#scope.tokens.revoke, { id });
  }

  /**
   * Downloads a token in a session of its owner, who alone may, once (VCO-10, VCO-12). The answer is the only copy there will
   * ever be: `keep` stores it before anything else happens, the logout included.
   */
  async downloadToken(
    id: number,
    owner: { username: string; password: Secret },
    keep: (token: Secret) => Promise<void>,
  ): Promise<void> {
    const client = this.reader.clientOf(owner.username, owner.password);
    try {
      await client.begin();
      const answer = await client.write(this.#scope.tokens.download, { ...(await this.reader.tenantParams()), id });
      if (typeof answer.token !== "string" || answer.token === "") {
        throw new Fault("the download gave no token", { happened: "unknown", code: "broken" });
      }
      await keep(new Secret(answer.token));
    } finally {
      await client.end();
    }
  }

  async createRole(role: Params): Promise<number> {
    const params = { ...(await this.reader.tenantParams()), ...role, userType: this.#scope.userType };
    return idIn(await this.#client.write(this.#scope.roles.create, params), "a role");
  }

  async updateRole(id: number, update: Params): Promise<void> {
    await this.#write(this.#scope.roles.update, { roleId: id, _update: update });
  }

  async deleteRole(id: number): Promise<void> {
    await this.#write(this.#scope.roles.remove, { roleIds: [id] });
  }

  async delegate(isDelegated: boolean): Promise<void> {
    await this.#write("role/setEnterpriseUserManagementDelegatedToOperator", { isDelegated });
  }

  async #write(method: string, params: Params): Promise<void> {
    await this.#client.write(method, { ...(await this.reader.tenantParams()), ...params });
  }
}

function idIn(answer: Record<string, unknown>, what: string): number {
  const id = integer(answer.id);
  if (id !== undefined) return id;
  throw new Fault(`creating ${what} gave no id`, { happened: "unknown", code: "broken" });
}
