import { SmtpReceiver } from "./smtp.ts";

/** Where mails to the simulated vendors come in. */

export type IncomingMail = {
  readonly from: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  /** Equal for every try of one mail; the second of two is no second mail. */
  readonly messageId?: string;
};

/** A receiver that is open: an SMTP server on 127.0.0.1, or a test's own. */
type MailSource = {
  /** What senders are told, for example `smtp://127.0.0.1:2525`. */
  readonly url: string;
  /** Safe to call twice. */
  close(): Promise<void>;
};

/** Opens a receiver on a port, 0 for any. `take` gets each mail, once for each recipient, before its sender is told that it was taken. */
export type OpenMailSource = (port: number, take: (mail: IncomingMail) => void) => Promise<MailSource>;

/** A receiver that speaks SMTP, without TLS and without signing in, which is enough on this machine. Rejects when the port is taken. */
export const openSmtp: OpenMailSource = async (port, take) => {
  const receiver = new SmtpReceiver({
    onMail: ({ envelope, subject, text, messageId }) => {
      const known = messageId === "" ? {} : { messageId };
      for (const to of envelope.to) take({ from: envelope.from, to, subject, text, ...known });
    },
  });
  return { url: `smtp://127.0.0.1:${await receiver.listen(port)}`, close: () => receiver.close() };
};
