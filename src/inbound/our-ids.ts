import type { Env } from "../base/env";
import type { ToldName } from "../catalogue/told-names";
import { callCourses, coursesNamed, oursOf } from "../world/ids";
import type { School } from "../world/snapshot";
import type { InboundEvent } from "./mapped";

/** What a message of a foreign format tells. */
interface Told {
  events: readonly InboundEvent[];
  names: readonly ToldName[];
}

/** The same with courses under the ids that they have here. */
export async function inOurIds(
  env: Env,
  school: School,
  messages: readonly Told[],
): Promise<{ events: InboundEvent[]; names: ToldName[] }[]> {
  const named = messages.flatMap(({ events }) => events.flatMap(({ data = {} }) => coursesNamed(data)));
  const oursOfTheirs = await oursOf(env, school, "course", named);
  return messages.map(({ events, names }) => ({
    events: events.map((event) => (event.data ? { ...event, data: callCourses(event.data, oursOfTheirs) } : event)),
    names: names.map(([kind, id, name]): ToldName => [kind, kind === "course" ? oursOfTheirs(id) : id, name]),
  }));
}
