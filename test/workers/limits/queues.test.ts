import { beforeEach, describe, expect, test } from "vitest";
import { announce } from "../../../src/journal/announce";
import { beyond, countFor } from "../counting";
import { consume, env, liveSchool } from "../live";

/* A queue takes messages of 128 KB, and a hundred or 256 KB at once. The local one takes more. */

const { school, queues } = liveSchool();

/** As long as an id may be, in bytes. */
const idOf = (n: number): string => String(n).padStart(4, "0") + "語".repeat(124);

describe("of users with the longest ids", () => {
  const events = Array.from({ length: 230 }, (_, n) => ({ type: "user.signed_in", user: { id: idOf(n) } }));

  beforeEach(async () => {
    await school.automation({
      when: [{ type: "user.signed_in" }],
      then: [{ type: "webhook.send", url: "https://hooks.school.com/" }],
    });
  });

  test("as many as a batch may name are woken 25 a message, and announced a hundred a message", async () => {
    const counts = countFor(school.id);
    await school.ask("POST", "/v1/events/batch", { events });
    const named = () => queues.actions.flatMap((one) => (one.kind === "wake_users" ? [one.users.length] : []));
    expect(named().toSorted()).toEqual([...Array.from({ length: 9 }, () => 25), 5].toSorted());
    await consume("schoolbell-actions", queues.actions.splice(0));
    // Whoever wakes them announces them.
    expect(queues.log.splice(0).flatMap(({ users }) => users)).toHaveLength(230);
    await announce(
      env,
      events.map(({ user }) => ({ school: school.id, epoch: 1, user: user.id })),
    );
    expect(queues.log.map(({ users }) => users.length)).toEqual([100, 100, 30]);
    expect(counts.largest.message).toBeGreaterThan(40_000);
    // One of more would be billed twice.
    expect(counts.largest.message).toBeLessThan(64_000);
    expect(beyond(counts)).toEqual([]);
  });

  test("deliveries that leave by the queue carry names, and nothing of what they say", async () => {
    // Those of an asynchronous run are carried by whoever woke it.
    await school.automation({
      synchronous: true,
      when: [{ type: "user.signed_in" }],
      then: [{ type: "webhook.send", url: "https://hooks.school.com/" }],
    });
    const counts = countFor(school.id);
    await school.ask("POST", "/v1/events/batch", { events: events.slice(0, 20) });
    const deliveries = queues.actions.filter(({ kind }) => kind === "deliver");
    expect(deliveries).toHaveLength(20);
    for (const one of deliveries) expect(JSON.stringify(one).length).toBeLessThan(2_000);
    expect(beyond(counts)).toEqual([]);
  });
});

test("hundreds of deliveries of one user leave a hundred at a time", async () => {
  const then = Array.from({ length: 60 }, () => ({ type: "webhook.send", url: "https://hooks.school.com/" }));
  for (let n = 0; n < 4; n++) await school.automation({ synchronous: true, when: [{ type: "user.signed_in" }], then });
  const counts = countFor(school.id);
  await school.event("user.signed_in", "anna");
  expect(queues.actions.length).toBeGreaterThan(0);
  expect(counts.largest.sentAtOnce).toBeLessThanOrEqual(100);
  expect(beyond(counts)).toEqual([]);
});
