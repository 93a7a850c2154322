import { describe, expect, test } from "vitest";
import { STEPS } from "../../../catalogue/steps";
import type { CatalogueEntry } from "../../../definition/catalogue";
import { amountOf, durationOf, isDuration } from "../../../definition/duration";
import type { CardUse, Draft } from "../../../definition/types";
import { changes } from "../../pages/automations/versions/diff";
import { catalogue } from "../names";
import { durationText, shiftText } from "../values/durations";
import { FILTERS } from "./phrases";
import {
  capital,
  conditionSentence,
  plain,
  sentence,
  stepSentence,
  summary,
  triggerSentence,
  wordsOf,
} from "./sentence";

const made = catalogue();
const club: CatalogueEntry = {
  type: "club.joined",
  label: "Joined the Club",
  category: "users",
  params: { type: "object", properties: { clubs: { type: "array", items: { type: "string" } } } },
};
const words = wordsOf({ ...made, triggers: [...made.triggers, club] }, { course: { "js-101": "JavaScript 101" } });

const drip: Draft = {
  name: "Drip",
  description: "",
  active: true,
  labels: [],
  note: "",
  goal: null,
  synchronous: false,
  when: [{ type: "tag.added", tags: ["vip", "parent"] }],
  only_if: { all: [{ type: "course.is_not_enrolled", courses: ["js-101"] }, { not: { type: "user.is_paying" } }] },
  then: [
    { id: "s1", type: "email.user", subject: "Welcome {{ user.username }}", body: "<p>Hi</p>" },
    { id: "s2", type: "wait", for: "P2D" },
    {
      id: "s3",
      type: "branch",
      if: { type: "activity.completed", courses: ["$trigger"] },
      yes: [{ id: "s4", type: "tags.add", tags: ["active"] }],
      no: [],
    },
    { id: "s5", type: "course.enroll", courses: ["js-101"] },
  ],
  exit_when: [{ type: "course.completed", courses: ["$trigger"] }],
  exit_if: null,
  reentry: "always",
  reentry_per: "user",
  cooldown: null,
  limit: null,
};

const trigger = (card: CardUse): string => plain(triggerSentence(card, words));
const step = (card: CardUse): string => plain(stepSentence(card, words));

