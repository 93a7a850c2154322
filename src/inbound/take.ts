import type { Env } from "../base/env";
import type { ToldName } from "../catalogue/told-names";
import { countUnmapped } from "../db/unmapped";
import { ingestAll } from "../users/batch";
import { NO_WAIT } from "../users/carry";
import type { Ingested } from "../users/ingest";
import type { School } from "../world/snapshot";
import type { Mapped } from "./mapped";

/**
 * Takes what messages were mapped to, in their order; one bad event stops no other.
 * @param format the way in, as unmapped messages are shown by: "segment", "xapi" …
 * @returns for each message the results of its events; none where it was counted as unmapped
 */
export async function takeMapped(
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
