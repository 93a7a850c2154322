import { Webhook } from "standardwebhooks";
import { beforeEach, describe, expect, test } from "vitest";
import { consume, flushLog, liveSchool, setNow, standIn } from "../../test/workers/live";

/* Changes of a user that go in one call, where the LMS takes several. */

const MINUTE_MS = 60_000;
const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLKSw";
const LMS = { type: "webhook", url: "https://together.acme.com/hook", secret: SECRET, batch: true };
const { school, queues } = liveSchool("live", { connectors: { lms: LMS } });

interface Told {
  type: string;
  data: Record<string, unknown>;
}

/** What was told by each call; the network itself is the only thing that is stood in for. */
let calls: string[][];
let lengths: number[];
let answer: (tags: string[]) => number;
beforeEach(() => {
  calls = [];
  lengths = [];
  answer = () => 200;
  standIn(LMS.url, (_, init) => {
    const { headers, body } = init as { headers: Record<string, string>; body: string };
    // Every call of this connector is a batch.
    const { data } = new Webhook(SECRET).verify(body, headers) as { data: Told[] };
    const tags = data.map((one) => String(one.data.tag ?? one.type));
    calls.push(tags);
    lengths.push(body.length);
    return new Response(null, { status: answer(tags) });
  });
});

const settle = async (): Promise<void> => {
  while (queues.actions.length) await consume("schoolbell-actions", queues.actions.splice(0));
};
const pass = async (ms: number): Promise<void> => {
  setNow(Date.now() + ms);
  await school.ring("anna");
  await settle();
};
const tags = (name: string, ...tags: string[]) =>
  school.automation({
    synchronous: true,
    when: [{ type: "custom", name }],
    then: [{ type: "tags.add", tags }],
  });

describe("changes that go in one call", () => {
  test("leave none out between two, though whoever had them first died", async () => {
    await tags("first", "x", "y");
    await tags("then", "z");
    const { object, reference } = await school.object("anna");
    const event = { id: "e1", hash: null, type: "custom.first", data: {}, attributes: {}, at: null };
    expect((await object.events(reference, [event], { budgetMs: 2_000 })).calls).toHaveLength(2);
    await school.event("custom.then", "anna");
    await pass(MINUTE_MS);
    expect(calls).toEqual([["x", "y", "z"]]);
  });

  test("go one by one once they were refused, so that a bad one is settled alone, at once", async () => {
    await school.automation({
      when: [{ type: "custom", name: "go" }],
      then: [{ type: "tags.add", tags: ["x", "bad", "y"] }],
    });
    answer = (tags) => (tags.includes("bad") ? 400 : 200);
    await school.event("custom.go", "anna");
    await settle();
    await pass(MINUTE_MS);
    expect(calls).toEqual([["x", "bad", "y"], ["x"], ["bad"], ["y"]]);
    await flushLog(school.id, "anna");
    const { data } = (await school.ask("GET", "/v1/deliveries?user=anna&channel=lms")).body;
    expect(data.map(({ status }: { status: string }) => status)).toEqual(["sent", "failed", "sent"]);
  });

  test("are no longer together than a megabyte", async () => {
    const then = Array.from({ length: 20 }, (_, n) => ({ type: "message.user", body: `${n} ${"m".repeat(9_000)}` }));
    await school.automation({ when: [{ type: "custom", name: "go" }], then });
    for (let n = 0; n < 6; n++) await school.event("custom.go", "anna");
    await settle();
    expect(calls.flat()).toHaveLength(120);
    expect(Math.max(...lengths)).toBeLessThan(1_048_576);
  });
});
