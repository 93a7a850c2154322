import { beforeEach, expect, test } from "vitest";
import { call, flushLog, makeSchool, setNow, type TestSchool } from "../../test/workers/live";
import { retain } from "../../test/workers/retaining";
import { env } from "../http/test-client";

/* What could not be used is told by its place, kept for a while, and tried again. */

let school: TestSchool;
beforeEach(async () => {
  school = await makeSchool();
});

const ask = async (method: string, path: string, body?: unknown) => {
  const answered = await school.ask(method, path, body);
  expect(answered.status, JSON.stringify(answered.body)).toBeLessThan(300);
  return answered.body;
};
const identify = (traits: Record<string, unknown>, messageId = "m1") =>
  ask("POST", "/v1/batch", { batch: [{ type: "identify", messageId, userId: "anna", traits }] });
const listed = async () =>
  (await ask("GET", "/v1/unmapped")).data as { id: string; name: string; path: string; count: number }[];
const userOf = (id: string) => ask("GET", `/v1/users/${id}`);

test("a choice that was not there is taken once it is, and what was taken then is not taken twice", async () => {
  const field = { key: "team", name: "Team", type: "choice", choices: ["Red"] };
  await ask("POST", "/v1/profile-fields", field);
  await identify({ email: "anna@acme.com", team: "blue", plan: "pro" });
  expect(await userOf("anna")).toMatchObject({ email: "anna@acme.com", fields: { plan: "pro" } });
  const [row] = await listed();
  expect(row).toMatchObject({ path: "/traits/team", message: "not a choice of Red", count: 1 });
  const one = await ask("GET", `/v1/unmapped/${row?.id}`);
  expect(one.messages).toMatchObject([{ user: "anna", message: { traits: { team: "blue" } } }]);
  expect(await ask("POST", `/v1/unmapped/${row?.id}/replay`)).toEqual({ tried: 1, used: 0 });
  await ask("PATCH", "/v1/profile-fields/team", { choices: ["Red", "Blue"] });
  expect(await ask("POST", `/v1/unmapped/${row?.id}/replay`)).toEqual({ tried: 1, used: 1 });
  expect((await userOf("anna")).fields).toEqual({ plan: "pro", team: "Blue" });
  expect(await listed()).toEqual([]);
  expect((await school.ask("POST", `/v1/unmapped/${row?.id}/replay`)).status).toBe(404);
  await flushLog(school.id, "anna");
  const { data } = await ask("GET", "/v1/users/anna/timeline");
  expect(data.filter(({ type }: { type: string }) => type === "user.updated")).toHaveLength(2);
});

test("each way in is tried again as it came", async () => {
  const { hook_key: key } = await ask("GET", "/v1/school");
  await ask("POST", "/v1/profile-fields", { key: "age", name: "Age", type: "number" });
  const user = { id: "lea", username: "Lea", fields: { age: "old" } };
  await ask("POST", `/hooks/learnworlds/${key}`, { type: "userUpdated", data: { user } });
  await ask("POST", `/hooks/moodle/${key}`, { eventname: "\\core\\event\\course_completed", relateduserid: 7 });
  const statement = {
    actor: { account: { name: "max" } },
    verb: { id: "http://adlnet.gov/expapi/verbs/completed" },
    object: { id: "https://s/c", definition: { type: "http://adlnet.gov/expapi/activities/course" } },
    result: { score: { raw: "good" } },
  };
  const headers = { authorization: `Basic ${btoa(`${school.key}:`)}`, "x-experience-api-version": "1.0.3" };
  expect((await call("POST", "/xapi/statements", statement, undefined, headers)).status).toBe(200);
  const rows = await listed();
  expect(rows.map(({ path }) => path).sort()).toEqual(["/courseid", "/data/user/fields/age", "/result/score/raw"]);
  for (const { id } of rows) expect(await ask("POST", `/v1/unmapped/${id}/replay`)).toEqual({ tried: 1, used: 0 });
  expect((await listed()).map(({ count }) => count)).toEqual([1, 1, 1]);
  expect((await userOf("max")).courses["https://s/c"].percent).toBe(100);
});

test("five messages of a name are kept, for seven days, and go with their user", async () => {
  for (let n = 0; n < 7; n++) await identify({ email: "none" }, `m${n}`);
  const [row] = await listed();
  const kept = async () => (await ask("GET", `/v1/unmapped/${row?.id}`)).messages;
  expect(row?.count).toBe(7);
  expect((await kept()).map(({ message }: { message: { messageId: string } }) => message.messageId)).toEqual([
    "m2",
    "m3",
    "m4",
    "m5",
    "m6",
  ]);
  setNow(Date.now() + 6 * 86_400_000);
  await retain(env);
  expect(await kept()).toHaveLength(5);
  setNow(Date.now() + 2 * 86_400_000);
  await retain(env);
  expect(await kept()).toEqual([]);
  await identify({ email: "none" }, "late");
  expect(await kept()).toHaveLength(1);
  await ask("DELETE", "/v1/users/anna");
  expect(await kept()).toEqual([]);
});
