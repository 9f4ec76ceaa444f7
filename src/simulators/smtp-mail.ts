/** Reads the text of a mail as a mail program would: headers, encoded words, and a body of one part. */

export type ReadMail = {
  /** In the order of the text, names in lower case, values decoded. A name that stands there twice is there twice. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** First of its kind; "" where there is none. */
  readonly from: string;
  readonly to: string;
  readonly subject: string;
  readonly messageId: string;
  /** Decoded, with plain line feeds, without the line end that ends every mail. */
  readonly text: string;
};

/** Takes a mail apart. Never throws: what cannot be decoded stays as it is. */
export function readMail(raw: string): ReadMail {
  const end = raw.indexOf("\r\n\r\n");
  const head = end < 0 ? raw : raw.slice(0, end);
  const body = end < 0 ? "" : raw.slice(end + 4);
  const headers = headersIn(head);
  const first = (name: string): string => headers.find(([found]) => found === name)?.[1] ?? "";
  const encoding = first("content-transfer-encoding").toLowerCase();
  const charset = /charset="?([\w-]+)/i.exec(first("content-type"))?.[1] ?? "utf-8";
  const text = decoded(bytesOf(body, encoding), charset).replaceAll("\r\n", "\n").replace(/\n$/, "");
  return {
    headers,
    from: first("from"),
    to: first("to"),
    subject: first("subject"),
    messageId: first("message-id"),
    text,
  };
}

function headersIn(head: string): [string, string][] {
  return head
    .replace(/\r\n(?=[ \t])/g, "")
    .split("\r\n")
    .flatMap((line): [string, string][] => {
      const colon = line.indexOf(":");
      if (colon < 1) return [];
      return [[line.slice(0, colon).trim().toLowerCase(), withoutEncodedWords(line.slice(colon + 1).trim())]];
    });
}

/** RFC 2047: the blanks between two encoded words mean nothing. */
function withoutEncodedWords(text: string): string {
  return text
    .replace(/(\?=)\s+(?==\?[\w-]+\?[BQ]\?)/gi, "$1")
    .replace(/=\?([\w-]+)\?([BQ])\?([^?]*)\?=/gi, (_, charset: string, encoding: string, words: string) => {
      const isBase64 = encoding.toUpperCase() === "B";
      return decoded(bytesOf(isBase64 ? words : words.replaceAll("_", " "), isBase64 ? "base64" : "q"), charset);
    });
}

function bytesOf(text: string, encoding: string): Buffer {
  if (encoding === "base64") return Buffer.from(text, "base64");
  if (encoding !== "quoted-printable" && encoding !== "q") return Buffer.from(text, "latin1");
  const joined = text.replace(/[ \t]+(?=\r\n|$)/g, "").replace(/=\r\n/g, "");
  const unquoted = joined.replace(/=([0-9A-F]{2})/gi, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return Buffer.from(unquoted, "latin1");
}

function decoded(bytes: Buffer, charset: string): string {
  try {
    return new TextDecoder(charset).decode(bytes);
  } catch {
    return bytes.toString("latin1");
  }
}
