import { expect, test } from "vitest";
import { appliedOf, wantedBy } from "./prefer";

const waited = (prefer?: string): number =>
  wantedBy(new Headers(prefer === undefined ? {} : { prefer }), 1_000).deadline - 1_000;

test.each([
  ["two seconds where nothing is said", undefined, 2_000],
  ["what is said", "wait=4", 4_000],
  ["nothing where that is said", "wait=0", 0],
  ["a part of a second", "wait=0.5", 500],
  ["at most five seconds", "wait=60", 5_000],
  ["what is said among others", "respond-async, wait=1; x", 1_000],
  ["two seconds where what is said is no number", "wait=long", 2_000],
])("an answer waits %s", (_, prefer, ms) => {
  expect(waited(prefer)).toBe(ms);
});

test.each([
  [false, undefined],
  [false, "return=representation"],
  [false, "wait=1; return=minimalist"],
  [true, "return=minimal"],
  [true, 'wait=1, Return = "minimal"'],
])("that an answer leaves the user out is %s of %s", (isMinimal, prefer) => {
  const wanted = wantedBy(new Headers(prefer === undefined ? {} : { prefer }), 0);
  expect(wanted.isMinimal).toBe(isMinimal);
  expect("preference-applied" in appliedOf(wanted)).toBe(isMinimal);
});
