import { describe, expect, test } from "vitest";
import type { SendResult } from "../connectors";
import { admit, type Destination, learn, newDestination, pauseMs, type Speed } from "./destination";

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const OK: SendResult = { ok: true, code: 200 };
const failure = (more: object): SendResult => ({ ok: false, error: "no", retry: true, ...more });
const SILENCE = failure({});

/** So many begin at once; the turn of the next. */
function fill(destination: Destination, count: number, now = 0, speed: Speed = "quick") {
  for (let n = 0; n < count; n++) destination.underWay.add({ since: now });
  return admit(destination, speed, now);
}

const lined = (destination: Destination, count: number, now = 0) => {
  for (let n = 0; n < count; n++) destination.line.add({ since: now });
};

/** A destination whose attempts went so, each at once. */
function destinationAfter(...sendings: SendResult[]): Destination {
  const destination = newDestination();
  for (const sending of sendings) learn(destination, sending, 10, 0);
  return destination;
}

const closedFor = (destination: Destination, from = 0): number => {
  let now = from;
  while (admit(destination, "quick", now) === "leave") now += SECOND_MS;
  return now - from;
};

describe("a share", () => {
  test.each(["quick", "slow"] as const)("is small of whom nothing is known, on the %s way", (speed) => {
    expect(fill(newDestination(), 2, 0, speed)).toBe("go");
    expect(fill(newDestination(), 3, 0, speed)).toBe("wait");
  });

  test("is larger of who answers, and small again of who stops answering", () => {
    expect(fill(destinationAfter(OK), 15)).toBe("go");
    expect(fill(destinationAfter(OK), 16)).toBe("wait");
    expect(fill(destinationAfter(OK, SILENCE), 3)).toBe("wait");
  });

  test("of who answers slowly is larger on the slow way alone", () => {
    const destination = newDestination();
    learn(destination, OK, 3 * SECOND_MS, 0);
    expect(fill(destination, 3)).toBe("wait");
    expect(admit(destination, "slow", 0)).toBe("go");
  });

  test("that is taken for 2 s sends others to the slow queue; there they wait", () => {
    const destination = newDestination();
    fill(destination, 3);
    expect(admit(destination, "quick", 2 * SECOND_MS)).toBe("wait");
    expect(admit(destination, "quick", 2 * SECOND_MS + 1)).toBe("leave");
    expect(admit(destination, "slow", 2 * SECOND_MS + 1)).toBe("wait");
  });

  test("that is not all taken has room, however long one of it takes", () => {
    const destination = newDestination();
    fill(destination, 2);
    expect(admit(destination, "quick", 9 * SECOND_MS)).toBe("go");
  });

  test.each(["quick", "slow"] as const)("has a line of fifty, on the %s way", (speed) => {
    const destination = newDestination();
    fill(destination, 3);
    lined(destination, 49);
    expect(admit(destination, speed, 0)).toBe("wait");
    lined(destination, 1);
    expect(admit(destination, speed, 0)).toBe("leave");
  });

  test("is not lost to what ended without a word", () => {
    const destination = newDestination();
    fill(destination, 3);
    lined(destination, 50);
    expect(admit(destination, "quick", 31 * SECOND_MS)).toBe("go");
  });
});

