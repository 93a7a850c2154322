import { expect, test } from "vitest";
import { traceIn, traceparentOf } from "./trace";

const TRACE = "0af7651916cd43dd8448eb211c80319c";
const SPAN = "b7ad6b7169203331";

test("a traceparent names its trace", () => {
  expect(traceIn(`00-${TRACE}-${SPAN}-01`)).toBe(TRACE);
  expect(traceIn(`00-${TRACE}-${SPAN}-00`)).toBe(TRACE);
  // Of a version to come, which may say more.
  expect(traceIn(`01-${TRACE}-${SPAN}-01-more`)).toBe(TRACE);
});

test.each([
  null,
  "",
  `00-${TRACE}-${SPAN}`,
  `00-${TRACE.toUpperCase()}-${SPAN}-01`,
  `00-${"0".repeat(32)}-${SPAN}-01`,
  `00-${TRACE}-${"0".repeat(16)}-01`,
  `00-${TRACE}-${SPAN}-01-more`,
  `ff-${TRACE}-${SPAN}-01`,
  ` 00-${TRACE}-${SPAN}-01 and more`,
])("what is none is left alone: %s", (header) => {
  expect(traceIn(header)).toBeNull();
});

test("each call within a trace is one of its own", () => {
  const made = [traceparentOf(TRACE), traceparentOf(TRACE)];
  expect(made.map(traceIn)).toEqual([TRACE, TRACE]);
  expect(made[0]).not.toBe(made[1]);
});
