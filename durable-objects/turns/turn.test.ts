import { describe, expect, test, vi } from "vitest";
import type { Packed } from "../../src/calls/shape";
import type { Enrolment } from "../../src/catalogue/facts/facts";
import type { Played } from "../../src/engine/play";
import { testWorld } from "../../src/engine/test-world";
import type { Run, World } from "../../src/engine/types";
import type { School } from "../../src/world/snapshot";
import type { SchoolSource } from "../scene";
import { MemoryStore, NOW, PLACE, packedOf, runOf, sourceOf, testClock, testSchool } from "../test-parts";
import { Turns } from "./turn";

const reference = { id: PLACE.school, stamp: 0, now: null };

function setUp(packed: Packed | null = packedOf(), school: School = testSchool(), source: Partial<SchoolSource> = {}) {
  const { clock } = testClock();
  const store = new MemoryStore(packed);
  const { log } = store;
  const work: Promise<unknown>[] = [];
  const hasNews = { now: false };
  const turns = new Turns({
    place: PLACE,
    store,
    clock,
    source: sourceOf(school, source),
    telling: {
      note: () => void log.push("note"),
      lease: () => {
        log.push("lease");
        return hasNews.now;
      },
      announce: async () => void log.push("announce"),
      anew: () => undefined,
      tellNow: async () => void log.push("tell"),
    },
    addresses: { tell: () => undefined },
    holders: { first: undefined },
    waking: {
      arm: () => void log.push("arm"),
      resume: () => void log.push("resume"),
      pause: () => {},
      mayForget: false,
      forgetOld: async () => {},
    },
    offers: {
      offer: () => {
        log.push("offer");
        return { wakes: false, deliveries: [] };
      },
    },
    posting: ({ school: { mode } }) => ({
      realNow: NOW,
      mode,
      suppressionOf: () => null,
      mail: { timezone: "UTC" },
      paused: false,
      leaves: () => true,
      waitsForPage: () => false,
      isKnownWord: () => true,
      user: "anna",
      lms: null,
    }),
    background: (one) => void work.push(one),
  });
  return { turns, store, log, hasNews, work };
}

describe("a turn", () => {
  test("is written before anything leaves", async () => {
    const { turns, log } = setUp();
    expect(await turns.play(reference, () => "done")).toEqual({ result: "done", hasNews: false, wakes: false });
    expect(log).toEqual(["commit", "resume", "lease", "arm", "offer"]);
  });

  test("of a test school is told to D1 before the answer", async () => {
    const { turns, log } = setUp(packedOf(), testSchool({ mode: "test" }));
    await turns.play(reference, () => {});
    expect(log).toEqual(["commit", "resume", "lease", "arm", "tell", "offer"]);
  });

  test("of a suspended school lets no wake-up come sooner", async () => {
    const { turns, log } = setUp(packedOf(), testSchool({ suspended: true }));
    await turns.play(reference, () => {});
    expect(log).not.toContain("resume");
  });

  test("that throws has not happened: what it changed is read anew, and nothing leaves", async () => {
    const { turns, store, log } = setUp();
    const change = turns.change(reference, false, (packed) => {
      packed.seq = 1;
      throw new Error("planted");
    });
    await expect(change).rejects.toThrow("planted");
    expect(store.load()?.seq).toBe(NOW);
    expect(log).toEqual(["open"]);
  });

  test("that cannot be written has not happened either", async () => {
    const { turns, store, log } = setUp();
    vi.spyOn(store, "commit").mockImplementationOnce(() => {
      throw new Error("planted");
    });
    const change = turns.change(reference, false, (packed) => ++packed.seq);
    await expect(change).rejects.toThrow("planted");
    expect(store.load()?.seq).toBe(NOW);
    expect(log).toEqual(["open"]);
  });
});

describe("a change", () => {
  test("is kept, and answered with what came of it", async () => {
    const { turns, store } = setUp();
    expect(await turns.change(reference, false, (packed) => ++packed.seq)).toBe(NOW + 1);
    store.open();
    expect(store.load()?.seq).toBe(NOW + 1);
  });

  test("of somebody unknown makes nobody unless it is to", async () => {
    const { turns, store } = setUp(null);
    const act = vi.fn((packed: Packed) => {
      packed.state = packedOf().state;
    });
    expect(await turns.change(reference, false, act)).toBeNull();
    expect([act.mock.calls.length, store.load()]).toEqual([0, null]);
    await turns.change(reference, true, act);
    expect(store.load()).toMatchObject({ born: NOW, state: { learner: { id: PLACE.user } } });
  });

  test("that leaves nobody behind keeps nothing", async () => {
    const { turns, store } = setUp(null);
    await turns.change(reference, true, () => {});
    expect(store.load()).toBeNull();
  });

  test("is none of a lead that is being handed over", async () => {
    const { turns } = setUp(packedOf({ movedTo: "eve" }));
    expect(await turns.change(reference, true, () => "changed")).toBeNull();
  });

  test("announces its user behind the answer, where D1 is to hear of it", async () => {
    const { turns, hasNews, work, log } = setUp();
    await turns.change(reference, false, () => {});
    expect(work).toEqual([]);
    hasNews.now = true;
    await turns.change(reference, false, () => {});
    await Promise.all(work);
    expect(log.at(-1)).toBe("announce");
  });
});

