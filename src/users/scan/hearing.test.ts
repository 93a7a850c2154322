import { evictDurableObject } from "cloudflare:test";
import { beforeEach, describe, expect, test } from "vitest";
import { env, flushLog, liveSchool, setNow, stubOf } from "../../../test/workers/live";
import { scanAll, scanRound } from "../../../test/workers/scanning";
import { watchWakes } from "../../../test/workers/wakes";
import { HEARINGS } from "./hearing";
import { scanSchools } from "./page";

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

const { school, queues } = liveSchool();

const away = (days: number) => ({ when: [{ type: "inactivity.course", days }], then: [] });
const round = (): Promise<void> => scanRound(queues, school.id);
const scopesWatched = async () =>
  (
    await env.DB.prepare("select scope, next_look as nextLook from scans where school = ? order by scope")
      .bind(school.id)
      .all()
  ).results;

// A round takes up so many, those longest due first: what other tests left would stand before what is due here.
beforeEach(() => env.DB.prepare("update scans set next_look = null where school <> ?").bind(school.id).run());

const anna = { id: "anna", email: "anna@example.com" };
const begin = Date.UTC(2031, 2, 3, 10);
const heardOf = async () => {
  const rows = env.DB.prepare("select scope, at from activity where school = ? order by scope").bind(school.id);
  return (await rows.all<{ scope: string; at: number }>()).results;
};

describe("of what nobody watches", () => {
  const runsOfAnna = async () => (await school.ask("GET", "/v1/runs?user=anna")).body.data.length;

  beforeEach(async () => {
    setNow(begin);
    await school.event("course.enrolled", anna, { course: "js-101" });
    await school.event("course.visited", anna, { course: "js-101" });
    await flushLog(school.id, "anna");
    setNow(begin + 2 * DAY_MS);
  });

  test("the directory hears once somebody does, and nobody is missed who comes no more", async () => {
    expect(await heardOf()).toEqual([{ scope: "school", at: begin }]);
    await school.automation(away(3));
    await round();
    expect(await heardOf()).toEqual([
      { scope: "course", at: begin },
      { scope: "school", at: begin },
    ]);
    setNow(begin + 3 * DAY_MS + MINUTE_MS);
    await round();
    await flushLog(school.id, "anna");
    expect(await runsOfAnna()).toBe(1);
  });

  test("whoever crosses before the directory has heard is not missed either", async () => {
    await school.automation(away(3));
    // Nothing is done for more than a day.
    setNow(begin + 3 * DAY_MS + MINUTE_MS);
    await round();
    await flushLog(school.id, "anna");
    expect(await runsOfAnna()).toBe(1);
  });

  test("all are woken once where something begins to be watched, not for another threshold of it", async () => {
    const woken = watchWakes(school.id);
    await school.automation(away(30));
    await round();
    await school.automation(away(60));
    await round();
    expect(woken).toEqual(["anna"]);
    setNow(begin + 2 * DAY_MS + 15 * MINUTE_MS);
    await round();
    expect(woken, "who came before that began is not looked for among the new").toEqual(["anna"]);
    expect(await scopesWatched()).toContainEqual({ scope: "told:course", nextLook: null });
  });

  test("the directory hears of whoever it did not know when that began", async () => {
    const ben = { id: "ben", email: "ben@example.com" };
    await school.event("course.enrolled", ben, { course: "js-101" });
    await school.automation(away(30));
    await round();
    await flushLog(school.id, "ben");
    expect((await heardOf()).filter(({ scope }) => scope === "course")).toHaveLength(1);
    setNow(begin + 2 * DAY_MS + 15 * MINUTE_MS);
    await round();
    expect((await heardOf()).filter(({ scope }) => scope === "course")).toHaveLength(2);
  });

  test("a chain that is broken off is gone on with, and what nobody watches any more is left", async () => {
    const automation = await school.automation(away(30));
    await scanSchools(env);
    await scanAll(queues, school.id, 1);
    queues.actions.length = 0;
    setNow(begin + 2 * DAY_MS + 6 * MINUTE_MS);
    await round();
    expect(await heardOf()).toHaveLength(2);
    await school.patch(automation, { active: false });
    await round();
    expect(await scopesWatched()).toEqual([{ scope: "", nextLook: null }]);
    await school.event("course.visited", anna, { course: "js-101" });
    await flushLog(school.id, "anna");
    expect(await heardOf()).toEqual([
      { scope: "course", at: begin },
      { scope: "school", at: Date.now() },
    ]);
  });
});

test.each(Object.entries(HEARINGS))("%s walks along a key, without a sort", async (_, text) => {
  const { results } = await env.DB.prepare(`explain query plan ${text}`)
    .bind(...Array<number>(new Set(text.match(/\?\d+/g)).size).fill(1))
    .all<{ detail: string }>();
  expect(results).toHaveLength(1);
  expect(results[0]?.detail).toMatch(/^SEARCH .* \(school=\? AND (id>\?|\(created_at,id\)>\(\?,\?\))\)$/);
});

test("what the directory had heard before that began is not taken for it, where nobody remembers what that was", async () => {
  setNow(begin);
  await school.event("course.enrolled", anna, { course: "js-101" });
  await flushLog(school.id, "anna");
  await evictDurableObject(stubOf(school.id, "anna"));
  await school.automation(away(30));
  const { object, reference } = await school.object("anna");
  await object.advance(reference, null, 10, { tells: true });
  // The alarm asks the directory whether it has heard.
  setNow(begin + 11 * MINUTE_MS);
  await school.ring("anna");
  await flushLog(school.id, "anna");
  expect(await heardOf()).toContainEqual({ scope: "course", at: begin });
});
