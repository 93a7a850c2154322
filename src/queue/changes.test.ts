import { Webhook } from "standardwebhooks";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { consume, env, flushLog, liveSchool, setNow, standIn } from "../../test/workers/live";

const MINUTE_MS = 60_000;
const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLKSw";
const LMS = { type: "webhook", url: "https://changes.acme.com/hook", secret: SECRET };

interface Heard {
  type: string;
  user: string;
  seq: number;
  data: Record<string, unknown>;
  cause: { type: string; id: string | null };
}

/** What the LMS was told, and how it answers; the network itself is the only thing that is stood in for. */
let heard: [what: string, status: number][];
let bodies: Heard[];
let answer: (body: Heard) => number;
const { school, queues } = liveSchool("live", { connectors: { lms: LMS } });

beforeEach(() => {
  heard = [];
  bodies = [];
  answer = () => 200;
  standIn(LMS.url, (_, init) => {
    const { headers, body } = init as { headers: Record<string, string>; body: string };
    const told = new Webhook(SECRET).verify(body, headers) as Heard;
    const status = answer(told);
    bodies.push(told);
    heard.push([told.type.replace("change.", ""), status]);
    return new Response(null, { status });
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
const on = (name: string, ...then: Record<string, unknown>[]) =>
  school.automation({ when: [{ type: "custom", name }], then });
const send = async (name: string, user = "anna") => {
  await school.event(`custom.${name}`, user);
};
const deliveries = async () => {
  await flushLog(school.id, "anna");
  return (await school.ask("GET", "/v1/deliveries?user=anna&channel=lms")).body.data;
};

describe("changes of a user", () => {
  test("reach the LMS in the order in which they were made, each after the one before was settled", async () => {
    await on("add", { type: "tags.add", tags: ["x"] }, { type: "group.add", groups: ["g"] });
    await on("remove", { type: "tags.remove", tags: ["x"] });
    answer = () => (heard.length ? 200 : 503);
    await send("add");
    await settle();
    await send("remove");
    await settle();
    expect(heard).toEqual([["tag.added", 503]]);
    await pass(2 * MINUTE_MS);
    expect(heard).toEqual([
      ["tag.added", 503],
      ["tag.added", 200],
      ["group.joined", 200],
      ["tag.removed", 200],
    ]);
    const seqs = bodies.slice(1).map(({ seq }) => seq);
    expect(seqs).toEqual([...seqs].sort((one, other) => one - other));
    expect(bodies[1]).toMatchObject({ user: "anna", data: { tag: "x" }, cause: { type: "run" } });
  });

  test("hold up nobody else's", async () => {
    await on("add", { type: "tags.add", tags: ["x"] });
    answer = ({ user }) => (user === "anna" ? 503 : 200);
    await send("add");
    await send("add", "ben");
    await settle();
    expect(heard.map(([, status]) => status).sort()).toEqual([200, 503]);
  });

  test("of many users are under way for so many at once as may be, however many each has", async () => {
    await on("add", ...["x", "y", "z"].map((tag) => ({ type: "tags.add", tags: [tag] })));
    // Known to answer: sixteen may go.
    await send("add", "first");
    await settle();
    let underWay = 0;
    let most = 0;
    const told = new Set<string>();
    vi.mocked(globalThis.fetch).mockImplementation(async (_, init) => {
      // What a webhook of the LMS says, of this school or of one before it.
      const { user, data } = JSON.parse(String(init?.body)) as Heard;
      if (!user.endsWith("-of-many")) return new Response();
      told.add(`${user} ${data.tag}`);
      most = Math.max(most, ++underWay);
      await scheduler.wait(5);
      underWay--;
      return new Response();
    });
    for (let n = 0; n < 40; n++) await send("add", `${n}-of-many`);
    await settle();
    await vi.waitFor(() => expect(told.size).toBe(3 * 40), 10_000);
    expect(most).toBeLessThanOrEqual(16);
  });

  test("that nobody has tried yet are taken back together, and none is told", async () => {
    const when = (name: string) => ({ synchronous: true, when: [{ type: "custom", name }] });
    const then = [
      { type: "course.enroll", courses: ["c1"] },
      { type: "tags.add", tags: ["x"] },
    ];
    await school.automation({ ...when("add"), then });
    await school.automation({ ...when("remove"), then: [{ type: "course.unenroll", courses: ["c1"] }] });
    const events = ["add", "remove"].map((name) => ({ type: `custom.${name}`, user: { id: "anna" } }));
    await school.ask("POST", "/v1/events/batch", { events });
    expect(heard).toEqual([["tag.added", 200]]);
    const settled = (await deliveries()).map((one: { status: string; content: { type: string } }) => [
      one.content.type,
      one.status,
    ]);
    expect(settled.toSorted()).toEqual([
      ["course.enrolled", "suppressed"],
      ["course.unenrolled", "suppressed"],
      ["tag.added", "sent"],
    ]);
  });

  test("are told though one takes another back, behind a third of the same thing that is not settled", async () => {
    await on("add", { type: "tags.add", tags: ["x"] });
    await on("remove", { type: "tags.remove", tags: ["x"] });
    answer = () => (heard.length ? 200 : 503);
    await send("add");
    await settle();
    await send("remove");
    await settle();
    await send("add");
    await settle();
    await pass(2 * MINUTE_MS);
    // Had the first been refused for good, the LMS would lack what the third gives.
    expect(heard).toEqual([
      ["tag.added", 503],
      ["tag.added", 200],
      ["tag.removed", 200],
      ["tag.added", 200],
    ]);
  });

  test("go together where the LMS takes several in one call", async () => {
    await school.ask("PATCH", "/v1/school", { settings: { connectors: { lms: { ...LMS, batch: true } } } });
    await on("add", { type: "tags.add", tags: ["x", "y"] }, { type: "group.add", groups: ["g"] });
    await send("add");
    await settle();
    expect(heard).toEqual([["batch", 200]]);
    expect(bodies[0]?.data).toMatchObject([
      { type: "change.tag.added", data: { tag: "x" } },
      { type: "change.tag.added", data: { tag: "y" } },
      { type: "change.group.joined" },
    ]);
    expect((await deliveries()).map(({ status }: { status: string }) => status)).toEqual(["sent", "sent", "sent"]);
  });

  test("are told though their automation was stopped or deleted since", async () => {
    const id = await on("add", { type: "tags.add", tags: ["x"] });
    await send("add");
    await consume(
      "schoolbell-actions",
      queues.actions.splice(0).filter(({ kind }) => kind !== "deliver"),
    );
    await school.ask("DELETE", `/v1/automations/${id}`);
    await pass(MINUTE_MS);
    expect(heard).toEqual([["tag.added", 200]]);
  });

  test("that a rule, a sync and a job make are told too", async () => {
    await school.ask("POST", "/v1/profile-fields", { key: "team", name: "Team", type: "text" });
    await school.ask("POST", "/v1/segments", { id: "sales", name: "Sales", managed: true });
    const rule = { segment: "sales", match: "all", where: [{ field: "team", op: "is", value: "sales" }] };
    for (const [path, body] of [
      ["/v1/segment-rules", rule],
      ["/v1/segment-syncs", { name: "Sales", segment: "sales", course: "c1" }],
    ] as const)
      expect((await school.ask("POST", path, body)).status).toBe(201);
    await settle();
    await school.ask("PUT", "/v1/users/anna", { fields: { team: "sales" } });
    await settle();
    expect(heard.map(([type]) => type)).toEqual(["segment.joined", "course.enrolled"]);
    expect(bodies.map(({ cause }) => cause.type)).toEqual(["rule", "sync"]);
  });
});

describe("what the LMS tells", () => {
  const tell = (id: string, type: string, at: string) =>
    school.ask("POST", "/v1/events", { id, type, user: { id: "anna" }, data: { course: "js" }, occurred_at: at });
  const courses = async () =>
    (await school.ask("GET", "/v1/users/anna")).body.enrolments.map(({ product }: { product: string }) => product);

  test("of before it heard of our change, and that says the reverse, is counted and ignored", async () => {
    await on("enrol", { type: "course.enroll", courses: ["js"] });
    const before = new Date(Date.now() - 1_000).toISOString();
    answer = () => (heard.length ? 200 : 503);
    await send("enrol");
    await settle();
    const waiting = await tell("e1", "course.unenrolled", before);
    expect([waiting.status, waiting.body.facts, await courses()]).toEqual([200, [], ["js"]]);
    await pass(MINUTE_MS);
    await tell("e2", "course.unenrolled", new Date(Date.now() - 30_000).toISOString());
    expect(await courses()).toEqual(["js"]);
    // Where it cannot be counted it is answered all the same: it is done.
    const { prepare } = env.DB;
    const busy = vi.spyOn(env.DB, "prepare").mockImplementation(function (this: D1Database, sql) {
      if (sql.startsWith("insert into unmapped")) throw new Error("D1 DB is overloaded.");
      return prepare.call(this, sql);
    });
    const uncounted = await tell("e4", "course.unenrolled", new Date(Date.now() - 30_000).toISOString());
    busy.mockRestore();
    expect([uncounted.status, await courses()]).toEqual([200, ["js"]]);
    expect((await school.ask("GET", "/v1/unmapped")).body.data).toMatchObject([
      { format: "older than our own change", name: "course.unenrolled", count: 2 },
    ]);
    await tell("e3", "course.enrolled", before);
    setNow(Date.now() + MINUTE_MS);
    await tell("e4", "course.unenrolled", new Date(Date.now() - 1_000).toISOString());
    expect(await courses()).toEqual([]);
  });

  test("of tags is taken but for those, however they are spelled", async () => {
    await on("remove", { type: "tags.remove", tags: ["VIP"] });
    await on("add", { type: "tags.add", tags: ["New"] });
    await school.event("tag.added", "anna", { tag: "VIP" });
    const occurred_at = new Date(Date.now() - 1_000).toISOString();
    for (const name of ["remove", "add"]) await send(name);
    await settle();
    const say = async (type: string, tag: unknown) => {
      const event = { id: crypto.randomUUID(), type, user: { id: "anna" }, data: { tag }, occurred_at };
      return (await school.ask("POST", "/v1/events", event)).body.user.tags;
    };
    expect(await say("tag.added", "vip")).toEqual(["New"]);
    expect(await say("tag.removed", "NEW")).toEqual(["New"]);
    expect(await say("tag.added", ["Vip", "other"])).toEqual(["New", "other"]);
    expect(await say("tag.removed", ["other", "new"])).toEqual(["New"]);
    const { data } = (await school.ask("GET", "/v1/unmapped")).body;
    expect(data.map(({ name, count }: { name: string; count: number }) => [name, count]).toSorted()).toEqual([
      ["tag.added", 2],
      ["tag.removed", 2],
    ]);
  });

  test("of before an enrolment of ours is ignored, though that was suspended since", async () => {
    await on("enrol", { type: "course.enroll", courses: ["js"] });
    await on("suspend", { type: "course.suspend", courses: ["js"] });
    const before = new Date(Date.now() - 1_000).toISOString();
    for (const name of ["enrol", "suspend"]) {
      await send(name);
      await settle();
    }
    await tell("e1", "course.unenrolled", before);
    expect(await courses()).toEqual(["js"]);
  });

  test("of another thing, or by an event without a time, is taken", async () => {
    await on("enrol", { type: "course.enroll", courses: ["css"] });
    await tell("e0", "course.enrolled", new Date(Date.now() - 2_000).toISOString());
    await send("enrol");
    await settle();
    await tell("e1", "course.unenrolled", new Date(Date.now() - 1_000).toISOString());
    expect(await courses()).toEqual(["css"]);
    await school.event("course.unenrolled", "anna", { course: "css" });
    expect(await courses()).toEqual([]);
  });
});

describe("what the LMS refuses", () => {
  test("is settled at once, noted in the step of the run, and holds nothing up", async () => {
    await on("add", { type: "tags.add", tags: ["x"] }, { type: "group.add", groups: ["g"] });
    answer = ({ type }) => (type === "change.tag.added" ? 422 : 200);
    await send("add");
    await settle();
    expect(heard).toEqual([
      ["tag.added", 422],
      ["group.joined", 200],
    ]);
    await flushLog(school.id, "anna");
    const [{ id }] = (await school.ask("GET", "/v1/runs?user=anna")).body.data;
    expect((await school.ask("GET", `/v1/runs/${id}`)).body).toMatchObject({
      status: "completed",
      steps: [
        { status: "done", detail: { added: ["x"], lms: [{ change: "tag.added", status: "failed" }] } },
        { status: "done", detail: { joined: ["g"] } },
      ],
    });
  });

  test("is not sent again over a later change of the same thing", async () => {
    await on("add", { type: "tags.add", tags: ["x", "y"] });
    await on("remove", { type: "tags.remove", tags: ["x"] });
    answer = () => 422;
    await send("add");
    await settle();
    answer = () => 200;
    await send("remove");
    await settle();
    const again = (await deliveries()).filter(({ status }: { status: string }) => status === "failed");
    const retried = [];
    for (const { id } of again) retried.push((await school.ask("POST", `/v1/deliveries/${id}/retry`)).status);
    await settle();
    expect(retried).toEqual([409, 200]);
    expect(heard.slice(2).map(([type]) => type)).toEqual(["tag.removed", "tag.added"]);
    expect(bodies.at(-1)?.data).toEqual({ tag: "y" });
  });

  test("stops no automation that is otherwise right", async () => {
    const id = await on("add", { type: "tags.add", tags: ["x"] });
    answer = () => 422;
    for (let n = 0; n < 25; n++) await send("add", `user-${n}`);
    await settle();
    await flushLog(school.id, ...Array.from({ length: 25 }, (_, n) => `user-${n}`));
    await settle();
    expect(heard).toHaveLength(25);
    expect((await school.ask("GET", `/v1/automations/${id}`)).body).toMatchObject({ active: true });
  });
});
