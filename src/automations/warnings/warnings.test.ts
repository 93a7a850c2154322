import { expect, test } from "vitest";
import { checkDefinition } from "../../catalogue/checking/check";
import type { Definition } from "../../definition/types";
import { compile } from "../../engine/compile/compile";
import { listenersTo } from "../../engine/compile/listeners";
import { testWorld } from "../../engine/test-world";
import type { World } from "../../engine/types";
import { makersAmong } from "./circles";
import { affectingAmong } from "./conflicts";
import { warningsOf } from "./warnings";

const checked = (body: Record<string, unknown>): Definition => {
  const { definition, faults } = checkDefinition({ when: [{ type: "user.signed_in" }], then: [], ...body });
  expect(faults).toEqual([]);
  return definition;
};
const alone = {
  affecting: affectingAmong([]),
  makers: makersAmong([]),
  syncs: [],
  segments: new Map(),
  autoGroups: [],
  school: testWorld({}).school,
};
const warnings = (
  body: Record<string, unknown>,
  others: Record<string, Record<string, unknown>> = {},
  segments: World["segments"] = alone.segments,
) => {
  const inSchool = Object.fromEntries(
    Object.entries(others).map(([id, one]) => [id, { ...checked(one), active: one.active }]),
  );
  return warningsOf(checked(body), {
    id: "own",
    program: compile(checked(body), 1),
    listeners: (type, data) => listenersTo(testWorld(inSchool), type, data),
    ...alone,
    segments,
    knows: (kind, value) => kind === "course" && value === "known",
    lms: null,
    isSetUp: (channel) => channel !== "email",
  });
};
const codes = (...given: Parameters<typeof warnings>) => warnings(...given).map((one) => one.code);

const onTag = (...tags: string[]) => ({ type: "tag.added", tags });
const add = (...tags: string[]) => ({ type: "tags.add", tags });
const remove = (...tags: string[]) => ({ type: "tags.remove", tags });
const exit = { type: "exit" };
const has = { type: "tags.has", tags: ["a"] };
const wait = { type: "wait", for: "P9D" };
const enrol = (...courses: string[]) => ({ type: "course.enroll", courses });

test("nothing is said of an automation without a flaw", () => {
  expect(codes({ then: [enrol("known"), add("a")] })).toEqual([]);
});

test("a cycle is seen: of one alone, of two, through others, and over waits", () => {
  expect(warnings({ when: [onTag("c")], then: [remove("c"), add("C")] })).toMatchObject([
    { code: "cycle", automations: ["own"] },
  ]);
  const back = { when: [onTag("b")], then: [remove("b"), wait, add("a")] };
  expect(warnings({ when: [onTag("a")], then: [remove("a"), add("b")] }, { back })).toMatchObject([
    { code: "cycle", automations: ["own", "back"] },
  ]);
  const leave = { type: "course.unenroll", courses: ["known"] };
  const through = { when: [onTag("b")], then: [{ type: "branch", if: has, yes: [], no: [leave, enrol("known")] }] };
  const home = { when: [{ type: "course.enrolled", courses: ["known"] }], then: [add("a")] };
  const [three] = warnings(
    { when: [onTag("a")], then: [remove("a", "b"), add("b")] },
    { home, through, aside: { then: [add("b")] } },
  );
  expect(three?.automations).toEqual(["own", "through", "home"]);
});

test("no cycle where the facts are others, or where it only leads into one", () => {
  expect(codes({ when: [onTag("a")], then: [add("b")] }, { other: { when: [onTag("c")], then: [add("a")] } })).toEqual(
    [],
  );
  const loop = { when: [onTag("b")], then: [remove("b"), add("b")] };
  expect(codes({ when: [onTag("a")], then: [add("b")] }, { loop })).toEqual([]);
});

