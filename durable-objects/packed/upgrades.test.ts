import { describe, expect, test } from "vitest";
import type { Beginning } from "../../src/calls/shape";
import { newState } from "../../src/engine/step";
import { takePacked } from "../handing/take";
import { runOf } from "../test-parts";
import { emptyPacked } from "./packed";
import { openBeginning, openHanded, openPacked, UPGRADES, VERSION } from "./upgrades";

/** Those that have landed, in their order. A new one is written below them; none is taken out, moved or renamed. */
const LANDED = [
  ...["endedRunsAsTold", "whatHasEndedStays", "giversOfSources", "changesForTheFeed", "roundsOfRuns"],
  ...["oneTextOneThing", "datesOfTriggers", "placesOfTaken", "refundsOfPayments", "tracesOfDeliveries"],
  ...["memoryOfMail", "topicsOfMail", "blanksAroundTags"],
];

test("upgrades are those that have landed, in the same order: what is stored tells their number, not their names", () => {
  expect(UPGRADES.map(({ name }) => name)).toEqual(LANDED);
});

test("who is new needs none", () => {
  expect(emptyPacked("live", 0).v).toBe(VERSION);
});

/** What lies packed, as the release before versions left it. */
function packedThen() {
  const { v: _, ended: __, live: ___, logSeq: ____, heardSeq: _____, ...packed } = emptyPacked("live", 1);
  const trigger = { type: "user.signed_in", data: {}, at: 1, order: 1 };
  const told = {
    id: "run_1",
    automation: "aut_1",
    version: 1,
    revision: 1,
    status: "completed",
    reason: null,
    synchronous: true,
    trigger,
    eventId: null,
    startedAt: 1,
    endedAt: 1,
    waiting: null,
    steps: [],
  };
  const run = { ...told, subject: "", place: 1, waited: false, chain: [], lineage: [], heard: [] };
  return { told, packed: { ...packed, state: newState("anna", 1), deliveries: {}, runs: { run_1: { seq: 1, run } } } };
}

/** What was known of a user before it was kept who gave it. */
function learnerThen() {
  const { givers: _, ...learner } = newState("anna", 5).learner;
  const enrolment = { role: "student", enrolledAt: 7, knownAt: 8 };
  return {
    ...learner,
    tags: ["vip"],
    enrolments: [
      {
        ...enrolment,
        type: "course",
        product: "js",
        sources: ["event", "run", "sync:syn_1", "bundle:all:of:it"].map((source) => ({ source, endsAt: null })),
      },
    ],
    groups: [{ group: "g", sources: ["event", "auto:agr_1"] }],
  };
}

describe("what was held before it was kept who gave it", () => {
  const packed = () => ({ ...emptyPacked("live", 1), v: 1, state: { ...newState("anna", 5), learner: learnerThen() } });

  test("has the givers that the names of its sources tell of, and of the rest none", () => {
    const { enrolments, groups, givers } = openPacked(packed()).state?.learner ?? {};
    const at = 7;
    expect(enrolments?.[0]?.sources.map(({ given }) => given)).toEqual([
      { by: "event", id: null, at },
      { by: "run", id: null, at },
      { by: "sync", id: "syn_1", at },
      { by: "bundle", id: "all:of:it", at },
    ]);
    expect(groups).toEqual([
      {
        group: "g",
        sources: [
          { source: "event", given: { by: "event", id: null, at: 5 } },
          { source: "auto:agr_1", given: { by: "auto_group", id: "agr_1", at: 5 } },
        ],
      },
    ]);
    expect(givers).toEqual(newState("anna", 5).learner.givers);
  });

  test("keeps those it has where it is brought up once more", () => {
    const opened = openPacked(packed());
    expect(openPacked({ ...structuredClone(opened), v: 1 })).toEqual(opened);
  });
});

