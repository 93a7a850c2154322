import { expect, test } from "vitest";
import { triggers } from "../../catalogue";
import { mergeAttributes } from "../../catalogue/account/attributes";
import { formatInstant } from "../../catalogue/dates/time";
import { newLearner } from "../../catalogue/facts/facts";
import { newState } from "../step";
import { testWorld } from "../test-world";
import type { UserState } from "../types";
import { exampleFact } from "./example";
import { type Question, simulate } from "./simulate";

const NOW = Date.parse("2026-01-05T09:00:00.000Z");
const email = (subject: string) => ({ type: "email.user", subject, body: `<p>${subject}</p>` });
const drip = {
  when: [{ type: "course.enrolled", courses: ["js-101"] }],
  only_if: { type: "tags.has", tags: ["vip"] },
  then: [
    { type: "tags.add", tags: ["started"] },
    email("Welcome {{ user.username }}"),
    { type: "wait", for: "P2D" },
    {
      type: "branch",
      if: { type: "activity.completed", courses: ["$trigger"] },
      yes: [email("Well done")],
      no: [email("Tips")],
    },
  ],
  exit_when: [{ type: "course.completed", courses: ["$trigger"] }],
};

const giver = { by: "event", id: null, at: 0 } as const;

const anna = (change: (state: UserState) => void = () => {}): UserState => {
  const state = newState("anna", NOW - 86_400_000);
  mergeAttributes(
    { learner: state.learner, giver, school: testWorld({}).school },
    { email: "anna@example.com", username: "Anna" },
  );
  state.learner.tags = [...state.learner.tags, "vip"];
  change(state);
  return state;
};

const ask = (definition: Record<string, unknown>, question: Partial<Question> = {}, state = anna()) => {
  const world = testWorld({ aut: definition }, { timezone: "Europe/Athens" });
  const [automation] = world.automations;
  if (!automation) throw new Error("no automation");
  return simulate(state, world, { automation, fact: null, span: "P30D", assume: [], ...question }, NOW);
};

const subjects = (answer: ReturnType<typeof ask>) =>
  answer.steps
    .filter((one) => one.type === "email.user")
    .map(({ at, would }) => [formatInstant(at), (would.content as { subject: string }).subject]);
const assume = (after: string, type: string, data: Record<string, unknown>) => [
  { after, event: { type, data, attributes: {} } },
];

test("each step has its time and what it would do, rendered", () => {
  const answer = ask(drip);
  expect(answer.matched).toBe(true);
  expect(answer.fact).toEqual({ type: "course.enrolled", data: { course: "js-101" } });
  expect(answer.steps[0]).toMatchObject({ step_id: "s1", type: "tags.add", would: { added: ["started"] } });
  expect(subjects(answer)).toEqual([
    ["2026-01-05T09:00:00.000Z", "Welcome Anna"],
    ["2026-01-07T09:00:00.000Z", "Tips"],
  ]);
  expect(answer.ends).toEqual({ at: NOW + 2 * 86_400_000, status: "completed", reason: null });
});

test("assumed events lead the other way, or to the exit", () => {
  const other = ask(drip, { assume: assume("P1D", "activity.completed", { course: "js-101", activity: "u" }) });
  expect(subjects(other)[1]?.[1]).toBe("Well done");
  const exited = ask(drip, { assume: assume("P1D", "course.completed", { course: "js-101" }) });
  expect(exited.ends).toMatchObject({ at: NOW + 86_400_000, status: "exited", reason: "exit_when" });
  expect(subjects(exited)).toHaveLength(1);
});

test("an assumed event after the span does not happen, and a run under way has no end", () => {
  const answer = ask(drip, { span: "P1D", assume: assume("P40D", "course.completed", { course: "js-101" }) });
  expect(answer.ends).toBeNull();
  expect(answer.steps.at(-1)).toMatchObject({ type: "wait", status: "waiting" });
});

test("one that does not match says what stopped it", () => {
  const other = ask(drip, { fact: { type: "course.enrolled", data: { course: "css-101" } } });
  expect([other.matched, other.steps, other.trace[0]?.stopped_by]).toEqual([false, [], "trigger"]);
  const untagged = ask(
    drip,
    {},
    anna(({ learner }) => {
      learner.tags = ["bronze"];
    }),
  );
  expect(untagged.trace[0]).toMatchObject({ stopped_by: "only_if", path: "/only_if", seen: ["bronze"] });
  const elsewhere = ask(drip, { fact: { type: "user.signed_in", data: {} } });
  expect(elsewhere.trace[0]?.stopped_by).toBe("trigger");
});

