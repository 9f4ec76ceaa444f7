import { loginPage, plain, truncate } from "./answers.ts";
import type { FaultRule, FaultSchedule, FaultTarget } from "./faults.ts";
import { type SimResponse, SimulatedCut } from "./wire.ts";

/** A call that was accepted, whose connection is gone, and that is performed later. */
export type PendingCall<Work, Accepted> = {
  readonly dueAt: number;
  readonly work: Work;
  readonly accepted: Accepted;
};

/** What a simulator does with a call; the player decides whether, when and with which answer. */
type Performer<Work, Accepted> = {
  now(): number;
  sleep(ms: number): Promise<void>;
  natureOf(work: Work): FaultTarget;
  /** Lists are read as of `lagMs` ago. `accepted` is whoever was let in when the call arrived, if that was earlier. */
  perform(work: Work, accepted: Accepted | undefined, lagMs: number): SimResponse;
  /** Whoever is let in now; undefined when nobody is, and then nothing is performed later. */
  accept(work: Work): Accepted | undefined;
  /** Ends the session that the call comes with, if it comes with one. */
  endSession(work: Work): void;
  /** Notes a call that was turned away before anybody asked who makes it. */
  logRefused(work: Work): void;
};

/** What is left of a player's past. */
export type PlayerParts<Work, Accepted> = {
  faults: FaultSchedule;
  pending?: readonly PendingCall<Work, Accepted>[];
  closedUntil?: number;
};

const penaltyMsDefault = 5000;

/** Plays the faults of one simulator around its calls. */
export class FaultPlayer<Work, Accepted> {
  readonly faults: FaultSchedule;
  private readonly performer: Performer<Work, Accepted>;
  private pending: PendingCall<Work, Accepted>[];
  /** Until then every call is answered 429. */
  private closedUntil: number;

  constructor(
    performer: Performer<Work, Accepted>,
    { faults, pending = [], closedUntil = 0 }: PlayerParts<Work, Accepted>,
  ) {
    this.performer = performer;
    this.faults = faults;
    this.pending = [...pending];
    this.closedUntil = closedUntil;
  }

  /** How many accepted calls are still to be performed. */
  get pendingCount(): number {
    return this.pending.length;
  }

  /** What a copy of the simulator goes on with. */
  parts(): PlayerParts<Work, Accepted> {
    return { faults: this.faults.clone(), pending: this.pending, closedUntil: this.closedUntil };
  }

  /** Performs what `commit-after` put off and what is due now. */
  settlePending(): void {
    const at = this.performer.now();
    const due = this.pending.filter((call) => call.dueAt <= at).sort((a, b) => a.dueAt - b.dueAt);
    if (due.length === 0) return;
    this.pending = this.pending.filter((call) => call.dueAt > at);
    for (const call of due) this.performer.perform(call.work, call.accepted, 0);
  }

  /** Answers one call. Throws `SimulatedCut` where a server would destroy the connection. */
  async play(work: Work): Promise<SimResponse> {
    if (this.performer.now() < this.closedUntil) {
      this.performer.logRefused(work);
      return plain(429, "simulated: too many requests");
    }
    this.settlePending();
    const rule = this.faults.take(this.performer.natureOf(work));
    const instead = rule && this.answerInstead(rule, work);
    if (instead) return instead;
    if (rule?.fault === "session-ends") this.performer.endSession(work);
    if (rule?.fault === "slow") await this.performer.sleep(rule.ms!);
    const lagMs = rule?.fault === "list-lags" ? rule.ms! : 0;
    const response = this.performer.perform(work, undefined, lagMs);
    if (rule?.fault === "cut-after-commit") throw new SimulatedCut(rule.fault);
    return rule?.fault === "truncated" ? truncate(response) : response;
  }

  /** Faults that keep the call from being performed now. Throws where the connection is cut. */
  private answerInstead(rule: FaultRule, work: Work): SimResponse | undefined {
    const at = this.performer.now();
    if (rule.fault === "commit-after") {
      this.postpone(work, at + rule.ms!);
      throw new SimulatedCut(rule.fault);
    }
    if (!["cut-before", "429", "500", "html"].includes(rule.fault)) return undefined;
    this.performer.logRefused(work);
    if (rule.fault === "cut-before") throw new SimulatedCut(rule.fault);
    if (rule.fault === "html") return loginPage();
    if (rule.fault === "500") return plain(500, "simulated: internal server error");
    this.closedUntil = at + (rule.ms ?? penaltyMsDefault);
    return plain(429, "simulated: too many requests");
  }

  /** Credentials count as of now: a session that ends on the way does not stop what was accepted. */
  private postpone(work: Work, dueAt: number): void {
    const accepted = this.performer.accept(work);
    if (accepted !== undefined) this.pending.push({ dueAt, work, accepted });
  }
}
