import fc from "fast-check";
import { expect, test } from "vitest";
import { pastOf } from "../src/world/past/past";
import { replay } from "../src/world/past/replay";
import { env, everythingOf, flushLog, liveSchool, makeSchool, setNow, type TestSchool } from "../test/workers/live";

/*
 * The journal keeps all that happens: told again from where it begins, through the worlds of then, it ends in the state
 * that lies there.
 */

liveSchool();

/** The state that the past of a user, told again, ends in, beside the one that lies there. */
async function toldAgain(school: TestSchool, user: string) {
  const held = await everythingOf(school.id, user);
  if (!held) throw new Error("nobody");
  const of = await school.school();
  const { state } = await replay(user, held.beginning, [held.journal], pastOf(env, of));
  // Time that brought nothing about is not told of: it has moved the clock, and seen the school's stamp.
  const { clock, stamp } = held.state.state ?? {};
  return { told: JSON.parse(JSON.stringify({ ...state, clock, stamp })), lies: held.state.state };
}

const DRIP = (days: number) => ({
  when: [{ type: "course.enrolled" }, { type: "inactivity.school", days: 9 }],
  then: [
    { type: "tags.add", tags: ["started"] },
    { id: "pause", type: "wait", for: `P${days}D` },
    { type: "branch", if: { type: "tags.has", tags: ["b"] }, yes: [{ type: "tags.remove", tags: ["b"] }], no: [] },
    { type: "user.set_field", field: "drip", value: "{{ event.course }}" },
  ],
  exit_when: [{ type: "course.completed" }],
});

/** Ways that part, an answer waited for, and a run that fails. */
const MORE = {
  when: [{ type: "tag.added", tags: ["a"] }],
  then: [
    {
      type: "split",
      paths: [
        { percent: 50, steps: [{ type: "tags.add", tags: ["x"] }] },
        {
          percent: 50,
          steps: [
            {
              type: "wait_for",
              event: { type: "tag.added", tags: ["b", "c"] },
              timeout: "P2D",
              on_event: [{ type: "tags.add", tags: ["answered"] }],
              on_timeout: [],
            },
          ],
        },
      ],
    },
    { type: "segment.add", segments: ["none"], on_error: "stop" },
  ],
};

