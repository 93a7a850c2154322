import { beforeEach, expect, test } from "vitest";
import { consume, env, flushLog, liveSchool, setNow, standIn } from "../../test/workers/live";
import { schoolObject } from "../calls/reaching/stub";

/* What a vendor's rate keeps waiting. */

const RATE = { requests: 25, withinMs: 10_000 };
const lms = { type: "learnworlds", url: "https://rate.acme.com/admin/api", client_id: "i", client_secret: "s" };
const { school, queues } = liveSchool("live", { connectors: { lms } });

let asked: string[];
beforeEach(() => {
  asked = [];
  standIn(lms.url, (url) => {
    asked.push(new URL(url).pathname);
    return Response.json({ success: true, tokenData: { access_token: "t", expires_in: 3_600, token_type: "Bearer" } });
  });
});

const settle = async (): Promise<void> => {
  while (queues.actions.length) await consume("schoolbell-actions", queues.actions.splice(0));
};
const changes = async () => {
  await flushLog(school.id, "anna");
  return (await school.ask("GET", "/v1/deliveries?user=anna&channel=lms")).body.data;
};

test("a change that finds no room is no attempt; it asks again, and goes when there is", async () => {
  await school.automation({ when: [{ type: "custom", name: "go" }], then: [{ type: "tags.add", tags: ["x"] }] });
  const object = schoolObject(env, { id: school.id, epoch: 1 });
  for (let n = 0; n < RATE.requests; n++) expect(await object.admit(RATE)).toBe(0);
  await school.event("custom.go", "anna");
  await settle();
  expect(asked).toEqual([]);
  expect(await changes()).toMatchObject([{ status: "queued", attempts: [] }]);
  setNow(Date.now() + 30_000);
  await school.ring("anna");
  await settle();
  expect(asked.at(-1)).toBe("/admin/api/v2/users/anna/tags");
  expect(await changes()).toMatchObject([{ status: "sent", attempts: [{ ok: true }] }]);
});

test("schools whose LMS has no rate ask nobody", async () => {
  await school.ask("PATCH", "/v1/school", {
    settings: { connectors: { lms: { type: "webhook", url: "https://rate.acme.com/" } } },
  });
  await school.automation({ when: [{ type: "custom", name: "go" }], then: [{ type: "tags.add", tags: ["x"] }] });
  const object = schoolObject(env, { id: school.id, epoch: 1 });
  for (let n = 0; n < RATE.requests; n++) await object.admit(RATE);
  await school.event("custom.go", "anna");
  await settle();
  expect(await changes()).toMatchObject([{ status: "sent" }]);
});
