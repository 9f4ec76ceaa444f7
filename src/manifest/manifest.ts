import type { Diagnostic } from "../diagnostic.ts";
import type { Address, Plain, Resource, Source, Value } from "../resource.ts";

/** A configured instance of a connector. */
export interface SystemConfig {
  name: string;
  /** Connector type; the name itself when the manifest does not say. */
  type: string;
  /** Base URL with path, without a trailing slash. */
  url: string;
  hand: "api" | "browser" | "person";
  /** What the connector's own settings schema allows, for example `enterprise`; never a secret. */
  settings: Record<string, Value>;
  /** Secrets by reference only. */
  credentials: Record<string, Value>;
  requestTimeoutMs: number;
  commitGraceMs: number;
  /** What the console of this system calls a control, by the key of `schemas/TYPE/labels.json`. */
  screens?: Record<string, string>;
  /** Where the session of a person who signed in is kept: SINK:PATH. */
  consoleSession?: string;
  /** Requests in flight at most; undefined: the connector's own bound. */
  concurrency?: number;
  /** URL of an HTTP proxy. It is part of what is trusted. */
  proxy?: string;
  /** PEM text of extra certificate authorities, read from inside the manifest's folder. It is part of what is trusted. */
  ca?: string;
  /** Settings that say where something goes, defaults filled in, by their path. They are part of what is trusted. */
  pinned?: Record<string, Plain>;
  source: Source;
}

export interface SinkConfig {
  name: string;
  type: string;
  /** With `${environment}` filled in. */
  settings: Record<string, Value>;
  source: Source;
}

/** An object whose resource has another address than before. */
export interface Moved {
  from: Address;
  to: Address;
}

/** Limits of what one apply may take away. */
export interface GuardConfig {
  deletionsMax: number;
  deletionsMaxPercent: number;
}

/** The manifest as it is for one environment: variables filled in, overrides merged, other environments' resources left out. */
export interface Manifest {
  /** Folder that every path of the manifest is relative to and stays inside. */
  folder: string;
  files: string[];
  environment: string;
  environments: string[];
  /** No `--auto-approve`, no `destroy`. */
  protected: boolean;
  systems: Record<string, SystemConfig>;
  sinks: Record<string, SinkConfig>;
  /** Local backend: the folder of the log, relative to `folder`. */
  state: { type: "local"; path: string };
  guard: GuardConfig;
  resources: Resource[];
  /** Changed addresses that the text states; others are found by identity. */
  moved?: readonly Moved[];
  /** sha256 over everything above that changes what is done; equal for equal meaning, whatever the order or spelling of the files. */
  digest: string;
  warnings: Diagnostic[];
  /** Where an attribute (`role`, `privileges[2]`) or, without a path, the resource stands. */
  locate(address: Address, path?: string): Source | undefined;
  /** The line that a source stands on, secrets hidden, for diagnostics that are made later. */
  excerpt?(source: Source): Diagnostic["excerpt"];
}
