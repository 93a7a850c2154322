import type { Env } from "../base/env";
import type { ToldName } from "../catalogue/told-names";
import { countUnmapped } from "../db/unmapped";
import { ingestAll } from "../users/batch";
import { NO_WAIT } from "../users/carry";
import type { Ingested } from "../users/ingest";
import { callCourses, coursesNamed, oursOf } from "../world/ids";
import type { School } from "../world/snapshot";
import type { Mapped } from "./mapped";

/**
 * Takes what messages of a foreign format were mapped to: the same as `takeEvents`, with courses under the ids that they
 * have here.
 */
export async function takeMapped(
  env: Env,
  school: School,
  format: string,
  messages: readonly Mapped[],
): Promise<Ingested[][]> {
  const named = messages.flatMap((message) =>
    "events" in message ? message.events.flatMap(({ data = {} }) => coursesNamed(data)) : [],
  );
  const oursOfTheirs = await oursOf(env, school, "course", named);
  const inOurIds = messages.map((message): Mapped => {
    if (!("events" in message)) return message;
    const events = message.events.map((event) =>
      event.data ? { ...event, data: callCourses(event.data, oursOfTheirs) } : event,
    );
    const names = message.names?.map(
      ([kind, id, name]): ToldName => [kind, kind === "course" ? oursOfTheirs(id) : id, name],
    );
    return names ? { events, names } : { events };
  });
  return takeEvents(env, school, format, inOurIds);
}

/**
 * Takes what messages were mapped to, in their order; one bad event stops no other.
 * @param format the way in, as unmapped messages are shown by: "segment", "xapi" …
 * @returns for each message the results of its events; none where it was counted as unmapped
 */
export async function takeEvents(
  env: Env,
  school: School,
  format: string,
  messages: readonly Mapped[],
): Promise<Ingested[][]> {
  const events = messages.flatMap((message) => ("events" in message ? message.events : []));
  const names = messages.flatMap((message) => ("unmapped" in message ? message.unmapped : []));
  await countUnmapped(env, school.id, format, names);
  const results = await ingestAll(env, school, events, new Map(), NO_WAIT, namesOf(messages));
  return messages.map((message) => ("events" in message ? results.splice(0, message.events.length) : []));
}

/** What messages call products, by the index of the first event of each. */
function namesOf(messages: readonly Mapped[]): Map<number, readonly ToldName[]> {
  const names = new Map<number, readonly ToldName[]>();
  let index = 0;
  for (const message of messages) {
    if (!("events" in message)) continue;
    if (message.names?.length && message.events.length) names.set(index, message.names);
    index += message.events.length;
  }
  return names;
}
