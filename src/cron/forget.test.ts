import { runInDurableObject } from "cloudflare:test";
import { expect, test, vi } from "vitest";
import { env, everythingOf, flushLog, liveSchool, setNow, stubOf } from "../../test/workers/live";
import { remind } from "../../test/workers/retaining";
import { userObject } from "../calls/reaching/stub";

const DAY_MS = 86_400_000;
const { school } = liveSchool("live", { log_retention_days: 10 });

/** Whoever is reminded, in turn. */
function watch(): string[] {
  const reminded: string[] = [];
  const { getByName } = env.USERS;
  vi.spyOn(env.USERS, "getByName").mockImplementation((name) => {
    if (name.includes(school.id)) reminded.push(JSON.parse(name)[1]);
    return getByName.call(env.USERS, name);
  });
  return reminded;
}

test("whoever comes no more is reminded once, and keeps nothing that is too old", async () => {
  const begun = Date.now();
  for (const user of ["anna", "ben"]) await school.event("custom.note", user, { text: "long ago" });
  await flushLog(school.id, "anna", "ben");
  setNow(begun + 8 * DAY_MS);
  await school.event("school.visited", "ben");
  await flushLog(school.id, "ben");
  await runInDurableObject(stubOf(school.id, "anna"), (_, { storage }) => storage.deleteAlarm());
  const reminded = watch();
  setNow(begun + 10 * DAY_MS);
  await remind(env, school.id);
  expect(reminded).toEqual([]);
  setNow(begun + 12 * DAY_MS);
  await remind(env, school.id);
  await remind(env, school.id);
  expect(reminded).toEqual(["anna"]);
  vi.restoreAllMocks();
  setNow(begun + 12 * DAY_MS);
  expect(JSON.stringify((await everythingOf(school.id, "anna"))?.journal)).toBe("[]");
  expect((await userObject(env, { id: school.id, epoch: 1 }, "anna").state())?.learner.id).toBe("anna");
});
