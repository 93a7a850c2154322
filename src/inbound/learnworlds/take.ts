import type { Env } from "../../base/env";
import type { Fault } from "../../base/errors/errors";
import { nowOf, type School } from "../../world/snapshot";
import { dropping } from "../drop";
import { objectIn, textIn } from "../read";
import { type Came, type Format, takeMessages } from "../take";
import { tellsByHand } from "./echo";
import { holdingsOf } from "./holdings";
import { mapLearnworlds } from "./map";
import { readSeen, writeSeen } from "./seen";
import { learnworldsUser } from "./user";

/** How it is told what of a webhook was not used. */
export const learnworldsFormat: Format = {
  name: "learnworlds",
  places: [
    ["/user", "/data/user"],
    ["/user/registered_at", "/data/user/created"],
    ["/user/source", "/data/user/utms"],
    ["/user/marketing_consent", "/data/user/subscribed_for_marketing_emails"],
    ["/data", "/data"],
    ["/data/tag", "/data/tags"],
  ],
  called: (message) => textIn(objectIn(message).type) ?? "no type",
};

/** A webhook by what its user's last ones said and what they hold; `seen`: what it says of the user itself. */
async function read(env: Env, school: School, body: unknown) {
  const user = learnworldsUser(body);
  const before = user === undefined ? null : await readSeen(env, school.id, user);
  const currency = school.settings.currency ?? undefined;
  const holdings = user !== undefined && tellsByHand(body) ? await holdingsOf(env, school, user) : [];
  const { mapped, seen } = await mapLearnworlds(body, { now: nowOf(school), currency, seen: before, holdings });
  return { user, mapped, seen, isNews: JSON.stringify(seen) !== JSON.stringify(before) };
}

/** Takes a webhook. @param faults of its text: what no text can hold is left out */
export async function takeLearnworlds(
  env: Env,
  school: School,
  body: unknown,
  faults: readonly Fault[],
  trace: string | null,
): Promise<void> {
  const message = dropping(body, faults);
  const { user, mapped, seen, isNews } = await read(env, school, message);
  const [taken] = await takeMessages(env, school, learnworldsFormat, [{ mapped, message, unread: faults }], trace);
  for (const result of taken?.results ?? [])
    if ("problem" in result && result.problem.kind === "unavailable") throw result.problem;
  if (user !== undefined && isNews && taken?.results.length) await writeSeen(env, school.id, user, seen);
}

/** A kept webhook once more. */
export async function learnworldsAgain(env: Env, school: School, message: unknown): Promise<Came> {
  const { mapped } = await read(env, school, message);
  return { mapped, message };
}
