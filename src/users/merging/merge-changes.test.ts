import { beforeEach, expect, test } from "vitest";
import { pageOf } from "../../../test/workers/changes";
import { call, consume, env, flushLog, liveSchool, makeSchool, setNow, standIn } from "../../../test/workers/live";
import { schoolObject } from "../../calls/reaching/stub";

const LMS = { type: "webhook", url: "https://changes.acme.com/hook", secret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLKSw" };

let heard: { user: string; type: string; data: Record<string, unknown>; cause: { type: string }; seq: number }[];
let status: number;
const { school, queues } = liveSchool("live", { connectors: { lms: LMS } });

beforeEach(() => {
  heard = [];
  status = 200;
  standIn(LMS.url, (_, init) => {
    if (status === 200) heard.push(JSON.parse(String(init.body)));
    return new Response(null, { status });
  });
});

const settle = async (): Promise<void> => {
  while (queues.actions.length) await consume("schoolbell-actions", queues.actions.splice(0));
};
const merge = async (id: string, from: string) =>
  expect((await school.ask("POST", `/v1/users/${id}/merge`, { from })).status).toBe(200);

test("the LMS hears what the target gained, by the target's id, and messages that were on their way", async () => {
  await school.automation({
    when: [{ type: "custom", name: "go" }],
    then: [
      { type: "tags.add", tags: ["x", "y"] },
      { type: "message.user", body: "Hello" },
    ],
  });
  await school.event("tag.added", "anna", { tag: "y" });
  status = 503;
  await school.event("custom.go", "old");
  await settle();
  await merge("anna", "old");
  status = 200;
  for (let n = 0; n < 4; n++) {
    setNow(Date.now() + 3_600_000);
    await school.ring("anna");
    await settle();
  }
  expect(heard.map(({ user, type, data, cause }) => [user, type, data.tag, cause.type])).toEqual([
    ["anna", "change.message.sent", undefined, "run"],
    ["anna", "change.tag.added", "x", "merge"],
  ]);
  expect(heard[0]?.seq).toBeLessThan(heard[1]?.seq ?? 0);
  await flushLog(school.id, "anna");
  const { changes } = await pageOf(schoolObject(env, await school.school()), null);
  expect(changes.map((text) => JSON.parse(text)).map(({ user, type }) => `${user} ${type}`)).toEqual([
    "old tag.added",
    "old tag.added",
    "old message.sent",
    "anna tag.added",
  ]);
});

test("a test school's clock wakes what the target was given", async () => {
  const other = await makeSchool("test");
  const put = (id: string) => call("PUT", `/v1/users/${id}`, {}, other.key);
  await other.automation({
    when: [{ type: "custom", name: "go" }],
    then: [
      { type: "wait", for: "P2D" },
      { type: "tags.add", tags: ["late"] },
    ],
  });
  await put("anna");
  await other.event("custom.go", "old");
  await other.ask("POST", "/v1/test-clock", { advance: "P1D" });
  expect((await other.ask("POST", "/v1/users/anna/merge", { from: "old" })).status).toBe(200);
  expect((await other.ask("GET", "/v1/users")).body.data).toHaveLength(1);
  await other.ask("POST", "/v1/test-clock", { advance: "P1D" });
  expect((await other.ask("GET", "/v1/users/anna")).body.tags).toEqual(["late"]);
  expect((await other.ask("GET", "/v1/runs?user=anna")).body.data).toMatchObject([{ status: "completed" }]);
});
