import fc from "fast-check";
import {
  type Condition,
  type Definition,
  type Happening,
  type History,
  START,
  type Step,
  type Trigger,
} from "./history";

/* Random histories: few names and short times, so that things meet. */

const DAY = 86_400_000;

/** Tags as first written in the school, by their keys. */
export const SPELLINGS: Record<string, string> = { a: "a", b: "B", c: "c" };

const tag = fc.constantFrom("a", "A", "a", "b", "B", "c");
const course = fc.constantFrom("c1", "c2");
const name = fc.constantFrom("go", "go", "stop");
const pause = fc.constantFrom("PT30M", "PT1H", "PT90M", "P1D", "PT0S");
const some = <T>(one: fc.Arbitrary<T>) => fc.array(one, { minLength: 1, maxLength: 2 });
const weighted = <T>(...choices: [weight: number, arbitrary: fc.Arbitrary<T>][]): fc.Arbitrary<T> =>
  fc.oneof(...choices.map(([weight, arbitrary]) => ({ weight, arbitrary })));
/** One time in so many. */
const maybe = <T>(one: fc.Arbitrary<T>, times: number): fc.Arbitrary<T | undefined> =>
  weighted<T | undefined>([times - 1, fc.constant(undefined)], [1, one]);
/** Leaves out what is undefined, as one writes a definition. */
const compact = <T extends object>(value: T): T =>
  // The same keys but those whose value says nothing.
  Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as T;

const listed = ({
  match,
  ...rest
}: {
  type: "tag.added" | "tag.removed";
  tags: string[];
  match: "all" | "any" | undefined;
}): Trigger => (match ? { ...rest, match } : rest);

const match = maybe(fc.constantFrom<("all" | "any")[]>("all", "any"), 2);
const trigger = (tags: fc.Arbitrary<string>, courses: fc.Arbitrary<string>): fc.Arbitrary<Trigger> =>
  weighted<Trigger>(
    [6, tags.map((one) => ({ type: "tag.added", tags: [one] }))],
    [
      2,
      fc
        .record({
          type: fc.constantFrom<("tag.added" | "tag.removed")[]>("tag.added", "tag.removed"),
          tags: some(tags),
          match,
        })
        .map(listed),
    ],
    [2, tags.map((one) => ({ type: "tag.removed", tags: [one] }))],
    [4, name.map((one) => ({ type: "custom", name: one }))],
    [2, some(courses).map((list) => ({ type: "course.enrolled", courses: list }))],
    [1, fc.constantFrom<Trigger[]>({ type: "course.enrolled" }, { type: "course.unenrolled" })],
    [1, some(courses).map((list) => ({ type: "course.unenrolled", courses: list }))],
  );
const starting = weighted<Trigger>(
  [12, trigger(tag, course)],
  [1, maybe(fc.constantFrom("PT1H", "-PT90M", "P1D", "-P1D"), 2).map((offset) => dated(offset))],
);
const dated = (offset: string | undefined): Trigger => ({
  type: "date.reached",
  field: "due",
  ...(offset === undefined ? {} : { offset }),
});
const listening = trigger(
  weighted([6, tag], [1, fc.constant("$trigger")]),
  weighted([2, course], [1, fc.constant("$trigger")]),
);

const { condition } = fc.letrec<{ condition: Condition; plain: Condition }>((tie) => ({
  plain: weighted<Condition>(
    [
      4,
      fc.record({
        type: fc.constantFrom<("tags.has" | "tags.has_any" | "tags.has_none")[]>(
          "tags.has",
          "tags.has_any",
          "tags.has_none",
        ),
        tags: some(weighted([5, tag], [1, fc.constant("$trigger")])),
      }),
    ],
    [
      2,
      fc.record({
        type: fc.constantFrom<("course.is_enrolled" | "course.is_not_enrolled")[]>(
          "course.is_enrolled",
          "course.is_not_enrolled",
        ),
        courses: some(weighted([2, course], [1, fc.constant("$trigger")])),
      }),
    ],
  ),
  condition: fc.oneof(
    { depthSize: "small", maxDepth: 2, withCrossShrink: true },
    { weight: 4, arbitrary: tie("plain") },
    { weight: 1, arbitrary: fc.record({ not: tie("condition") }) },
    { weight: 1, arbitrary: fc.record({ all: some(tie("condition")) }) },
    { weight: 1, arbitrary: fc.record({ any: some(tie("condition")) }) },
  ),
}));

