import type { Credential } from "../access/credentials";

/*
 * Links by which a learner has a say without signing in, as they stand in mails. Whoever may look and not change is shown
 * that one is there, and not what opens it.
 */

/** As an address and as a part of one (`%2F`). Tokens are two parts of base64url. */
const LINK = /((?:unsubscribe|preferences)(?:\/|%2F))[\w-]+(?:\.|%2E)[\w-]+/gi;

/** Whether it is for somebody who may look and not change. */
export const onlyLooks = (credential: Credential | null): boolean =>
  (credential?.kind === "key" || credential?.kind === "session") &&
  credential.scopes.includes("read") &&
  !credential.scopes.includes("write");

export const withoutLinks = (text: string): string => text.replaceAll(LINK, "$1…");

/** What a link may have begun to be: it is held back until it ends. Longer than any is no link. */
const UNFINISHED = /[\w.%/-]{1,4096}$/;

/** The same of a text that comes in pieces. */
export function streamWithoutLinks(stream: ReadableStream<Uint8Array>): ReadableStream<Uint8Array> {
  const [decoder, encoder] = [new TextDecoder(), new TextEncoder()];
  let rest = "";
  return stream.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform(piece, controller) {
        const text = rest + decoder.decode(piece, { stream: true });
        rest = UNFINISHED.exec(text)?.[0] ?? "";
        const whole = text.slice(0, text.length - rest.length);
        if (whole) controller.enqueue(encoder.encode(withoutLinks(whole)));
      },
      flush(controller) {
        controller.enqueue(encoder.encode(withoutLinks(rest + decoder.decode())));
      },
    }),
  );
}
