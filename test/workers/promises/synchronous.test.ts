import { expect, test, vi } from "vitest";
import { call, handOver, holdQueues, makeSchool } from "../live";
import { randomOf, seedsOr, shareOf, shuffled, tell } from "./figures";

/*
 * Synchronous means before the answer: what synchronous automations do to a user's state, a chain of them too, is in the
 * very answer to the event, once, however often the event is sent again at the same time. What leaves for the world is
 * not waited for, not even for a server that never answers.
 */

const USERS = 6;
const EVENTS = 6;
const COPIES = 3;

const goes = (n: number) => ({ type: "custom", name: `go_${n}` });

test.for(seedsOr([1]))(
  "what synchronous automations do is in the answer, once, and waits for no server: seed %i",
  async (seed, context) => {
    const random = randomOf(seed);
    const queues = holdQueues();
    const { promise: hanging, resolve: end } = Promise.withResolvers<void>();
    const fetched = vi.spyOn(globalThis, "fetch").mockImplementation(() => hanging.then(() => new Response()));
    const left: (() => Promise<unknown>)[] = [];
    const school = await makeSchool("live");
    const automations: string[] = [];
    for (let n = 0; n < EVENTS; n++) {
      const then = [
        { type: "webhook.send", url: "https://slow.fair-school.com/" },
        { type: "tags.add", tags: [`first-${n}`] },
      ];
      automations.push(await school.automation({ synchronous: true, when: [goes(n)], then }));
      const chained = {
        when: [{ type: "tag.added", tags: [`first-${n}`] }],
        then: [{ type: "tags.add", tags: [`chained-${n}`] }],
      };
      automations.push(await school.automation({ synchronous: true, ...chained }));
    }
    const times: number[] = [];
    const faults: string[] = [];
    let answers = 0;
    let seen = 0;
    let doubled = 0;
    const send = async (user: string, n: number) => {
      const event = { id: `e-${n}`, type: `custom.go_${n}`, user: { id: user } };
      const copies = await Promise.all(
        Array.from({ length: COPIES }, async () => {
          const begun = performance.now();
          const answer = await call("POST", "/v1/events", event, school.key);
          times.push(performance.now() - begun);
          return answer;
        }),
      );
      for (const { status, body } of copies) {
        answers++;
        const tags: string[] = body.user?.tags ?? [];
        const made = body.facts?.filter(({ type }: { type: string }) => type === "tag.added") ?? [];
        const isDone = body.runs?.every((run: { status: string }) => run.status === "completed");
        const isSeen = status === 200 && [`first-${n}`, `chained-${n}`].every((tag) => tags.includes(tag)) && isDone;
        if (isSeen) seen++;
        else faults.push(`${user} ${n}: ${status} ${JSON.stringify(body)}`);
        if (made.length !== 2 || new Set(tags).size !== tags.length || body.runs?.length !== 2) doubled++;
      }
      doubled += copies.filter(({ body }) => !body.duplicate).length - 1;
    };
    const users = Array.from({ length: USERS }, (_, n) => `u${n}`);
    await Promise.all(
      users.map(async (user) => {
        for (const n of shuffled([...Array(EVENTS).keys()], random)) {
          await send(user, n);
          // Its letters leave meanwhile, and hang.
          const bodies = queues.actions.splice(0).filter(({ kind }) => kind === "deliver");
          if (bodies.length) left.push(await handOver("schoolbell-deliveries", bodies));
        }
      }),
    );
    expect({ faults, doubled }).toEqual({ faults: [], doubled: 0 });
    expect(fetched).toHaveBeenCalled();
    for (const user of users) {
      const { object } = await school.object(user);
      const state = await object.state();
      const starts = automations.map((automation) => state?.starts[automation]?.count);
      expect(starts).toEqual(automations.map(() => 1));
    }
    end();
    await Promise.all(left.map((rest) => rest()));
    times.sort((a, b) => a - b);
    tell(context, {
      answers,
      seenPercent: Math.floor((100 * seen) / answers),
      doubled,
      p50: Math.round(shareOf(times, 0.5)),
      p99: Math.round(shareOf(times, 0.99)),
    });
  },
);
