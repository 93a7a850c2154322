import { SignJWT } from "jose";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { FakeMoodle, TOKEN } from "../../test/fakes/moodle";
import { onlyTo } from "../../test/fakes/only";
import { call, consume, liveSchool, setNow } from "../../test/workers/live";
import { forgetEverything } from "../base/cache";

const LMS = { type: "moodle", url: "https://moodle.acme.com", token: TOKEN };
const NAMES = ["7", "MATH-7", `${LMS.url}/course/view.php?id=7`] as const;
const [NUMBER, ID_NUMBER, ADDRESS] = NAMES;

const { school, queues } = liveSchool("live", { connectors: { lms: LMS } });

const work = async (): Promise<void> => {
  while (queues.actions.length) {
    const [first] = queues.actions.splice(0, 1);
    await consume(first?.kind === "job" ? "schoolbell-jobs" : "schoolbell-actions", [first]);
  }
};
const ask = async (method: string, path: string, body?: unknown) => school.ask(method, path, body);
const status = async (path: string, body: unknown): Promise<number> => (await ask("POST", path, body)).status;
const of = (course: string, path: string) => `/v1/courses/${encodeURIComponent(course)}/${path}`;

beforeEach(async () => {
  forgetEverything();
  setNow(Date.UTC(2090, 0, 1));
  const moodle = new FakeMoodle(() => Date.now());
  moodle.state.addCourse({ id: Number(NUMBER), fullname: "Mathematics", idnumber: ID_NUMBER });
  vi.spyOn(globalThis, "fetch").mockImplementation(onlyTo(LMS.url, (url, init) => moodle.fetch(url, init)));
  expect((await ask("POST", "/v1/lms/sync", { what: "courses" })).status).toBe(202);
  await work();
});

describe("a course is the same by each of its ids and its address", () => {
  test("its keys: made by one, they are listed, found, changed and taken away by all", async () => {
    const made = await Promise.all(
      NAMES.map(async (name, n) => (await ask("POST", of(name, "enrolment-methods"), { key: `k${n}` })).body),
    );
    for (const { course } of made) expect(course).toBe(NUMBER);
    for (const name of NAMES) {
      const { body } = await ask("GET", of(name, "enrolment-methods"));
      expect(body.data.map(({ id }: { id: string }) => id).sort()).toEqual(made.map(({ id }) => id).sort());
      expect((await ask("GET", of(name, `enrolment-methods/${made[0].id}`))).status).toBe(200);
      expect((await ask("PATCH", of(name, `enrolment-methods/${made[0].id}`), { role: name })).body.role).toBe(name);
      expect(await status(of(name, "enrolment-methods"), { key: "k1" })).toBe(409);
    }
    expect((await ask("PATCH", of(NUMBER, `enrolment-methods/${made[0].id}`), { key: "k2" })).status).toBe(409);
    expect((await ask("DELETE", of(ADDRESS, `enrolment-methods/${made[1].id}`))).status).toBe(204);
  });

  test("a key of it lets learners in by all of them", async () => {
    const secret = new TextEncoder().encode((await ask("POST", "/v1/signing-secret")).body.secret);
    await ask("POST", of(ADDRESS, "enrolment-methods"), { key: "open" });
    for (const [n, name] of NAMES.entries()) {
      const token = await new SignJWT({ sub: `90${n}`, school: school.id, aud: "schoolbell" })
        .setProtectedHeader({ alg: "HS256" })
        .setExpirationTime("1h")
        .sign(secret);
      const answer = await call("POST", of(name, "self-enrolments"), { key: "open" }, token);
      expect([answer.status, answer.body.course]).toEqual([201, NUMBER]);
    }
  });

  test("a sync and an auto group have their place in it once", async () => {
    await ask("POST", "/v1/segments", { id: "s", name: "S" });
    await ask("POST", "/v1/profile-fields", { key: "dep", name: "D", type: "text" });
    const sync = { name: "S", segment: "s", course: ID_NUMBER };
    expect(await status("/v1/segment-syncs", sync)).toBe(201);
    const other = await ask("POST", "/v1/segment-syncs", { ...sync, course: ADDRESS, role: "teacher" });
    expect(other.status).toBe(201);
    expect(await status("/v1/auto-groups", { course: NUMBER, field: "dep" })).toBe(201);
    for (const course of NAMES) {
      expect(await status("/v1/segment-syncs", { ...sync, course })).toBe(409);
      expect(await status("/v1/auto-groups", { course, field: "dep" })).toBe(409);
    }
    for (const course of NAMES) {
      const twins = {
        segment_syncs: [{ id: "twin", ...sync, course }],
        auto_groups: [{ id: "twin", course, field: "dep" }],
      };
      const { status: refused, body } = await ask("PUT", "/v1/import", twins);
      expect([refused, body.errors.map(({ path }: { path: string }) => path)]).toEqual([
        422,
        ["/segment_syncs/0", "/auto_groups/0"],
      ]);
    }
    const path = `/v1/segment-syncs/${other.body.id}`;
    expect((await ask("PATCH", path, { role: "student" })).status).toBe(409);
    expect((await ask("PATCH", path, { name: "Teachers" })).status).toBe(200);
  });

  test("the graph has it once, with whatever names it", async () => {
    const ids = await Promise.all(
      NAMES.map((course) =>
        school.automation({
          when: [{ type: "payment.made", products: [course] }],
          then: [{ type: "course.enroll", courses: [course] }],
        }),
      ),
    );
    await ask("PUT", "/v1/products/bundle/b", { name: "B", courses: [ADDRESS] });
    for (const name of NAMES) {
      const { body } = await ask("GET", `/v1/graph?about=${encodeURIComponent(`course:${name}`)}`);
      expect(body.about).toBe(`course:${NUMBER}`);
      expect(body.nodes.map(({ id }: { id: string }) => id).sort()).toEqual(
        [...ids.map((id) => `automation:${id}`), "bundle:b", `course:${NUMBER}`].sort(),
      );
    }
  });

  test("an automation that names it is warned of no unknown course, before anything happened in it", async () => {
    const then = [{ type: "course.enroll", courses: [...NAMES] }];
    const when = [{ type: "user.signed_up" }];
    const { body } = await ask("POST", "/v1/automations", { name: "A", when, then });
    expect(body.warnings).toEqual([]);
  });

  test("what is compared with the course of a fact names it by any: a path's links, a match, a custom event's data", async () => {
    const custom = (course: string) => ({
      type: "custom",
      name: "x",
      where: [{ path: "course", op: "in", value: [course] }],
    });
    const tag = (name: string) => ({ type: "tags.add", tags: [name] });
    for (const [n, name] of NAMES.entries()) {
      const params = { courses: [name, `next-${n}`] };
      const { body } = await ask("POST", "/v1/templates/learning-path/use", { params });
      await school.patch(body.id, { active: true, synchronous: true });
      await school.automation({
        when: [{ type: "course.completed" }],
        then: [{ type: "match", on: "event.course", cases: [{ is: [name], steps: [tag(`matched-${n}`)] }], else: [] }],
        synchronous: true,
      });
      await school.automation({ when: [custom(name)], then: [tag(`own-${n}`)], synchronous: true });
    }
    await school.event("course.completed", "901", { course: ID_NUMBER });
    const { user } = await school.event("custom.x", "901", { course: ADDRESS });
    const each = (word: string) => NAMES.map((_, n) => `${word}-${n}`);
    expect(user.tags.sort()).toEqual([...each("matched"), ...each("own")].sort());
    expect(user.enrolments.map(({ product }: { product: string }) => product).sort()).toEqual(each("next"));
  });
});
