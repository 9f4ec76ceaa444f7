import { type ApiModule, licensingAddress } from "./licensing.ts";
import { type EnvironmentName, environmentNames, type Mail } from "./records.ts";
import type { MomentusStore } from "./store.ts";

/** The vendor's licensing team, as tests and demos need it: it reads its mails and switches modules. */

const modules: readonly ApiModule[] = ["Basic API", "Standard API"];

type LicensingTeamOptions = {
  /** How each environment is reached; a mail must name the URL. Without one any URL that ends in its name will do. */
  urls?: Partial<Record<EnvironmentName, string>>;
  /** Milliseconds between a mail and the team's answer. 0 by default. */
  answerMs?: number;
};

/** What a mail asks for. The subject decides, and the text when the subject says neither. */
export function wishOf(mail: Pick<Mail, "subject" | "text">): "add" | "remove" | undefined {
  for (const text of [mail.subject, mail.text]) {
    const removal = text.search(/\b(remov\w*|switch off|no longer)\b/i);
    const addition = text.search(/\b(add|adds|adding|addition|switch on)\b/i);
    if (removal >= 0 && (addition < 0 || removal < addition)) return "remove";
    if (addition >= 0) return "add";
  }
  return undefined;
}

/** Reads the mails to the licensing address, one after the other, each once: what was sent again is no second mail. */
export class LicensingTeam {
  private readonly store: MomentusStore;
  private readonly options: LicensingTeamOptions;
  private readCount = 0;
  private readonly known = new Set<string>();

  constructor(store: MomentusStore, options: LicensingTeamOptions = {}) {
    this.store = store;
    this.options = options;
  }

  /** Works through what has arrived and is due by the simulator's clock. Returns how many mails it answered. */
  work(): number {
    let answered = 0;
    const { outbox } = this.store;
    for (; this.readCount < outbox.length; this.readCount += 1) {
      const mail = outbox[this.readCount]!;
      if (mail.to.toLowerCase() !== licensingAddress) continue;
      if (mail.at + (this.options.answerMs ?? 0) > this.store.now()) break;
      if (mail.messageId !== undefined && this.known.has(mail.messageId)) continue;
      if (mail.messageId !== undefined) this.known.add(mail.messageId);
      this.answer(mail);
      answered += 1;
    }
    return answered;
  }

  /** The same team at a copy of its store; what it has read it has read. */
  clone(store: MomentusStore): LicensingTeam {
    const copy = new LicensingTeam(store, this.options);
    copy.readCount = this.readCount;
    for (const messageId of this.known) copy.known.add(messageId);
    return copy;
  }

  private answer(mail: Mail): void {
    const wish = wishOf(mail);
    const module = modules.find((name) => mail.text.includes(name) || mail.subject.includes(name));
    const environment = environmentNames.find((name) => this.isAbout(mail.text, name));
    const reply = { from: licensingAddress, to: mail.from, subject: `Re: ${mail.subject}` };
    if (!wish || !module || !environment) {
      const text = "Which module, which environment URL and which serial number? We changed nothing.";
      this.store.sendMail({ ...reply, text });
      return;
    }
    if (wish === "add") this.store.licensing.switchOn(environment, module);
    else this.store.licensing.switchOff(environment, module);
    const text = `${module} was ${wish === "add" ? "added to" : "removed from"} ${environment}. The ticket is closed.`;
    this.store.sendMail({ ...reply, text });
  }

  /** Environment URL and serial number must both be there. */
  private isAbout(text: string, environment: EnvironmentName): boolean {
    const url = this.options.urls?.[environment];
    const isNamed = url === undefined ? new RegExp(`https?://\\S+/${environment}\\b`).test(text) : text.includes(url);
    return isNamed && text.includes(this.store.serialNumbers[environment]);
  }
}
