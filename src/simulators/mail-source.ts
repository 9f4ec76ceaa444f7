/** Where mails to the simulated vendors come in. */

export type ReceivedMail = {
  readonly from: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  /** Equal for every try of one mail; the second of two is no second mail. */
  readonly messageId?: string;
};

/** A receiver that is open: an SMTP server on 127.0.0.1, or a test's own. */
export type MailSource = {
  /** What senders are told, for example `smtp://127.0.0.1:2525`. */
  readonly url: string;
  /** Called once, before the first mail. `take` gets each mail before its sender is told that it was taken. */
  deliverTo(take: (mail: ReceivedMail) => void): void;
  /** Safe to call twice. */
  close(): Promise<void>;
};
