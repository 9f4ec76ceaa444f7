import { IpressoSimulator } from "../../simulators/ipresso/simulator.ts";
import { LicensingTeam } from "../../simulators/momentus/mail.ts";
import { MomentusSimulator } from "../../simulators/momentus/simulator.ts";
import { type ServedSimulator, type Simulator, serveSimulator } from "../../simulators/server.ts";
import { SmtpReceiver } from "../../simulators/smtp.ts";
import { VelocloudSimulator } from "../../simulators/velocloud/simulator.ts";
import { VesonSimulator } from "../../simulators/veson/simulator.ts";
import type { SimRequest } from "../../simulators/wire.ts";

/** The simulated systems of the demo, with a moment between a token's download and its answer. */
export interface DemoWorld {
  readonly simulator: VelocloudSimulator;
  readonly served: ServedSimulator;
  readonly momentus: DemoMomentus;
  readonly ipresso: { readonly simulator: IpressoSimulator; readonly served: ServedSimulator };
  /** Every license of it is taken. */
  readonly veson: { readonly simulator: VesonSimulator; readonly served: ServedSimulator };
  /** Called once, after the next download was carried out and before its answer goes out. */
  afterDownload: (() => Promise<void>) | undefined;
}

/** Momentus with its licensing team, and the mail server that both sides use. */
interface DemoMomentus {
  readonly simulator: MomentusSimulator;
  readonly served: ServedSimulator;
  /** `smtp://127.0.0.1:PORT`. */
  readonly smtp: string;
  /** Answers the mails that arrived; returns how many. */
  answerMails(): number;
  close(): Promise<void>;
}

/**
 * Production is not licensed for the API and has no MOCO-SERV; the test environment is licensed and has one. The licensing team
 * works when it is told to, so that the demo can say what happens when.
 */
async function startMomentus(): Promise<DemoMomentus> {
  const simulator = new MomentusSimulator({ modules: [] });
  const { store } = simulator;
  store.licensing.switchOn("test");
  const isOurs = { isInternal: true, hasLicenseSpecialAccess: true };
  const texts = { displayName: "Momentus Connect", description: "Internal Momentus Connect API User" };
  store.addApiUser("test", { id: "MOCO-SERV", ...texts, ...isOurs });
  store.addKey("test", "MOCO-SERV");
  const served = await serveSimulator(simulator);
  const mailServer = new SmtpReceiver({
    onMail: ({ from, to, subject, text }) => store.sendMail({ from, to, subject, text }),
  });
  const port = await mailServer.listen();
  const team = new LicensingTeam(store, { urls: { prod: `${served.url}/prod`, test: `${served.url}/test` } });
  const close = async (): Promise<void> => {
    await mailServer.close();
    await served.close();
  };
  return { simulator, served, smtp: `smtp://127.0.0.1:${port}`, answerMails: () => team.work(), close };
}

/** Starts the systems on 127.0.0.1. */
export async function startWorld(): Promise<DemoWorld> {
  const simulator = new VelocloudSimulator({ users: 2 });
  const handle = async (request: SimRequest) => {
    const answer = await simulator.handle(request);
    const { afterDownload } = world;
    if (afterDownload && request.path.endsWith("/downloadApiToken")) {
      world.afterDownload = undefined;
      await afterDownload();
    }
    return answer;
  };
  const served = await serveSimulator({ handle });
  const momentus = await startMomentus();
  const ipresso = await serve(new IpressoSimulator({ seed: 1 }));
  const veson = await serve(new VesonSimulator({ seed: 1, seatsFree: 0 }));
  const world: DemoWorld = { simulator, served, momentus, ipresso, veson, afterDownload: undefined };
  return world;
}

async function serve<S extends Simulator>(simulator: S): Promise<{ simulator: S; served: ServedSimulator }> {
  return { simulator, served: await serveSimulator(simulator) };
}

/** Ends them. */
export async function endWorld({ served, momentus, ipresso, veson }: DemoWorld): Promise<void> {
  await Promise.all([served.close(), momentus.close(), ipresso.served.close(), veson.served.close()]);
}
