/*
 * Definitions that Schoolbell would refuse, each of which tsc refuses too: where one compiled, its directive would be an
 * error of its own. Compiled by `npm run check:types`, never run.
 */
import type { Automation, Event } from "../src/server/index.ts";
import { schoolbell } from "../src/server/index.ts";

const when = [{ type: "course.enrolled" }] as const satisfies Automation["when"];
const base = { name: "A", when: [...when], then: [] } satisfies Automation;

export const refused: Automation[] = [
  // @ts-expect-error: there is no such trigger
  { ...base, when: [{ type: "course.enroled" }] },
  // @ts-expect-error: a condition is no trigger
  { ...base, when: [{ type: "tags.has_any", tags: ["a"] }] },
  // @ts-expect-error: the option has another name
  { ...base, when: [{ type: "course.enrolled", course: "js" }] },
  // @ts-expect-error: a list, not a text
  { ...base, when: [{ type: "course.enrolled", courses: "js" }] },
  // @ts-expect-error: a trigger without its days
  { ...base, when: [{ type: "inactivity.course" }] },
  // @ts-expect-error: what only ends a run
  { ...base, when: [{ type: "school.visited" }] },
  // @ts-expect-error: there is no such condition
  { ...base, only_if: { type: "tags.has_some", tags: ["a"] } },
  // @ts-expect-error: an action is no condition
  { ...base, only_if: { type: "tags.add", tags: ["a"] } },
  // @ts-expect-error: the tags are missing
  { ...base, only_if: { type: "tags.has_any" } },
  // @ts-expect-error: all takes a list
  { ...base, only_if: { all: { type: "user.is_paying" } } },
  // @ts-expect-error: within not, too
  { ...base, only_if: { not: { type: "user.is_payng" } } },
  // @ts-expect-error: there is no such action
  { ...base, then: [{ type: "tag.add", tags: ["a"] }] },
  // @ts-expect-error: an email without its body
  { ...base, then: [{ type: "email.user", subject: "Hi" }] },
  // @ts-expect-error: there is no such kind of mail
  { ...base, then: [{ type: "email.user", subject: "Hi", body: "…", kind: "newsletter" }] },
  // @ts-expect-error: a number is no text
  { ...base, then: [{ type: "email.user", subject: 1, body: "…" }] },
  // @ts-expect-error: a wait of nothing
  { ...base, then: [{ type: "wait" }] },
  // @ts-expect-error: no ISO 8601 duration
  { ...base, then: [{ type: "wait", for: "2 days" }] },
  // @ts-expect-error: for some time, or until a moment
  { ...base, then: [{ type: "wait", for: "P2D", until: "2026-01-01T09:00" }] },
  // @ts-expect-error: no day of the week
  { ...base, then: [{ type: "wait", for: "P2D", window: { days: ["monday"] } }] },
  // @ts-expect-error: a branch by nothing
  { ...base, then: [{ type: "branch", yes: [] }] },
  // @ts-expect-error: a trigger is no condition
  { ...base, then: [{ type: "branch", if: { type: "course.enrolled" } }] },
  // @ts-expect-error: inside a branch, too
  { ...base, then: [{ type: "branch", if: { type: "user.is_paying" }, yes: [{ type: "tags.add" }] }] },
  // @ts-expect-error: an event without a time-out
  { ...base, then: [{ type: "wait_for", event: { type: "course.completed" } }] },
  // @ts-expect-error: a path without its share
  { ...base, then: [{ type: "split", paths: [{ steps: [] }] }] },
  // @ts-expect-error: only actions have it
  { ...base, then: [{ type: "exit", on_error: "stop" }] },
  // @ts-expect-error: there is no such re-entry
  { ...base, reentry: "never" },
  // @ts-expect-error: no such option of an automation
  { ...base, trigger: [] },
  // @ts-expect-error: a name is needed
  { when: [...when], then: [] },
];

export const refusedEvents: Event[] = [
  // @ts-expect-error: there is no such event
  { type: "course.finished", user: { id: "anna" }, data: { course: "js" } },
  // @ts-expect-error: which course
  { type: "course.enrolled", user: { id: "anna" }, data: {} },
  // @ts-expect-error: no such attribute
  { type: "user.updated", user: { id: "anna", mail: "a@b.co" } },
];

export const taken: Event[] = [
  { type: "course.enrolled", user: { id: "anna" }, data: { course: "js", beside: 1 } },
  { type: "custom.clicked", data: { anything: [1] } },
  { type: "user.signed_in" },
];

/** What is answered is typed as well. */
export async function answered(): Promise<string[]> {
  const bell = schoolbell({ url: "", key: "" });
  const { user } = await bell.events.send({ type: "user.signed_in", user: { id: "anna" } });
  const { tags } = await bell.users.get("anna");
  // @ts-expect-error: no such event
  await bell.events.send({ type: "signed_in" });
  // @ts-expect-error: a run has no such thing
  (await bell.runs.get("run_1")).colour;
  return [...tags, user?.id ?? ""];
}
