import type { MomentusClient } from "./client.ts";
import type { MomentusReader } from "./reader.ts";

/** Everything that Steward changes of one environment, one method per call. Only applyPlan holds one. */
export class MomentusWriter {
  readonly reader: MomentusReader;
  readonly #client: MomentusClient;

  constructor(reader: MomentusReader, client: MomentusClient) {
    this.reader = reader;
    this.#client = client;
  }

  async add(subject: "Users" | "Roles", body: Record<string, unknown>): Promise<void> {
    await this.#client.write("POST", subject, body);
  }

  /** Changes the fields of the body and leaves the others as they are. */
  async edit(subject: "Users" | "Roles", id: string, body: Record<string, unknown>): Promise<void> {
    await this.#client.write("PUT", `${subject}/${encodeURIComponent(id)}`, body);
  }

  async addUserRole(user: string, role: string): Promise<void> {
    await this.#client.write("POST", "UserRoles", { User: user, Role: role });
  }

  async removeUserRole(user: string, role: string): Promise<void> {
    await this.#client.write("DELETE", `UserRoles/${encodeURIComponent(user)}/${encodeURIComponent(role)}`);
  }
}
