import { beforeEach, describe, expect, test, vi } from "vitest";
import { consume, liveSchool, makeSchool, setNow, standIn } from "../../../test/workers/live";

const MINUTE_MS = 60_000;
const LMS = { type: "webhook", url: "https://carry.acme.com/hook" };

let calls: number;
let told: string[];
let answer: () => Promise<Response>;
const { school, queues } = liveSchool("live", { connectors: { lms: LMS } });

beforeEach(() => {
  calls = 0;
  told = [];
  answer = async () => new Response();
  standIn(LMS.url, (_, init) => {
    calls++;
    told.push(JSON.parse(String(init.body)).type);
    return answer();
  });
});

const automate = (then: Record<string, unknown>[], more: Record<string, unknown> = {}) =>
  school.automation({ synchronous: true, when: [{ type: "user.signed_in" }], then, ...more });
const signIn = async (id: string, wait?: string, user = "anna") => {
  const headers: Record<string, string> = wait === undefined ? {} : { prefer: `wait=${wait}` };
  const { status, body } = await school.ask(
    "POST",
    "/v1/events",
    { id, type: "user.signed_in", user: { id: user } },
    headers,
  );
  expect(status).toBe(200);
  return body.runs.map(({ receipts }: { receipts?: { change: string; status: string }[] }) =>
    receipts?.map((one) => `${one.change} ${one.status}`),
  );
};
const settle = async (): Promise<void> => {
  while (queues.actions.length) await consume("schoolbell-actions", queues.actions.splice(0));
};
const TWO = [
  { type: "tags.add", tags: ["x"] },
  { type: "group.add", groups: ["g"] },
];