describe("what happens in a turn", () => {
  const origin = { by: "hand", id: "eve@acme.com" } as const;
  const expiring: Enrolment = {
    type: "course",
    product: "js",
    role: "student",
    enrolledAt: NOW - 2,
    knownAt: NOW - 2,
    sources: [{ source: "event", endsAt: NOW - 1, given: { by: "event", id: null, at: NOW - 2 } }],
  };
  const happen = async (input: Played, packed = packedOf()) => {
    const { turns, log } = setUp(packed);
    const outcome = await turns.change(reference, false, (draft, scene) => turns.happen(draft, scene, input));
    return { packed, outcome, noted: log.includes("note") };
  };

  test("is an entry of the journal with what came of it, and a change more", async () => {
    const input = { kind: "import", attributes: {}, tags: ["a"], fire: false, origin } as const;
    const { packed, noted } = await happen(input);
    expect(packed.entries).toMatchObject([
      { seq: NOW + 2, at: NOW, eventId: null, input, stamp: 1, facts: [{ type: "tag.added", data: { tag: "a" } }] },
    ]);
    expect([packed.seq, noted]).toEqual([NOW + 2, true]);
  });

  test("has an entry of its own for what time brought about before it", async () => {
    const packed = packedOf();
    if (packed.state) packed.state.learner.enrolments = [structuredClone(expiring)];
    const { packed: after } = await happen({ kind: "put", attributes: { username: "Anna" }, origin }, packed);
    expect(after.entries.map(({ input, facts }) => [input?.kind, facts.map(({ type }) => type)])).toEqual([
      [undefined, ["course.unenrolled"]],
      ["put", ["user.updated"]],
    ]);
  });

  test("is refused where it gives more than one may hold: what was due before has happened, as time let pass", async () => {
    const packed = packedOf();
    if (packed.state) packed.state.learner.tags = Array.from({ length: 1_000 }, (_, n) => `tag ${n}`);
    if (packed.state) packed.state.learner.enrolments = [structuredClone(expiring)];
    const input = { kind: "import", attributes: {}, tags: ["a"], fire: false, origin } as const;
    const { outcome } = await happen(input, packed);
    expect(outcome?.refused).toMatchObject({ limit: "tags" });
    expect(packed.entries.map((entry) => [entry.input?.kind, entry.facts.length])).toEqual([["time", 1]]);
  });

  test("is nothing where time was let pass and brought nothing about", async () => {
    const { packed, noted } = await happen({ kind: "time", until: NOW });
    expect([packed.seq, packed.entries, noted]).toEqual([NOW, [], false]);
  });
});

describe("the scene of a turn", () => {
  test("is no older than what the caller or the user has seen", async () => {
    const packed = packedOf();
    if (packed.state) packed.state.stamp = 7;
    const asked: number[] = [];
    const school = async (minStamp: number) => {
      asked.push(minStamp);
      return testSchool();
    };
    const { turns } = setUp(packed, testSchool(), { school });
    await turns.scene({ ...reference, stamp: 5 });
    await turns.scene({ ...reference, stamp: 9 });
    expect(asked).toEqual([7, 9]);
  });

  test("has a clock that is not behind the caller's", async () => {
    const { turns } = setUp(packedOf(), testSchool({ mode: "test", now: NOW - 5 }));
    expect((await turns.scene({ ...reference, now: NOW })).now).toBe(NOW);
    expect((await turns.scene(reference)).now).toBe(NOW - 5);
  });

  test("is none where the school is gone: the turn fails", async () => {
    const { turns, log } = setUp(packedOf(), testSchool(), { school: async () => null });
    await expect(turns.play(reference, () => {})).rejects.toThrow("school_is_gone");
    expect(log).toEqual([]);
  });

  test("has the programs that runs of earlier versions go by, and asks for no others", async () => {
    const packed = packedOf();
    const runs = [runOf({ version: 1 }), runOf({ version: 2 }), runOf({ automation: "deleted", version: 2 })];
    if (packed.state) packed.state.runs = runs;
    const programs = vi.fn(async (_: School, world: World, __: readonly Run[]) => world);
    const world = async () => testWorld({ aut_1: { when: [{ type: "user.signed_in" }], then: [] } });
    const { turns } = setUp(packed, testSchool(), { world, programs });
    await turns.scene(reference);
    expect(programs.mock.calls.map(([, , wanted]) => wanted)).toEqual([[runs[1]]]);
    programs.mockClear();
    const retried = runOf({ id: "run_9", version: 3 });
    await turns.scene(reference, [retried]);
    expect(programs.mock.calls.map(([, , wanted]) => wanted)).toEqual([[runs[1], retried]]);
  });
});