test("runs that were live before there were rounds are in none, wherever they lie", () => {
  const { round: _, ...run } = runOf();
  const { round: __, ...failed } = runOf({ status: "failed" });
  const state = { ...newState("anna", 5), runs: [run] };
  const entry = { seq: 1, at: 1, eventId: null, facts: [] };
  const retried = { ...entry, input: { kind: "retry", run: failed } };
  const given = { ...entry, input: { kind: "given", state: structuredClone(state) } };
  const opened = openPacked({ ...emptyPacked("live", 1), v: 4, state, entries: [retried, given] });
  expect(opened.state?.runs).toEqual([runOf()]);
  expect(opened.entries.map(({ input }) => input)).toMatchObject([
    { run: { round: 0 } },
    { state: { runs: [runOf()] } },
  ]);
  expect(
    openBeginning({ seq: 1, state: { ...newState("anna", 5), runs: [run] } } as unknown as Beginning, 4).state?.runs,
  ).toEqual([runOf()]);
});

describe("what was stored before one text was one thing", () => {
  const packed = () => {
    const state = newState("anna", 5);
    const given = { by: "event", id: null, at: 1 };
    const { id: _, ...run } = { id: "", automation: "aut_1", subject: '[["coupon","SPRING"],["tag","VIP"]]' };
    return {
      ...emptyPacked("live", 1),
      v: 4,
      state: {
        ...state,
        learner: {
          ...state.learner,
          email: "\u200banna@acme.com\u00a0",
          tags: ["Cafe\u0301", "vip", "caf\u00e9"],
          pastTags: ["e\u0301", "\u00e9", "cafe\u0301"],
          givers: { ...state.learner.givers, tags: { "cafe\u0301": given, vip: given } },
        },
        starts: {
          aut_1: { count: 2, last: 9 },
          'aut_1 [["coupon","Spring"]]': { count: 1, last: 9 },
          'aut_1 [["coupon","SPRING"]]': { count: 1, last: 7 },
          'aut_1 [["course","JS"]]': { count: 1, last: 3 },
        },
        runs: [run],
      },
    };
  };

  test("has each tag once, as first written, and addresses and memories by what they are compared by", () => {
    const { learner, starts, runs } = openPacked(packed()).state ?? {};
    expect([learner?.email, learner?.tags, learner?.pastTags]).toEqual([
      "anna@acme.com",
      ["Cafe\u0301", "vip"],
      ["\u00e9"],
    ]);
    expect(Object.keys(learner?.givers.tags ?? {})).toEqual(["caf\u00e9", "vip"]);
    expect(starts).toEqual({
      aut_1: { count: 2, last: 9 },
      'aut_1 [["coupon","spring"]]': { count: 2, last: 9 },
      'aut_1 [["course","JS"]]': { count: 1, last: 3 },
    });
    expect(runs?.[0]?.subject).toBe('[["coupon","spring"],["tag","VIP"]]');
  });

  test("is brought up once more to the same", () => {
    const opened = openPacked(packed());
    expect(openPacked({ ...structuredClone(opened), v: 4 })).toEqual(opened);
  });
});

describe("what was stored before a tag was one whatever stands at its ends", () => {
  const packed = () => {
    const state = newState("anna", 5);
    const given = (id: string) => ({ by: "event", id, at: 1 });
    const tags = { " vip": given("e1"), "vip\u00a0": given("e2"), gold: given("e3") };
    return {
      ...emptyPacked("live", 1),
      v: 12,
      state: {
        ...state,
        learner: {
          ...state.learner,
          tags: [" VIP", "vip\u00a0", "gold", "\u200b"],
          pastTags: ["gold ", " old", "old"],
          givers: { ...state.learner.givers, tags },
        },
        starts: {
          'aut_1 [["tag"," VIP"]]': { count: 1, last: 9 },
          'aut_1 [["tag","VIP"]]': { count: 1, last: 7 },
        },
        runs: [{ ...runOf(), subject: '[["tag"," VIP"]]' }],
      },
    };
  };

  test("has each tag once, trimmed, as first written, and its givers and memories by that", () => {
    const { learner, starts, runs } = openPacked(packed()).state ?? {};
    expect([learner?.tags, learner?.pastTags]).toEqual([["VIP", "gold", "\u200b"], ["old"]]);
    expect(Object.entries(learner?.givers.tags ?? {}).map(([tag, giver]) => [tag, giver?.id])).toEqual([
      ["vip", "e2"],
      ["gold", "e3"],
    ]);
    expect(starts).toEqual({ 'aut_1 [["tag","VIP"]]': { count: 2, last: 9 } });
    expect(runs?.[0]?.subject).toBe('[["tag","VIP"]]');
  });

  test("is brought up once more to the same", () => {
    const opened = openPacked(packed());
    expect(openPacked({ ...structuredClone(opened), v: 12 })).toEqual(opened);
  });
});

