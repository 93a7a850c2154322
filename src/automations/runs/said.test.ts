import { expect, test } from "vitest";
import { flushLog, holdQueuesAnew, makeSchool, type TestSchool } from "../../../test/workers/live";

/* What steps say of themselves, where nothing or not all of it could be done. */

const FCM = {
  type: "fcm",
  service_account: JSON.stringify({
    project_id: "p",
    client_email: "a@p.iam.gserviceaccount.com",
    private_key: "-----BEGIN PRIVATE KEY-----\nk",
  }),
};
const go = { synchronous: true, when: [{ type: "custom", name: "go" }] };
const push = { ...go, then: [{ type: "push.user", title: "Hi", body: "Hello" }] };

async function stepOf(school: TestSchool, user: string) {
  const { runs } = await school.event("custom.go", user);
  await flushLog(school.id, user);
  return (await school.ask("GET", `/v1/runs/${runs[0].id}`)).body.steps[0];
}

async function pushing(mode: "live" | "test", chosen: Record<string, unknown>): Promise<TestSchool> {
  await holdQueuesAnew();
  const school = await makeSchool(mode, { connectors: { push: chosen } });
  await school.automation(push);
  return school;
}

test("a push to a learner without a device is skipped where the school sends by FCM, and says so", async () => {
  const school = await pushing("live", FCM);
  expect(await stepOf(school, "anna")).toMatchObject({ status: "skipped", detail: { reason: "no_device" } });
  expect((await school.ask("GET", "/v1/deliveries")).body.data).toEqual([]);
  await school.ask("PUT", "/v1/users/ben", { push_tokens: ["t1"] });
  expect(await stepOf(school, "ben")).toMatchObject({ status: "done" });
});

test("a push is not skipped for want of a device in a rehearsal, nor where another knows the devices", async () => {
  expect(await stepOf(await pushing("test", FCM), "anna")).toMatchObject({ status: "done" });
  const webhook = { type: "webhook", url: "https://push.acme.com/in" };
  expect(await stepOf(await pushing("live", webhook), "anna")).toMatchObject({ status: "done" });
});

test("un-enrolling says which it ended, which stay, and which never were", async () => {
  await holdQueuesAnew();
  const school = await makeSchool();
  await school.automation({ ...go, then: [{ type: "course.unenroll", courses: ["c1", "c2", "c3"] }] });
  await school.event("course.enrolled", "anna", { course: "c1" });
  await school.event("bundle.enrolled", "anna", { bundle: "b1", courses: ["c2"] });
  expect(await stepOf(school, "anna")).toMatchObject({
    status: "done",
    detail: { unenrolled: ["c1"], held: ["c2"], not_enrolled: ["c3"] },
  });
  expect(await stepOf(school, "ben")).toMatchObject({ status: "skipped", detail: { reason: "not_enrolled" } });
});
