import type { Diagnostic, Fault } from "../diagnostic.ts";
import type { Io, Mail, MailServer } from "../io.ts";
import type { SystemConfig } from "../manifest/manifest.ts";
import type { Actual, Address, Health, Plain, Resource, SecretRef, Source, StateEntry, Value } from "../resource.ts";
import type { KindSchema, SystemSettings } from "../schema.ts";
import type { Given, Screen } from "../screen.ts";
import type { Secret, SecretTarget } from "../secret.ts";
import type { Action, AttributeChange, Hand, Step, StepDraft } from "../step.ts";
import type { ConsoleDescription, ConsoleReader } from "./console.ts";

/**
 * The port of a system. A Connector is code; a system is a configured instance of it.
 * Reading and writing are two types: refresh and settle hold a Reader, which has no mutating method; only applyPlan gets a Writer.
 */
export interface Connector<R = unknown, W = unknown> {
  /** The system type in the manifest, and the prefix of its kinds. */
  readonly name: string;
  /** JSON Schema of what stands in `systems.NAME` beside the common settings; `credentials` holds the names of secrets. */
  readonly settings: SystemSettings;
  readonly kinds: Kind<R, W>[];
  /** The console, where a browser can work there. */
  readonly console?: ConsoleDescription;
  /** Text that changes when the same words would mean another place: URL, tenant, scope. Part of a plan's basis. */
  fingerprint(system: SystemConfig): string;
  /** What a schema cannot say about `systems.NAME`: settings that need or exclude one another. Pure. */
  check?(system: SystemConfig): Diagnostic[];
  open(system: SystemConfig, access: SystemAccess): OpenSystem<R, W>;
}

export interface SystemAccess {
  io: Io;
  /** The console of a system whose hand is `browser`; it is opened when it is first used. */
  console?: ConsoleReader;
  /** Reads a credential or a secret that the manifest refers to. Throws a Fault that names it when it is not there. */
  secret(reference: SecretRef): Promise<Secret>;
  /** Lines for `--debug`: method, address, status, time. Never a header, a body or a query. */
  trace(line: string): void;
  /** The system asked us to slow down: every call of it rests until `untilMs` of the clock. */
  onPause?(untilMs: number): void;
  signal: AbortSignal;
}

/** One command's connection to one system. Lists are read once and kept. */
export interface OpenSystem<R = unknown, W = unknown> {
  reader: R;
  /** Called by applyPlan only. */
  writer(): W;
  /**
   * What kinds need to know beside their objects: who we are, the catalogue of roles, … Read-only; goes into the refresh file,
   * so never a secret. `me` is the identity that we run as.
   */
  facts(): Promise<Facts>;
  /** Checks for `doctor`, read-only. */
  examine(): Promise<Finding[]>;
  /** Where steps of hand `mail` hand in; undefined where no server is configured. */
  mailServer?(): Promise<MailServer | undefined>;
  /** Ends sessions. Never throws. */
  close(): Promise<void>;
}

export type Facts = { me: Plain; [name: string]: Plain };

export interface Finding {
  level: "ok" | "warning" | "error";
  message: string;
  remedy?: string;
}

/** What one list call saw. `complete: false` (missing rights) proves no absence. */
export interface Listing {
  objects: Actual[];
  complete: boolean;
  because?: string;
  /**
   * Nothing was read: this is what people told us, or what a console last showed, as it is recorded. What is not here is unknown,
   * never absent. A list of a kind that says so without objects is filled up from the record.
   */
  attested?: true;
  /** What can be chosen there, by attribute, as far as that was looked at. */
  offers?: Record<string, string[]>;
}

/** An attribute that nobody declares, as Steward leaves it and as it is. */
export interface Stray {
  path: string;
  recorded: Plain;
  actual: Plain;
  /** What a plan says of it, where Steward does not repair it by itself: what it means, and what to do. */
  notice?: string;
}

