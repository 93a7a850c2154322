import { expect, test } from "vitest";
import { aroundD1 } from "../../test/workers/d1-calls";
import { consume, env, liveSchool, setNow } from "../../test/workers/live";
import { announceGathered } from "./announce";

/* What a log in a shard costs, counted in calls of databases. */

const { school, queues } = liveSchool();

test("an event calls no database, and what many tell together calls three times: a look, the shard, the main one", async () => {
  await school.automation({ when: [{ type: "tag.added", tags: ["vip"] }], then: [{ type: "tags.add", tags: ["x"] }] });
  // A place is known for half a minute.
  setNow(Date.now());
  const calls: string[] = [];
  const users = ["anna", "ben", "cora", "dora"];
  const all = async (type: string, tag: string) => {
    for (const user of users) await school.event(type, user, { tag });
  };
  const tell = async () => {
    await consume("schoolbell-actions", queues.actions.splice(0));
    calls.length = 0;
    await announceGathered(env);
    await consume("schoolbell-log", queues.log.splice(0));
    return calls;
  };
  await all("tag.added", "vip");
  await all("tag.added", "other");
  await tell();
  aroundD1((real, database) => {
    calls.push(database);
    return real();
  });
  await all("tag.removed", "other");
  expect(calls).toEqual([]);
  // Nothing is told of a run: only the main database hears.
  expect(await tell()).toEqual(["main"]);
  await all("tag.removed", "vip");
  await all("tag.added", "vip");
  const places = [...(await tell())];
  expect(places).toEqual(["main", expect.stringMatching(/^[01]$/), "main"]);
});
