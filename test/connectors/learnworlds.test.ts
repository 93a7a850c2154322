import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { Change } from "../../src/catalogue/facts/changes";
import { ANNA, FakeSchool, given, SETTINGS } from "../fakes/learnworlds-school";
import { type Served, serve } from "../fakes/serve";
import { parcelOf, startWorld, type World } from "./harness";

/* The connector as it runs for real, over HTTP: bodies on DELETE and answers without one are the runtime's to carry. */

let world: World;
let theirs: FakeSchool;
let served: Served;
beforeAll(async () => {
  theirs = new FakeSchool();
  theirs.now = Date.now();
  [world, served] = await Promise.all([startWorld(), serve((request) => theirs.lms.fetch(request))]);
});
afterAll(() => Promise.all([world.close(), served.close()]));
afterEach(() => expect(theirs.lms.mistakes).toEqual([]));

const send = (content: Record<string, unknown>) =>
  world.send({
    name: "learnworlds",
    parcel: parcelOf({ channel: "lms", content, user: theirs.user }),
    settings: SETTINGS,
    routes: { [SETTINGS.url]: served.base },
  });

const course = { course: "course-1" };
const ended = { role: "student", expires_at: null, source: "run" };
const changes: Change[] = [
  { type: "tag.added", data: { tag: "vip" } },
  { type: "tag.removed", data: { tag: "vip" } },
  { type: "course.enrolled", data: { ...course, ...given, price: 10 } },
  { type: "activity.completed", data: { ...course, activity: "u1" } },
  { type: "course.progress_reset", data: course },
  { type: "group.joined", data: { group: "g1" } },
  { type: "group.left", data: { group: "g1" } },
  { type: "seat.added", data: { seat: "s1" } },
  { type: "seat.removed", data: { seat: "s1" } },
  { type: "space.added", data: { space: "sp1" } },
  { type: "space.removed", data: { space: "sp1" } },
  { type: "course.unenrolled", data: { ...course, ...ended } },
];

test.each(changes)("$type reaches LearnWorlds", async (change) => {
  const at = new Date(theirs.now).toISOString();
  const whole = { ...change, id: "chg_01", user: ANNA, seq: 1, at, cause: { type: "run", id: "run_01" } };
  expect(await send(whole)).toMatchObject({ ok: true });
});

test("a token is fetched once for all of them", () => {
  expect(theirs.lms.requests.filter(({ path }) => path.endsWith("access_token"))).toHaveLength(1);
});

test("the connection is checked", async () => {
  theirs.now += 60_000;
  expect(await send({ type: "test" })).toMatchObject({ ok: true });
});
