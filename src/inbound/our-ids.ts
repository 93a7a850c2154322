import type { Env } from "../base/env";
import type { ToldName } from "../catalogue/told-names";
import { callCourses, coursesNamed, oursOf } from "../world/ids";
import type { School } from "../world/snapshot";
import type { Mapped } from "./mapped";

/** What messages of foreign formats were mapped to, with courses under the ids that they have here. */
export async function inOurIds(env: Env, school: School, messages: readonly Mapped[]): Promise<Mapped[]> {
  const named = messages.flatMap((message) =>
    "events" in message ? message.events.flatMap(({ data = {} }) => coursesNamed(data)) : [],
  );
  const oursOfTheirs = await oursOf(env, school, "course", named);
  return messages.map((message): Mapped => {
    if (!("events" in message)) return message;
    const events = message.events.map((event) =>
      event.data ? { ...event, data: callCourses(event.data, oursOfTheirs) } : event,
    );
    const names = message.names?.map(
      ([kind, id, name]): ToldName => [kind, kind === "course" ? oursOfTheirs(id) : id, name],
    );
    return names ? { events, names } : { events };
  });
}