test("the fact has happened: the state shows it, and one that changes nothing counts too", () => {
  const definition = { ...drip, only_if: { type: "course.is_enrolled", courses: ["js-101"] } };
  expect(ask(definition).matched).toBe(true);
  const enrolled = anna((state) => {
    const source = { source: "event", endsAt: null, given: giver };
    state.learner.enrolments = [
      ...state.learner.enrolments,
      {
        type: "course",
        product: "js-101",
        role: "student",
        enrolledAt: 0,
        knownAt: 0,
        sources: [source],
      },
    ];
  });
  expect(ask(definition, {}, enrolled).matched).toBe(true);
});

test("it follows one run: facts of its own and later ones start no other", () => {
  const answer = ask(
    { ...drip, when: [{ type: "tag.added", tags: ["a", "b"] }], exit_when: [] },
    {
      assume: assume("P1D", "tag.removed", { tag: "a" }).concat(assume("P1D", "tag.added", { tag: "a" })),
    },
  );
  expect(answer.matched).toBe(true);
  expect(answer.steps.filter((one) => one.type === "wait")).toHaveLength(1);
});

test("expected inactivity starts it at once, and an exit by a later visit is heard", () => {
  const answer = ask(
    {
      when: [{ type: "inactivity.school", days: 10 }],
      then: [email("Reminder"), { type: "wait", for: "P7D" }, email("Offer")],
      exit_when: [{ type: "school.visited" }],
    },
    { assume: assume("P2D", "school.visited", {}) },
  );
  expect(subjects(answer).map(([, subject]) => subject)).toEqual(["Reminder"]);
  expect(answer.ends?.reason).toBe("exit_when");
});

test("asking twice gives the same answer", () => {
  expect(ask(drip)).toEqual(ask(drip));
});

test("for the first trigger of every type a fact is made that it takes", () => {
  const needed: Record<string, Record<string, unknown>> = {
    "tag.added": { tags: ["a", "b"] },
    "course.progress_reached": { percent: 50 },
    "nps.submitted": { max_score: 6 },
    "date.reached": { field: "due" },
    custom: { name: "go", where: [{ path: "a.b", op: "is", value: 3 }] },
  };
  const days = { days: 14 };
  // Its user must have held the tag once.
  for (const [type, card] of triggers) {
    if (card.listening || type === "tag.removed") continue;
    const params = needed[type] ?? (type.startsWith("inactivity.") ? days : {});
    const { matched } = ask({ when: [{ type, ...params }], then: [] });
    expect([type, matched]).toEqual([type, true]);
  }
});

test("a made fact names what the trigger names, else what the user has", () => {
  const learner = newLearner("anna", NOW, NOW);
  learner.groups = [...learner.groups, { group: "g-1", sources: [{ source: "event", given: giver }] }];
  const made = (type: string, params: Record<string, unknown>) => {
    const trigger = triggers.get(type)?.bind(params);
    if (!trigger) throw new Error(type);
    return exampleFact(trigger, learner, NOW);
  };
  expect(made("course.unenrolled", { courses: ["a", "b"], reasons: ["expired"] }).data).toEqual({
    course: "a",
    reason: "expired",
  });
  expect(made("group.joined", {}).data).toEqual({ group: "g-1" });
  expect(made("exam.reviewed", {}).data).toEqual({ exam: "example-exam", passed: true });
});

test("each round of a repeat has what it would send itself", () => {
  const then = [
    {
      type: "repeat",
      times: 2,
      steps: [
        email("{% if user.fields.round %}again{% else %}first{% endif %}"),
        { type: "user.set_field", field: "round", value: "1" },
        { type: "wait", for: "P1D" },
      ],
    },
  ];
  const mails = ask({ ...drip, then }).steps.filter((one) => one.type === "email.user");
  expect(mails.map(({ would }) => [would.to, (would.content as { subject: string }).subject])).toEqual([
    [["anna@example.com"], "first"],
    [["anna@example.com"], "again"],
  ]);
});
