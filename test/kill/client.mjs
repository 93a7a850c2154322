// The school that the kill tests use, and clients that send until they are answered.
import { setTimeout as sleep } from "node:timers/promises";
import { makeSchool as make } from "../e2e-node/client.mjs";

const ANSWER_MS = 5_000;
const AGAIN_MS = 20;
export const WAIT_MS = 3_000;

/** A live school whose every event starts what can be lost, doubled or late: see `school.automations`. */
export async function makeSchool(worker) {
  const { call } = await make(
    worker,
    { id: "kill", name: "Kill", mode: "live", settings: { connectors: { email: { type: "capture" } } } },
    ANSWER_MS,
  );
  const when = [{ type: "custom", name: "step" }];
  const automation = async (name, definition) =>
    (await call("POST", "/v1/automations", { name, active: true, ...definition })).id;
  const tags = (type, ...names) => ({ type: `tags.${type}`, tags: names });
  return {
    call,
    automations: {
      /** Before the answer. */
      synchronous: await automation("Seen", { synchronous: true, when, then: [tags("add", "seen")] }),
      /** After it: makes a fact that starts the next. */
      first: await automation("First", { when, then: [tags("add", "hot"), tags("remove", "hot")] }),
      /** What the first started; its email is the outside effect. */
      chained: await automation("Chained", {
        when: [{ type: "tag.added", tags: ["hot"] }],
        then: [{ type: "email.user", subject: "Hot", body: "You are hot." }],
      }),
      waiting: await automation("Waiting", {
        when,
        then: [{ type: "wait", for: `PT${WAIT_MS / 1_000}S` }, tags("add", "late")],
      }),
    },
  };
}

/**
 * Sends an event until it is answered, whatever happens to the Worker. `book` takes up what happened on the way:
 * `told` (event id → answer), `unknown` (tries without an answer), `stored` (those that were taken all the same).
 */
export async function sendUntilAnswered(call, book, user, n) {
  const id = `${user}-${n}`;
  const event = { id, type: "custom.step", user: { id: user, email: `${user}@acme.com` }, data: { n } };
  for (;;) {
    try {
      const answer = await call("POST", "/v1/events", event);
      if (answer.duplicate) book.stored++;
      book.told.set(id, { user, n, runs: answer.runs });
      return;
    } catch (error) {
      book.unknown++;
      book.errors.set(error.message.slice(0, 80), (book.errors.get(error.message.slice(0, 80)) ?? 0) + 1);
      await sleep(AGAIN_MS);
    }
  }
}

export const newBook = () => ({ told: new Map(), unknown: 0, stored: 0, errors: new Map() });

/** Sends events of its own users, one after the other, numbers rising by user, until it is told to stop. */
export async function clientLoop(call, book, users, isDone) {
  const last = new Map(users.map((user) => [user, 0]));
  for (let turn = 0; !isDone(); turn++) {
    const user = users[turn % users.length];
    const n = last.get(user) + 1;
    await sendUntilAnswered(call, book, user, n);
    last.set(user, n);
  }
}