test("no cycle out of what nobody comes to, or by way of an automation that is off", () => {
  const on = { when: [onTag("a")], reentry: "one_at_a_time" };
  expect(codes({ ...on, then: [wait, remove("a"), exit, add("a")] })).toEqual(["unreachable"]);
  const split = (...percents: number[]) => ({
    type: "split",
    paths: percents.map((percent, i) => ({ percent, steps: i ? [add("a")] : [] })),
  });
  expect(codes({ ...on, then: [wait, remove("a"), split(100, 0)] })).toEqual(["unreachable"]);
  expect(codes({ ...on, then: [wait, remove("a"), split(99, 1)] })).toEqual(["cycle"]);
  const exits = { type: "branch", if: has, yes: [exit], no: [exit] };
  expect(codes({ ...on, then: [remove("a"), exits, add("a")] })).toEqual(["unreachable"]);
  expect(codes({ ...on, then: [remove("a"), { ...exits, no: [] }, add("a")] })).toEqual(["cycle"]);

  const own = { when: [onTag("a")], then: [remove("a"), add("b")] };
  const back = { when: [onTag("b")], then: [remove("b"), add("a")] };
  expect(codes(own, { back })).toEqual(["cycle"]);
  expect(codes({ ...own, active: false }, { back })).toEqual(["cycle"]);
  expect(codes(own, { back: { ...back, active: false } })).toEqual([]);
});

test("what a bundle holds may be anything; $trigger is what the trigger names", () => {
  const onBundle = {
    when: [{ type: "course.enrolled", courses: ["known"] }],
    then: [{ type: "bundle.enroll", bundles: ["b"] }],
  };
  expect(codes(onBundle)).not.toContain("cycle");
  const leave = { type: "bundle.unenroll", bundles: ["b"] };
  expect(codes({ ...onBundle, then: [leave, ...onBundle.then] })).toContain("cycle");
  const repeat = (course: string) => ({
    when: [{ type: "course.completed", courses: ["known"] }],
    then: [
      { type: "course.reset_progress", courses: ["known"] },
      { type: "course.complete", courses: ["$trigger"] },
    ],
    exit_when: [{ type: "course.completed", courses: [course] }],
  });
  expect(codes(repeat("known"))).toEqual(["cycle"]);
  const other = { when: [{ type: "course.completed", courses: ["else"] }], then: [] };
  expect(codes({ ...repeat("known"), when: [onTag("a")] }, { other })).toEqual([]);
});

test("steps that nobody comes to: after an exit, after ways that all exit, on a path of 0 %, nested too", () => {
  const branch = (yes: unknown[], no: unknown[] = []) => ({ type: "branch", if: has, yes, no });
  expect(codes({ then: [exit, branch([])] })).toEqual(["unreachable"]);
  expect(codes({ then: [exit] })).toEqual([]);
  expect(codes({ then: [branch([exit], [exit]), add("x")] })).toEqual(["unreachable"]);
  expect(codes({ then: [branch([exit]), add("x")] })).toEqual([]);
  expect(codes({ then: [branch([exit, add("x")])] })).toEqual(["unreachable"]);
  const split = (...percents: number[]) => ({
    type: "split",
    paths: percents.map((percent) => ({ percent, steps: [exit] })),
  });
  expect(codes({ then: [split(100, 0)] })).toEqual(["unreachable"]);
  expect(codes({ then: [split(50, 50), add("x")] })).toEqual(["unreachable"]);
});

test("products never heard of, wherever they are named, each once", () => {
  const found = warnings({
    when: [{ type: "course.completed", courses: ["known", "one"] }],
    only_if: {
      all: [
        { not: { type: "bundle.is_enrolled", bundles: ["two"] } },
        { any: [{ type: "course.is_enrolled", courses: ["one"] }] },
      ],
    },
    then: [
      {
        type: "wait_for",
        event: { type: "payment.made", products: ["three"] },
        timeout: "P1D",
        on_event: [enrol("$trigger")],
      },
      { type: "activity.complete", course: "four", activities: ["a"] },
    ],
    reentry: "once",
  });
  expect(found.map((one) => one.code)).toEqual(Array(4).fill("unknown_product"));
  const said = found.map((one) => one.message).join("\n");
  for (const name of ["one", "two", "three", "four"]) expect(said).toContain(`"${name}"`);
});

