import { Fault } from "../../diagnostic.ts";
import type { Actual } from "../../resource.ts";
import type { Given, ListRow, Screen } from "../../screen.ts";
import type { Secret } from "../../secret.ts";
import type { Probe } from "../connector.ts";
import type { ConsoleReader } from "../console.ts";
import { lookingAt } from "../opened.ts";
import type { VesonLabels } from "./labels.ts";
import type { TokenProbe } from "./probe.ts";
import { nameField, wholeList } from "./screens.ts";
import { groupPanel } from "./screens-group.ts";
import { permissionsPanel } from "./screens-rights.ts";
import { tokenPanel } from "./screens-token.ts";
import { notShown, userPanel } from "./screens-user.ts";
import { actualOf, permissions, type Seen, seenRow, takesLicense } from "./seen.ts";

export interface ReaderParts {
  /** Name of the configured system, for faults. */
  name: string;
  url: string;
  label: VesonLabels;
  /** Absent where a person does everything. */
  console: ConsoleReader | undefined;
  probe: TokenProbe;
}

/** The Security List, as far as its columns tell. */
interface SecurityList {
  users: Seen[];
  groups: Seen[];
}

/** Everything that Steward reads of one site. It has no method that changes anything. */
export class VesonReader {
  readonly #parts: ReaderParts;
  #list: Promise<SecurityList> | undefined;
  /** What had been carried out on the console when the list was read. */
  #performed = 0;

  constructor(parts: ReaderParts) {
    this.#parts = parts;
  }

