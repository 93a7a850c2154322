/*
 * What a mail vendor says became of a mail, whoever it is.
 */

export type VendorReport = Fault | Look;

/** A mail that did not arrive, or was not wanted. */
export interface Fault {
  /** Whom the mail was for. */
  address: string;
  /** `bounced`: for good; `bounced_softly`: for now, as of a full mailbox; `complained`: it was called spam. */
  what: "bounced" | "bounced_softly" | "complained";
  /** The idempotency key of our delivery, where the vendor hands it back; null: it is not known which it was. */
  key: string | null;
  /** In the vendor's words. */
  detail: string | null;
}

/** A mail that was opened, or in which a link was followed, as far as the vendor can tell. */
export interface Look {
  what: "opened" | "clicked";
  key: string | null;
}

export const isLook = (report: VendorReport): report is Look => report.what === "opened" || report.what === "clicked";

const MOST = 1_000;

/** What is kept of a vendor's words: their beginning, on one line. */
export function detailOf(...parts: readonly (string | undefined)[]): string | null {
  const text = parts
    .filter((part) => part !== undefined && part !== "")
    .join(": ")
    .replaceAll(/[\p{Cc}\s]+/gu, " ")
    .trim();
  return text === "" ? null : text.slice(0, MOST);
}

/** Our key in a Message-ID that we made: `<key@domain>`. */
export const keyInMessageId = (id: string | undefined): string | null => /^<?(run_[\w-]+)@/.exec(id ?? "")?.[1] ?? null;
