import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Clause, compileClause } from "../catalogue/segments/clause";
import type { Input } from "./inputs/input";
import { advance, newState, step } from "./step";
import { testWorld } from "./test-world";
import type { CompiledSegment, World } from "./types";

/* What is held, to be deleted, gives nothing new and takes nothing away; restored, it is as if it had never been held. */

const NOW = Date.UTC(2026, 0, 5, 9);
const DAY = 86_400_000;

const ORIGIN = { by: "hand", id: null } as const;
const clausesOf = (...where: Clause[]) => where.map((one) => compileClause(one, "UTC"));
const from = (source: string): Clause => ({ field: "source", op: "is", value: source });

/** A managed segment with a rule that may be held, and one that stands. */
const segment = (held: { rule?: boolean; segment?: boolean } = {}): CompiledSegment => ({
  id: "s",
  managed: !held.segment,
  rules: [
    { id: "rul_ads", match: "all", clauses: clausesOf(from("ads")), ...(held.rule ? { held: true } : {}) },
    { id: "rul_shop", match: "all", clauses: clausesOf(from("shop")) },
  ],
});
const worldOf = (...held: Parameters<typeof segment>): World => ({
  ...testWorld({}),
  segments: new Map([["s", segment(...held)]]),
});

class Life {
  readonly state = newState("anna", NOW);

  take(world: World, input: Input): this {
    step(this.state, input, world, NOW);
    return this;
  }

  comes(world: World, source: string): this {
    return this.take(world, { kind: "put", attributes: { source }, origin: ORIGIN });
  }

  align(world: World): this {
    return this.take(world, { kind: "align", segment: "s", fire: false });
  }

  get isMember(): boolean {
    return this.state.learner.segments.includes("s");
  }
}

describe("a held rule", () => {
  test("lets nobody join, and keeps whom it let in, whatever becomes of them", () => {
    expect(new Life().comes(worldOf({ rule: true }), "ads").isMember).toBe(false);
    const member = new Life().comes(worldOf(), "ads");
    expect(member.comes(worldOf({ rule: true }), "elsewhere").align(worldOf({ rule: true })).isMember).toBe(true);
    expect(member.align(worldOf()).isMember).toBe(false);
  });

  test("keeps nobody whom it neither let in nor would have", () => {
    const member = new Life().comes(worldOf(), "shop");
    expect(member.comes(worldOf({ rule: true }), "elsewhere").isMember).toBe(false);
  });
});

test("the rules of a held segment bring and take nobody", () => {
  const held = worldOf({ segment: true });
  expect(new Life().comes(held, "ads").isMember).toBe(false);
  expect(new Life().comes(worldOf(), "ads").comes(held, "elsewhere").isMember).toBe(true);
});

test("restored, members are as if nothing had been held", () => {
  const sources = fc.array(fc.constantFrom("ads", "shop", "elsewhere"), { maxLength: 6 });
  const held = fc.constantFrom({ rule: true }, { segment: true });
  fc.assert(
    fc.property(sources, sources, held, (first, second, what) => {
      const live = (meanwhile: World): boolean => {
        const life = new Life();
        for (const source of first) life.comes(worldOf(), source);
        for (const source of second) life.comes(meanwhile, source);
        return life.align(worldOf()).isMember;
      };
      expect(live(worldOf(what))).toBe(live(worldOf()));
    }),
  );
});

test("an automation that was held begins nothing that came meanwhile, and sees what comes", () => {
  const when = [{ type: "inactivity.school", days: 3 }];
  const world = testWorld({ away: { when, then: [] } });
  const since = (watchSince: number): World => {
    const automations = world.automations.map((one) => ({ ...one, watchSince }));
    return { ...world, automations, byId: new Map(automations.map((one) => [one.id, one])) };
  };
  const startsIn = (then: World) =>
    advance(newState("anna", NOW), then, NOW + 10 * DAY, { jumps: true }).effects.begun.length;
  expect([startsIn(since(NOW)), startsIn(since(NOW + 5 * DAY))]).toEqual([1, 0]);
});