/** No repeat stands within a repeat: of one its steps are left. */
function unrepeated(list: readonly Step[]): Step[] {
  return list.flatMap((step): Step[] => {
    if (step.type === "repeat") return unrepeated(step.steps);
    if (step.type === "branch") return [{ ...step, yes: unrepeated(step.yes), no: unrepeated(step.no) }];
    if (step.type === "wait_for")
      return [{ ...step, on_event: unrepeated(step.on_event), on_timeout: unrepeated(step.on_timeout) }];
    if (step.type !== "match") return [step];
    const cases = step.cases.map((one) => ({ ...one, steps: unrepeated(one.steps) }));
    return [{ ...step, cases, else: unrepeated(step.else) }];
  });
}

const { steps } = fc.letrec<{ steps: Step[]; step: Step }>((tie) => ({
  steps: fc.array(tie("step"), { maxLength: 5, size: "max" }),
  step: fc.oneof(
    { depthSize: "small", maxDepth: 2, withCrossShrink: true },
    {
      weight: 7,
      arbitrary: some(weighted([7, tag], [1, fc.constant("$trigger")])).map(
        (tags): Step => ({ type: "tags.add", tags }),
      ),
    },
    { weight: 4, arbitrary: some(tag).map((tags): Step => ({ type: "tags.remove", tags })) },
    { weight: 3, arbitrary: fc.nat(9).map((n): Step => ({ type: "email.user", subject: `Mail ${n}`, body: "Hello" })) },
    { weight: 5, arbitrary: pause.map((duration): Step => ({ type: "wait", for: duration })) },
    {
      weight: 2,
      arbitrary: fc
        .record({ courses: some(weighted([2, course], [1, fc.constant("$trigger")])), expires_after: maybe(pause, 3) })
        .map(({ courses, expires_after }): Step => compact({ type: "course.enroll", courses, expires_after }) as Step),
    },
    { weight: 1, arbitrary: some(course).map((courses): Step => ({ type: "course.unenroll", courses })) },
    { weight: 1, arbitrary: fc.constant<Step>({ type: "exit" }) },
    {
      weight: 2,
      arbitrary: fc
        .record({ if: condition, yes: tie("steps"), no: tie("steps") })
        .map((parts): Step => ({ type: "branch", ...parts })),
    },
    {
      weight: 2,
      arbitrary: fc
        .record({
          on: fc.constantFrom<("event.course" | "event.tag" | "email")[]>("event.course", "event.tag", "email"),
          cases: some(
            fc.record({ is: some(fc.constantFrom("c1", " C2", "a", "B", "Anna@example.com")), steps: tie("steps") }),
          ),
          else: tie("steps"),
        })
        .map((parts): Step => ({ type: "match", ...parts })),
    },
    {
      weight: 2,
      arbitrary: fc
        .record({ times: fc.integer({ min: 1, max: 3 }), until: maybe(condition, 3), steps: tie("steps") })
        .map(
          ({ steps: inside, ...parts }): Step =>
            compact({ type: "repeat", ...parts, steps: unrepeated(inside) }) as Step,
        ),
    },
    {
      weight: 4,
      arbitrary: fc
        .record({ event: listening, timeout: pause, on_event: tie("steps"), on_timeout: tie("steps") })
        .map((parts): Step => ({ type: "wait_for", ...parts })),
    },
  ),
}));

/**
 * Steps with an id each, kept where there is one: numbered by kind, so that edits often keep the place of a run, or all
 * in one row, so that they often put a step of another kind there.
 */
export function named(list: readonly Step[], byKind = true, counts = new Map<string, number>()): Step[] {
  const inside = (steps: readonly Step[]): Step[] => named(steps, byKind, counts);
  return list.map((step): Step => {
    const kind = byKind ? step.type.replace(/\W/g, "_") : "s";
    const n = (counts.get(kind) ?? 0) + 1;
    counts.set(kind, n);
    const id = step.id ?? `${kind}${n}`;
    if (step.type === "branch") return { ...step, id, yes: inside(step.yes), no: inside(step.no) };
    if (step.type === "repeat") return { ...step, id, steps: inside(step.steps) };
    if (step.type === "match") {
      const cases = step.cases.map((one) => ({ ...one, steps: inside(one.steps) }));
      return { ...step, id, cases, else: inside(step.else) };
    }
    if (step.type !== "wait_for") return { ...step, id };
    return { ...step, id, on_event: inside(step.on_event), on_timeout: inside(step.on_timeout) };
  });
}

