import type { Env } from "../../base/env";
import { notFound } from "../../base/errors/errors";
import { schoolObject, userObject } from "../../calls/reaching/stub";
import { readHeld } from "../../journal/held/held";
import type { School } from "../../world/snapshot";
import { readUser } from "../change";

/**
 * All that is held of a user, as JSON: in the object (`state`, `beginning`, `journal`, `ended`), and in D1 by table
 * (`log`), and in the school's feed (`changes`). It comes as a stream: together it may be more than there is memory for. 404 when the user is not known.
 */
export async function exportUser(env: Env, school: School, id: string): Promise<ReadableStream<Uint8Array>> {
  const user = await readUser(env, school, id);
  const object = userObject(env, school, id);
  const [state, held] = [await object.state(), await object.everything()];
  if (!held) throw notFound("user");
  const known = await object.addresses();
  const emails = [...new Set([...(user.email === null ? [] : [user.email]), ...(known?.others ?? [])])];
  const merged = known?.merged ?? [];
  const logged = await object.loggedIds();
  const log = await readHeld(env, { school: school.id, id, emails, logged });
  for (const other of merged) {
    const more = await readHeld(env, {
      school: school.id,
      id: other,
      emails: [],
      logged: { runs: [], deliveries: [] },
    });
    for (const [table, rows] of Object.entries(more)) log[table]?.push(...rows);
  }
  const head = `{"user":${JSON.stringify(user)},"push_tokens":${JSON.stringify(state?.learner.pushTokens ?? [])},`;
  return between(head, held, tailOf(env, school, [id, ...merged], log));
}

const CHANGES_A_PAGE = 1_000;

/** @param users the user's ids: those of who was merged into it too */
async function* tailOf(env: Env, school: School, users: readonly string[], log: unknown): AsyncGenerator<string> {
  yield `,"log":${JSON.stringify(log)},"changes":[`;
  let comma = "";
  for (const user of users) {
    for await (const text of changesOf(env, school, user)) {
      yield `${comma}${text}`;
      comma = ",";
    }
  }
  yield "]}";
}

async function* changesOf(env: Env, school: School, user: string): AsyncGenerator<string> {
  const object = schoolObject(env, school);
  for (let after: number | null = null; ; ) {
    const page = await object.read({ after, limit: CHANGES_A_PAGE, user });
    // What was dropped meanwhile is held no longer: the rest is read from the oldest that is.
    if (typeof page === "string") after = null;
    else {
      if (page.changes.length) yield page.changes.join();
      if (page.isEnd) return;
      after = page.next;
    }
  }
}

/** A stream with a text before and some after it. */
function between(
  head: string,
  stream: ReadableStream<Uint8Array>,
  end: AsyncIterable<string>,
): ReadableStream<Uint8Array> {
  const utf8 = new TextEncoder();
  return stream.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      start: (controller) => controller.enqueue(utf8.encode(head)),
      flush: async (controller) => {
        for await (const text of end) controller.enqueue(utf8.encode(text));
      },
    }),
  );
}
