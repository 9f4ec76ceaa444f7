import { Fault } from "../../src/diagnostic.ts";
import type { Mail, Mailer, MailServer } from "../../src/io.ts";

/**
 * How one sending goes wrong. "refused": the server says no, for certain. "cut before": nothing arrived, and nobody can tell.
 * "cut after commit": it arrived, and nobody can tell.
 */
export type OutboxFault = "refused" | "cut before" | "cut after commit";

export interface SentMail {
  mail: Mail;
  server: MailServer;
}

/** A mail server in memory. It outlives the crashes of a test, as a real one does. */
export class Outbox implements Mailer {
  /** Every mail that arrived, in order; one that was sent twice is there twice, with the same Message-ID. */
  readonly arrived: SentMail[] = [];
  /** How the next sendings go: one entry each, in order; undefined for one that goes well. */
  readonly faults: (OutboxFault | undefined)[] = [];
  /** Called before and after each sending; a crash that it throws comes before or after the mail arrived. */
  onPoint: (name: string) => void = () => {};
  /** Called with each mail that arrived, such as the inbox of a simulated licensing team. */
  onMail: (mail: Mail) => void = () => {};
  #tries = 0;

  /** Sendings that were tried, with what went wrong on the way. */
  get tries(): number {
    return this.#tries;
  }

  /** What arrived, each Message-ID once: what whoever gets it takes for separate mails. */
  get mails(): Mail[] {
    return [...new Map(this.arrived.map(({ mail }) => [mail.messageId, mail])).values()];
  }

  async send(mail: Mail, server: MailServer): Promise<void> {
    this.onPoint("before mail");
    this.#tries++;
    const fault = this.faults.shift();
    if (fault !== "refused" && fault !== "cut before") {
      this.arrived.push({ mail: { ...mail }, server });
      this.onMail(mail);
    }
    this.onPoint("after mail");
    if (fault !== undefined) throw faultOf(fault, server);
  }
}

function faultOf(fault: OutboxFault, server: MailServer): Fault {
  if (fault === "refused") {
    const remedy = "check the address";
    return new Fault("the mail server refused the mail", { happened: "no", at: server.url, code: "refused", remedy });
  }
  return new Fault("the mail server cut the connection", {
    happened: "unknown",
    at: server.url,
    code: "cut",
    remedy: "run again",
  });
}
