import type { IpressoReader } from "./reader.ts";

/** iPresso has no API that changes anything of ours (IPR-23): what is written, a console writes. Steps by the API only ask. */
export class IpressoWriter {
  readonly reader: IpressoReader;

  constructor(reader: IpressoReader) {
    this.reader = reader;
  }
}
