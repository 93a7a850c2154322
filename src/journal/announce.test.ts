import { beforeEach, expect, test, vi } from "vitest";
import { env, type HeldQueues, holdQueues } from "../../test/workers/live";
import { forgetEverything } from "../base/cache";
import { announceGathered, announceSoon } from "./announce";

let queues: HeldQueues;
/** A school of each test's own: what was begun by others may still send its messages. */
let school: string;
/** What ends each second in which users gather. */
let rings: (() => void)[];

beforeEach(() => {
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
