import type { Env } from "../base/env";
import type { LogMessage } from "../calls/messages";
import { tellUsers } from "../journal/tell";

/** Fetches what users' objects have for D1 and writes it in one batch; they keep it until they hear that it is written. */
export async function writeLogs(
  env: Env,
  messages: readonly { message: Message<unknown>; body: LogMessage }[],
): Promise<void> {
  const places = new Map(messages.map(({ body }) => [JSON.stringify(body), body]));
  await tellUsers(env, [...places.values()]);
  // What was not written is offered again by its object's alarm.
  for (const { message } of messages) message.ack();
}
