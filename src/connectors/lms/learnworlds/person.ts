import * as z from "zod";
import { Cache } from "../../../base/cache";
import { isLead } from "../../../catalogue/facts/facts";
import type { Parcel } from "../../ports";
import { type Answer, isUnknown } from "./answer";
import { type Api, segment } from "./api";

/*
 * How LearnWorlds knows a user: by its own id, which ours is where its webhooks or a sync made the user. Users of other
 * origin are found by their address, once.
 */

/** 24 hex digits: nobody else's ids look so. */
const THEIRS = /^[0-9a-f]{24}$/;
const MOST_USERS = 5_000;

/** Their ids of users whose id here is another. */
const found = new Cache<string>({ entries: MOST_USERS });

const user = z.object({ id: z.string().min(1) });

async function lookUp(api: Api, email: string): Promise<string | (Answer & { ok: false })> {
  const answer = await api.request("GET", `/v2/users/${segment(email)}`);
  if (!answer.ok) return isUnknown(answer) ? { ...answer, error: UNKNOWN } : answer;
  return user.safeParse(answer.json).data?.id ?? { ok: false, error: "a user without an id", retry: false };
}

const UNKNOWN = "404: LearnWorlds knows the user neither by this id nor by the address";

/** Asks something of a user by the id that LearnWorlds has for them. */
export async function askOf(
  api: Api,
  { id, email }: Pick<Parcel["user"], "id" | "email">,
  ask: (theirId: string) => Promise<Answer>,
): Promise<Answer> {
  const key = `${api.school} ${id}`;
  const known = found.get(key);
  const first = known ?? (isLead(id) ? null : id);
  const answer = first === null ? null : await ask(first);
  if (answer && (!isUnknown(answer) || THEIRS.test(id))) return answer;
  found.delete(key);
  if (email === null) return answer ?? { ok: false, error: UNKNOWN, code: 404, retry: false };
  const looked = await lookUp(api, email);
  if (typeof looked !== "string") return looked;
  // It knows the user as we named them: what it does not know is something else.
  if (answer && looked === first) return answer;
  return ask(found.set(key, looked));
}