/** What may happen in a school, each by a number that chooses among its ways. */
const happen: ((school: TestSchool, automation: string, n: number) => Promise<unknown>)[] = [
  (school, _, n) => school.event("course.enrolled", "anna", { course: `c${n % 3}` }),
  (school, _, n) => school.event("course.unenrolled", "anna", { course: `c${n % 3}` }),
  (school, _, n) => school.event("course.completed", "anna", { course: `c${n % 3}` }),
  (school, _, n) => school.event("tag.added", "anna", { tag: ["a", "b", "c"][n % 3] }),
  (school, _, n) => school.event("tag.removed", "anna", { tag: ["a", "b", "c"][n % 3] }),
  (school) => school.event("school.visited", "anna"),
  (school, _, n) => school.ask("PUT", "/v1/users/anna", { fields: { department: ["Sales", "IT", null][n % 3] } }),
  (school, _, n) => school.ask("POST", "/v1/test-clock", { advance: `P${1 + (n % 20)}D` }),
  (school, _, n) => school.ask("POST", "/v1/test-clock", { advance: `PT${1 + (n % 50)}H` }),
  (school, automation, n) =>
    school.ask("PUT", `/v1/automations/${automation}?live=move`, { name: "A", ...DRIP(1 + (n % 5)) }),
  (school, automation, n) => school.ask("PATCH", `/v1/automations/${automation}`, { active: n % 2 === 0 }),
  (school, _, n) => school.ask("PATCH", "/v1/school", { settings: { timezone: ["UTC", "Asia/Tokyo"][n % 2] } }),
  (school, _, n) => school.ask("PUT", `/v1/segments/manual/members/${["anna", "ben"][n % 2]}`),
  async (school, _, n) => {
    const { body } = await school.ask("GET", "/v1/runs?user=anna&status=waiting");
    const run = body.data[n % Math.max(1, body.data.length)];
    // Of one that the log has not heard of yet an answer would wait for it.
    if (run) await flushLog(school.id, "anna");
    if (run) await school.ask("POST", `/v1/runs/${run.id}/${n % 2 ? "skip" : "cancel"}`);
  },
  async (school, _, n) => {
    const { body } = await school.ask("GET", "/v1/runs?user=anna&status=failed");
    const run = body.data[n % Math.max(1, body.data.length)];
    // Of one that the log has not heard of yet an answer would wait for it.
    if (run) await flushLog(school.id, "anna");
    if (run) await school.ask("POST", `/v1/runs/${run.id}/retry`);
  },
  (school, _, n) => school.event("form.submitted", { email: `anna${n % 2}@acme.com` }, { form: `f${n % 3}` }),
  (school, _, n) => school.event("user.signed_up", { id: "anna", email: `anna${n % 2}@acme.com` }),
  (school, _, n) =>
    school.ask("POST", `/v1/users/import?fire=${n % 2 === 0}`, `id,tags\nanna,"a,d${n % 4}"\n`, {
      "content-type": "text/csv",
    }),
  (school, _, n) => school.event("bundle.enrolled", "anna", { bundle: "b", courses: ["c0", `c${n % 4}`] }),
  (school) => school.event("bundle.unenrolled", "anna", { bundle: "b" }),
  async (school, _, n) => {
    if (n % 3) return;
    const { body } = await school.ask("GET", `/v1/segment-${n % 2 ? "rules" : "syncs"}`);
    const one = body.data[0];
    if (one) await school.ask("DELETE", `/v1/segment-${n % 2 ? "rules" : "syncs"}/${one.id}`);
  },
  (school, _, n) =>
    school.ask("POST", "/v1/segment-rules", {
      segment: "sales",
      match: "any",
      where: [{ field: "department", op: "is", value: ["Sales", "IT"][n % 2] }],
    }),
  async (school, _, n) => {
    const answered = await school.ask("POST", "/v1/automations", { name: "M", ...MORE });
    if (answered.status !== 201) throw new Error(answered.text);
    if (n % 4 === 0) await school.ask("DELETE", `/v1/automations/${answered.body.id}`);
  },
  async (school, _, n) => {
    // As far as a move of the clock gets before it says that there is more.
    const { object, reference } = await school.object("anna");
    const of = await school.school();
    if (of.now === null) return;
    await object.advance(reference, of.now + (n % 100) * 3_600_000, 1 + (n % 3));
  },
  async (school, _, n) => {
    setNow(Date.now() + (n % 200) * 3_600_000);
    await school.ring("anna");
  },
  async (school, _, n) => {
    const id = `other${n % 3}`;
    await school.event("course.enrolled", id, { course: `c${n % 4}` });
    await school.event("tag.added", id, { tag: ["a", "b", "c"][n % 3] });
    if (n % 2) await school.ask("POST", "/v1/users/anna/merge", { from: id });
  },
  async (school, automation, n) => {
    if (n % 5 === 0) await school.ask("DELETE", `/v1/automations/${automation}`);
  },
];

const steps = fc.array(fc.tuple(fc.nat({ max: happen.length - 1 }), fc.nat({ max: 1_000 })), {
  minLength: 30,
  maxLength: 60,
});

test("a simulated year, told again, ends in the state that lies there, whatever was edited meanwhile", async () => {
  await fc.assert(
    fc.asyncProperty(steps, fc.constantFrom("test", "live"), async (chosen, mode) => {
      const school = await makeSchool(mode, {});
      await school.ask("POST", "/v1/profile-fields", { key: "department", name: "Department", type: "text" });
      await school.ask("POST", "/v1/segments", { id: "sales", name: "Sales", managed: true });
      await school.ask("POST", "/v1/segments", { id: "manual", name: "Manual" });
      const where = [{ field: "department", op: "is", value: "Sales" }];
      await school.ask("POST", "/v1/segment-rules", { segment: "sales", match: "all", where });
      await school.ask("POST", "/v1/segment-syncs", {
        name: "S",
        active: true,
        segment: "sales",
        course: "c0",
        group: "g",
      });
      const automation = await school.automation(DRIP(3));
      await school.event("user.signed_up", { id: "anna", email: "anna@acme.com" });
      for (const [which, n] of chosen) await happen[which]?.(school, automation, n);
      const { told, lies } = await toldAgain(school, "anna");
      expect(told).toEqual(lies);
    }),
    { numRuns: 8, endOnFailure: true },
  );
});