describe("the quick way", () => {
  test("is closed by three failures in a row, not by two, and the slow way by none", () => {
    expect(admit(destinationAfter(SILENCE, SILENCE), "quick", 0)).toBe("go");
    const destination = destinationAfter(SILENCE, SILENCE, SILENCE);
    expect(admit(destination, "quick", 0)).toBe("leave");
    expect(admit(destination, "slow", 0)).toBe("go");
    expect(admit(destinationAfter(SILENCE, SILENCE, OK, SILENCE), "quick", 0)).toBe("go");
  });

  test.each([
    ["silence", SILENCE],
    ["429", failure({ code: 429 })],
    ["503", failure({ code: 503 })],
    ["SMTP 421", failure({ code: 421 })],
  ])("is closed by %s", (_, sending) => {
    expect(closedFor(destinationAfter(sending, sending, sending))).toBe(10 * SECOND_MS);
  });

  test.each([
    ["404", failure({ code: 404, retry: false })],
    ["408", failure({ code: 408 })],
    ["SMTP 451, which is about one letter", failure({ code: 451 })],
    ["SMTP 550", failure({ code: 550, retry: false })],
    ["a step that cannot be sent", failure({ retry: false })],
  ])("is not closed by %s", (_, sending) => {
    expect(closedFor(destinationAfter(sending, sending, sending))).toBe(0);
  });

  test("is closed by answers that are slow too", () => {
    const destination = newDestination();
    for (let n = 0; n < 3; n++) learn(destination, OK, 2 * SECOND_MS + 1, 0);
    expect(closedFor(destination)).toBe(10 * SECOND_MS);
  });

  test("is closed for twice as long each time, five minutes at most, and opened by one quick answer", () => {
    const destination = destinationAfter(SILENCE, SILENCE);
    const times: number[] = [];
    let now = 0;
    for (let n = 0; n < 7; n++) {
      learn(destination, SILENCE, 10, now);
      const ms = closedFor(destination, now);
      times.push(ms / SECOND_MS);
      now += ms;
    }
    expect(times).toEqual([10, 20, 40, 80, 160, 300, 300]);
    learn(destination, SILENCE, 10, now);
    learn(destination, OK, 10, now);
    expect(closedFor(destination, now)).toBe(0);
    for (let n = 0; n < 3; n++) learn(destination, SILENCE, 10, now);
    expect(closedFor(destination, now)).toBe(10 * SECOND_MS);
  });

  test("is not closed for longer by what was under way when it was", () => {
    expect(closedFor(destinationAfter(...Array<SendResult>(16).fill(SILENCE)))).toBe(10 * SECOND_MS);
  });
});

describe("who asks to be left alone", () => {
  const asks = (ms: number) => destinationAfter(failure({ code: 429, retryAfterMs: ms }));

  test("is, on both ways, as long as asked, five minutes at most", () => {
    const destination = asks(90 * SECOND_MS);
    for (const speed of ["quick", "slow"] as const) {
      expect(admit(destination, speed, 90 * SECOND_MS - 1)).toBe("leave");
      expect(admit(destination, speed, 90 * SECOND_MS)).toBe("go");
    }
    expect(closedFor(asks(60 * MINUTE_MS))).toBe(5 * MINUTE_MS);
  });

  test("is, though another attempt went well", () => {
    const destination = asks(MINUTE_MS);
    learn(destination, OK, 10, 0);
    expect(admit(destination, "quick", MINUTE_MS - 1)).toBe("leave");
  });
});

test("what found no room at a vendor's rate says nothing of the vendor", () => {
  const notYet: SendResult = { ok: false, error: "no room", retry: true, retryAfterMs: 5_000, notYet: true };
  expect(destinationAfter(OK, notYet, notYet, notYet)).toEqual(destinationAfter(OK));
});

test("what has to leave the slow way comes again later each time where there is trouble, and never before it was asked to", () => {
  expect([0, 1, 2, 3, 4, 5, 50].map((times) => pauseMs(newDestination(), times, 0) / SECOND_MS)).toEqual([
    10, 20, 40, 80, 160, 300, 300,
  ]);
  // Of many that wait for one who answers none has to wait for ever.
  expect([0, 5, 50].map((times) => pauseMs(destinationAfter(SILENCE, OK), times, 0) / SECOND_MS)).toEqual([10, 10, 10]);
  expect(pauseMs(destinationAfter(OK, SILENCE), 1, 0)).toBe(20 * SECOND_MS);
  const destination = destinationAfter(failure({ code: 429, retryAfterMs: 90 * SECOND_MS }));
  expect(pauseMs(destination, 0, 30 * SECOND_MS)).toBe(MINUTE_MS);
});
