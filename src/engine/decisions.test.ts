import { expect, test } from "vitest";
import { eventOf } from "../catalogue";
import { newState, step } from "./step";
import { testWorld } from "./test-world";

/* What is kept of a decision is the user as they stood when it was made, whatever became of them within the same turn. */

const gives = {
  synchronous: true,
  when: [{ type: "custom", name: "go" }],
  then: [
    { type: "tags.add", tags: ["vip"] },
    { type: "seat.add", seats: ["desk"] },
    { type: "segment.add", segments: ["friends"] },
  ],
};

test.each([
  ["tags", { type: "tags.has", tags: ["vip"] }],
  ["seats", { type: "seat.is_member", seats: ["desk"] }],
  ["segments", { type: "segment.is_member", segments: ["friends"] }],
  [
    "all of a group",
    {
      any: [
        { type: "tags.has", tags: ["vip"] },
        { type: "seat.is_member", seats: ["desk"] },
      ],
    },
  ],
])("%s seen to be missing are not there when they came a moment later", (_, condition) => {
  const asks = { synchronous: true, when: [{ type: "custom", name: "go" }], only_if: condition, then: [] };
  const segments = new Map([["friends", { managed: false }]]);
  const world = testWorld({ asks, gives }, { segments });
  const event = eventOf("custom.go");
  if (!event) throw new Error("no event");
  const state = newState("anna", 0);
  const { effects } = step(
    state,
    { kind: "event", id: "e1", event, type: "custom.go", data: {}, attributes: {}, at: 0 },
    world,
    0,
  );
  expect([state.learner.tags, state.learner.seats, state.learner.segments]).toEqual([["vip"], ["desk"], ["friends"]]);
  const [decision] = effects.facts[0]?.decisions ?? [];
  expect(decision).toMatchObject({ automation: "asks", stopped_by: "only_if" });
  expect([decision?.seen].flat(2)).toEqual([]);
});