test("so does what happens to a user who is ahead of the school's clock", async () => {
  const school = await makeSchool("test", {});
  await school.event("user.signed_up", { id: "anna", email: "anna@acme.com" });
  const { object, reference } = await school.object("anna");
  await object.advance(reference, ((await school.school()).now ?? 0) + 3_600_000, 1_000);
  await school.ask("PUT", "/v1/users/anna", { fields: { department: "Sales" } });
  const { told, lies } = await toldAgain(school, "anna");
  expect(told).toEqual(lies);
});

test("what was taken from another goes by its age, and keeps nothing of the user's own", async () => {
  const school = await makeSchool("live", { log_retention_days: 10 });
  const begun = Date.now();
  const at = (day: number) => setNow(begun + day * 86_400_000);
  const days = async (is: (seq: number) => boolean) =>
    ((await everythingOf(school.id, "anna"))?.journal ?? []).flatMap(({ seq, at: then }) =>
      is(seq) ? [Math.round((then - begun) / 86_400_000)] : [],
    );
  await school.event("user.signed_in", "anna");
  await school.event("user.signed_in", "old");
  at(9);
  for (let n = 0; n < 30; n++) await school.event("custom.young", "old");
  await school.ask("POST", "/v1/users/anna/merge", { from: "old" });
  expect(new Set(await days((seq) => seq < 0))).toEqual(new Set([0, 9]));
  at(12);
  await school.event("user.signed_in", "anna");
  const { object } = await school.object("anna");
  await object.forgetOld();
  expect([await days((seq) => seq > 0), new Set(await days((seq) => seq < 0))]).toEqual([[9, 12], new Set([0, 9])]);
  at(24);
  await object.forgetOld();
  expect(await days((seq) => seq < 0)).toEqual([]);
  const { told, lies } = await toldAgain(school, "anna");
  expect(told).toEqual(lies);
});

test("so does what is left of the journal once its beginning is too old to keep", async () => {
  const school = await makeSchool("live", { log_retention_days: 10 });
  const automation = await school.automation(DRIP(3));
  const begun = Date.now();
  for (let day = 0; day < 40; day++) {
    setNow(begun + day * 86_400_000);
    for (let n = 0; n < 3; n++) await school.event("course.enrolled", "anna", { course: `c${day}-${n}` });
    if (day % 7 === 3) await school.ask("PUT", `/v1/automations/${automation}`, { name: "A", ...DRIP(1 + (day % 4)) });
    await school.ring("anna");
  }
  const held = await everythingOf(school.id, "anna");
  const oldest = held?.journal[0]?.at ?? 0;
  expect(held?.beginning?.state?.learner.enrolments.length).toBeGreaterThan(20);
  expect(oldest).toBeGreaterThan(begun + 25 * 86_400_000);
  const { told, lies } = await toldAgain(school, "anna");
  expect(told).toEqual(lies);
});

test("an undo is told again as it was", async () => {
  const school = await makeSchool("test");
  await school.automation({
    synchronous: true,
    when: [{ type: "custom", name: "give" }],
    then: [
      { type: "tags.add", tags: ["vip"] },
      { type: "course.enroll", courses: ["js"] },
      { type: "user.set_field", field: "team", value: "gold" },
      { type: "wait", for: "P1D" },
    ],
  });
  await school.ask("PUT", "/v1/users/anna", { fields: { team: "silver" } });
  const { runs } = await school.event("custom.give", "anna");
  await school.event("tag.added", "anna", { tag: "vip" });
  await flushLog(school.id, "anna");
  await school.ask("POST", `/v1/runs/${runs[0].id}/undo`);
  const held = await everythingOf(school.id, "anna");
  expect(held?.journal.map(({ input }) => input?.kind)).toContain("undo");
  expect(held?.state.state?.learner).toMatchObject({ tags: ["vip"], fields: { team: "silver" }, enrolments: [] });
  const entries = held?.journal.length;
  await school.ask("POST", `/v1/runs/${runs[0].id}/undo`);
  expect((await everythingOf(school.id, "anna"))?.journal.length).toBe(entries);
  const { told, lies } = await toldAgain(school, "anna");
  expect(told).toEqual(lies);
});
