import type { Env } from "../base/env";
import { Problem } from "../base/errors";
import { checkEvent } from "../users/event";
import { nowOf, type School } from "../world/snapshot";
import { loadWorld } from "../world/world";
import type { Mapped } from "./mapped";

/** The first message of which our schema would refuse an event, so that none of them is taken; null where all are fine. */
export async function firstRefusal(
  env: Env,
  school: School,
  messages: readonly Mapped[],
): Promise<{ index: number; problem: Problem } | null> {
  const { school: seen } = await loadWorld(env, school);
  for (const [index, message] of messages.entries()) {
    for (const event of "events" in message ? message.events : []) {
      try {
        checkEvent(event, seen, { kind: "school" }, nowOf(school));
      } catch (problem) {
        if (!(problem instanceof Problem)) throw problem;
        return { index, problem };
      }
    }
  }
  return null;
}
