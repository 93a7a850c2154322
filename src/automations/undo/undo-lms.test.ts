import fc from "fast-check";
import { beforeEach, expect, test } from "vitest";
import { FakeMoodle, TOKEN } from "../../../test/fakes/moodle";
import { consume, env, flushLog, liveSchool, packedIn, setNow, standIn } from "../../../test/workers/live";
import { readChange } from "../../catalogue/facts/changes";
import { loadSchool } from "../../world/snapshot";
import { sumOf, troubleByAutomation } from "../runs/trouble";

/* An undo reaches the LMS, whatever became of the changes before it: queued, failed, done and not heard of, or claimed. */

const LMS = { type: "moodle", url: "https://moodle.undo.com", token: TOKEN };
const COURSES = ["7", "8"];
const MINUTE_MS = 60_000;
const { school, queues } = liveSchool("live", { connectors: { lms: LMS } });

type Day = "good" | "refuses" | "loses" | "forbids";
let day: Day;
let moodle: FakeMoodle;
let now = Date.UTC(2100, 0, 1);

beforeEach(() => {
  setNow(now);
  day = "good";
  moodle = new FakeMoodle(() => Date.now());
  for (const id of COURSES) moodle.state.addCourse({ id: Number(id) });
  standIn(LMS.url, async (url, init) => {
    if (day === "refuses") return new Response(null, { status: 503 });
    if (day === "forbids")
      return Response.json({ exception: "moodle_exception", errorcode: "wscannotenrol", message: "no" });
    const answer = await moodle.fetch(url, init);
    return day === "loses" ? new Response(null, { status: 504 }) : answer;
  });
});

const automate = (name: string, ...then: Record<string, unknown>[]) =>
  school.automation({ synchronous: true, when: [{ type: "custom", name }], then });
const twoThatEnrol = async () => {
  await automate("give", { type: "course.enroll", courses: COURSES });
  await automate("longer", { type: "course.enroll", courses: ["7"], expires_after: "P30D" });
};

async function work(): Promise<void> {
  while (queues.actions.length) await consume("schoolbell-actions", queues.actions.splice(0));
}

async function pass(user: string, minutes: number): Promise<void> {
  now += minutes * MINUTE_MS;
  setNow(now);
  await school.ring(user);
  await work();
}

const changesOf = async (user: string) =>
  Object.values((await packedIn(school.id, user))?.outbox ?? {}).map(({ delivery }) => delivery);

/** A consumer that dies, with what it had done or before. */
async function die(user: string, isDone: boolean): Promise<void> {
  const [first] = await changesOf(user);
  const { object, reference } = await school.object(user);
  const claim = first && (await object.claim(reference, first.id));
  const change = claim ? readChange(claim.delivery.content) : null;
  if (!isDone || (change?.type !== "course.enrolled" && change?.type !== "course.unenrolled")) return;
  const { enrolments } = moodle.state.courses.get(Number(change.data.course)) ?? {};
  const timeend = change.data.expires_at === null ? 0 : Math.floor(Date.parse(change.data.expires_at) / 1_000);
  if (change.type === "course.unenrolled") enrolments?.delete(Number(user));
  else enrolments?.set(Number(user), { roleid: 5, timestart: 0, timeend, suspended: false });
}

const begin = async (user: string, name: string): Promise<string> =>
  (await school.ask("POST", "/v1/events", { type: `custom.${name}`, user: { id: user } }, { prefer: "wait=0" })).body
    .runs[0].id;

async function undo(user: string, run: string): Promise<void> {
  await flushLog(school.id, user);
  expect((await school.ask("POST", `/v1/runs/${run}/undo`)).status).toBe(202);
}

async function ends(user: string): Promise<{ ours: unknown; theirs: unknown }> {
  day = "good";
  for (let rounds = 0; rounds < 30 && (await changesOf(user)).length; rounds++) await pass(user, 240);
  const { enrolments } = (await school.ask("GET", `/v1/users/${user}`)).body;
  const ours = COURSES.flatMap((course) =>
    enrolments.flatMap((one: { product: string; expires_at: string | null }) =>
      one.product === course
        ? [[course, one.expires_at === null ? 0 : Math.floor(Date.parse(one.expires_at) / 1_000)]]
        : [],
    ),
  );
  const theirs = COURSES.flatMap((course) => {
    const one = moodle.state.courses.get(Number(course))?.enrolments.get(Number(user));
    return one && !one.suspended ? [[course, one.timeend]] : [];
  });
  expect(await changesOf(user)).toEqual([]);
  return { ours, theirs };
}

