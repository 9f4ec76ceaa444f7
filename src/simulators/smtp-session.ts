import type { Socket } from "node:net";
import { createSecureContext, TLSSocket } from "node:tls";
import type { SmtpReceiver, SmtpStage } from "./smtp.ts";

/** Longest line (RFC 5321 4.5.3.1.6 allows 1000 bytes; some clients send more). */
const lineBytesMax = 4_000;
/** Longest mail, as EHLO says it. */
const mailBytesMax = 1024 * 1024;

/** Ends the connection without an answer. */
class Cut extends Error {}

/** One connection to a receiver, from its greeting to its end. */
export class SmtpSession {
  readonly #receiver: SmtpReceiver;
  #socket: Socket;
  #isSecure: boolean;
  #input = "";
  #isBusy = false;
  #hello = false;
  #user: string | undefined;
  #from: string | undefined;
  #to: string[] = [];
  /** Takes the next line instead of a command: the content of a mail, or an answer during AUTH. */
  #next: ((line: string) => Promise<void>) | undefined;

  constructor(receiver: SmtpReceiver, socket: Socket, isSecure: boolean) {
    this.#receiver = receiver;
    this.#socket = socket;
    this.#isSecure = isSecure;
  }

  /** Greets, then answers until one side ends it. */
  start(): void {
    this.#listen();
    void this.#inTurn(() =>
      this.#at("greeting", async () => "220 simulated.example ESMTP simulated: no mail is delivered"),
    );
  }

  readonly #onData = (chunk: Buffer): void => {
    this.#input += chunk.toString("latin1");
    if (!this.#input.includes("\r\n") && this.#input.length > lineBytesMax) this.#socket.destroy();
    else void this.#inTurn(async () => {});
  };

  #listen(): void {
    this.#socket.on("data", this.#onData);
    this.#socket.on("error", () => {});
  }

  /** One command after the other, whatever arrives meanwhile. */
  async #inTurn(first: () => Promise<void>): Promise<void> {
    if (this.#isBusy) return;
    this.#isBusy = true;
    try {
      await first();
      for (let end = this.#input.indexOf("\r\n"); end >= 0; end = this.#input.indexOf("\r\n")) {
        const line = this.#input.slice(0, end);
        this.#input = this.#input.slice(end + 2);
        await (this.#next ? this.#next(line) : this.#command(line));
      }
    } catch (error) {
      this.#socket.destroy();
      if (!(error instanceof Cut)) throw error;
    } finally {
      this.#isBusy = false;
    }
  }

  #say(...lines: string[]): void {
    if (!this.#socket.destroyed) this.#socket.write(Buffer.from(lines.map((line) => `${line}\r\n`).join(""), "utf8"));
  }

  /** Does a stage's work and says its answer, unless a fault stands in the way. */
  async #at(stage: SmtpStage, work: () => Promise<string | string[]>): Promise<void> {
    const fault = this.#receiver.faultAt(stage);
    if (fault?.waitMs !== undefined) await this.#receiver.sleep(fault.waitMs);
    if (fault?.cut === "before") throw new Cut();
    if (fault?.reply !== undefined) {
      this.#say(fault.reply);
      if (fault.reply.startsWith("421")) this.#socket.end();
      return;
    }
    const answer = await work();
    if (fault?.cut === "after") throw new Cut();
    this.#say(...[answer].flat());
  }

  async #command(line: string): Promise<void> {
    const [verb = "", ...rest] = line.split(" ");
    const name = verb.toUpperCase();
    const argument = rest.join(" ");
    this.#receiver.commands.push(name === "AUTH" ? `AUTH ${rest[0] ?? ""}` : line);
    if (name === "EHLO" || name === "HELO") return this.#at("hello", async () => this.#greet(name));
    if (name === "STARTTLS") return this.#startTls();
    if (name === "QUIT") {
      this.#say("221 2.0.0 simulated: goodbye");
      this.#socket.end();
      return;
    }
    if (name === "NOOP") return this.#say("250 2.0.0 simulated: nothing was done");
    if (name === "RSET") {
      this.#forget();
      return this.#say("250 2.0.0 simulated: forgotten");
    }
    if (!this.#hello) return this.#say("503 5.5.1 simulated: say EHLO first");
    if (name === "AUTH") return this.#auth(rest[0]?.toUpperCase() ?? "", rest[1]);
    if (name === "MAIL") return this.#at("mail", async () => this.#mail(argument));
    if (name === "RCPT") return this.#at("rcpt", async () => this.#rcpt(argument));
    if (name === "DATA") return this.#data();
    this.#say("502 5.5.1 simulated: this command is not known here");
  }

  #greet(name: string): string[] {
    this.#hello = true;
    this.#forget();
    if (name === "HELO") return ["250 simulated.example"];
    const { pipelining = true, tls } = this.#receiver.options;
    const lines = ["simulated.example greets you", `SIZE ${mailBytesMax}`, "8BITMIME", "ENHANCEDSTATUSCODES"];
    if (pipelining) lines.push("PIPELINING");
    if (tls && !this.#isSecure) lines.push("STARTTLS");
    if (this.#mayAuthenticate()) lines.push(`AUTH ${this.#mechanisms().join(" ")}`);
    return lines.map((line, index) => `250${index === lines.length - 1 ? " " : "-"}${line}`);
  }

  #mechanisms(): readonly string[] {
    return this.#receiver.options.mechanisms ?? ["PLAIN", "LOGIN"];
  }

  /** Where TLS is to be had, a password is not taken without it. */
  #mayAuthenticate(): boolean {
    const { accounts, tls } = this.#receiver.options;
    return accounts !== undefined && (this.#isSecure || tls === undefined);
  }

  async #startTls(): Promise<void> {
    const tls = this.#isSecure ? undefined : this.#receiver.options.tls;
    let isGranted = false;
    await this.#at("starttls", async () => {
      isGranted = tls !== undefined;
      return isGranted ? "220 2.0.0 simulated: go ahead" : "502 5.5.1 simulated: there is no STARTTLS here";
    });
    if (tls && isGranted) this.#secure(tls);
  }

  #secure(tls: { key: string; cert: string }): void {
    const plain = this.#socket;
    plain.removeListener("data", this.#onData);
    // RFC 3207 4.2: what was said and learned before counts for nothing.
    this.#input = "";
    this.#hello = false;
    this.#forget();
    this.#socket = new TLSSocket(plain, { isServer: true, secureContext: createSecureContext(tls) });
    this.#isSecure = true;
    this.#listen();
  }

  async #auth(mechanism: string, initial: string | undefined): Promise<void> {
    if (!this.#mayAuthenticate()) return this.#say("502 5.5.1 simulated: there is no AUTH here");
    if (!this.#mechanisms().includes(mechanism)) return this.#say("504 5.5.4 simulated: this way is not offered");
    if (mechanism === "PLAIN") return this.#prompted("", initial, (text) => this.#plain(text));
    return this.#prompted("Username:", initial, (user) =>
      this.#prompted("Password:", undefined, (password) => this.#signIn(user, password)),
    );
  }

  /** Asks for one line of base64, unless it came with the command. */
  async #prompted(prompt: string, given: string | undefined, take: (text: string) => Promise<void>): Promise<void> {
    const decode = (line: string) => Buffer.from(line, "base64").toString("utf8");
    if (given !== undefined) return take(decode(given));
    this.#say(`334 ${Buffer.from(prompt).toString("base64")}`);
    this.#next = async (line) => {
      this.#next = undefined;
      if (line === "*") this.#say("501 5.7.0 simulated: broken off");
      else await take(decode(line));
    };
  }

  async #plain(text: string): Promise<void> {
    const [, user = "", password = ""] = text.split("\0");
    await this.#signIn(user, password);
  }

  #signIn(user: string, password: string): Promise<void> {
    return this.#at("auth", async () => {
      const { accounts = {} } = this.#receiver.options;
      const isRight = Object.hasOwn(accounts, user) && accounts[user] === password;
      if (!isRight) return "535 5.7.8 simulated: user name or password is wrong";
      this.#user = user;
      return "235 2.7.0 simulated: signed in";
    });
  }

  #mail(argument: string): string {
    const address = /^FROM:<([^<>\s]*)>/i.exec(argument)?.[1];
    const { accounts, tls } = this.#receiver.options;
    if (tls?.isRequired && !this.#isSecure) return "530 5.7.0 simulated: say STARTTLS first";
    if (accounts && this.#user === undefined) return "530 5.7.0 simulated: sign in first";
    if (address === undefined) return "501 5.5.4 simulated: MAIL FROM:<address>";
    if (this.#from !== undefined) return "503 5.5.1 simulated: there is a sender already";
    this.#from = address;
    return "250 2.1.0 simulated: sender is fine";
  }

  #rcpt(argument: string): string {
    const address = /^TO:<([^<>\s]+)>/i.exec(argument)?.[1];
    if (this.#from === undefined) return "503 5.5.1 simulated: say MAIL first";
    if (address === undefined) return "501 5.5.4 simulated: RCPT TO:<address>";
    this.#to.push(address);
    return "250 2.1.5 simulated: recipient is fine";
  }

  #data(): Promise<void> {
    return this.#at("data", async () => {
      if (this.#to.length === 0) return "503 5.5.1 simulated: there is no recipient";
      const lines: string[] = [];
      let bytes = 0;
      this.#next = async (line) => {
        if (bytes === 0) await this.#beginContent();
        if (line === ".") return this.#take(lines, bytes);
        bytes += line.length + 2;
        if (bytes <= mailBytesMax) lines.push(line.startsWith(".") ? line.slice(1) : line);
      };
      return "354 simulated: end with a dot on a line of its own";
    });
  }

  async #beginContent(): Promise<void> {
    const fault = this.#receiver.faultAt("content");
    if (fault?.waitMs !== undefined) await this.#receiver.sleep(fault.waitMs);
    if (fault?.cut !== undefined) throw new Cut();
  }

  async #take(lines: string[], bytes: number): Promise<void> {
    const envelope = { from: this.#from ?? "", to: this.#to };
    this.#next = undefined;
    this.#forget();
    await this.#at("message", async () => {
      if (bytes > mailBytesMax) return "552 5.3.4 simulated: the mail is too long";
      const raw = lines.map((line) => `${line}\r\n`).join("");
      const number = this.#receiver.keep({ envelope, user: this.#user, isSecure: this.#isSecure, raw });
      return `250 2.0.0 simulated: taken as ${number}`;
    });
  }

  #forget(): void {
    this.#from = undefined;
    this.#to = [];
  }
}
