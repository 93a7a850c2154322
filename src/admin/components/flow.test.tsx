import { expect, test } from "vitest";
import type { Draft } from "../../definition/types";
import { catalogue } from "../words/names";
import { wordsOf } from "../words/sentences/sentence";
import { ends, Flow } from "./flow";
import { IslandData } from "./frame/layout";
import { relativeText } from "./moment";

const words = wordsOf(catalogue());
const definition: Draft = {
  name: "Drip",
  description: "",
  active: true,
  labels: [],
  note: "",
  goal: null,
  synchronous: false,
  when: [{ type: "user.signed_up" }, { type: "user.signed_in" }],
  only_if: { type: "user.is_paying" },
  then: [
    { id: "s1", type: "email.user", subject: '<script>alert("x")</script>Hi', body: "" },
    {
      id: "s2",
      type: "branch",
      if: { type: "user.is_paying" },
      yes: [{ id: "s3", type: "exit" }],
      no: [{ id: "s4", type: "tags.add", tags: ["vip"] }],
    },
  ],
  exit_when: [{ type: "user.signed_in" }],
  exit_if: null,
  reentry: "always",
  reentry_per: "user",
  cooldown: null,
  limit: null,
};
const counts = {
  entered: 1204,
  done: 1200,
  skipped: 0,
  skipped_for: {},
  failed: 3,
  waiting: 1,
  exited: 0,
  yes: 803,
  no: 397,
};
const stats = new Map([["s2", { step_id: "s2", ...counts }]]);
const drawn = String(<Flow definition={definition} words={words} stats={stats} href={(step) => `#${step.id}`} />);

test("the drawing says when, only if, each step and what ends it", () => {
  const text = drawn.replace(/<[^>]*>/g, " ").replace(/\s+/g, " ");
  for (const said of [
    "signs up",
    "or signs in",
    "Only if they",
    "are a paying user",
    "Email them",
    "If they are a paying user",
    "Stop here",
    "Add the tag vip",
  ])
    expect(text).toContain(said);
  expect(text).toContain("Ends at once when the learner signs in");
});

test("counts stand at the steps and at the ways of a branch", () => {
  for (const said of ["1,204 in", "1 waiting", "3 failed", "803", "397"]) expect(drawn).toContain(said);
});

test("it needs neither inline styles nor scripts, and markup in a definition stays text", () => {
  expect(drawn).not.toMatch(/\sstyle=|<script/);
});

test("a way that ends is not joined with what goes on below", () => {
  expect(drawn).toMatch(/flow-lane is-ended"/);
  expect(drawn).toMatch(/flow-lane joins-left"/);
  expect(ends(definition.then, words)).toBe(false);
  expect(ends([{ type: "branch", yes: [{ type: "exit" }], no: [{ type: "exit" }] }], words)).toBe(true);
});

test("a step's card leads where the page says", () => {
  expect(drawn).toContain('href="#s4"');
});

test("data for an island cannot end its block", () => {
  const block = String(<IslandData id="x" data={{ name: "</script><script>alert(1)</script>" }} />);
  expect(block.match(/<\/script>/g)).toHaveLength(1);
  expect(JSON.parse(block.replace(/^<script[^>]*>|<\/script>$/g, ""))).toEqual({
    name: "</script><script>alert(1)</script>",
  });
});

test("times are relative up to a day", () => {
  const now = Date.parse("2026-01-05T12:00:00Z");
  const at = (shift: number): string => relativeText(now + shift, now, "Europe/Berlin");
  expect([at(-30_000), at(-300_000), at(2 * 3_600_000)]).toEqual(["now", "5 min ago", "in 2 h"]);
  expect(at(-2 * 86_400_000)).toMatch(/Sat.* 3 Jan.* 13:00/);
});
