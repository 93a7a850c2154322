import { expect, test } from "vitest";
import { messageIn, momentsOf, reachedBy, rehearsalOf, shortOf } from "./rehearsal";

const answer = {
  matched: true,
  trace: [],
  steps: [
    {
      at: "2026-01-05T09:00:00.000Z",
      step_id: "s1",
      type: "email.user",
      would: { content: { subject: "Hi", html: "<p>Hi</p>" } },
    },
    { at: "2026-01-05T09:00:00.000Z", step_id: "s2", type: "wait", would: { until: "2026-01-07T09:00:00.000Z" } },
    { at: "2026-01-07T09:00:00.000Z", step_id: "s3", type: "tags.add", would: { added: ["vip"] } },
  ],
  ends: { at: "2026-01-07T09:00:00.000Z", status: "completed", reason: null },
};

test("the clock stands still at each moment once, and lights what came up to it", () => {
  const rehearsal = rehearsalOf(answer);
  const [first, last] = momentsOf(rehearsal);
  expect(momentsOf(rehearsal)).toHaveLength(2);
  expect(reachedBy(rehearsal, first ?? 0).map((step) => step.stepId)).toEqual(["s1", "s2"]);
  expect(reachedBy(rehearsal, last ?? 0)).toHaveLength(3);
  expect(rehearsal.ends).toMatchObject({ status: "completed", reason: "" });
});

test("an answer that is none starts nothing", () => {
  expect(rehearsalOf("no")).toEqual({ matched: false, steps: [], ends: null, reasons: [] });
});

test("why it does not start is told from the trace", () => {
  const trace = [
    { at: 0, matched: false, stopped_by: "only_if", path: "/only_if/all/1", expected: {}, seen: ["parent"] },
  ];
  expect(rehearsalOf({ matched: false, trace }).reasons).toEqual([
    { stoppedBy: "only_if", path: "/only_if/all/1", seen: ["parent"] },
  ]);
  expect(rehearsalOf({ matched: true, trace: [{ matched: true }] }).reasons).toEqual([]);
});

test("a message is shown as such, the rest in short", () => {
  expect(messageIn({ content: { subject: "Hi", html: "<p>Hi</p>" } })).toEqual({
    subject: "Hi",
    body: "<p>Hi</p>",
    html: true,
  });
  expect(messageIn({ title: "Hi", body: "there" })).toMatchObject({ html: false });
  expect(messageIn({ added: ["vip"] })).toBeUndefined();
  expect(shortOf({ added: ["vip", "a"], until: "2026-01-07T09:00:00.000Z" }, () => "then")).toBe(
    "added: vip, a · until: then",
  );
});
