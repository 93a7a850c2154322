import { expect, test } from "vitest";
import { eventOf } from "../catalogue";
import { advance, newState, step } from "./step";
import { testWorld } from "./test-world";
import type { World } from "./types";

/* An automation sees what happened from when it is active, never what was long past. */

const DAY = 86_400_000;
const NOW = Date.parse("2026-01-05T09:00:00.000Z");

/** A school whose automations are all active since now. */
function young(definitions: Parameters<typeof testWorld>[0]): World {
  const world = testWorld(definitions);
  const automations = world.automations.map((one) => ({ ...one, activeSince: NOW }));
  return { ...world, automations, byId: new Map(automations.map((one) => [one.id, one])) };
}

function happens(world: World, at: number, more: { fire?: true } = {}, now = NOW) {
  const state = newState("anna", now - 30 * DAY);
  const event = eventOf("tag.added");
  if (!event) throw new Error("no event");
  const input = { kind: "event", id: "e", event, type: "tag.added", data: { tag: "a" }, at, ...more } as const;
  const { effects } = step(state, { ...input, attributes: { username: "Anna" } }, world, now);
  const { effects: later } = advance(state, world, now, { jumps: true });
  return [...effects.facts, ...later.facts].flatMap(({ type, decisions }) =>
    decisions.map(({ automation, stopped_by }) => `${type} ${automation} ${stopped_by ?? "starts"}`),
  );
}

const onTag = { when: [{ type: "tag.added", tags: ["a", "b"], match: "any" }], then: [] };

test("what happened more than a day before it was active starts nothing, exactly a day is not more", () => {
  const world = young({ aut: onTag });
  expect(happens(world, NOW - DAY)).toEqual(["tag.added aut starts"]);
  expect(happens(world, NOW - DAY - 1)).toEqual(["tag.added aut before_active"]);
  expect(happens(world, NOW - DAY - 1, {}, NOW + 90 * DAY)).toEqual(["tag.added aut before_active"]);
});

test("unless the event says fire", () => {
  expect(happens(young({ aut: onTag }), NOW - 90 * DAY, { fire: true })).toEqual(["tag.added aut starts"]);
});

test("the attributes that come with it are of its time, what runs do of their own", () => {
  const world = young({
    old: { ...onTag, then: [{ type: "tags.add", tags: ["b"] }] },
    young: { ...onTag, when: [{ type: "tag.added", tags: ["b"] }] },
    updated: { when: [{ type: "user.updated" }], then: [] },
  });
  const automations = world.automations.map((one) => (one.id === "old" ? { ...one, activeSince: 0 } : one));
  const mixed = { ...world, automations, byId: new Map(automations.map((one) => [one.id, one])) };
  expect(happens(mixed, NOW - 9 * DAY)).toEqual([
    "user.updated updated before_active",
    "tag.added old starts",
    "tag.added old loop_stopped",
    "tag.added young starts",
  ]);
});