test("a custom event that is named with its prefix, wherever it is listened to, is said once", () => {
  const custom = (name: string) => ({ type: "custom", name });
  expect(codes({ when: [custom("badge")], exit_when: [custom("custom_badge")] })).toEqual([]);
  const found = warnings({
    when: [custom("custom.badge")],
    then: [{ type: "wait_for", event: custom("custom.badge"), timeout: "P1D" }],
    exit_when: [custom("custom.level")],
    reentry: "once",
  });
  expect(found.map(({ code, message }) => [code, message])).toEqual([
    ["doubled_prefix", expect.stringMatching(/“custom\.custom\.badge”.*sent as “custom\.badge” has the name “badge”/)],
    ["doubled_prefix", expect.stringMatching(/the name “level”/)],
  ]);
});

test("a wait without a limit to coming again", () => {
  expect(codes({ then: [{ type: "branch", if: has, yes: [wait] }] })).toEqual(["waits_without_reentry_limit"]);
  for (const limit of [
    { reentry: "one_at_a_time" },
    { reentry: "once" },
    { cooldown: "P9D" },
    { limit: { times: 2, per: "P1D" } },
  ]) {
    expect(codes({ ...limit, then: [wait] })).toEqual([]);
  }
});

test("what the LMS knows nothing of is said once for each kind of step, where there is an LMS", () => {
  const definition = checked({ then: [add("a"), add("b"), enrol("known"), { type: "space.add", spaces: ["p"] }] });
  const context = {
    id: "own",
    program: compile(definition, 1),
    listeners: () => [],
    ...alone,
    knows: () => true,
    isSetUp: () => true,
  };
  const lms = { label: "Moodle", supports: (type: string) => type === "course.enrolled" };
  expect(warningsOf(definition, { ...context, lms }).map(({ code, message }) => [code, message])).toEqual([
    ["unsupported", expect.stringMatching(/^Moodle does not know what “.*Tag.*” changes/)],
    ["unsupported", expect.stringMatching(/Private Space/)],
  ]);
  expect(warningsOf(definition, { ...context, lms: null })).toEqual([]);
});

test("what would be kept and not sent is said once for each channel that nobody has set up", () => {
  const mail = { type: "email.user", subject: "Hello", body: "Hello there." };
  const message = { type: "message.user", body: "Hello." };
  expect(warnings({ then: [mail, message, { ...mail, type: "email.user" }] })).toEqual([
    { code: "not_sent", message: "Email is not set up: what it sends is kept under Deliveries, and not sent." },
  ]);
});

test("a step that changes who is in a segment that has rules is told of at its place; one kept by hand is not", () => {
  const segments: World["segments"] = new Map(
    [["vips", true] as const, ["gold", true] as const, ["hand", false] as const].map(([id, managed]) => [
      id,
      { id, managed, rules: [] },
    ]),
  );
  const told = (body: Record<string, unknown>) =>
    warnings(body, {}, segments).flatMap((one) => (one.code === "managed_segment" ? [one] : []));
  const join = (...ids: string[]) => ({ type: "segment.add", segments: ids });
  const leave = { type: "segment.remove", segments: ["$trigger"] };
  expect(told({ then: [add("a"), { type: "branch", if: has, yes: [join("hand", "vips")], no: [] }] })).toEqual([
    {
      code: "managed_segment",
      message: 'Step 3, “Add to a segment”, always fails: the members of the segment "vips" follow its rules.',
      segments: ["vips"],
      path: "/then/1/yes/0/segments/1",
    },
  ]);
  expect(told({ then: [join("hand", "gone")], only_if: { type: "segment.is_member", segments: ["vips"] } })).toEqual(
    [],
  );
  const on = (...ids: string[]) => ({ type: "segment.left", ...(ids.length ? { segments: ids } : {}) });
  const ofTrigger = (...when: unknown[]) => told({ when, then: [leave] }).flatMap((one) => one.segments);
  expect(ofTrigger(on("vips"), on("gold"))).toEqual(["vips", "gold"]);
  expect(ofTrigger(on("vips", "hand"))).toEqual([]);
  expect(ofTrigger(on())).toEqual([]);
  expect(ofTrigger(on("vips"), onTag("a"))).toEqual([]);
});
