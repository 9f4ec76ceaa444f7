import type { ProviderProcess, SocketFolder } from "../../platform/provider-process.ts";
import { type Answers, answersOf } from "./answers.ts";
import { Calls } from "./calls.ts";
import { makeCertificate } from "./certificate.ts";
import { startServer } from "./grpc.ts";
import { handshakeLine, type Invitation, readInvitation, reattachValue } from "./handshake.ts";
import { type Log, makeLog } from "./log.ts";
import type { ProviderService } from "./service.ts";

/**
 * The life of a provider: started by Terraform it shakes hands, answers requests, and ends when Terraform says so or is gone. Started by
 * hand with `-debug` it serves without TLS and prints what to put into TF_REATTACH_PROVIDERS.
 */

export interface ProviderProgram {
  /** As `steward.example/steward/velocloud`. */
  source: string;
  /** What stands behind the wire. It is loaded after the handshake, so that Terraform does not wait for it. */
  load(): Promise<ProviderService>;
}

const refusedExitCode = 1;
/** As Go's programs end. */
const panicExitCode = 2;
const terminatedExitCode = 143;
/** How often we look whether Terraform still lives: it ends us itself unless it was killed. */
const parentCheckMs = 1_000;
/** What is under way may finish its step and note what came of it: a request to a system takes 30 s at most. */
const finishAtMostMs = 35_000;
/** After Shutdown Terraform waits 2 s and kills. */
const shutdownAtMostMs = 1_000;
/** For the end of sessions on systems, after that. */
const closeAtMostMs = 500;

/** Runs until Terraform ends it; the process exits and this never returns an error. */
export async function runProvider(program: ProviderProgram, own: ProviderProcess): Promise<void> {
  const log = makeLog(own.environment, { write: own.note, now: () => new Date() });
  if (own.words.includes("-debug")) return runForReattach(program, own, log);
  const invitation = readInvitation(own.environment);
  if ("message" in invitation) {
    const { stream, message } = invitation;
    (stream === "stdout" ? own.print : own.note)(`${message}\n`);
    return own.exit(refusedExitCode);
  }
  await runInvited(program, own, log, invitation);
}

async function runInvited(
  { load }: ProviderProgram,
  own: ProviderProcess,
  log: Log,
  invitation: Invitation,
): Promise<void> {
  const { clientCertificatePem, socketFolder, ports } = invitation;
  const folder = own.isWindows ? undefined : own.makeSocketFolder(socketFolder);
  const end = endOf(own, folder);
  own.onPanic((error) => {
    own.note(panicText(error));
    end(panicExitCode);
  });
  // Ctrl-C reaches the whole group of processes; Terraform tells us what is to be done, by StopProvider.
  own.onInterrupt(() => log("debug", "an interrupt is left to Terraform"));
  const served = serving(load, log);
  const leave = (code: number) => void served.close().then(() => end(code));
  own.onTerminate(() => served.calls.finish(finishAtMostMs, () => leave(terminatedExitCode)));
  const certificate = clientCertificatePem === undefined ? undefined : makeCertificate(new Date());
  const { address } = await startServer(folder ? { socketPath: folder.socketPath } : { ports }, {
    ...served,
    log,
    onShutdown: () => served.calls.finish(shutdownAtMostMs, () => leave(0)),
    tls: certificate && clientCertificatePem ? { own: certificate, clientCertificatePem } : undefined,
  });
  own.print(handshakeLine(address, certificate?.der));
  watchParent(own, () => served.calls.finish(finishAtMostMs, () => leave(0)));
  // Terraform will ask soon; whatever fails here fails again, and is told, at the first request.
  setImmediate(() => served.answers().catch(() => undefined));
}

function endOf(own: ProviderProcess, folder: SocketFolder | undefined): (code: number) => void {
  return (code) => {
    folder?.remove();
    own.exit(code);
  };
}

/** Terraform shows what follows such a line to the user as the stack of the plugin. */
function panicText(error: unknown): string {
  const { message, stack } = error instanceof Error ? error : { message: String(error), stack: "" };
  return `panic: ${message.replaceAll("\n", " ")}\n\n${stack}\n`;
}

function watchParent(own: ProviderProcess, end: () => void): void {
  const parent = own.parentPid();
  const timer = setInterval(() => {
    if (own.parentPid() === parent) return;
    clearInterval(timer);
    end();
  }, parentCheckMs);
  timer.unref();
}

/** The answers, made once, and the requests that are under way. In reattach mode the same process serves many commands of Terraform. */
function serving(load: ProviderProgram["load"], log: Log): Serving {
  const calls = new Calls();
  const stop = () => {
    log("info", "Terraform was stopped; what is under way ends soon");
    calls.stop();
  };
  let service: ProviderService | undefined;
  let answers: Promise<Answers> | undefined;
  return {
    calls,
    answers() {
      answers ??= load().then((loaded) => {
        service = loaded;
        return answersOf(loaded, { stop });
      });
      return answers;
    },
    async close() {
      const closed = service?.close?.().catch(() => log("warn", "a session could not be ended"));
      const late = new Promise<void>((resolve) => setTimeout(resolve, closeAtMostMs).unref());
      if (closed) await Promise.race([closed, late]);
    },
  };
}

interface Serving {
  answers(): Promise<Answers>;
  calls: Calls;
  /** Ends what the service has open on systems. */
  close(): Promise<void>;
}

async function runForReattach(program: ProviderProgram, own: ProviderProcess, log: Log): Promise<void> {
  const { value, stop } = await serveForReattach(program, own, log);
  const end = () => {
    stop();
    own.exit(0);
  };
  own.onInterrupt(end);
  own.onTerminate(end);
  own.print(`Set this where terraform runs; Ctrl-C ends the provider.\n\nTF_REATTACH_PROVIDERS='${value}'\n`);
}

/**
 * Serves within this process, without TLS, until it is stopped: for debugging and tests. One such server serves one configuration at a
 * time, so give each test its own.
 */
export async function serveForReattach(
  { source, load }: ProviderProgram,
  own: Pick<ProviderProcess, "pid" | "makeSocketFolder">,
  log: Log = () => undefined,
): Promise<{ value: string; socketPath: string; stop(): void }> {
  const folder = own.makeSocketFolder();
  const { address, stop } = await startServer(
    { socketPath: folder.socketPath },
    { ...serving(load, log), log, onShutdown: () => undefined },
  );
  return {
    value: reattachValue(source, address, own.pid),
    socketPath: folder.socketPath,
    stop() {
      stop();
      folder.remove();
    },
  };
}
