import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { consume, env, liveSchool, makeSchool, type TestSchool } from "../../../test/workers/live";
import { forgetEverything } from "../../base/cache";
import type { World } from "../../engine/types";
import type { Answered } from "../../http/test-client";
import { definitionsAt } from "../definitions";
import { forgetSchool } from "../snapshot";
import { loadWorld } from "../world";
import { loadWorldAt } from "./past";

/** Ids whose order by code points is not their order by halves. */
const SEGMENTS = ["a", "ﬀ", "😀"];
const COURSES = ["c1", "c2"];
const FIELDS = ["city", "size"];

interface Edit {
  verb: string;
  pick: number;
  other: number;
}

/** Where edits are made, and what they have made so far. */
interface Scene {
  ask: TestSchool["ask"];
  made: Record<"automations" | "segment-rules" | "segment-syncs" | "auto-groups", string[]>;
}

const of = <T>(list: readonly T[], pick: number): T => list[pick % list.length] as T;

const changing = async (scene: Scene, kind: keyof Scene["made"], pick: number, body: object, query = "") => {
  const { length } = scene.made[kind];
  return length ? scene.ask("PATCH", `/v1/${kind}/${of(scene.made[kind], pick)}${query}`, body) : null;
};
const making = async (scene: Scene, kind: keyof Scene["made"], body: object) => {
  const answer = await scene.ask("POST", `/v1/${kind}`, body);
  if (answer.status === 201 || answer.status === 202) scene.made[kind].push(answer.body.id);
  return answer;
};

const deleting = async (scene: Scene, kind: keyof Scene["made"], pick: number) => {
  const list = scene.made[kind];
  const [id] = list.length ? list.splice(pick % list.length, 1) : [];
  return id ? scene.ask("DELETE", `/v1/${kind}/${id}`) : null;
};

const automation = (n: number) => ({
  name: `A ${n}`,
  active: n % 2 === 0,
  when: [{ type: of(["user.signed_in", "user.signed_up"], n) }],
  then: [
    { type: "tags.add", tags: [`t${n % 4}`] },
    { type: "course.enroll", courses: [of(COURSES, n)] },
  ],
});
const where = (n: number) => [{ field: of(FIELDS, n), op: "is", value: `v${n % 3}` }];
const segmentPath = (pick: number) => `/v1/segments/${encodeURIComponent(of(SEGMENTS, pick))}`;

/** All ways in which what the engine reads of a school is changed, by what they change. */
const VERBS: Record<string, (scene: Scene, pick: number, other: number) => Promise<unknown>> = {
  "make an automation": (scene, pick) => making(scene, "automations", automation(pick)),
  "rename an automation": (scene, pick, n) => changing(scene, "automations", pick, { name: `B ${n}` }),
  "switch an automation": (scene, pick, n) => changing(scene, "automations", pick, { active: n % 2 === 0 }),
  "rewrite an automation": (scene, pick, n) =>
    changing(scene, "automations", pick, automation(n), n % 2 ? "?live=move" : ""),
  "stop an automation with its runs": (scene, pick) =>
    changing(scene, "automations", pick, { active: false, live_runs: "exit" }),
  "delete an automation": (scene, pick) => deleting(scene, "automations", pick),
  "declare a field": ({ ask }, pick, n) =>
    ask(
      "POST",
      "/v1/profile-fields",
      n % 2
        ? { key: of(FIELDS, pick), name: "F", type: "text" }
        : { key: of(FIELDS, pick), name: "F", type: "choice", choices: ["v1", "v2"] },
    ),
  "change a field": ({ ask }, pick, n) =>
    ask("PATCH", `/v1/profile-fields/${of(FIELDS, pick)}`, { type: of(["text", "number"], n), choices: null }),
  "take a field away": ({ ask }, pick) => ask("DELETE", `/v1/profile-fields/${of(FIELDS, pick)}`),
  "make a segment": ({ ask }, pick, n) =>
    ask("POST", "/v1/segments", { id: of(SEGMENTS, pick), name: "S", managed: n % 2 === 0 }),
  "change a segment": ({ ask }, pick, n) => ask("PATCH", segmentPath(pick), { name: `S ${n}`, managed: n % 2 === 0 }),
  "delete a segment": ({ ask }, pick) => ask("DELETE", segmentPath(pick)),
  "make a rule": (scene, pick, n) =>
    making(scene, "segment-rules", { segment: of(SEGMENTS, pick), match: "all", where: where(n) }),
  "change a rule": (scene, pick, n) => changing(scene, "segment-rules", pick, { match: "any", where: where(n) }),
  "delete a rule": (scene, pick) => deleting(scene, "segment-rules", pick),
  "make a sync": (scene, pick, n) =>
    making(scene, "segment-syncs", { name: "Sync", segment: of(SEGMENTS, pick), course: of(COURSES, n) }),
  "change a sync": (scene, pick, n) =>
    changing(scene, "segment-syncs", pick, { active: n % 2 === 0, on_leave: of(["unenrol", "suspend"], n) }),
  "delete a sync": (scene, pick) => deleting(scene, "segment-syncs", pick),
  "make an auto group": (scene, pick, n) =>
    making(scene, "auto-groups", { course: of(COURSES, pick), field: of(FIELDS, n) }),
  "switch an auto group": (scene, pick, n) => changing(scene, "auto-groups", pick, { active: n % 2 === 0 }),
  "delete an auto group": (scene, pick) => deleting(scene, "auto-groups", pick),
  "name a bundle": ({ ask }, pick, n) =>
    ask("POST", "/v1/events", {
      type: "bundle.enrolled",
      user: { id: "anna" },
      data: { bundle: of(["b1", "b2"], pick), courses: COURSES.slice(n % 2) },
    }),
  "import segments": ({ ask }, pick, n) =>
    ask("POST", "/v1/segments/import", `id,name\n${of(SEGMENTS, pick)},I ${n}\n`, {
      "content-type": "text/csv",
    }),
  "import definitions": ({ ask }, pick, n) =>
    ask("PUT", "/v1/import", {
      profile_fields: [{ key: of(FIELDS, pick), name: "F", type: "text", choices: null }],
      segments: [{ id: of(SEGMENTS, n), name: "S", managed: pick % 2 === 0 }],
      automations: [{ id: of(["aut_x", "aut_y"], n), ...automation(pick) }],
    }),
  "change the settings": ({ ask }, pick, n) =>
    ask("PATCH", "/v1/school", {
      settings: {
        timezone: of(["UTC", "Europe/Athens"], pick),
        connectors: n % 2 ? { lms: { type: "webhook", url: "https://lms.acme.com/" } } : { lms: { type: "none" } },
      },
    }),
  "rename the school": ({ ask }, pick) => ask("PATCH", "/v1/school", { name: `School ${pick % 3}` }),
  "make a signing secret": ({ ask }) => ask("POST", "/v1/signing-secret", {}),
};

