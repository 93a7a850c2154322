import { describe, expect, test } from "vitest";
import type { SendResult } from "../connectors";
import { type Lane, learn, newLane, type Pace, pauseMs, turnOf } from "./lane";

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const OK: SendResult = { ok: true, code: 200 };
const failure = (more: object): SendResult => ({ ok: false, error: "no", retry: true, ...more });
const SILENCE = failure({});

/** So many begin at once; the turn of the next. */
function fill(lane: Lane, count: number, now = 0, pace: Pace = "quick") {
  for (let n = 0; n < count; n++) lane.underWay.add({ since: now });
  return turnOf(lane, pace, now);
}

const lined = (lane: Lane, count: number, now = 0) => {
  for (let n = 0; n < count; n++) lane.line.add({ since: now });
};

/** A lane whose attempts went so, each at once. */
function laneAfter(...sendings: SendResult[]): Lane {
  const lane = newLane();
  for (const sending of sendings) learn(lane, sending, 10, 0);
  return lane;
}

const closedFor = (lane: Lane, from = 0): number => {
  let now = from;
  while (turnOf(lane, "quick", now) === "leave") now += SECOND_MS;
  return now - from;
};

describe("a share", () => {
  test.each(["quick", "slow"] as const)("is small of whom nothing is known, on the %s way", (pace) => {
    expect(fill(newLane(), 2, 0, pace)).toBe("go");
    expect(fill(newLane(), 3, 0, pace)).toBe("wait");
  });

  test("is larger of who answers, and small again of who stops answering", () => {
    expect(fill(laneAfter(OK), 15)).toBe("go");
    expect(fill(laneAfter(OK), 16)).toBe("wait");
    expect(fill(laneAfter(OK, SILENCE), 3)).toBe("wait");
  });

  test("of who answers slowly is larger on the slow way alone", () => {
    const lane = newLane();
    learn(lane, OK, 3 * SECOND_MS, 0);
    expect(fill(lane, 3)).toBe("wait");
    expect(turnOf(lane, "slow", 0)).toBe("go");
  });

  test("that is taken for 2 s sends others to the slow queue; there they wait", () => {
    const lane = newLane();
    fill(lane, 3);
    expect(turnOf(lane, "quick", 2 * SECOND_MS)).toBe("wait");
    expect(turnOf(lane, "quick", 2 * SECOND_MS + 1)).toBe("leave");
    expect(turnOf(lane, "slow", 2 * SECOND_MS + 1)).toBe("wait");
  });

  test("that is not all taken has room, however long one of it takes", () => {
    const lane = newLane();
    fill(lane, 2);
    expect(turnOf(lane, "quick", 9 * SECOND_MS)).toBe("go");
  });

  test.each(["quick", "slow"] as const)("has a line of fifty, on the %s way", (pace) => {
    const lane = newLane();
    fill(lane, 3);
    lined(lane, 49);
    expect(turnOf(lane, pace, 0)).toBe("wait");
    lined(lane, 1);
    expect(turnOf(lane, pace, 0)).toBe("leave");
  });

  test("is not lost to what ended without a word", () => {
    const lane = newLane();
    fill(lane, 3);
    lined(lane, 50);
    expect(turnOf(lane, "quick", 31 * SECOND_MS)).toBe("go");
  });
});

describe("the quick way", () => {
  test("is closed by three failures in a row, not by two, and the slow way by none", () => {
    expect(turnOf(laneAfter(SILENCE, SILENCE), "quick", 0)).toBe("go");
    const lane = laneAfter(SILENCE, SILENCE, SILENCE);
    expect(turnOf(lane, "quick", 0)).toBe("leave");
    expect(turnOf(lane, "slow", 0)).toBe("go");
    expect(turnOf(laneAfter(SILENCE, SILENCE, OK, SILENCE), "quick", 0)).toBe("go");
  });

  test.each([
    ["silence", SILENCE],
    ["429", failure({ code: 429 })],
    ["503", failure({ code: 503 })],
    ["SMTP 421", failure({ code: 421 })],
  ])("is closed by %s", (_, sending) => {
    expect(closedFor(laneAfter(sending, sending, sending))).toBe(10 * SECOND_MS);
  });

  test.each([
    ["404", failure({ code: 404, retry: false })],
    ["408", failure({ code: 408 })],
    ["SMTP 451, which is about one letter", failure({ code: 451 })],
    ["SMTP 550", failure({ code: 550, retry: false })],
    ["a step that cannot be sent", failure({ retry: false })],
  ])("is not closed by %s", (_, sending) => {
    expect(closedFor(laneAfter(sending, sending, sending))).toBe(0);
  });

  test("is closed by answers that are slow too", () => {
    const lane = newLane();
    for (let n = 0; n < 3; n++) learn(lane, OK, 2 * SECOND_MS + 1, 0);
    expect(closedFor(lane)).toBe(10 * SECOND_MS);
  });

  test("is closed for twice as long each time, five minutes at most, and opened by one quick answer", () => {
    const lane = laneAfter(SILENCE, SILENCE);
    const times: number[] = [];
    let now = 0;
    for (let n = 0; n < 7; n++) {
      learn(lane, SILENCE, 10, now);
      const ms = closedFor(lane, now);
      times.push(ms / SECOND_MS);
      now += ms;
    }
    expect(times).toEqual([10, 20, 40, 80, 160, 300, 300]);
    learn(lane, SILENCE, 10, now);
    learn(lane, OK, 10, now);
    expect(closedFor(lane, now)).toBe(0);
    for (let n = 0; n < 3; n++) learn(lane, SILENCE, 10, now);
    expect(closedFor(lane, now)).toBe(10 * SECOND_MS);
  });

  test("is not closed for longer by what was under way when it was", () => {
    expect(closedFor(laneAfter(...Array<SendResult>(16).fill(SILENCE)))).toBe(10 * SECOND_MS);
  });
});

describe("who asks to be left alone", () => {
  const asks = (ms: number) => laneAfter(failure({ code: 429, retryAfterMs: ms }));

  test("is, on both ways, as long as asked, five minutes at most", () => {
    const lane = asks(90 * SECOND_MS);
    for (const pace of ["quick", "slow"] as const) {
      expect(turnOf(lane, pace, 90 * SECOND_MS - 1)).toBe("leave");
      expect(turnOf(lane, pace, 90 * SECOND_MS)).toBe("go");
    }
    expect(closedFor(asks(60 * MINUTE_MS))).toBe(5 * MINUTE_MS);
  });

  test("is, though another attempt went well", () => {
    const lane = asks(MINUTE_MS);
    learn(lane, OK, 10, 0);
    expect(turnOf(lane, "quick", MINUTE_MS - 1)).toBe("leave");
  });
});

test("what has to leave the slow way comes again later each time, and never before it was asked to", () => {
  expect([0, 1, 2, 3, 4, 5, 50].map((times) => pauseMs(newLane(), times, 0) / SECOND_MS)).toEqual([
    10, 20, 40, 80, 160, 300, 300,
  ]);
  const lane = laneAfter(failure({ code: 429, retryAfterMs: 90 * SECOND_MS }));
  expect(pauseMs(lane, 0, 30 * SECOND_MS)).toBe(MINUTE_MS);
});