const definition: fc.Arbitrary<Definition> = fc
  .record({
    synchronous: fc.boolean(),
    when: some(starting),
    only_if: maybe(condition, 6),
    // A definition has 100 steps at most.
    then: fc
      .tuple(
        steps.filter((list) => JSON.stringify(list).split('"type"').length <= 100),
        weighted([3, fc.constant(true)], [1, fc.constant(false)]),
      )
      .map(([list, byKind]) => named(list, byKind)),
    exit_when: maybe(some(listening), 3),
    exit_if: maybe(condition, 6),
    reentry: maybe(fc.constantFrom<NonNullable<Definition["reentry"]>[]>("one_at_a_time", "restart", "once"), 2),
    reentry_per: maybe(fc.constant<"trigger">("trigger"), 4),
    cooldown: maybe(fc.constantFrom("PT30M", "PT1H", "P1D"), 4),
    limit: maybe(
      fc.record({ times: fc.integer({ min: 1, max: 3 }), per: fc.constantFrom("PT1H", "PT90M", "P1D", null) }),
      4,
    ),
  })
  .map((parts) => compact(parts) as Definition);

const which = fc.nat(3);
const event: fc.Arbitrary<Happening> = weighted<Record<string, unknown> & { type: string }>(
  [5, some(tag).map((tags) => ({ type: "tag.added", tag: tags.length === 1 ? tags[0] : tags }))],
  [4, some(tag).map((tags) => ({ type: "tag.removed", tag: tags }))],
  [
    6,
    fc
      .record({ name, course: maybe(course, 2) })
      .map((one) => compact({ type: `custom.${one.name}`, course: one.course })),
  ],
  [
    2,
    fc.record({ course, expires: maybe(fc.constantFrom(1, 2, 24), 3) }).map((one) =>
      compact({
        type: "course.enrolled",
        course: one.course,
        expires_at: one.expires === undefined ? undefined : new Date(START + one.expires * 3_600_000).toISOString(),
      }),
    ),
  ],
  [1, course.map((one) => ({ type: "course.unenrolled", course: one }))],
).chain(({ type, ...data }) =>
  // To the hour, that some are a day old to the millisecond, or just beyond.
  fc
    .record({
      ago: maybe(fc.constantFrom(3_600_000, DAY, DAY + 1, 2 * DAY), 6),
      fire: maybe(fc.constant<true>(true), 8),
    })
    .map((more): Happening => compact({ kind: "event", type, data, ...more }) as Happening),
);

const happening: fc.Arbitrary<Happening> = weighted<Happening>(
  [12, event],
  [6, pause.map((by) => ({ kind: "advance", by }))],
  [1, fc.constantFrom("PT1H", "P3D").map((by) => ({ kind: "advance", by, late: true }))],
  [2, fc.constantFrom("anna@example.com", "anna@example.org", null).map((email) => ({ kind: "put", email }))],
  [
    3,
    maybe(fc.integer({ min: -4, max: 60 }), 8).map((half) => ({
      kind: "date",
      due: half === undefined ? null : new Date(START + half * 1_800_000).toISOString(),
    })),
  ],
  [1, fc.record({ kind: fc.constant("import"), tags: some(tag), fire: fc.boolean() })],
  [1, which.map((automation) => ({ kind: "enrol", automation }))],
  [
    2,
    fc.record({
      kind: fc.constant("edit"),
      automation: which,
      definition,
      move: weighted([3, fc.constant(true)], [1, fc.constant(false)]),
    }),
  ],
  [2, which.map((automation) => ({ kind: "activate", automation }))],
  [
    2,
    fc.record({
      kind: fc.constant("deactivate"),
      automation: which,
      exit: weighted([1, fc.constant(true)], [4, fc.constant(false)]),
    }),
  ],
  [1, which.map((automation) => ({ kind: "delete", automation }))],
  [2, fc.record({ kind: fc.constantFrom<("cancel" | "skip")[]>("skip", "cancel"), run: fc.nat(7) })],
);

/** What is counted apart, and dates that are waited for, stay so over edits: they are known from then on only. */
const settled = ({ zone, automations, happenings }: History): History => ({
  zone,
  automations,
  happenings: happenings.map((one) => {
    if (one.kind !== "edit") return one;
    const { reentry_per: _, limit: __, ...rest } = one.definition;
    const { reentry_per: per, limit, when = [] } = automations[one.automation] ?? {};
    const isDated = ({ type }: Trigger): boolean => type === "date.reached";
    const others = rest.when.filter((one) => !isDated(one));
    const kept = [...when.filter(isDated), ...others];
    const definition = {
      ...rest,
      when: kept.length ? kept : [{ type: "custom", name: "go" } satisfies Trigger],
      ...(per ? { reentry_per: per } : {}),
      ...(limit ? { limit } : {}),
    };
    return { ...one, definition };
  }),
});

export const history: fc.Arbitrary<History> = fc
  .record({
    zone: fc.constantFrom("UTC", "Europe/Athens"),
    automations: fc.array(definition, { minLength: 2, maxLength: 4, size: "max" }),
    happenings: fc.array(happening, { minLength: 4, maxLength: 24, size: "max" }),
  })
  .map(settled);
