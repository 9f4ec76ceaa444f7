import { TextFile } from "../manifest/node.ts";
import type { Source } from "../resource.ts";

/** A file that code synthesised. Places in it also name the construct that wrote them. */
export class SynthesizedFile extends TextFile {
  override readonly language = "terraform";
  /** In the order of the text, none inside another. */
  readonly #constructs: { at: number; end: number; path: string }[] = [];

  /** What stands between two offsets was written by this construct. Called in the order of the text. */
  addConstruct(at: number, end: number, path: string): void {
    this.#constructs.push({ at, end, path });
  }

  override source(at: number, end: number): Source {
    const source = super.source(at, end);
    const construct = this.#constructAt(at);
    return construct === undefined ? source : { ...source, construct };
  }

  #constructAt(at: number): string | undefined {
    const all = this.#constructs;
    let low = 0;
    let high = all.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (all[middle]!.end <= at) low = middle + 1;
      else high = middle;
    }
    const found = all[low];
    return found && found.at <= at ? found.path : undefined;
  }
}
