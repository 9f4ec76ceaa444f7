import { connect, type Socket } from "node:net";
import { Readable } from "node:stream";
import type SmtpConnection from "nodemailer/lib/smtp-connection";
import { Fault } from "../diagnostic.ts";
import { mailText } from "../eml.ts";
import type { Mail, Mailer, MailServer } from "../io.ts";
import { isLoopback } from "../loopback.ts";
import { readSmtpUrl, type SmtpUrl } from "../smtp-url.ts";
import { type MailProgress, mailFault } from "./mail-fault.ts";

export interface MailerOptions {
  /** Loads the part of nodemailer that speaks SMTP; its own `import` when left out. */
  load?: () => Promise<{ default: typeof SmtpConnection }>;
  /** Opens the connection; a plain one of `node:net` when left out. */
  connect?: (to: { host: string; port: number }) => Socket;
}

/** How long a server that took the mail may take to say goodbye; nobody waits for it. */
const farewellMs = 1_000;

/** Mail by SMTP, with nodemailer, which is loaded when the first mail is sent. */
export function nodeMailer(options: MailerOptions = {}): Mailer {
  return {
    async send(mail, server) {
      const url = readSmtpUrl(server.url);
      if ("message" in url) {
        throw new Fault(`the URL of the mail server ${url.message}`, {
          happened: "no",
          code: "settings",
          remedy: url.hint,
        });
      }
      const bytes = Buffer.from(mailText(mail), "ascii");
      const Connection = await loaded(options.load ?? (() => import("nodemailer/lib/smtp-connection")));
      await new HandingIn(mail, server, url, options.connect ?? connect).run(Connection, bytes);
    },
  };
}

async function loaded(load: NonNullable<MailerOptions["load"]>): Promise<typeof SmtpConnection> {
  try {
    return (await load()).default;
  } catch (error) {
    if (!/^(ERR_)?MODULE_NOT_FOUND$/.test(String((error as { code?: unknown } | null)?.code))) throw error;
    const message = "mails are sent with the package nodemailer, and it is not installed";
    throw new Fault(message, {
      happened: "no",
      code: "absent",
      remedy: "install it beside Steward: npm install nodemailer",
    });
  }
}

/** One mail on its way to one server: one connection, one deadline for all of it. */
class HandingIn {
  readonly #mail: Mail;
  readonly #server: MailServer;
  readonly #url: SmtpUrl;
  readonly #open: NonNullable<MailerOptions["connect"]>;
  readonly #progress: MailProgress;
  /** Ends whatever is open. */
  #stop: () => void = () => {};

  constructor(mail: Mail, server: MailServer, url: SmtpUrl, open: NonNullable<MailerOptions["connect"]>) {
    this.#mail = mail;
    this.#server = server;
    this.#url = url;
    this.#open = open;
    const host = url.host.includes(":") ? `[${url.host}]` : url.host;
    this.#progress = { server, place: `${host}:${url.port}`, contentBegan: false };
  }

  async run(Connection: typeof SmtpConnection, bytes: Buffer): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const deadline = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject("deadline"), this.#server.timeoutMs);
    });
    try {
      await Promise.race([this.#converse(Connection, bytes), deadline]);
    } catch (error) {
      this.#stop();
      throw error instanceof Fault ? error : mailFault(this.#progress, error);
    } finally {
      clearTimeout(timer);
    }
  }

  async #converse(Connection: typeof SmtpConnection, bytes: Buffer): Promise<void> {
    const settings = await this.#settings();
    const socket = await this.#connected();
    const connection = new Connection({ ...settings, connection: socket });
    const failed = new Promise<never>((_, reject) => connection.on("error", reject));
    const step = (work: (done: (error?: Error | null) => void) => void): Promise<void> => {
      const done = new Promise<void>((resolve, reject) => work((error) => (error ? reject(error) : resolve())));
      return Promise.race([done, failed]);
    };
    this.#stop = () => {
      connection.close();
      socket.destroy();
    };
    await step((done) => connection.connect(done));
    await this.#signIn(connection, step);
    const { from, to } = this.#mail;
    await step((done) => connection.send({ from, to: [to] }, this.#content(bytes), done));
    connection.quit();
    const end = setTimeout(this.#stop, farewellMs).unref();
    connection.once("end", () => clearTimeout(end));
  }

  /**
   * The connection is made here and not by nodemailer, which asks the name server even for the names that this machine knows
   * itself. Where nothing is encrypted, the other end must be this machine, whatever the name leads to.
   */
  #connected(): Promise<Socket> {
    const { host, port, tls } = this.#url;
    const socket = this.#open({ host, port });
    this.#stop = () => socket.destroy();
    return new Promise((resolve, reject) => {
      socket.on("error", reject);
      socket.once("connect", () => {
        const address = socket.remoteAddress ?? "";
        if (tls !== "none" || isHere(address)) resolve(socket);
        else
          reject(this.#fault(`${host} leads to another machine, and nothing is sent there in clear`, "tls", wayToTls));
      });
    });
  }

  async #settings(): Promise<ConstructorParameters<typeof SmtpConnection>[0]> {
    const { host, port, tls } = this.#url;
    const { timeoutMs, ca } = this.#server;
    // Node takes a list of authorities instead of its own ones, not beside them.
    const trust = ca === undefined ? {} : { ca: [...(await import("node:tls")).rootCertificates, ca] };
    // Our own deadline covers all of it; nodemailer's are for parts, and must not come first.
    const patienceMs = timeoutMs + farewellMs;
    return {
      ...{ host, port, secure: tls === "implicit", requireTLS: tls === "starttls" },
      ...{ ignoreTLS: tls === "none", tls: { ...trust, rejectUnauthorized: true }, logger: false },
      ...{ connectionTimeout: patienceMs, greetingTimeout: patienceMs, socketTimeout: patienceMs },
    };
  }

  async #signIn(
    connection: SmtpConnection,
    step: (work: (done: (error?: Error | null) => void) => void) => Promise<void>,
  ): Promise<void> {
    const { username, password } = this.#server;
    if (username === undefined) return;
    if (password === undefined) throw this.#fault("the user name of the mail server has no password", "settings", both);
    if (!connection.allowsAuth) {
      throw this.#fault(
        `${this.#progress.place} does not offer to sign in`,
        "unauthorized",
        "leave user name and password out, or use its port for clients",
      );
    }
    await step((done) => connection.login({ user: username, pass: password.reveal() }, done));
  }

  /** The first byte is asked for only when the server granted DATA. */
  #content(bytes: Buffer): Readable {
    const begin = () => {
      this.#progress.contentBegan = true;
    };
    return new Readable({
      read() {
        begin();
        this.push(bytes);
        this.push(null);
      },
    });
  }

  #fault(message: string, code: string, remedy: string): Fault {
    return new Fault(message, { happened: "no", at: this.#server.url, code, remedy });
  }
}

const wayToTls = "write smtps://, or 127.0.0.1 where this machine is meant";
const both = "give both, or none";

/** Whether the other end of a connection is this machine. */
const isHere = (address: string): boolean => address === "::1" || isLoopback(address.replace(/^::ffff:/, ""));
