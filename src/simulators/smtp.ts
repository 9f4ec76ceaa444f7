import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import { type ReadMail, readMail } from "./smtp-mail.ts";
import { SmtpSession } from "./smtp-session.ts";

/** A mail that was taken. */
type ReceivedMail = ReadMail & {
  /** Who and where to, as the commands said it; the headers may say otherwise. */
  readonly envelope: { readonly from: string; readonly to: readonly string[] };
  /** Who signed in; undefined without AUTH. */
  readonly user: string | undefined;
  /** Whether it came over TLS. */
  readonly isSecure: boolean;
  /** As it came, without the dots that were doubled on the way. */
  readonly raw: string;
};

/** Where a conversation is; "content" is the first line after DATA was granted, "message" its final dot. */
export type SmtpStage = "greeting" | "hello" | "starttls" | "auth" | "mail" | "rcpt" | "data" | "content" | "message";

/**
 * What goes wrong at a stage, once. `reply` is said instead of what would be done; after a 421 the connection ends. `cut`
 * destroys the connection before or after that stage's work, without an answer. `waitMs` passes before anything is done.
 * "content" has no answer of its own: it can be cut or wait.
 */
export type SmtpFault = { at: SmtpStage; reply?: string; cut?: "before" | "after"; waitMs?: number };

export type SmtpReceiverOptions = {
  /** Passwords by user name. With them nobody hands in a mail without signing in. */
  accounts?: Readonly<Record<string, string>>;
  /** PEM texts. TLS from the first byte with `isImplicit`, else by STARTTLS, which `isRequired` asks for before a mail. */
  tls?: { key: string; cert: string; isImplicit?: boolean; isRequired?: boolean };
  /** Ways of signing in. Both by default. */
  mechanisms?: readonly ("PLAIN" | "LOGIN")[];
  /** Whether EHLO offers it. True by default. */
  pipelining?: boolean;
  /** Called with each mail that was taken. */
  onMail?: (mail: ReceivedMail) => void;
  /** How waiting is done. By the real clock when left out. */
  sleep?: (ms: number) => Promise<void>;
};

/** A mail server on 127.0.0.1 that takes mails and delivers none. What it says and its faults are ours; its protocol is RFC 5321. */
export class SmtpReceiver {
  readonly options: SmtpReceiverOptions;
  /** Mails that were taken, in order. */
  readonly mails: ReceivedMail[] = [];
  /** Faults to come; each is used up by the first conversation that reaches its stage. */
  readonly faults: SmtpFault[] = [];
  /** Commands of all conversations, as they came; of AUTH only its mechanism. */
  readonly commands: string[] = [];
  readonly #sockets = new Set<Socket>();
  #server: Server | undefined;

  constructor(options: SmtpReceiverOptions = {}) {
    this.options = options;
  }

  /** Listens on 127.0.0.1. With port 0 the system chooses one. Rejects when the port is taken. Resolves with the port. */
  listen(port = 0): Promise<number> {
    const { tls } = this.options;
    const serve = (socket: Socket) => new SmtpSession(this, socket, tls?.isImplicit === true).start();
    const server = tls?.isImplicit ? (createTlsServer(tls, serve) as unknown as Server) : createServer(serve);
    server.on("connection", (socket: Socket) => {
      this.#sockets.add(socket);
      socket.on("error", () => {});
      socket.on("close", () => this.#sockets.delete(socket));
    });
    this.#server = server;
    return new Promise((resolve, reject) => {
      server.once("error", reject);
      server.listen(port, "127.0.0.1", () => resolve((server.address() as AddressInfo).port));
    });
  }

  /** Stops listening and destroys what is still open. Safe to call twice. */
  close(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    for (const socket of this.#sockets) socket.destroy();
    return new Promise((resolve) => (server ? server.close(() => resolve()) : resolve()));
  }

  /** Takes the next fault of a stage out of the list. Called by conversations. */
  faultAt(stage: SmtpStage): SmtpFault | undefined {
    const index = this.faults.findIndex((fault) => fault.at === stage);
    return index < 0 ? undefined : this.faults.splice(index, 1)[0];
  }

  /** Keeps a mail and says how many there are now. Called by conversations. */
  keep(taken: Pick<ReceivedMail, "envelope" | "user" | "isSecure" | "raw">): number {
    const mail = { ...readMail(taken.raw), ...taken };
    this.mails.push(mail);
    this.options.onMail?.(mail);
    return this.mails.length;
  }

  /** Waits as the options say. Called by conversations. */
  sleep(ms: number): Promise<void> {
    return this.options.sleep?.(ms) ?? new Promise((resolve) => setTimeout(resolve, ms));
  }
}
