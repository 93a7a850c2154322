import { describe, expect, test } from "vitest";
import { beyond, countFor } from "../counting";
import { liveSchool } from "../live";

/* What a batch tells of one bundle is noted once, as the last of its events has it; each goes by what was told up to it. */

const { school } = liveSchool();

interface Answer {
  status?: number;
  user: { courses: Record<string, unknown> };
}

const enrolled = (user: string, bundle: string, courses?: string[]) => ({
  type: "bundle.enrolled",
  user: { id: user },
  data: { bundle, ...(courses ? { courses } : {}) },
});

/** The courses of each answer's user. */
async function sent(events: unknown[]): Promise<string[][]> {
  const { body } = await school.ask("POST", "/v1/events/batch", { events });
  return body.results.map(({ status, user }: Answer) => (status === undefined ? Object.keys(user.courses).sort() : []));
}

describe("a bundle of which a batch tells again and again", () => {
  test("is noted in a few queries, in hundreds of ways too, and each event goes by its own", async () => {
    const events = Array.from({ length: 400 }, (_, n) => enrolled(`u${n}`, "b", [`c${n}`]));
    const counts = countFor(school.id);
    const courses = await sent(events);
    expect(counts.statements.filter((sql) => sql.includes('"bundles"')).length).toBeLessThan(10);
    expect(counts.statements.length).toBeLessThan(250);
    expect(beyond(counts)).toEqual([]);
    expect(courses).toEqual(events.map(({ data }) => data.courses));
    expect(await sent([enrolled("late", "b")])).toEqual([["c399"]]);
  });

  test("is for an event that does not say what the events before it have said, whoever's they are", async () => {
    await sent([enrolled("first", "b", ["known"])]);
    const courses = await sent([
      enrolled("anna", "b"),
      enrolled("ben", "b", ["one"]),
      enrolled("cleo", "b"),
      enrolled("ben", "other", ["two"]),
      enrolled("dora", "b", []),
      enrolled("emil", "b"),
      enrolled("finn", "b", ["three"]),
      enrolled("gina", "b"),
    ]);
    expect(courses).toEqual([["known"], ["one"], ["one"], ["one", "two"], [], [], ["three"], ["three"]]);
    expect(await sent([enrolled("hugo", "b")])).toEqual([["three"]]);
  });

  test("is not told by an event that is refused", async () => {
    await sent([enrolled("first", "b", ["known"])]);
    const refused = { ...enrolled("anna", "b", ["wrong"]), occurred_at: "9999-01-01T00:00:00.000Z" };
    expect(await sent([enrolled("anna", "b"), refused, enrolled("ben", "b")])).toEqual([["known"], [], ["known"]]);
  });

  test("is not told by a copy of an event, as it may hold other courses since", async () => {
    const first = { id: "e-1", ...enrolled("anna", "b", ["old"]) };
    const single = async (event: object) => expect((await school.ask("POST", "/v1/events", event)).status).toBe(200);
    await single(first);
    await single({ id: "e-2", ...enrolled("ben", "b", ["new"]) });
    await single(first);
    expect(await sent([enrolled("cleo", "b")])).toEqual([["new"]]);
    await sent([first]);
    expect(await sent([enrolled("dora", "b")])).toEqual([["new"]]);
    await sent([{ id: "e-3", ...enrolled("emil", "b", ["newer"]) }, first, enrolled("finn", "b")]);
    expect(await sent([enrolled("gina", "b")])).toEqual([["newer"]]);
    expect((await school.ask("GET", "/v1/users/finn")).body.courses).toHaveProperty("newer");
  });

  test("is the same in whatever order its courses are named", async () => {
    await sent([enrolled("anna", "b", ["one", "two"])]);
    const { stamp } = await school.school();
    expect(await sent([enrolled("ben", "b", ["two", "one", "two"])])).toEqual([["one", "two"]]);
    await school.event("bundle.enrolled", "cleo", { bundle: "b", courses: ["two", "one"] });
    expect((await school.school()).stamp).toBe(stamp);
  });

  test("is for what an event starts what the event says", async () => {
    await school.automation({
      synchronous: true,
      when: [{ type: "payment.made" }],
      then: [{ type: "bundle.enroll", bundles: ["b"] }],
    });
    const paid = (user: string) => ({
      type: "payment.made",
      user: { id: user },
      data: { payment: `p-${user}`, amount: 5, currency: "EUR", product_type: "bundle", product: "b" },
    });
    const courses = await sent([
      paid("anna"),
      enrolled("ben", "b", ["one"]),
      paid("cleo"),
      enrolled("ben", "b", ["two"]),
    ]);
    expect(courses).toEqual([[], ["one"], ["one"], ["one", "two"]]);
  });
});