type Deed = { begins: "give" | "longer" } | { undoes: number } | { passes: number } | { day: Day } | { dies: boolean };
const deed: fc.Arbitrary<Deed> = fc.oneof(
  fc.constantFrom("give" as const, "longer" as const).map((begins) => ({ begins })),
  fc.nat(5).map((undoes) => ({ undoes })),
  fc.constantFrom(0, 1, 5, 60).map((passes) => ({ passes })),
  fc.constantFrom<Day>("good", "refuses", "loses").map((day) => ({ day })),
  fc.boolean().map((dies) => ({ dies })),
);

test("in the end the LMS has what is held, whatever failed on the way, and nothing of what was undone", async () => {
  await twoThatEnrol();
  let next = 1_000;
  await fc.assert(
    fc.asyncProperty(fc.array(deed, { minLength: 2, maxLength: 10 }), async (deeds) => {
      const user = String(next++);
      moodle.state.addUser({ id: Number(user) });
      const runs: string[] = [];
      day = "good";
      for (const one of [{ begins: "give" as const }, ...deeds]) {
        if ("begins" in one) runs.push(await begin(user, one.begins));
        else if ("undoes" in one) await undo(user, runs[one.undoes % runs.length] ?? "");
        else if ("passes" in one) await pass(user, one.passes);
        else if ("day" in one) day = one.day;
        else await die(user, one.dies);
      }
      const kept = await ends(user);
      expect(kept.theirs).toEqual(kept.ours);
      for (const run of runs) await undo(user, run);
      expect(await ends(user)).toEqual({ ours: [], theirs: [] });
    }),
    { numRuns: 12, seed: 20261128 },
  );
});

test("what failed for good, and was undone in vain, is not sent again by itself: the undoing is", async () => {
  await twoThatEnrol();
  moodle.state.addUser({ id: 900 });
  day = "forbids";
  const run = await begin("900", "longer");
  const failedOf = async (): Promise<{ id: string; content: { type: string } }[]> => {
    await pass("900", 1);
    await flushLog(school.id, "900");
    return (await school.ask("GET", "/v1/deliveries?user=900&status=failed")).body.data;
  };
  const [enrolled] = await failedOf();
  await undo("900", run);
  const [unenrolled] = (await failedOf()).filter(({ id }) => id !== enrolled?.id);
  // The undoing failed too, and that alone is something to be done about.
  expect(await failedOf()).toMatchObject([{ reason: "undone" }, { reason: expect.stringContaining("unenrol") }]);
  expect(await troubles()).toBe(1);
  day = "good";
  expect((await school.ask("POST", `/v1/deliveries/${enrolled?.id}/retry`)).status).toBe(409);
  expect((await school.ask("POST", `/v1/deliveries/${unenrolled?.id}/retry`)).status).toBe(200);
  await pass("900", 1);
  expect(await ends("900")).toEqual({ ours: [], theirs: [] });
});

const troubles = async (): Promise<number> => {
  const known = await loadSchool(env, school.id);
  if (!known) throw new Error("it is there");
  return sumOf((await troubleByAutomation(env, known)).values()).failed;
};

test("what failed and is held all the same, as another gave it too, is still to be told, and is trouble", async () => {
  await twoThatEnrol();
  moodle.state.addUser({ id: 901 });
  const before = await troubles();
  day = "forbids";
  const run = await begin("901", "give");
  await pass("901", 1);
  await begin("901", "give");
  await pass("901", 1);
  await undo("901", run);
  await flushLog(school.id, "901");
  const { data } = (await school.ask("GET", "/v1/deliveries?user=901&status=failed")).body;
  const refused = expect.stringContaining("manual enrolment");
  expect(data).toMatchObject([{ reason: refused }, { reason: refused }]);
  expect((await troubles()) - before).toBe(2);
  day = "good";
  for (const { id } of data) expect((await school.ask("POST", `/v1/deliveries/${id}/retry`)).status).toBe(200);
  const { ours, theirs } = await ends("901");
  expect(ours).toHaveLength(2);
  expect(theirs).toEqual(ours);
});
