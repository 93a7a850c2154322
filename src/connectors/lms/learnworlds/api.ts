import { refusal } from "../../calling/http";
import type { Parcel, Tools } from "../../ports";
import { type Answer, answerOf } from "./answer";
import { apiOf, type Settings } from "./settings";
import { forgetToken, type Token, tokenFor } from "./token";
import { type Turns, turnsOf } from "./turns";

/** A page of 50 users with all their fields is longer than most answers. */
const MOST_BYTES = 2 * 1_024 * 1_024;

export interface Api {
  /** Of which school it is: what is remembered of its users is remembered by it. */
  school: string;
  /** The token that requests are made with, where the school may be called at all. */
  signIn(): Promise<Token>;
  /** One request, with a token; `path` begins with /v2, its ids written by `segment`. */
  request(method: "GET" | "POST" | "PUT" | "DELETE", path: string, body?: Record<string, unknown>): Promise<Answer>;
  pause: Turns["pause"];
}

/** An id as a part of a path. */
export const segment = encodeURIComponent;

/**
 * The API as one attempt has it.
 * @param mode of the school; where something is only read, what may be saved may be called
 */
export function apiFor(settings: Settings, tools: Tools, mode: Parcel["mode"] = "test"): Api {
  const base = apiOf(settings.url);
  const turns = turnsOf(tools);
  let mayCall: ReturnType<typeof refusal> | undefined;

  async function signIn(): Promise<Token> {
    mayCall ??= refusal(base, { mode }, tools);
    const refused = await mayCall;
    // An address is set right one day: until then nothing was refused by LearnWorlds.
    if (refused && !refused.ok) return { ...refused, retry: true, broken: true };
    return tokenFor(settings, turns, tools);
  }

  /** The answer, and the token that it was asked for with. */
  async function once(method: string, path: string, body: unknown): Promise<{ answer: Answer; token?: string }> {
    const access = await signIn();
    if (!access.ok) {
      const { isRefused: _, ...answer } = access;
      return { answer };
    }
    const { token } = access;
    const reply = await turns.send(base + path, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        "lw-client": settings.client_id,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      mostBytes: MOST_BYTES,
    });
    return "notYet" in reply ? { answer: { ok: false, ...reply.notYet } } : { answer: answerOf(reply), token };
  }

  return {
    school: `${base} ${settings.client_id}`,
    signIn,
    pause: turns.pause,
    async request(method, path, body) {
      const { answer, token } = await once(method, path, body);
      if (answer.ok || answer.code !== 401 || token === undefined) return answer;
      // Taken back before its end: a new one tells whether it was that.
      await forgetToken(settings, token);
      return (await once(method, path, body)).answer;
    },
  };
}
