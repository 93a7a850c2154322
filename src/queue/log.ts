import type { Env } from "../base/env";
import type { LogMessage } from "../calls/messages";
import { tellUsers } from "../journal/tell";

/** Fetches what users' objects have for D1 and writes it; they keep it until they hear that it is written. */
export async function writeLogs(
  env: Env,
  messages: readonly { message: Message<unknown>; body: LogMessage }[],
): Promise<void> {
  await tellUsers(
    env,
    messages.flatMap(({ body }) => body.users),
  );
  // What was not written is offered again by its object's alarm.
  for (const { message } of messages) message.ack();
}
