import { beforeEach, expect, test } from "vitest";
import { env, failToWrite, makeSchool, setNow, stubOf, type TestSchool } from "../../../test/workers/live";

let school: TestSchool;

const move = (body: unknown) => school.ask("POST", "/v1/test-clock", body);
const now = async () => (await school.ask("GET", "/v1/school")).body.now;
const begin = Date.UTC(2026, 0, 1);
const daysOn = (days: number) => new Date(begin + days * 86_400_000).toISOString();

beforeEach(async () => {
  const made = await makeSchool("test");
  await env.DB.prepare("update schools set now = ? where id = ?").bind(begin, made.id).run();
  school = made;
  setNow(Date.now() + 10_000);
});

test("moves that come at once are made one after the other, each from where the one before has ended", async () => {
  const [one, other] = await Promise.all([move({ advance: "P10D" }), move({ advance: "P1D" })]);
  const reached = [one.body.now, other.body.now].sort();
  expect([...reached, await now()]).toEqual([expect.any(String), daysOn(11), daysOn(11)]);
  expect([daysOn(10), daysOn(1)]).toContain(reached[0]);
});

test("a move to where another has taken the clock past is refused, and does not take it back", async () => {
  const answers = await Promise.all([move({ advance: "P10D" }), move({ to: daysOn(1) })]);
  expect(answers[0]?.status).toBe(200);
  expect([200, 422]).toContain(answers[1]?.status);
  expect((await now()) >= daysOn(10)).toBe(true);
});

test("a clock whose mover died is moved by the next, once its lease is over", async () => {
  await env.DB.prepare("update schools set clock_leased_until = ? where id = ?")
    .bind(Date.now() - 1, school.id)
    .run();
  expect((await move({ advance: "P1D" })).body.now).toBe(daysOn(1));
});

test("who fails on the way is asked once more, so that what is due for everybody has happened", async () => {
  await school.automation({
    when: [{ type: "user.signed_in" }],
    then: [
      { type: "wait", for: "P1D" },
      { type: "tags.add", tags: ["late"] },
    ],
  });
  for (const user of ["anna", "ben"]) await school.event("user.signed_in", user);
  await failToWrite(stubOf(school.id, "ben"));
  expect((await move({ advance: "P2D" })).body).toEqual({ now: daysOn(2) });
  for (const user of ["anna", "ben"])
    expect((await school.ask("GET", `/v1/users/${user}`)).body.tags).toEqual(["late"]);
});

test("the clock stands where nobody answers", async () => {
  await env.DB.prepare(
    "insert into users (school, id, created_at, registered_at, search, seq, next_wake) values (?, ?, 0, 0, '', 0, 1)",
  )
    .bind(school.id, "x".repeat(2_000))
    .run();
  expect((await move({ advance: "P2D" })).status).toBe(503);
  expect(await now()).toBe(daysOn(0));
  // Whatever goes over all users would fail there.
  await env.DB.prepare("delete from users where school = ?").bind(school.id).run();
});

const away = (more = {}) => ({
  when: [{ type: "inactivity.school", days: 2, ...more }],
  then: [{ type: "tags.add", tags: ["away"] }],
});
const runsOf = async (automation: string): Promise<string[]> =>
  (await school.ask("GET", `/v1/runs?automation=${automation}`)).body.data.map(
    (run: { user_id: string }) => run.user_id,
  );

test("where no time passes those already inactive start what was switched on for them too, and nobody else", async () => {
  for (const user of ["anna", "ben"]) await school.event("user.signed_in", user);
  await move({ advance: "P10D" });
  const already = { include_already_inactive: true };
  const [made, other] = [await school.automation(away(already)), await school.automation(away())];
  const later = await school.automation({ ...away(already), active: false });
  expect((await move({ advance: "PT0S" })).body).toEqual({ now: daysOn(10) });
  expect([(await runsOf(made)).toSorted(), await runsOf(other)]).toEqual([["anna", "ben"], []]);
  await move({ advance: "P1D" });
  await school.patch(later, { active: true });
  expect((await move({ advance: "PT0S" })).body).toEqual({ now: daysOn(11) });
  for (const automation of [made, later]) expect((await runsOf(automation)).toSorted()).toEqual(["anna", "ben"]);
  expect(await runsOf(other)).toEqual([]);
});
