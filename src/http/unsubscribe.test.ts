import { expect, test } from "vitest";
import { call, env, flushLog, liveSchool } from "../../test/workers/live";
import { signingKey } from "../connectors/keys";
import { UNSUBSCRIBE, unsubscribeToken } from "../connectors/vendors/unsubscribe";

const { school } = liveSchool();

test("who leaves by the link of a mail has spoken in person, and the LMS is told", async () => {
  await school.ask("PUT", "/v1/users/anna", { marketing_consent: true });
  const token = await unsubscribeToken(await signingKey(String(env.SECRET_KEY), UNSUBSCRIBE), {
    school: school.id,
    epoch: 1,
    user: "anna",
  });
  expect((await call("POST", `/unsubscribe/${token}`)).status).toBe(200);
  expect((await school.ask("GET", "/v1/users/anna")).body.marketing_consent).toBe(false);
  await flushLog(school.id, "anna");
  expect((await school.ask("GET", "/v1/changes")).body.data).toMatchObject([
    { type: "user.updated", cause: { type: "learner" }, data: { values: { marketing_consent: false } } },
  ]);
});
