// Simulated consoles of iPresso and Veson IMOS as a process of its own, so that their CPU does not count. Answers one line for each line
// of standard input: the pages that were asked for since the line before, by path. Ends with standard input.
import { createInterface } from "node:readline";
import { IpressoSimulator } from "../src/simulators/ipresso/simulator.ts";
import { type Simulator, serveSimulator } from "../src/simulators/server.ts";
import { VesonSimulator } from "../src/simulators/veson/simulator.ts";

const users = Number(process.argv[2] ?? 0);
const pages = new Map<string, number>();

async function serve(name: string, simulator: Simulator): Promise<{ url: string; close(): Promise<void> }> {
  return serveSimulator({
    handle: (request) => {
      const page = `${name} ${request.method} ${request.path.split("?")[0]}`;
      pages.set(page, (pages.get(page) ?? 0) + 1);
      return simulator.handle(request);
    },
  });
}

const ipresso = new IpressoSimulator({ seed: 1, users });
const veson = new VesonSimulator({ seed: 1, users, seatsFree: 5 });
const served = [await serve("ipresso", ipresso), await serve("veson", veson)] as const;
const ready = {
  ipresso: { url: served[0].url, ...ipresso.world.admin },
  veson: { url: served[1].url, ...veson.world.admin, limit: veson.store.licenseLimit },
  users: ipresso.store.users.values().map(({ login, email, groupIds, addresses }) => ({
    ...{ login, email, addresses },
    groups: groupIds.map((id) => ipresso.store.groups.get(id)?.name),
  })),
};
process.stdout.write(`${JSON.stringify(ready)}\n`);

for await (const _line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(Object.fromEntries(pages))}\n`);
  pages.clear();
}
await Promise.all(served.map((one) => one.close()));
