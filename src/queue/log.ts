import type { Env } from "../base/env";
import { log } from "../base/reports/log";
import type { LogMessage } from "../calls/messages";
import { countEvents, writeCounted } from "../journal/tables/usage";
import { tellUsers } from "../journal/tell";

/** Fetches what users' objects have for D1 and writes it; they keep it until they hear that it is written. */
export async function writeLogs(
  env: Env,
  messages: readonly { message: Message<unknown>; body: LogMessage }[],
): Promise<void> {
  for (const { body } of messages) countEvents(body.events ?? []);
  await tellUsers(
    env,
    messages.flatMap(({ body }) => body.users),
  );
  await writeCounted(env).catch((error: unknown) => log("error", "log.not_told", { error }));
  // What was not written is offered again by its object's alarm.
  for (const { message } of messages) message.ack();
}