  /** Users and groups, the inactive ones too: read once until something is changed, unless `fresh`. Throws a Fault. */
  list({ fresh = false }: { fresh?: boolean } = {}): Promise<SecurityList> {
    const performed = this.#parts.console?.performed ?? 0;
    if (fresh || performed !== this.#performed) this.#list = undefined;
    this.#performed = performed;
    const asked = this.#list ?? this.#readList();
    this.#list = asked;
    asked.catch(() => {
      this.#list = undefined;
    });
    return asked;
  }

  /**
   * A user as its panel shows it; undefined where there is none. `rights`: with its API permission; `fresh`: among the groups that
   * there are now; `groups`: without them, where they do not matter, so that the list need not be read. Throws a Fault.
   */
  async user(
    name: string,
    { rights = true, fresh = false, groups = true }: { rights?: boolean; fresh?: boolean; groups?: boolean } = {},
  ): Promise<Actual | undefined> {
    const names = groups ? groupNamesOf(await this.list({ fresh })) : [];
    const given = await this.#look(userPanel(this.#parts.label, this.#parts, name, { groups: names, rights }), name);
    if (given.result !== "found") return undefined;
    const { groups: own, ...seen } = seenUser(name, given.fields, names);
    return actualOf(groups ? { ...seen, groups: own ?? [] } : seen, "user_name");
  }

  /** A group as its panel shows it; undefined where there is none. Throws a Fault. */
  async group(name: string): Promise<Actual | undefined> {
    const { result, fields } = await this.#look(groupPanel(this.#parts.label, this.#parts, name), name, "group");
    if (result !== "found") return undefined;
    return actualOf({ group_name: name, ...seenGroup(fields) }, "group_name");
  }

  /** Whether the API permissions are among the rights of a user (VES-13). Throws a Fault. */
  async showsPermissions(name: string): Promise<boolean> {
    return (await this.#look(permissionsPanel(this.#parts.label, this.#parts, name), name)).result === "found";
  }

  /** Whether a user has a token, and what it is where that shows; undefined where there is no such user. Throws a Fault. */
  async token(owner: string): Promise<{ has: boolean; value: Secret | undefined } | undefined> {
    const { result, fields, secrets } = await this.#look(tokenPanel(this.#parts.label, this.#parts, owner), owner);
    if (result !== "found") return undefined;
    const value = secrets.token?.reveal() === "" ? undefined : secrets.token;
    return { has: fields.has_token === "on" || value !== undefined, value };
  }

  /** How many users count against the limit (VES-09). Panels are opened only of users whose columns do not tell. */
  async licensesUsed(): Promise<number> {
    const { users, groups } = await this.list({ fresh: true });
    const known = await this.groupsInFull(groups);
    let used = 0;
    for (const user of users) if (await this.#counts(user, known)) used++;
    return used;
  }

  /** Groups with what the columns of the list do not tell. Throws a Fault. */
  async groupsInFull(groups: readonly Seen[]): Promise<Seen[]> {
    const full: Seen[] = [];
    for (const group of groups) {
      const isKnown = group.authentication_only !== undefined && group.security_admin !== undefined;
      const seen = isKnown ? undefined : await this.group(String(group.group_name));
      full.push(seen?.attributes ?? group);
    }
    return full;
  }

  async #counts(user: Seen, groups: readonly Seen[]): Promise<boolean> {
    const told = takesLicense(user, groups);
    if (told !== undefined) return told;
    const seen = await this.user(String(user.user_name), { rights: false });
    return seen !== undefined && takesLicense(seen.attributes, groups) !== false;
  }

  /** Whether a token works, as the data plane says. */
  probe(token: Secret, options: { fresh?: boolean } = {}): Promise<Probe> {
    return this.#parts.probe.ask(token, options);
  }

  async #readList(): Promise<SecurityList> {
    const { label, url } = this.#parts;
    const rows = await this.#console().rows(wholeList(label, url));
    const typeOf = (row: ListRow): string | undefined => row.cells[label("type").text];
    const own = rows.filter((row) => row.header !== "" && typeOf(row) !== undefined);
    if (own.length === 0) throw this.#unreadable();
    const groups = own.filter((row) => typeOf(row) === label("group").text).map(({ header }) => header);
    const seen = own.map((row) => seenRow(label, row, groups));
    return {
      users: seen.filter(({ isUser }) => isUser).map(({ attributes }) => attributes),
      groups: seen.filter(({ isUser }) => !isUser).map(({ attributes }) => attributes),
    };
  }

  /** There is always whoever reads it: a list without anybody is another page, or has other columns. */
  #unreadable(): Fault {
    const column = this.#parts.label("type").text;
    return new Fault(`the Security List shows nobody with a column ${column}`, {
      ...{ happened: "no", on: this.#parts.name, code: "screen" },
      remedy: `look at the console; where its words differ: systems.${this.#parts.name}.screens`,
    });
  }

  /** Looks at the panel of this user or group, and at no other (VES-22). */
  async #look(screen: Screen, name: string, type: "user" | "group" = "user"): Promise<Given> {
    const given = await this.#console().look(lookingAt(screen, nameField(this.#parts.label, type), name));
    if (given.result !== "cannot-see") return given;
    const remedy = "open the console and look";
    throw new Fault("the console does not show it", { happened: "no", on: this.#parts.name, code: "screen", remedy });
  }

  #console(): ConsoleReader {
    if (this.#parts.console) return this.#parts.console;
    const remedy = "only a person can look there: steward plan --ask ADDRESS";
    throw new Fault("nobody reads this console by machine", { happened: "no", on: this.#parts.name, remedy });
  }
}

const groupNamesOf = ({ groups }: SecurityList): string[] => groups.map((group) => String(group.group_name));

/** What the panel of a user told, in the words of the schema. */
export function seenUser(name: string, fields: Readonly<Record<string, string>>, groups: readonly string[]): Seen {
  const texts = ["full_name", "initials", "email", "phone"].map((text) => [text, fields[text] ?? null] as const);
  const flags = ["inactive", "security_admin", "external_access_only", "authentication_only", "has_token"];
  const own = groups.filter((_, index) => fields[`group_${index}`] === "on").sort();
  return {
    ...{ user_name: name, ...Object.fromEntries(texts), groups: own },
    ...Object.fromEntries(flags.flatMap((flag) => (flag in fields ? [[flag, fields[flag] === "on"]] : []))),
    ...("api_read" in fields ? { api_permission: grantedIn(fields) } : {}),
  };
}

/** The strongest API permission that is granted; null where none is, or none shows. */
export function grantedIn(fields: Readonly<Record<string, string>>): string | null {
  const isGranted = (right: string | undefined): boolean =>
    right !== undefined && !["denied", "none", "mixed", notShown].includes(right);
  return permissions.findLast((name) => isGranted(fields[`api_${name}`])) ?? null;
}

/** What the panel of a group told. */
export function seenGroup(fields: Readonly<Record<string, string>>): Seen {
  const flags = ["inactive", "security_admin", "authentication_only"];
  return {
    description: fields.description ?? null,
    ...Object.fromEntries(flags.flatMap((flag) => (flag in fields ? [[flag, fields[flag] === "on"]] : []))),
  };
}