describe("sentences", () => {
  test("a whole automation", () => {
    expect(plain(sentence(drip, words))).toBe(
      "When a learner is tagged vip and parent, only if they are not enrolled in JavaScript 101 and are not a paying user, " +
        "then email them “Welcome ‹username›”, wait 2 days, (if they have completed any learning activities of the course " +
        "that started it: add the tag active), enrol them in JavaScript 101. " +
        "It ends at once when the learner completes the course that started it.",
    );
  });

  test("the list says when and what in short", () => {
    expect(summary({ ...drip, when: [{ type: "course.enrolled" }] }, words)).toEqual({
      when: "enrolled in any course",
      does: "1 mail, add tags, enroll to courses",
    });
  });

  test("what is left out is said by its fallback or its default", () => {
    expect(trigger({ type: "course.enrolled" })).toBe("is enrolled in any course");
    expect(trigger({ type: "trial.ending" })).toBe("is 3 days before the end of a trial of any subscription");
    expect(step({ type: "tags.add", tags: [] })).toBe("add the tag …");
  });

  test("a list is joined as the card means it", () => {
    expect(trigger({ type: "tag.added", tags: ["a", "b", "c"], match: "any" })).toBe("is tagged a, b or c");
    expect(trigger({ type: "course.enrolled", courses: ["a", "b"] })).toBe("is enrolled in a or b");
    expect(trigger({ type: "date.reached", of: "course.ends_at", offset: "-P7D", courses: ["a", "b"] })).toBe(
      "comes to 7 days before the end of the course (a or b)",
    );
  });

  test("an option as by default is not dwelt upon", () => {
    expect(step({ type: "course.enroll", courses: ["a"], role: "student" })).toBe("enrol them in a");
    // What an LMS of its own calls somebody is told as its word, not as ours.
    expect(step({ type: "course.enroll", courses: ["a"], role: "coach" })).toBe("enrol them in a as “coach”");
    expect(step({ type: "course.enroll", courses: ["a"], role: "editingteacher" })).toBe(
      "enrol them in a as teacher who may edit",
    );
    expect(step({ type: "course.enroll", courses: ["a"], role: "teacher", expires_after: "P30D" })).toBe(
      "enrol them in a as teacher for 30 days",
    );
  });

  test("conditions read well both ways round, and groups keep their bounds", () => {
    const say = (condition: Parameters<typeof conditionSentence>[0]): string =>
      plain(conditionSentence(condition, words));
    expect(say({ not: { type: "tags.has", tags: ["vip"] } })).toBe("do not have the tag vip");
    expect(say({ not: { not: { type: "user.is_paying" } } })).toBe("are a paying user");
    expect(
      say({
        any: [
          { type: "user.is_paying" },
          {
            all: [
              { type: "tags.has", tags: ["a"] },
              { type: "tags.has", tags: ["b"] },
            ],
          },
        ],
      }),
    ).toBe("are a paying user or (have the tag a and have the tag b)");
    expect(say({ not: { any: [{ type: "user.is_paying" }, { type: "tags.has", tags: ["a"] }] } })).toBe(
      "not (are a paying user or have the tag a)",
    );
  });

  test("a card without a sentence is said from its label and options", () => {
    expect(trigger({ type: "club.joined", clubs: ["chess"] })).toBe("joined the Club (clubs chess)");
    expect(trigger({ type: "gone.away" })).toBe("gone.away");
    expect(plain(conditionSentence({ not: { type: "club.in" } }, words))).toBe("not: club.in");
  });

  test.each([
    [
      { type: "wait", for: "P1D", window: { days: ["mon", "tue", "wed"], from: "09:00", to: "17:00" } },
      "wait 1 day, going on Mon–Wed 09:00–17:00",
    ],
    [{ type: "wait", until: "2026-03-01T09:00" }, "wait until 1 Mar 2026, 09:00"],
    [
      { type: "wait", until_field: "birthday", offset: "-P30D", at: "09:00" },
      "wait until 30 days before birthday at 09:00",
    ],
    [{ type: "wait", until_field: "birthday", every: "year", at: "09:00" }, "wait until birthday each year at 09:00"],
    [{ type: "wait", until_field: "event.starts_on" }, "wait until the event's starts on"],
    [
      { type: "wait", until_field: "course.due_at", offset: "-P2D" },
      "wait until 2 days before the due date of the course",
    ],
    [{ type: "user.set_field", field: "skills", value: ["js", "css"] }, "set the field skills to “js” and “css”"],
    [
      { type: "wait_for", event: { type: "course.completed" }, timeout: "PT12H" },
      "wait until the learner completes any course, at most 12 hours",
    ],
    [
      {
        type: "split",
        paths: [
          { percent: 30, steps: [] },
          { percent: 70, steps: [] },
        ],
      },
      "split 30 % / 70 %",
    ],
    [{ type: "repeat", times: 3, steps: [] }, "repeat 3 times"],
    [
      { type: "repeat", times: 5, until: { type: "tags.has", tags: ["vip"] }, steps: [] },
      "repeat until they have the tag vip, at most 5 times",
    ],
    [{ type: "match", on: "fields.department", cases: [{ is: ["Sales"], steps: [] }], else: [] }, "go by department"],
    [{ type: "match", on: "event.course", cases: [{ is: ["js"], steps: [] }], else: [] }, "go by the event's course"],
    [{ type: "exit" }, "stop here"],
    [{ type: "branch", if: null }, "if they …"],
  ])("a step of the flow: %j", (card, expected) => {
    expect(step(card)).toBe(expected);
  });

  test("values are set apart from what is done with them", () => {
    expect(capital(triggerSentence({ type: "tag.added", tags: ["vip"] }, words))).toEqual([
      { text: "Is tagged ", as: "verb" },
      { text: "vip", as: "name" },
    ]);
  });

  test("a name that begins a sentence is as its school writes it; words of ours have a large letter", () => {
    expect(plain(capital([{ text: "js-101", as: "name" }, { text: " abschließen" }]))).toBe("js-101 abschließen");
    expect(plain(capital([{ text: "the course you choose", as: "value" }]))).toBe("The course you choose");
  });

  test("ids named like parts of a prototype are only ids", () => {
    expect(trigger({ type: "constructor" })).toBe("constructor");
    expect(trigger({ type: "tag.added", tags: ["__proto__"] })).toBe("is tagged __proto__");
  });

  const cards = [...made.triggers, ...made.listeners, ...made.conditions, ...made.actions];
  const own = cards.map((card): [type: string, card: CatalogueEntry, says: string] => [
    card.type,
    card,
    card.says ?? "",
  ]);

  test.each(own)("%s says itself, by options that it has", (_, card, says) => {
    expect(says).not.toBe("");
    const slots = [...says.matchAll(/\{!?(\w+)/g)].map(([, option]) => option);
    expect(Object.keys(card.params.properties ?? {})).toEqual(expect.arrayContaining(slots));
    const filters = [...says.matchAll(/\|(\w+)\}/g)].map(([, filter]) => filter);
    expect(Object.keys(FILTERS)).toEqual(expect.arrayContaining(filters));
  });

  test.each([...own.map(([, , says]) => says), ...[...STEPS.values()].map(({ says }) => says)])(
    "closes what it opens: %s",
    (says) => {
      for (const [open = "", close = ""] of ["[]", "{}", "<>"])
        expect(says.split(open)).toHaveLength(says.split(close).length);
    },
  );
});