const edits = fc.array(fc.record({ verb: fc.constantFrom(...Object.keys(VERBS)), pick: fc.nat(7), other: fc.nat(7) }), {
  minLength: 4,
  maxLength: 30,
});

/** A world without functions: of a program, what tells it from others. */
const told = ({ program: _, byId, automations, ...world }: World) => ({
  ...world,
  automations: automations.map(({ program, id, active, activeSince, revision, moveVersion, exitRevision }) => ({
    ...{ id, active, activeSince, revision, moveVersion, exitRevision },
    version: program.version,
    operations: program.operations.map((operation) => (operation.kind === "perform" ? operation.type : operation.kind)),
  })),
  byId: [...byId.keys()],
  segments: [...world.segments.values()].map(({ rules, ...one }) => ({
    ...one,
    rules: rules.map(({ match, clauses }) => [match, clauses.length]),
  })),
});

/** All that stands in the tables at a stamp. */
const rowsAt = async (school: { id: string }, stamp: number) => {
  const { school: row, ...rows } = await definitionsAt(env, school, stamp);
  return { ...rows, school: { name: row?.name, mode: row?.mode, settings: row?.settings } };
};

describe("the world of an earlier stamp", () => {
  const { queues } = liveSchool();

  test("is the one that was loaded then, whatever was changed since", { timeout: 120_000 }, async () => {
    const done = new Set<string>();
    const play = async (list: readonly Edit[]) => {
      const school = await makeSchool("live");
      const scene: Scene = {
        ask: school.ask,
        made: { automations: [], "segment-rules": [], "segment-syncs": [], "auto-groups": [] },
      };
      const seen = new Map<number, { edit: string; rows: unknown; world: unknown }>();
      const look = async (edit: string) => {
        forgetSchool(school.id);
        const now = await school.school();
        const rows = await rowsAt(now, now.stamp);
        const world = told(await loadWorld(env, now));
        const before = seen.get(now.stamp);
        // What changes nothing may leave the stamp where it was.
        if (before) expect({ edit, rows }).toEqual({ edit, rows: before.rows });
        else seen.set(now.stamp, { edit, rows, world });
      };
      await look("the beginning");
      for (const { verb, pick, other } of list) {
        const answer = await VERBS[verb]?.(scene, pick, other);
        const { status } = (answer ?? {}) as Partial<Answered>;
        expect(status ?? 0, verb).toBeLessThan(500);
        if (status !== undefined && status < 300) done.add(verb);
        await consume("schoolbell-jobs", queues.actions.splice(0).filter(isPage));
        await look(verb);
      }
      forgetEverything();
      const now = await school.school();
      for (const [stamp, { edit, rows, world }] of seen) {
        expect({ edit, rows: await rowsAt(now, stamp) }).toEqual({ edit, rows });
        const past = await loadWorldAt(env, now, stamp);
        expect({ edit, world: past && told(past) }).toEqual({ edit, world });
      }
    };
    await fc.assert(fc.asyncProperty(edits, play), { numRuns: 10 });
    // Each verb once at least on something that is there: what is taken away goes last, and last comes first.
    const [away, others] = [true, false].map((isAway) =>
      Object.keys(VERBS).filter((verb) => /^(delete|take)/.test(verb) === isAway),
    ) as [string[], string[]];
    const order = [...others, ...others, ...away.toReversed(), ...away.toReversed()];
    await play(order.map((verb, index) => ({ verb, pick: 0, other: Number(index >= others.length) })));
    expect(Object.keys(VERBS).filter((verb) => !done.has(verb))).toEqual([]);
  });
});

