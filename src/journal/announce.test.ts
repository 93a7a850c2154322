import { beforeEach, expect, test, vi } from "vitest";
import { env, type HeldQueues, holdQueues } from "../../test/workers/live";
import { forgetEverything } from "../base/cache";
import { announce, announceGathered, announceSoon } from "./announce";

let queues: HeldQueues;
/** A school of each test's own: what was begun by others may still send its messages. */
let school: string;
/** What ends each second in which users gather. */
let rings: (() => void)[];

beforeEach(() => {
  // Whoever gathers since another file's test has a timer already.
  forgetEverything();
  queues = holdQueues();
  school = crypto.randomUUID();
  rings = [];
  vi.spyOn(scheduler, "wait").mockImplementation(() => new Promise((resolve) => rings.push(resolve)));
});

const comes = (user: string) => announceSoon(env, { school, epoch: 1, user }, { wakes: false });
const everythingBegun = () => new Promise((resolve) => setTimeout(resolve));
const users = () => queues.log.flatMap(({ users }) => users.flatMap((one) => (one.school === school ? one.user : [])));

test("users who come within a second are announced together, each once", async () => {
  for (const user of ["anna", "ben", "anna"]) comes(user);
  expect(rings).toHaveLength(1);
  rings[0]?.();
  await vi.waitFor(() => expect(users()).toEqual(["anna", "ben"]));
});

test("users whose request took its timer along are announced with whoever comes after it", async () => {
  vi.useFakeTimers({ now: 1_000, toFake: ["Date"] });
  comes("anna");
  vi.setSystemTime(2_000);
  comes("ben");
  rings[1]?.();
  await vi.waitFor(() => expect(users()).toEqual(["anna", "ben"]));
});

test.each([
  ["were announced meanwhile", () => announceGathered(env)],
  ["were forgotten", forgetEverything],
])("the timer of users who %s leaves those alone who gather since", async (_, end) => {
  comes("anna");
  await end();
  queues.log.length = 0;
  comes("ben");
  rings[0]?.();
  await everythingBegun();
  expect(users()).toEqual([]);
  rings[1]?.();
  await vi.waitFor(() => expect(users()).toEqual(["ben"]));
  expect(env.LOG.sendBatch).toHaveBeenCalledWith([{ body: { users: [{ school, epoch: 1, user: "ben" }] } }], {
    delaySeconds: 4,
  });
});

test("users whose runs wait go by the queue of runs, sooner, and not by the log's besides", async () => {
  comes("anna");
  announceSoon(env, { school, epoch: 1, user: "anna" }, { wakes: true });
  announceSoon(env, { school, epoch: 1, user: "ben" }, { wakes: true });
  expect(vi.mocked(scheduler.wait).mock.calls.map(([ms]) => ms)).toEqual([1_000, 250]);
  rings[1]?.();
  const named = ["anna", "ben"].map((user) => ({ school, epoch: 1, user }));
  const wakes = () =>
    queues.actions.filter((one) => one.kind === "wake_users" && one.users.some((user) => user.school === school));
  await vi.waitFor(() => expect(wakes()).toEqual([{ kind: "wake_users", school: "", users: named }]));
  rings[0]?.();
  await everythingBegun();
  expect(users()).toEqual([]);
});

test("a message names a hundred users at most, and less than is billed once", async () => {
  const ids = Array.from({ length: 130 }, (_, n) => String(n).padStart(4, "0"));
  const places = (id: (n: string) => string) => ids.map((n) => ({ school, epoch: 1, user: id(n) }));
  await announce(env, places(String));
  const sent = () => queues.log.filter(({ users }) => users.some((one) => one.school === school));
  expect(sent().map(({ users }) => users.length)).toEqual([100, 30]);
  queues.log.length = 0;
  await announce(
    env,
    places((n) => `${n}${"\u0001".repeat(124)}`),
  );
  const sizes = sent().map((one) => JSON.stringify(one).length);
  expect(sent()[0]?.users.length).toBeLessThan(100);
  expect(Math.max(...sizes)).toBeLessThan(64_000);
  expect(sent().flatMap(({ users }) => users)).toHaveLength(130);
});