describe("differences", () => {
  const said = (after: Partial<Draft>): string[] =>
    changes(drip, { ...drip, ...after }, words).map(({ kind, what }) => `${kind}: ${plain(what)}`);

  test("none between the same", () => expect(said({})).toEqual([]));

  test("steps that came, went, changed and moved", () => {
    const [first, second, third, fourth] = drip.then;
    if (!first || !second || !third || !fourth) throw new Error("the drip has four steps");
    expect(said({ then: [first, third, fourth] })).toEqual(["removed: wait 2 days"]);
    expect(said({ then: [...drip.then, { id: "s9", type: "exit" }] })).toEqual(["added: stop here"]);
    expect(said({ then: [first, { ...second, for: "P3D" }, third, fourth] })).toEqual([
      "changed: wait 2 days → wait 3 days",
    ]);
    expect(said({ then: [second, first, third, fourth] })).toEqual(["moved: email them “Welcome ‹username›”"]);
    expect(said({ then: [{ ...first, body: "<p>Ho</p>" }, second, third, fourth] })).toEqual([
      "changed: email them “Welcome ‹username›”: body",
    ]);
  });

  test("a step put into a branch has moved, the branch itself has not changed", () => {
    const [first, second, third, fourth] = drip.then;
    if (!first || !second || !third || !fourth) throw new Error("the drip has four steps");
    expect(said({ then: [first, second, { ...third, no: [fourth] }] })).toEqual([
      "moved: enrol them in JavaScript 101",
    ]);
  });

  test("what starts it, whom it is for, and how", () => {
    expect(said({ when: [{ type: "course.enrolled" }], only_if: null, active: false, reentry: "once" })).toEqual([
      "changed: Switched off",
      "removed: When a learner is tagged vip and parent",
      "added: When a learner is enrolled in any course",
      "removed: Only if they are not enrolled in JavaScript 101 and are not a paying user",
      "changed: A learner enters once, was every time it happens",
    ]);
  });
});

describe("durations", () => {
  test.each([
    ["P2D", "2 days"],
    ["PT1H30M", "1 hour 30 minutes"],
    ["P1Y2M3W", "1 year 2 months 3 weeks"],
    ["PT0S", "no time"],
    ["soon", "soon"],
  ])("%s is %s", (duration, expected) => expect(durationText(duration)).toBe(expected));

  test("a shift says before or after", () => {
    expect([shiftText("-P30D"), shiftText("P1D")]).toEqual(["30 days before", "1 day after"]);
  });

  test("one amount and unit, there and back", () => {
    for (const duration of ["PT5M", "PT2H", "P3D", "P4W", "P6M"]) {
      const found = amountOf(duration);
      expect(found && durationOf(found.amount, found.unit)).toBe(duration);
    }
    expect(amountOf("P1DT2H")).toBeUndefined();
  });

  test.each(["", "P", "PT", "P1", "1D", "P1H", "-P1D", "P1DT"])("%j is no duration", (text) =>
    expect(isDuration(text)).toBe(false),
  );
});