test("leads that were taken over have places of their own in the journal", () => {
  const { taken: _, ...packed } = emptyPacked("live", 1);
  const opened = openPacked({ ...packed, v: 7, tookOver: "lead:b@x.com 2", tookOverBefore: ["lead:a@x.com 1"] });
  expect(opened.taken).toEqual([
    { name: "lead:a@x.com 1", block: 0 },
    { name: "lead:b@x.com 2", block: 1 },
  ]);
  expect(opened).not.toHaveProperty("tookOver");
  expect(openPacked({ ...structuredClone(opened), v: 7 })).toEqual(opened);
});

test("deliveries that named no trace get one, the same for all of a run", () => {
  const { ...packed } = emptyPacked("live", 1);
  const delivery = (id: string, run: string) => ({ id, run, channel: "email" });
  const ended = [{ seq: 1, at: 1, delivery: delivery("dlv_1", "run_1") }];
  const outbox = { dlv_2: { delivery: delivery("dlv_2", "run_1") }, dlv_3: { delivery: delivery("dlv_3", "") } };
  const opened = openPacked({ ...packed, ended, outbox, v: 8 });
  const trace = (opened.ended[0] as { delivery: { trace: string } }).delivery.trace;
  expect(trace).toMatch(/^[0-9a-f]{32}$/);
  expect(opened.outbox.dlv_2?.delivery.trace).toBe(trace);
  expect(opened.outbox.dlv_3?.delivery.trace).not.toBe(trace);
  expect(openPacked({ ...structuredClone(opened), v: 8 })).toEqual(opened);
});

describe("what was stored before there were versions", () => {
  test("is brought up to today's", () => {
    const { told, packed } = packedThen();
    const opened = openPacked(packed);
    expect(opened.v).toBe(VERSION);
    expect(opened).toMatchObject({ ended: [{ seq: 1, at: 1, run: told }], live: {}, heardSeq: 0 });
    expect(opened).not.toHaveProperty("runs");
  });

  test("is brought up once more by a release that comes again, to the same", () => {
    const opened = openPacked(packedThen().packed);
    expect(openPacked({ ...structuredClone(opened), v: 0 })).toEqual(opened);
  });

  test("is brought up on arrival, where an object hands a lead over that runs the last release", () => {
    const { told, packed } = packedThen();
    const user = emptyPacked("live", 2);
    // As an object of that release calls it.
    const handed = openHanded({ packed } as unknown as Parameters<typeof openHanded>[0]);
    takePacked(user, "eve", handed.packed, "lead:eve@acme.com", "lead:eve@acme.com 1");
    expect(user.ended).toEqual([{ seq: user.seq, at: 1, run: told }]);
  });
});

test("a version of a release to come is lowered to ours, so that it brings up again what we have written", () => {
  expect(openPacked({ ...emptyPacked("live", 0), v: VERSION + 1 }).v).toBe(VERSION);
});

test("nothing of what was paid before refunds were kept can be given back", () => {
  const { refundable: _, ...learner } = { ...newState("anna", 5).learner, payments: ["p1"], paid: true };
  const state = { ...newState("anna", 5), learner };
  const opened = openPacked({ ...emptyPacked("live", 1), v: 8, state });
  expect(opened.state?.learner).toEqual({ ...learner, refundable: {} });
  expect(openBeginning({ seq: 1, state } as unknown as Beginning, 8).state?.learner.refundable).toEqual({});
});