export interface Kind<R = unknown, W = unknown> {
  readonly name: string;
  readonly schema: KindSchema;
  /**
   * For `x-removal: retire`: the attribute that is true when an object was removed. Declared and found so, it becomes a held
   * `revive`, which `lower` turns into steps.
   */
  readonly retiredBy?: string;
  /**
   * In what a recorded object differs from what Steward makes of every one of this kind, whatever is declared: drift tells it, and a plan where it
   * has a notice.
   * Pure.
   */
  strays?(actual: Actual, objects: (kind: string) => readonly Actual[]): Stray[];
  /**
   * Who does this kind's work on a system; `api` when left out. What a person does, a person reads: such a kind is not listed,
   * and what is recorded counts as attested.
   */
  hand?(system: SystemConfig): Hand;
  /** Declared resources that come first although the manifest does not say so. Pure. */
  needs?(resource: Resource, world: World): Address[];
  /**
   * All objects of the kind, in one paged list. `used` is what a plan knows of the system, for consoles: a list that nothing needs
   * is not opened. Absent: everything is wanted.
   */
  list(reader: R, used?: UsedObjects): Promise<Listing>;
  /**
   * What the list does not show, and is read for one object at a time: only where such an attribute is declared or recorded.
   * Undefined: the object is not there any more.
   */
  details?: {
    attributes: readonly string[];
    read(reader: R, listed: Actual): Promise<Actual | undefined>;
    /** Why reading it may spoil something, where nobody asked for this one object; undefined: it does not. */
    whyNotRead?(listed: Actual): string | undefined;
  };
  /**
   * What can be chosen for an attribute, a list of texts, as the form for a new object has it. Read only where something is
   * declared that its object does not have yet. Undefined: it cannot be seen.
   */
  offers?: {
    attribute: string;
    read(reader: R): Promise<string[] | undefined>;
  };
  /**
   * Why an object is never taken over, in words that fit after "left out: 2, each": a dump offers it to nobody. Undefined: it can
   * be, or what was read does not tell. Pure.
   */
  whyNotAdopted?(actual: Actual): string | undefined;
  /** One object by id, where the system has such a read; "unsupported" where it has none. */
  read?(reader: R, id: string): Promise<Actual | undefined>;
  /** The mark that Steward left on an object, where names are not unique. */
  mark?(actual: Actual): Mark | undefined;
  /**
   * Decides what attributes alone do not say (expiry, revocation, missing delivery) and refuses what the system's rules forbid.
   * Pure. Runs after the general comparison and may change its verdict.
   */
  assess?(view: View, general: Verdict): Assessment;
  /**
   * Whether repairing this drift would widen access, where the kind knows better than `x-widens`. Undefined: it does not. Pure.
   */
  widens?(view: View, drift: AttributeChange): boolean | undefined;
  /**
   * For what a person reads: the question that has them look again at what is recorded. Its operation is `inspect`, which ends
   * as found, with attributes as they are seen, absent (`gone`) or cannot-see. Pure.
   */
  inspect?(view: View): InspectDraft;
  /** Turns a change into remote writes, in order. Pure. */
  lower(view: View, change: Verdict): StepDraft[];
  /** Why this object must never be removed, disabled or demoted as the verdict says: ourselves, the last super user. Pure. */
  protects?(view: View, verdict: Verdict): string | undefined;
  readonly operations: Record<string, Operation<R, W>>;
  /** Asks the data plane whether a credential of this object works. */
  readonly probe?: {
    /** Name of the secret in the state entry. */
    secret: string;
    /** Without effect on the system: plans run only such probes. */
    harmless: boolean;
    ask(reader: R, entry: StateEntry, secret: Secret): Promise<Probe>;
    /** What to look at when it is refused, before anything is made anew, and what --replace would break. Pure. */
    advice?(address: Address, probe: Probe): string;
  };
}

/** What is declared and what is recorded on one system, of all its kinds. */
export interface UsedObjects {
  resources: readonly Resource[];
  entries: readonly StateEntry[];
}

/** What a question about a recorded object shows and needs; the engine says the rest. */
export type InspectDraft = Pick<StepDraft, "title" | "input">;

export interface Mark {
  /** Hash of lineage and address. */
  owner: string;
  generation: number;
  /** The object is of no use any more and only still listed. */
  dead?: true;
}

/** Everything a kind may look at when it plans one resource. */
export interface View {
  address: Address;
  kind: string;
  system: SystemConfig;
  lineage: string;
  now: number;
  /** Absent when the block left the manifest. */
  resource?: Resource;
  /** Desired attributes with every reference that is known already resolved; a Ref that stays is known only after apply. */
  desired?: Record<string, Value>;
  recorded?: StateEntry;
  actual?: Actual;
  /** The deposed objects that still exist. */
  deposed: Actual[];
  /** Objects that carry our mark for this address and that neither state nor deposed know (late commits). */
  strays: Actual[];
  /** One above every generation that our log ever intended for this address. */
  generationNext: number;
  facts: Facts;
  world: World;
  /** Place in the manifest, for diagnostics. */
  locate(path?: string): Source | undefined;
  /** Whether `--replace ADDRESS` was given. */
  replaceConsented: boolean;
}

/** The rest of the world, indexed. */
export interface World {
  objects(kind: string): Actual[];
  /** What can be chosen for an attribute of a kind; undefined where that was not looked at. */
  offered(kind: string, attribute: string): readonly string[] | undefined;
  /** The object of a kind whose x-identity attribute has this value. */
  byIdentity(kind: string, identity: string): Actual | undefined;
  recorded(address: Address): StateEntry | undefined;
  /** The record of an object, by its id on this system. */
  recordedById(kind: string, id: string): StateEntry | undefined;
  desired(address: Address): Resource | undefined;
  /** All declared resources of a kind on this system, in the order of the manifest. */
  declared(kind: string): readonly Resource[];
  /** The declared resource of a kind on this system whose identity attribute has this value. */
  desiredByIdentity(kind: string, identity: string): Resource | undefined;
}

/** What the general comparison found. */
export interface Verdict {
  action: Action;
  because?: string;
  held?: { because: string };
  attributes: AttributeChange[];
  notes: string[];
}

