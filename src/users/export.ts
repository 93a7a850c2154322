import type { Env } from "../base/env";
import { notFound } from "../base/errors";
import { userObject } from "../calls/stub";
import { readHeld } from "../journal/held";
import type { School } from "../world/snapshot";
import { readUser } from "./change";

/**
 * All that is held of a user, as JSON: in the object (`state`, `beginning`, `journal`, `ended`), and in D1 by table
 * (`log`). It comes as a stream: together it may be more than there is memory for. 404 when the user is not known.
 */
export async function exportUser(env: Env, school: School, id: string): Promise<ReadableStream<Uint8Array>> {
  const user = await readUser(env, school, id);
  const object = userObject(env, school, id);
  const [state, held] = [await object.state(), await object.everything()];
  if (!held) throw notFound("user");
  const emails = user.email === null ? [] : [user.email];
  const logged = await object.loggedIds();
  const log = await readHeld(env, { school: school.id, id, emails, logged });
  const head = `{"user":${JSON.stringify(user)},"push_tokens":${JSON.stringify(state?.learner.pushTokens ?? [])},`;
  return between(head, held, `,"log":${JSON.stringify(log)}}`);
}

/** A stream with a text before and one after it. */
function between(head: string, stream: ReadableStream<Uint8Array>, end: string): ReadableStream<Uint8Array> {
  const utf8 = new TextEncoder();
  return stream.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      start: (controller) => controller.enqueue(utf8.encode(head)),
      flush: (controller) => controller.enqueue(utf8.encode(end)),
    }),
  );
}
