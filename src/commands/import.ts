import type { Kind, Listing } from "../connectors/connector.ts";
import { exitCodes, Refusal } from "../diagnostic.ts";
import { isCompared } from "../diff.ts";
import type { SystemConfig } from "../manifest/manifest.ts";
import { identityOf } from "../plan/world.ts";
import { isReadByPerson } from "../refresh.ts";
import { stringify } from "../render/json.ts";
import { phrase } from "../render/visible.ts";
import { type Actual, type Address, type Resource, type StateEntry, splitAddress } from "../resource.ts";
import { closingCommand, reservedAddresses } from "../run.ts";
import type { AddCommand, Console, SharedOptions } from "./command.ts";
import { WrongUsage } from "./errors.ts";
import { sayPlace } from "./said.ts";
import { type Session, withLock, withSession } from "./session.ts";
import { addBrowserOptions } from "./shared-options.ts";

interface ImportFlags {
  system?: string;
}

/** `steward import`. */
export const addImport: AddCommand = (command, run) => {
  addBrowserOptions(command);
  command
    .description(
      "Records an object that exists already under an address. Writes to the state only; what differs from the manifest, the next plan shows.",
    )
    .argument("<address>", "address, declared or not: KIND.NAME")
    .argument("<id>", "id of the object on its system, or its unique name")
    .option("--system <name>", "system that it is on, where the manifest does not say")
    .addHelpText("after", "\nExample:\n  steward import velocloud_admin_user.ci ci@acme.example")
    .action(run<ImportFlags, [Address, string]>(importObject));
};

async function importObject(
  console: Console,
  options: SharedOptions & ImportFlags,
  address: Address,
  id: string,
): Promise<number> {
  return withSession(console, options, {}, async (session) => {
    const { workspace } = session;
    const entry = await withLock(session, "import", async () => {
      const made = await readEntry(session, address, id, options.system);
      const base = { type: "entry" as const, at: workspace.timestamp(), by: workspace.who, why: "import" as const };
      await workspace.append([{ ...base, address, entry: made }]);
      return made;
    });
    const { serial } = workspace.state;
    if (options.format === "json") console.write(stringify({ formatVersion: 1, imported: entry, serial }));
    else {
      console.write(
        `Imported ${phrase(address)}: id ${phrase(entry.id)} on ${phrase(entry.system)}. State serial ${serial}.\n`,
      );
      console.write(`Nothing was changed on the system. To see what differs:  steward plan${sayPlace(session)}\n`);
    }
    return exitCodes.done;
  });
}

async function readEntry(session: Session, address: Address, id: string, wanted?: string): Promise<StateEntry> {
  const { workspace, manifest } = session;
  const resource = manifest.resources.find((one) => one.address === address);
  const kind = kindOf(session, address);
  const system = resource?.system ?? wanted ?? onlySystem(session, kind);
  if (!manifest.systems[system]) throw new WrongUsage(`no system ${system} is declared`);
  if (wanted !== undefined && wanted !== system) throw new WrongUsage(`${address} is declared on system ${system}`);
  assertFree(session, address);
  workspace.assertTrusted();
  assertReadable(kind, workspace.config(system), address);
  const { reader } = workspace.system(system);
  const listing = await kind.list(reader);
  const found = findObject(kind, listing, id) ?? (await kind.read?.(reader, id));
  if (!found) throw notThere(kind, listing, system, id);
  const owner = Object.values(workspace.state.entries).find(
    (entry) => entry.kind === kind.name && entry.system === system && entry.id === found.id,
  );
  if (owner)
    throw new Refusal([
      { message: `${owner.address} is this object already`, remedy: `steward forget ${owner.address}` },
    ]);
  return entryOf({ address, kind, system, actual: found, resource });
}

/** Where only a person can look, a person is asked by a run. */
function assertReadable(kind: Kind, system: SystemConfig, address: Address): void {
  if (!isReadByPerson(kind, system)) return;
  const remedy = `declare ${address} with lifecycle: { adopt: true }, in code adopt: true; apply asks a person whether it is there`;
  throw new Refusal([{ message: `${kind.name} on ${system.name} can only be read by a person`, remedy }]);
}

function kindOf({ workspace }: Session, address: Address): Kind {
  const { kind: name, name: rest } = splitAddress(address);
  if (!/^[a-z][a-z0-9_]*$/.test(rest))
    throw new WrongUsage(`${address} is no address: write KIND.NAME, in small letters`);
  const kind = workspace.kinds.get(name);
  if (kind) return kind;
  const known = [...workspace.kinds.keys()];
  throw new WrongUsage(`no kind ${name} belongs to the systems of this manifest; known: ${known.join(", ")}`);
}

function onlySystem({ manifest }: Session, kind: Kind): string {
  const type = kind.schema["x-system"];
  const systems = Object.values(manifest.systems).filter((system) => system.type === type);
  if (systems.length === 1) return systems[0]!.name;
  throw new WrongUsage(`say which system it is on: --system ${systems.map((system) => system.name).join(" or ")}`);
}

function assertFree({ workspace }: Session, address: Address): void {
  const entry = workspace.state.entries[address];
  if (entry) {
    const remedy = `if another object is meant: steward forget ${address}, then import again`;
    throw new Refusal([{ message: `${address} is recorded already, as id ${entry.id}`, remedy }]);
  }
  const run = reservedAddresses(workspace.state).get(address);
  if (!run) return;
  const message = `${address} belongs to run ${run.id} of ${run.openedAt}, which is not finished`;
  throw new Refusal([{ message, remedy: `finish or close that run first: ${closingCommand(run)}` }]);
}

function findObject(kind: Kind, { objects }: Listing, id: string): Actual | undefined {
  const byId = objects.find((object) => object.id === id);
  if (byId || kind.schema["x-identity"].length !== 1) return byId;
  const [name] = kind.schema["x-identity"];
  const wanted = identityOf(kind.schema, { [name!]: id });
  const named = objects.filter((object) => identityOf(kind.schema, object.attributes) === wanted);
  return named.length === 1 ? named[0] : undefined;
}

function notThere(kind: Kind, listing: Listing, system: string, id: string): Refusal {
  const seen = listing.complete ? `${listing.objects.length} were read` : "the list is not complete";
  const message = `there is no ${kind.name} ${id} on ${system}, or its name is not unique (${seen})`;
  return new Refusal([{ message, remedy: `look at what is there: steward dump ${system}` }]);
}

interface Imported {
  address: Address;
  kind: Kind;
  system: string;
  actual: Actual;
  resource: Resource | undefined;
}

/** What is recorded: the declared attributes, or without a declaration all that can be declared, as they are now. */
export function entryOf({ address, kind, system, actual, resource }: Imported): StateEntry {
  const { properties } = kind.schema;
  const wanted = resource ? Object.keys(resource.attributes) : Object.keys(properties);
  const managed = wanted.filter((name) => {
    const property = properties[name];
    const value = actual.attributes[name];
    const seen = property && isCompared(property) && value !== undefined && !actual.unobservable.includes(name);
    return seen && (resource !== undefined || value !== null);
  });
  return {
    address,
    kind: kind.name,
    system,
    id: actual.id,
    attributes: Object.fromEntries(managed.map((name) => [name, actual.attributes[name] ?? null])),
    managed: managed.sort(),
    secrets: {},
    deposed: [],
    generation: 0,
    dependsOn: resource?.dependsOn ?? [],
    origin: "imported",
    preventDestroy: resource?.lifecycle.preventDestroy ?? false,
    onRemove: resource?.lifecycle.onRemove ?? "default",
    status: "ready",
  };
}