describe("the answer to an event", () => {
  test("says what the LMS has of what a synchronous run changed", async () => {
    await automate(TWO);
    expect(await signIn("e1")).toEqual([["tag.added done", "group.joined done"]]);
    expect([calls, queues.actions]).toEqual([2, []]);
    // A copy says so too, and nothing is told again.
    expect(await signIn("e1")).toEqual([["tag.added done", "group.joined done"]]);
    expect(calls).toBe(2);
  });

  test("says of what was taken back before it was sent that it is done", async () => {
    await automate([...TWO, { type: "tags.remove", tags: ["x"] }]);
    expect(await signIn("e1")).toEqual([["tag.added done", "group.joined done", "tag.removed done"]]);
    expect(calls).toBe(1);
    const when = (name: string) => ({ when: [{ type: "custom", name }] });
    await automate([{ type: "tags.add", tags: ["y"] }], when("add"));
    await automate([{ type: "tags.remove", tags: ["y"] }], when("remove"));
    const events = ["add", "remove"].map((name) => ({ type: `custom.${name}`, user: { id: "anna" } }));
    const { results } = (await school.ask("POST", "/v1/events/batch", { events })).body;
    const statuses = results.map(({ runs }: { runs: { receipts: { status: string }[] }[] }) =>
      runs.flatMap(({ receipts }) => receipts.map(({ status }) => status)),
    );
    expect(statuses).toEqual([["done"], ["done"]]);
  });

  test("names step, change and delivery", async () => {
    await automate([{ id: "first", type: "tags.add", tags: ["x"] }]);
    const { body } = await school.ask("POST", "/v1/events", { type: "user.signed_in", user: { id: "anna" } });
    const [receipt] = body.runs[0].receipts;
    expect(receipt).toEqual({
      step_id: "first",
      change: "tag.added",
      change_id: expect.stringMatching(/^chg_/),
      status: "done",
      delivery_id: expect.stringMatching(/^dlv_/),
    });
  });

  test("waits no longer than its caller likes; what is late goes on behind it, and is said of a copy", async () => {
    await automate(TWO);
    const first = Promise.withResolvers<Response>();
    answer = () => (calls === 1 ? first.promise : Promise.resolve(new Response()));
    const { body } = await (async () => {
      // The rest of the answer's work is awaited by `call`: let the LMS answer once the budget is over.
      const sent = school.ask(
        "POST",
        "/v1/events",
        { id: "e1", type: "user.signed_in", user: { id: "anna" } },
        { prefer: "wait=0.05" },
      );
      await scheduler.wait(150);
      first.resolve(new Response());
      return sent;
    })();
    expect(body.runs[0].receipts.map(({ status }: { status: string }) => status)).toEqual(["late", "late"]);
    // What goes on behind an answer is not awaited with it.
    await vi.waitFor(() => expect(queues.actions).toMatchObject([{ kind: "deliver" }]));
    await settle();
    expect(told).toEqual(["change.tag.added", "change.group.joined"]);
    expect(await signIn("e1")).toEqual([["tag.added done", "group.joined done"]]);
  });

  test("is not held up by an LMS that is dead: what comes after waits for the first, by the queue", async () => {
    await automate(TWO);
    answer = async () => new Response(null, { status: 503 });
    expect(await signIn("e1")).toEqual([["tag.added late", "group.joined late"]]);
    expect(calls).toBe(1);
    answer = async () => new Response();
    setNow(Date.now() + 2 * MINUTE_MS);
    await school.ring("anna");
    await settle();
    expect(await signIn("e1")).toEqual([["tag.added done", "group.joined done"]]);
  });

  test("says what the LMS refuses for good", async () => {
    await automate(TWO);
    answer = async () => new Response(null, { status: calls === 1 ? 422 : 200 });
    expect(await signIn("e1")).toEqual([["tag.added failed", "group.joined done"]]);
  });

  test("waits for nothing where its caller does not want to", async () => {
    await automate(TWO);
    expect(await signIn("e1", "0")).toEqual([["tag.added late", "group.joined late"]]);
    expect(calls).toBe(0);
    await settle();
    expect(calls).toBe(2);
  });

  test("has none of asynchronous runs, and an empty list where no LMS is told", async () => {
    await automate(TWO, { synchronous: false });
    expect(await signIn("e1")).toEqual([undefined]);
    const other = await makeSchool("live");
    await other.automation({ synchronous: true, when: [{ type: "user.signed_in" }], then: TWO });
    const { runs } = await other.event("user.signed_in", "anna");
    expect(runs).toMatchObject([{ synchronous: true, receipts: [] }]);
  });

  test("says of a test school that it is kept", async () => {
    const rehearsing = await makeSchool("test", { connectors: { lms: LMS } });
    await rehearsing.automation({ synchronous: true, when: [{ type: "user.signed_in" }], then: TWO });
    const { runs } = await rehearsing.event("user.signed_in", "anna");
    expect(runs[0].receipts.map(({ status }: { status: string }) => status)).toEqual(["captured", "captured"]);
    expect(calls).toBe(0);
  });

  test("has one budget for all of a batch", async () => {
    await automate(TWO);
    answer = () => scheduler.wait(30).then(() => new Response());
    const events = Array.from({ length: 40 }, (_, n) => ({ type: "user.signed_in", user: { id: `user-${n}` } }));
    const before = Date.now();
    const { body } = await school.ask("POST", "/v1/events/batch", { events }, { prefer: "wait=0.1" });
    expect(Date.now() - before).toBeLessThan(4_000);
    const statuses = body.results.flatMap(({ runs }: { runs: { receipts: { status: string }[] }[] }) =>
      runs.flatMap(({ receipts }) => receipts.map(({ status }) => status)),
    );
    expect(statuses).toHaveLength(80);
    await settle();
    expect(calls).toBe(80);
  });

  test("that never came, as its caller died, leaves nothing undone", async () => {
    await automate(TWO);
    const { object, reference } = await school.object("anna");
    const call = { id: "e1", hash: null, type: "user.signed_in", data: {}, attributes: {}, at: null };
    const { calls: given } = await object.events(reference, [call], { budgetMs: 2_000 });
    expect(given).toHaveLength(2);
    await settle();
    expect(calls).toBe(0);
    setNow(Date.now() + MINUTE_MS);
    await school.ring("anna");
    await settle();
    expect(calls).toBe(2);
  });
});
