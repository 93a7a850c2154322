import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { consume, env, liveSchool, setNow, standIn } from "../../../test/workers/live";
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

test("where nobody has bound it, what took longer than is promised is logged, and nothing else", () => {
  const info = vi.spyOn(console, "info").mockReturnValue();
  measure({}, "answer", { ms: 500, school: "s", subject: "POST /v1/events" });
  measure({}, "answer", { ms: 9_000, school: "s", subject: "GET /v1/export" });
  measure({}, "queue", { ms: 90_000, subject: "schoolbell-jobs" });
  expect(info).not.toHaveBeenCalled();
  measure({}, "answer", { ms: 501, school: "s", subject: "POST /v1/events" });
  measure({}, "queue", { ms: 30_001, subject: "schoolbell-log" });
  measure({}, "alarm", { ms: 60_001, school: "s" });
  measure({}, "delivery", { ms: 60_001, school: "s", subject: "email" });
  const records = info.mock.calls.map(([line]) => JSON.parse(String(line)));
  expect(records.map(({ what, subject, durationMs, school }) => [what, subject, durationMs, school])).toEqual([
    ["late", "answer POST /v1/events", 501, "s"],
    ["late", "queue schoolbell-log", 30_001, undefined],
    ["late", "alarm", 60_001, "s"],
    ["late", "delivery email", 60_001, "s"],
  ]);
});