export interface Assessment {
  /** Replaces the general verdict's parts that are given. */
  verdict?: Partial<Verdict>;
  errors?: Diagnostic[];
}

/** What a step left behind: the id of what it made, and computed attributes that were in the answer. */
export interface Outcome {
  id?: string;
  attributes?: Record<string, Plain>;
  /** It is done, and what needs it must not go on: why. A new plan leads on. */
  ends?: string;
  /** Whoever looked says that the object is not there any more. */
  gone?: true;
  /** It is done, and people should know this of it: that nothing had to be done, say, and why. */
  says?: string;
  /** Nothing on the system confirms the secrets that it delivered, or was to prove: they are current, and not recorded as proven. */
  unproven?: true;
}

/** A mail before it has a date and an id. `from` may be empty where a person sends it. */
export type MailDraft = Pick<Mail, "from" | "to" | "subject" | "text">;

export type { Given };

/** The step is over and did not succeed: why, and what leads on. */
export interface Failed {
  failed: string;
  remedy: string;
}

export type Settled =
  | { verdict: "done"; outcome: Outcome }
  | { verdict: "not-done" }
  /** It happened, and what it gave cannot be had again: a token that was downloaded and not stored. */
  | { verdict: "lost"; because: string }
  | { verdict: "unknown"; because: string };

export interface Operation<R = unknown, W = unknown> {
  /**
   * Carries the step out by the API. Throws a Fault with `happened: "unknown"` when it cannot tell, "no" when nothing was changed.
   * A secret that it receives is in the sink before it returns. Absent where that is done on a
   * console, by a person or by a browser.
   */
  run?(context: StepContext, writer: W): Promise<Outcome>;
  /**
   * Reads back whether the step happened. Must not write, except session login and logout. Goes with `run`, and with a screen that
   * a browser carries out.
   */
  settle?(context: StepContext, reader: R): Promise<Settled>;
  /** What is done on the console, by a person or a browser. Pure: what it shows is in the step and in the system's settings. */
  screen?(step: Step, system: SystemConfig): Screen;
  /**
   * Names among the step's `delivers` of secrets that Steward chooses. Each is in its sink, as `next`, before the screen is carried
   * out, and the screen fills it in by this name.
   */
  readonly chooses?: readonly string[];
  /**
   * Looks before a browser carries the screen out: once for each try. An outcome says that nothing is left to do. Throws a Fault
   * with `happened: "no"` where it must not be done, and changes nothing itself.
   */
  prepare?(context: StepContext, reader: R): Promise<Outcome | undefined>;
  /** Answers a question by reading, where it takes more than looking at one screen. Only where no person is asked. */
  answer?(context: StepContext, reader: R): Promise<Given>;
  /** Whether a refusal of this step is one for which a plan can have a branch: steps `when` this one was `refused`. Pure. */
  isRefusal?(fault: Fault, step: Step): boolean;
  /**
   * Takes in what a person told of the step, or what a browser saw: tests credentials, and keeps secrets in their sink before it returns. Throws a
   * Refusal when the answer cannot be right and a Fault when the world failed; nothing is recorded then, and the question stays.
   * Left out: the answer alone says it all.
   */
  accept?(context: StepContext, given: Given, reader: R): Promise<Outcome | Failed>;
  /**
   * What a person brings with this step cannot be tested when it is told. When its proof, a step of the same change, is refused, it
   * is asked for again, and until it is proven it may be told again.
   */
  readonly testedLater?: boolean;
  /** The mail that this step is: sent for hand `mail`, and given to a person as a file to send. Pure. */
  mail?(step: Step, system: SystemConfig): MailDraft;
  /**
   * A cut create may be committed late: settle waits for the commit grace before it believes an absence. So does a write whose
   * late commit would undo a later one unseen, such as that of a password.
   */
  readonly creates?: boolean;
}

/** What an operation gets when it runs or settles. */
export interface StepContext {
  step: Step;
  system: SystemConfig;
  /** `step.input` with references resolved; secrets are still references. */
  input: Record<string, Value>;
  entry?: StateEntry;
  facts: Facts;
  now(): number;
  secrets: SecretDesk;
}

/** The only way of an operation to secrets. */
export interface SecretDesk {
  /** The value behind a reference, or what this run put at a target. */
  read(reference: SecretRef): Promise<Secret>;
  /** A value of this run's issue, from memory or from the sink's `next` or `current`. Undefined when it is not to be had here. */
  recall(target: SecretTarget): Promise<Secret | undefined>;
  /** Keeps a value as `next`; durable when it resolves. */
  put(target: SecretTarget, secret: Secret): Promise<void>;
  has(target: SecretTarget): Promise<boolean>;
  /** A strong password: 24 characters of four classes, none of `<`, quotes, backslash or blanks. */
  generatePassword(): Secret;
}

/** Health of a credential, asked of the data plane. */
export type Probe = {
  health: Health;
  detail?: string;
  /** The value is not where it was delivered. */
  missing?: true;
};
