// A zip of one executable file, as registries of Terraform want it: deflated, with the rights of Unix, the same bytes for the same file.
import { crc32, deflateRawSync } from "node:zlib";

const versionNeeded = 20;
/** Made on Unix, so that rights count. */
const madeBy = (3 << 8) | versionNeeded;
const deflated = 8;
/** 1 January 1980, the first day that the format knows. */
const date = (1 << 5) | 1;
const executable = 0o100755;

/** The bytes of a zip with one file in it. */
export function zipOf(name, content) {
  const path = Buffer.from(name);
  const packed = deflateRawSync(content, { level: 9 });
  const shared = Buffer.alloc(26);
  shared.writeUInt16LE(versionNeeded, 0);
  shared.writeUInt16LE(deflated, 4);
  shared.writeUInt16LE(date, 8);
  shared.writeUInt32LE(crc32(content), 10);
  shared.writeUInt32LE(packed.length, 14);
  shared.writeUInt32LE(content.length, 18);
  shared.writeUInt16LE(path.length, 22);
  const local = Buffer.concat([Buffer.from("PK\x03\x04"), shared, path]);
  const central = Buffer.concat([Buffer.from("PK\x01\x02"), word(madeBy), shared, centralRest(), path]);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(1, 4);
  end.writeUInt16LE(1, 6);
  end.writeUInt32LE(central.length, 8);
  end.writeUInt32LE(local.length + packed.length, 12);
  return Buffer.concat([local, packed, central, Buffer.from("PK\x05\x06"), end]);
}

function word(value) {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}

/** Comment, disk and place of the file: none and zero; its rights. */
function centralRest() {
  const rest = Buffer.alloc(14);
  rest.writeUInt32LE((executable << 16) >>> 0, 6);
  return rest;
}
