import { beforeEach, expect, test } from "vitest";
import { env, makeSchool, setNow, type TestSchool } from "../../test/workers/live";

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
