/** The files of a manifest, as a port. Reading is the first thing that a command does, so it does not wait in turns. */
export interface ReadFiles {
  /** What a path leads to, links followed; undefined when nothing is there or it may not be seen. */
  kind(path: string): "file" | "folder" | "other" | undefined;
  /** The path without links; undefined when nothing is there. */
  real(path: string): string | undefined;
  /** Names in a folder. */
  list(folder: string): string[];
  /** The bytes of a file; undefined when it has more than `bytesMax` or is not a plain file. Throws what the system says. */
  read(path: string, bytesMax: number): Uint8Array | undefined;
}
