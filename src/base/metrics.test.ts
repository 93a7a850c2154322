import { afterEach, beforeEach, expect, test } from "vitest";
import { consume, env, liveSchool, setNow, standIn } from "../../test/workers/live";
import { measure } from "./metrics";

const HOOK = "https://measured.acme.com/in";
const NOW = Date.UTC(2027, 0, 1);
const { school, queues } = liveSchool();

let points: AnalyticsEngineDataPoint[];
const bound = env as { METRICS?: Pick<AnalyticsEngineDataset, "writeDataPoint"> };
beforeEach(() => {
  points = [];
  setNow(NOW);
  bound.METRICS = { writeDataPoint: (point) => void (point && points.push(point)) };
});
afterEach(() => {
  delete bound.METRICS;
});

const measured = (what: string) => points.filter(({ blobs }) => blobs?.[0] === what);

test("an answer is measured by its school, route and status, and no point names a learner", async () => {
  await school.ask("POST", "/v1/events", { type: "user.signed_up", user: { id: "anna", email: "anna@acme.com" } });
  await school.ask("GET", "/v1/users/anna");
  await school.ask("GET", "/v1/nowhere");
  expect(measured("answer")).toEqual([
    { indexes: [school.id], blobs: ["answer", school.id, "POST /v1/events"], doubles: [0, 200] },
    { indexes: [school.id], blobs: ["answer", school.id, "GET /v1/users/:id"], doubles: [0, 200] },
    { indexes: ["answer"], blobs: ["answer", "", ""], doubles: [0, 404] },
  ]);
  expect(JSON.stringify(points)).not.toContain("anna");
});

test("a delivery's lateness is that of its first attempt, and a batch's that of its oldest message", async () => {
  standIn(HOOK, () => new Response());
  await school.automation({ when: [{ type: "user.signed_up" }], then: [{ type: "webhook.send", url: HOOK }] });
  await school.event("user.signed_up", "anna");
  await consume("schoolbell-actions", queues.actions.splice(0));
  expect(measured("delivery")).toEqual([
    { indexes: [school.id], blobs: ["delivery", school.id, "webhook"], doubles: [expect.any(Number), 1] },
  ]);
  expect(measured("queue").map(({ blobs }) => blobs?.[2])).toContain("schoolbell-actions");
});

test("nothing is measured where nobody has bound it", () => {
  expect(() => measure({}, "answer", { ms: 1 })).not.toThrow();
});
