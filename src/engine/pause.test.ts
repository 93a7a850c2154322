import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { eventOf } from "../catalogue";
import { advance, newState, step } from "./step";
import { testWorld } from "./test-world";
import type { Run, UserState, World } from "./types";

/* A paused school: what would start or go on is held, and goes on or ends with the pause. */

const HOUR = 3_600_000;
const NOW = Date.parse("2026-01-05T09:00:00.000Z");

const tagging = { type: "tags.add", tags: ["done"] };
const definitions = {
  quick: { when: [{ type: "tag.added", tags: ["go"] }], then: [tagging], synchronous: true },
  slow: { when: [{ type: "tag.added", tags: ["go"] }], then: [{ type: "wait", for: "PT1H" }, tagging] },
  heard: {
    when: [{ type: "tag.added", tags: ["go"] }],
    then: [
      {
        type: "wait_for",
        event: { type: "tag.added", tags: ["heard"] },
        timeout: "P1D",
        on_event: [tagging],
        on_timeout: [],
      },
    ],
  },
};

const open = testWorld(definitions);
const paused: World = { ...open, stamp: 2, paused: true };
const after: World = { ...open, stamp: 3 };
const ended: World = { ...open, stamp: 3, pauseExitStamp: 3 };

/** A user, and what happens to them in worlds that change. */
class Life {
  state: UserState = newState("anna", NOW);
  now = NOW;
  runs = new Map<string, Run>();
  decisions: string[] = [];

  private heard({ runs, facts }: Pick<ReturnType<typeof step>["effects"], "runs" | "facts">): void {
    for (const [id, run] of runs) this.runs.set(id, structuredClone(run));
    for (const { decisions } of facts)
      this.decisions.push(...decisions.map((one) => `${one.automation} ${one.stopped_by ?? "starts"}`));
  }

  tag(world: World, tag: string): this {
    const event = eventOf("tag.added");
    if (!event) throw new Error("no such event");
    const input = { kind: "event", id: `${tag}${this.now}`, event, type: "tag.added", data: { tag } } as const;
    const { before, effects } = step(this.state, { ...input, attributes: {}, at: this.now }, world, this.now);
    this.heard(before);
    this.heard(effects);
    return this;
  }

  pass(world: World, ms: number): this {
    this.now += ms;
    this.heard(advance(this.state, world, this.now, { jumps: false }).effects);
    return this;
  }

  standing(): Record<string, string> {
    const all = [...this.runs.values()].map(({ automation, status, reason }) => [automation, `${status} ${reason}`]);
    return Object.fromEntries(all);
  }
}

const ALL_HELD = { quick: "held paused", slow: "held paused", heard: "held paused" };

describe("a paused school", () => {
  test("holds what would start, synchronous too, and says so", () => {
    const life = new Life().tag(paused, "go");
    expect(life.standing()).toEqual(ALL_HELD);
    expect(life.decisions).toEqual(["quick paused", "slow paused", "heard paused"]);
    expect(life.state.learner.tags).toEqual(["go"]);
  });

  test("holds what is queued, and waits that end by time or by what they wait for", () => {
    const life = new Life().tag(open, "go").pass(open, 0);
    expect(life.standing()).toEqual({ quick: "completed null", slow: "waiting null", heard: "waiting null" });
    life.pass(paused, 2 * HOUR).tag(paused, "heard");
    expect(life.standing()).toEqual({ quick: "completed null", slow: "held paused", heard: "held paused" });
    life.pass(after, 0);
    expect([...new Set(Object.values(life.standing()))]).toEqual(["completed null"]);
  });

  test("lets go on what it held, or ends that and nothing else", () => {
    const goesOn = new Life().tag(paused, "go").pass(after, 0);
    expect(goesOn.standing()).toEqual({ quick: "completed null", slow: "waiting null", heard: "waiting null" });
    const life = new Life().tag(open, "go").pass(open, 0).pass(paused, HOUR);
    life.pass(ended, 0);
    expect(life.standing()).toEqual({ quick: "completed null", slow: "exited paused", heard: "waiting null" });
    life.tag(ended, "heard").pass(ended, 0);
    expect(life.standing()).toMatchObject({ heard: "completed null" });
  });

  test("ends what a pause held also for whoever is met in the next pause", () => {
    const life = new Life().tag(paused, "go").pass({ ...ended, stamp: 4, paused: true }, 0);
    expect([...new Set(Object.values(life.standing()))]).toEqual(["exited paused"]);
    life.tag({ ...ended, stamp: 4, paused: true }, "heard");
    expect(life.state.runs).toEqual([]);
  });

  test("holds by its own reason only what nothing else holds", () => {
    const off = testWorld({ ...definitions, slow: { ...definitions.slow, active: false } });
    const life = new Life().tag(open, "go").pass(open, 0);
    life.pass({ ...off, stamp: 2, paused: true }, HOUR);
    expect(life.standing().slow).toBe("held null");
    // Switched on in the pause, it is the pause that holds it; off again, it is not.
    life.pass({ ...paused, stamp: 3 }, 0);
    expect(life.standing().slow).toBe("held paused");
    life.pass({ ...off, stamp: 4, paused: true }, 0);
    expect(life.standing().slow).toBe("held null");
    life.pass({ ...off, stamp: 5, pauseExitStamp: 5 }, 0);
    expect(life.standing().slow).toBe("held null");
  });

  test("is as if it had never been, once what it held has gone on: the same runs, to the same end", () => {
    const deeds = fc.array(fc.constantFrom("go", "heard", "other", "wait"), { maxLength: 12 });
    fc.assert(
      fc.property(deeds, deeds, (first, second) => {
        const live = (during: World, behind: World): Life => {
          const life = new Life();
          const act = (world: World, deed: string) =>
            deed === "wait" ? life.pass(world, HOUR) : life.tag(world, deed);
          for (const deed of first) act(open, deed).pass(open, 0);
          for (const deed of second) act(during, deed).pass(during, 0);
          return life
            .pass(behind, 0)
            .pass(behind, 48 * HOUR)
            .pass(behind, HOUR);
        };
        const [held, free] = [live(paused, after), live(open, open)];
        expect([...held.runs.values()].map(({ automation, status }) => [automation, status]).toSorted()).toEqual(
          [...free.runs.values()].map(({ automation, status }) => [automation, status]).toSorted(),
        );
        expect(held.state.learner.tags.toSorted()).toEqual(free.state.learner.tags.toSorted());
        expect(held.state.runs).toEqual([]);
      }),
    );
  });
});
