import * as z from "zod";
import { sha256Hex } from "../../../base/bytes";
import { Cache } from "../../../base/cache";
import type { VendorRequest } from "../../calling/http";
import type { Tools } from "../../ports";
import { answerOf, type Failure, faultIn, jsonOf } from "./answer";
import { apiOf, type Settings } from "./settings";
import type { Turns } from "./turns";

/* Access tokens by client credentials, kept by the isolate until shortly before they end. */

const MOST_SCHOOLS = 500;
/** A token is left so long before it ends, or a tenth of its life, so that it lives through the request. */
const MARGIN_MS = 60_000;

type Encoding = "data" | "json" | "form";

/** Schools differ in how they read the credentials. */
const ENCODINGS: readonly Encoding[] = ["data", "json", "form"];

const FORM = "application/x-www-form-urlencoded";

const encoded: Record<Encoding, (fields: Record<string, string>) => { type: string; body: string }> = {
  data: (fields) => ({ type: FORM, body: new URLSearchParams({ data: JSON.stringify(fields) }).toString() }),
  json: (fields) => ({ type: "application/json", body: JSON.stringify(fields) }),
  form: (fields) => ({ type: FORM, body: new URLSearchParams(fields).toString() }),
};

const granted = z.object({
  tokenData: z.object({ access_token: z.string().min(1), expires_in: z.coerce.number().positive() }),
});

/** By a digest of all three settings: whoever does not hold the secret finds nothing here. */
const tokens = new Cache<string>({ entries: MOST_SCHOOLS });
/** Which encoding worked, by the address and the client's id. */
const working = new Cache<Encoding>({ entries: MOST_SCHOOLS });

/** `isRefused`: it is the credentials that are wrong. */
export type Token = { ok: true; token: string } | ({ ok: false; isRefused?: true } & Failure);

const keyOf = (settings: Settings) =>
  sha256Hex(JSON.stringify([apiOf(settings.url), settings.client_id, settings.client_secret]));

/** Says of a token that LearnWorlds refuses it. A newer one that somebody else has fetched meanwhile stays. */
export async function forgetToken(settings: Settings, refused: string): Promise<void> {
  const key = await keyOf(settings);
  if (tokens.get(key) === refused) tokens.delete(key);
}

const broken = (error: string) => ({ ok: false, error, retry: true, broken: true }) as const;

/** The token known, or a new one. */
export async function tokenFor(settings: Settings, turns: Turns, tools: Tools): Promise<Token> {
  const key = await keyOf(settings);
  const known = tokens.get(key, tools.now());
  if (known !== undefined) return { ok: true, token: known };
  const school = `${apiOf(settings.url)} ${settings.client_id}`;
  const first = working.get(school);
  let refusal: Token = broken(NOT_THERE);
  for (const encoding of [...ENCODINGS].sort((a, b) => Number(b === first) - Number(a === first))) {
    const reply = await turns.send(`${apiOf(settings.url)}/oauth2/access_token`, requestOf(settings, encoding));
    if ("notYet" in reply) return { ok: false, ...reply.notYet };
    const answer = answerOf(reply);
    if (!reply.reached) return { ok: false, error: `sign-in: ${reply.error}`, retry: true };
    const found = granted.safeParse(jsonOf(reply.text)).data?.tokenData;
    if (found) {
      const lifeMs = found.expires_in * 1_000;
      working.set(school, encoding);
      tokens.set(key, found.access_token, tools.now() + lifeMs - Math.min(MARGIN_MS, lifeMs / 10));
      return { ok: true, token: found.access_token };
    }
    const { status, text } = reply;
    if (!answer.ok && answer.retry && status !== 401 && status >= 300)
      return { ...answer, error: `sign-in: ${answer.error}` };
    // No other way to write the credentials finds an API where there is a page, or nothing.
    if (status === 404 || (status < 300 && jsonOf(text) === undefined)) return broken(NOT_THERE);
    refusal = {
      ...broken(`${REFUSED} (${status}: ${faultIn(text).replaceAll(settings.client_secret, "…")})`),
      code: status,
      isRefused: true,
    };
  }
  return refusal;
}

const NOT_THERE = "no API of LearnWorlds answers at this address";
const REFUSED = "LearnWorlds refuses the client id and secret";

function requestOf({ client_id, client_secret }: Settings, encoding: Encoding): VendorRequest {
  const { type, body } = encoded[encoding]({ client_id, client_secret, grant_type: "client_credentials" });
  return { headers: { "content-type": type, "lw-client": client_id }, body };
}