describe("the past of a school", () => {
  const { school } = liveSchool();

  test("is of its stamp also where an edit came between the school and its world", async () => {
    const id = await school.automation(automation(0));
    const before = await school.school();
    await school.patch(id, automation(1));
    const world = await loadWorld(env, before);
    expect([world.stamp, world.byId.get(id)?.program.version, world.byId.get(id)?.revision]).toEqual([
      before.stamp,
      1,
      1,
    ]);
    expect(told(world)).toEqual(told((await loadWorldAt(env, await school.school(), before.stamp)) as World));
  });

  test("has the settings of then", async () => {
    const then = await school.school();
    const lms = { type: "webhook", url: "https://lms.acme.com/" };
    await school.ask("PATCH", "/v1/school", { settings: { connectors: { lms } } });
    forgetEverything();
    const now = await school.school();
    const [past, present] = [await loadWorldAt(env, now, then.stamp), await loadWorldAt(env, now, now.stamp)];
    expect([past, present].map((world) => world?.school.settings.connectors)).toMatchObject([{}, { lms }]);
    expect(past?.school.settings.connectors).not.toHaveProperty("lms");
  });

  test("is known from its first stamp on to its last", async () => {
    await school.automation(automation(0));
    const now = await school.school();
    const known = async (stamp: number) => (await loadWorldAt(env, now, stamp)) !== null;
    expect(await Promise.all([0, 1, now.stamp, now.stamp + 1].map(known))).toEqual([false, true, true, false]);
    expect(await loadWorldAt(env, { ...now, epoch: 2 }, 1)).toBeNull();
  });

  test("grows by one row with each edit, and not with what the engine does not read", async () => {
    const rows = async () => {
      const found = await env.DB.prepare("select count(*) as n from school_history where school = ?")
        .bind(school.id)
        .first<{ n: number }>();
      return found?.n ?? 0;
    };
    const grown = async (edit: () => Promise<unknown>) => {
      const before = await rows();
      await edit();
      return (await rows()) - before;
    };
    expect(await rows()).toBe(1);
    let id = "";
    expect(await grown(async () => (id = await school.automation(automation(0))))).toBe(1);
    expect(await grown(() => school.patch(id, automation(1)))).toBe(1);
    expect(await grown(() => school.patch(id, { active: true }))).toBe(1);
    expect(await grown(() => school.ask("POST", "/v1/segments", { id: "s", name: "S", managed: false }))).toBe(1);
    expect(await grown(() => school.ask("PATCH", "/v1/segments/s", { name: "T" }))).toBe(0);
    expect(await grown(() => school.ask("PATCH", "/v1/school", { settings: { locale: "el" } }))).toBe(1);
    expect(await grown(() => school.ask("POST", "/v1/signing-secret", {}))).toBe(0);
    for (let n = 0; n < 3; n++) expect(await grown(() => school.event("user.signed_up", `anna-${n}`))).toBe(0);
    expect(await grown(() => school.ask("DELETE", `/v1/automations/${id}`))).toBe(1);
  });
});

/** The source of all that writes, by file. */
const sources: Record<string, string> = import.meta.glob("../../**/*.ts", {
  query: "?raw",
  import: "default",
  eager: true,
});

test("whoever moves the stamp does so before what changes, for it is noted down by the stamp that is found", () => {
  const batches = Object.entries(sources).flatMap(([file, text]) =>
    [...text.matchAll(/batch\(\[((?:(?!batch\()[^;])*?)\b(?:moveStamp\(|MOVE_STAMP\b)/g)].map(([, before = ""]) => ({
      file,
      before,
    })),
  );
  expect(batches.length).toBeGreaterThan(7);
  expect(batches.filter(({ before }) => /\.(insert|update|delete)\(|\.\.\./.test(before))).toEqual([]);
});

const isPage = (message: { kind: string }) => message.kind !== "clear_school";
