/** An operator's rate limit policy. The window and the penalty are 5 seconds by default, as documented. */
export type RateLimitPolicy = {
  /** Calls in flight at once. */
  concurrencyMax?: number;
  /** Calls that fit into the leaky bucket; it drains in one window. */
  callsPerWindowMax?: number;
  windowMs?: number;
  penaltyMs?: number;
};

/** Milliseconds for which every call is answered 429 once a limit was passed. */
export const penaltyMsDefault = 5000;

/** Counts calls of one simulator. A refused call does not lengthen the penalty. */
export class RateLimiter {
  private readonly policy: RateLimitPolicy;
  private inFlight = 0;
  private level = 0;
  private leakedAt = 0;
  private penaltyUntil = -Infinity;

  constructor(policy: RateLimitPolicy = {}) {
    this.policy = policy;
  }

  /** True when this call may go on; then `leave` must follow. */
  enter(at: number): boolean {
    if (at < this.penaltyUntil) return false;
    const { concurrencyMax = Infinity, callsPerWindowMax = Infinity, windowMs = 5000 } = this.policy;
    this.level = Math.max(0, this.level - ((at - this.leakedAt) * callsPerWindowMax) / windowMs) || 0;
    this.leakedAt = at;
    if (this.inFlight + 1 > concurrencyMax || this.level + 1 > callsPerWindowMax) {
      this.punish(at, this.policy.penaltyMs ?? penaltyMsDefault);
      return false;
    }
    this.level += 1;
    this.inFlight += 1;
    return true;
  }

  leave(): void {
    this.inFlight -= 1;
  }

  punish(at: number, penaltyMs: number): void {
    this.penaltyUntil = at + penaltyMs;
  }

  clone(): RateLimiter {
    const copy = new RateLimiter(this.policy);
    copy.level = this.level;
    copy.leakedAt = this.leakedAt;
    copy.penaltyUntil = this.penaltyUntil;
    return copy;
  }
}
