import { named } from "./arbitrary";
import {
  type Condition,
  type Definition,
  type Happening,
  type History,
  START,
  type Step,
  type Trigger,
} from "./history";

/* Histories that once told the engine from the model, or that few random ones come upon. They are tried first. */

const add = (...tags: string[]): Step => ({ type: "tags.add", tags });
const remove = (...tags: string[]): Step => ({ type: "tags.remove", tags });
const wait = (duration: string): Step => ({ type: "wait", for: duration });
const email = (subject: string): Step => ({ type: "email.user", subject, body: "Hello" });
const onTag = (...tags: string[]): Trigger => ({ type: "tag.added", tags });
const onAny = (...tags: string[]): Trigger => ({ type: "tag.added", tags, match: "any" });
const offTag = (...tags: string[]): Trigger => ({ type: "tag.removed", tags });
const onGo: Trigger = { type: "custom", name: "go" };
const onStop: Trigger = { type: "custom", name: "stop" };
const has = (...tags: string[]): Condition => ({ type: "tags.has", tags });
const waitFor = (event: Trigger, ways: { yes?: Step[]; no?: Step[]; timeout?: string } = {}): Step => ({
  type: "wait_for",
  event,
  timeout: ways.timeout ?? "P1D",
  on_event: ways.yes ?? [],
  on_timeout: ways.no ?? [],
});
const branch = (condition: Condition, yes: Step[], no: Step[] = []): Step => ({
  type: "branch",
  if: condition,
  yes,
  no,
});

const repeat = (times: number, steps: Step[], until?: Condition): Step => ({
  type: "repeat",
  times,
  ...(until ? { until } : {}),
  steps,
});

const onDate = (offset?: string): Trigger => ({
  type: "date.reached",
  field: "due",
  ...(offset === undefined ? {} : { offset }),
});

const go: Happening = { kind: "event", type: "custom.go", data: {} };
const stop: Happening = { kind: "event", type: "custom.stop", data: {} };
const tagged = (...tags: string[]): Happening => ({ kind: "event", type: "tag.added", data: { tag: tags } });
const untagged = (...tags: string[]): Happening => ({ kind: "event", type: "tag.removed", data: { tag: tags } });
const enrolled = (course: string): Happening => ({ kind: "event", type: "course.enrolled", data: { course } });
const unenrolled = (course: string): Happening => ({ kind: "event", type: "course.unenrolled", data: { course } });
const after = (by: string): Happening => ({ kind: "advance", by });
const late = (by: string): Happening => ({ kind: "advance", by, late: true });
const settle = after("PT0S");
/** Hours behind the beginning. */
const due = (hours: number | null): Happening => ({
  kind: "date",
  due: hours === null ? null : new Date(START + hours * 3_600_000).toISOString(),
});
const hoursAgo = (hours: number, more: { fire?: true } = {}): Happening => ({
  kind: "event",
  type: "custom.go",
  data: {},
  ago: hours * 3_600_000,
  ...more,
});
const put: Happening = { kind: "put", email: "anna@example.com" };
const off = (automation = 0, exit = false): Happening => ({ kind: "deactivate", automation, exit });
const on = (automation = 0): Happening => ({ kind: "activate", automation });
const edit = (definition: Definition, move = true, automation = 0): Happening => ({
  kind: "edit",
  automation,
  definition: { ...definition, then: named(definition.then) },
  move,
});

const history = (automations: Definition[], happenings: Happening[], zone = "UTC"): History => ({
  zone,
  automations: automations.map((one) => ({ ...one, then: named(one.then) })),
  happenings,
});
const count = <T>(n: number, one: (i: number) => T): T[] => Array.from({ length: n }, (_, i) => one(i));

export const FIXTURES: Record<string, History> = {
  // ---- Limits of starts ----
  "so many starts in a time, however they came about": history(
    [{ when: [onGo], then: [], limit: { times: 2, per: "P1D" } }],
    [
      go,
      after("PT12H"),
      { kind: "enrol", automation: 0 },
      go,
      settle,
      after("PT12H"),
      go,
      go,
      after("P1D"),
      go,
      go,
      go,
    ],
  ),
  "so many starts ever, for each thing apart": history(
    [{ when: [onTag("a"), onTag("b")], then: [], reentry_per: "trigger", limit: { times: 1, per: null } }],
    [tagged("a"), tagged("b"), untagged("a", "b"), after("P3D"), tagged("a"), tagged("b")],
  ),
  // ---- Rounds ----
  "a repeat does its steps so many times, each round with keys of its own": history(
    [{ when: [onGo], then: [repeat(3, [email("Again"), wait("PT1H")]), email("Over")] }],
    [put, go, after("P1D")],
  ),
  "a repeat ends when its condition holds, looked at before each round": history(
    [{ when: [onGo], then: [repeat(5, [email("Again"), wait("PT1H")], has("a")), email("Over")] }],
    [put, go, after("PT90M"), tagged("a"), after("P1D"), go, settle],
  ),
  "each round's wait_for hears what came since the last one ended": history(
    [{ when: [onGo], then: [repeat(3, [waitFor(onStop, { yes: [email("Yes")], no: [email("No")] })])] }],
    [put, go, stop, stop, settle, after("PT1H"), stop, after("P3D")],
  ),
  "a run of so many rounds that it takes its turn behind others": history(
    [
      {
        when: [onGo],
        synchronous: true,
        then: [
          repeat(
            50,
            count(24, () => add("a")),
          ),
          add("b"),
        ],
      },
      { when: [onGo], then: [add("c")] },
      { when: [onTag("b")], then: [] },
    ],
    [go, tagged("c"), settle],
  ),
  "a run that takes its turn later exits before it": history(
    [
      {
        when: [onGo],
        synchronous: true,
        then: [
          repeat(
            50,
            count(24, () => add("a")),
          ),
          add("b"),
        ],
        exit_when: [onStop],
      },
    ],
    [go, stop, settle],
  ),
  "a run moved in a round keeps it, and does as many more as the new version has": history(
    [{ when: [onGo], then: [repeat(4, [email("Old"), wait("P1D")])] }],
    [
      put,
      go,
      after("P1D"),
      edit({ when: [onGo], then: [repeat(3, [email("New"), wait("PT1H")]), email("Over")] }),
      after("P2D"),
    ],
  ),
  "a run moved into a repeat is in its first round, one moved out of it in none": history(
    [{ when: [onGo], then: [wait("P1D"), email("Old")] }],
    [
      put,
      go,
      settle,
      edit({ when: [onGo], then: [repeat(2, [wait("P1D"), email("New")])] }),
      after("P1D"),
      edit({ when: [onGo], then: [wait("P1D"), email("Out")] }),
      after("P2D"),
    ],
  ),
  "a match goes the way of the first case that fits, and none fits what is missing": history(
    [
      {
        when: [onGo],
        then: [
          {
            type: "match",
            on: "event.course",
            cases: [
              { is: ["c2", " C1 "], steps: [add("a")] },
              { is: ["c1"], steps: [add("b")] },
            ],
            else: [add("c")],
          },
        ],
      },
    ],
    [{ kind: "event", type: "custom.go", data: { course: "c1" } }, settle, go, settle],
  ),
  // ---- Waits for an event ----
  "later facts of the event that answers a wait_for are heard by the next": history(
    [{ when: [onGo], then: [waitFor(onTag("a")), waitFor(onTag("b"))] }],
    [go, settle, tagged("a", "b"), settle],
  ),
  "one fact answers one wait_for, earlier ones none after it": history(
    [{ when: [onGo], then: [waitFor(onTag("a")), waitFor(onTag("a")), waitFor(onTag("b"))] }],
    [go, settle, tagged("b", "a"), after("PT1H"), untagged("a"), tagged("a"), after("P3D")],
  ),
  "facts while a run is held after its time-out are for its next wait_for": history(
    [{ when: [onGo], then: [waitFor(onStop, { timeout: "PT1H" }), waitFor(onTag("a"))] }],
    [go, settle, off(), after("PT2H"), tagged("a"), on(), settle],
  ),
  "what came before a wait_for was reached answers it": history(
    [{ when: [onGo], then: [wait("PT1H"), waitFor(onTag("a"), { yes: [add("b")], no: [add("c")] })] }],
    [go, settle, tagged("a"), after("P2D")],
  ),
  "an answer heard before an edit counts while the step waits for the same": history(
    [{ when: [onGo], then: [wait("PT1H"), waitFor(onTag("a"))] }],
    [
      go,
      settle,
      tagged("a"),
      edit({ when: [onGo], then: [wait("PT1H"), waitFor({ type: "tag.added", tags: ["a"], match: "all" })] }),
      after("PT1H"),
      go,
      settle,
      tagged("b"),
      edit({ when: [onGo], then: [wait("PT1H"), waitFor(onTag("c"))] }),
      after("P3D"),
    ],
  ),
  "a wait_for answered while inactive is held, with its way decided": history(
    [{ when: [onGo], then: [waitFor(onTag("a"), { yes: [add("b")], no: [add("c")] })] }],
    [go, settle, off(), tagged("a"), after("P3D"), on(), settle],
  ),

  // ---- Tags ----
  "all tags removed is judged on the tags as they were": history(
    [
      { when: [offTag("a")], synchronous: true, then: [add("a", "b")] },
      { when: [offTag("a")], then: [] },
      { when: [offTag("a", "b")], then: [] },
    ],
    [tagged("a"), untagged("a"), settle],
  ),
  "all tags added fires once for an event that brings them together": history(
    [
      { when: [onTag("a", "b")], then: [] },
      { when: [onAny("a", "b")], then: [] },
    ],
    [tagged("A", "b"), settle, tagged("a"), untagged("B"), tagged("b"), settle],
  ),

  // ---- Loops ----
  "two automations that undo each other stop after one round": history(
    [
      { when: [onTag("a")], then: [remove("a"), add("b")] },
      { when: [onTag("b")], then: [remove("b"), add("a")] },
    ],
    [tagged("a"), settle, untagged("a"), tagged("a"), settle],
  ),
  "no chain grows beyond ten runs": history(
    count(13, (i) => ({ when: [onTag(`t${i}`)], synchronous: i % 2 === 0, then: [wait("PT0S"), add(`t${i + 1}`)] })),
    [tagged("t0"), settle],
  ),
  "a wait over which the clock moves ends the chain": history(
    count(13, (i) => ({ when: [onTag(`t${i}`)], then: [wait("PT1M"), add(`t${i + 1}`)] })),
    [tagged("t0"), after("PT1H")],
  ),
  "ten runs of one automation are ten links": history(
    [
      {
        when: [onAny(...count(12, (i) => `t${i}`))],
        then: [
          waitFor(offTag("$trigger")),
          ...count(12, (i) => branch(has(`t${i}`), [remove(`t${i}`), { type: "exit" }])),
        ],
      },
      { when: count(10, (i) => offTag(`t${i + 2}`)), then: [] },
    ],
    [tagged(...count(12, (i) => `t${i}`)), after("P0D"), untagged("t0"), settle],
  ),
  "a wait_for woken by a fact takes on its chain": history(
    [
      { when: [onGo], then: [waitFor(onTag("a"), { yes: [add("b")] })] },
      { when: [onStop, onTag("b")], then: [remove("b"), add("a")] },
    ],
    [go, after("PT2H"), stop, settle, after("PT2H"), untagged("a", "b"), go, after("PT2H"), stop, settle],
  ),
  "an automation comes back to itself through waits once an hour": history(
    [
      { when: [onTag("a")], then: [remove("a"), wait("PT59M"), add("a")] },
      { when: [onTag("b")], then: [remove("b"), wait("PT1H"), add("b")] },
    ],
    [tagged("a", "b"), after("PT3H"), untagged("a"), tagged("a"), settle],
  ),
  "what follows from an end that an action set comes back once an hour": history(
    [
      {
        when: [{ type: "course.unenrolled" }],
        then: [{ type: "course.enroll", courses: ["c1"], expires_after: "PT1M" }],
      },
    ],
    [enrolled("c1"), unenrolled("c1"), after("PT3H")],
  ),
  "an enrolment that ends at once is no endless loop": history(
    [
      {
        when: [{ type: "course.unenrolled" }],
        then: [{ type: "course.enroll", courses: ["c1"], expires_after: "PT0S" }],
      },
    ],
    [enrolled("c1"), unenrolled("c1"), after("PT3H")],
  ),

  // ---- Re-entry ----
  "once is once, also long after the run has ended": history(
    [{ when: [onGo], reentry: "once", then: [email("Once")] }],
    [put, go, after("P1D"), go, after("P1D"), edit({ when: [onGo], reentry: "once", then: [] }), go, settle],
  ),
  "a cooldown counts from the last start, not from its end": history(
    [{ when: [onGo], cooldown: "PT2H", then: [wait("PT90M")] }],
    [go, after("PT90M"), go, after("PT30M"), go, settle],
  ),
  "re-entry is counted for each thing apart": history(
    [{ when: [{ type: "course.enrolled" }], reentry: "one_at_a_time", reentry_per: "trigger", then: [wait("P1D")] }],
    [enrolled("c1"), enrolled("c2"), unenrolled("c1"), enrolled("c1"), after("P2D"), unenrolled("c1"), enrolled("c1")],
  ),
  "restart ends the live run, a synchronous one too": history(
    [
      { when: [onGo], reentry: "restart", then: [wait("PT1H"), add("a")] },
      { when: [onGo], reentry: "restart", synchronous: true, then: [wait("PT1H"), add("b")] },
    ],
    [go, after("PT30M"), go, after("PT30M"), after("PT30M")],
  ),
  "one fact starts an automation once, though several triggers take it": history(
    [{ when: [onTag("a"), onAny("a", "b")], then: [email("Hello")] }],
    [put, tagged("a"), settle],
  ),

  // ---- Exits ----
  "nothing of a run happens after its exit": history(
    [{ when: [onGo], then: [email("Now"), wait("PT1H"), email("Late"), add("b")], exit_when: [onTag("a")] }],
    [put, go, settle, tagged("a"), after("P1D")],
  ),
  "a queued run exits with nothing done": history(
    [
      { when: [onGo], then: [add("b")], exit_when: [onTag("a")] },
      { when: [onGo], synchronous: true, then: [add("a")] },
    ],
    [go, settle],
  ),
  "exit_if is looked at before every step once the run has waited": history(
    [
      {
        when: [onGo],
        exit_if: has("a"),
        then: [add("a"), wait("PT0S"), email("Still here"), wait("PT1H"), email("Gone")],
      },
      { when: [onStop], exit_if: has("b"), then: [wait("PT1H"), add("b"), email("Gone")] },
    ],
    [put, go, stop, settle, after("PT1H")],
  ),
  "a quiet fact starts nothing, ends runs and answers waits": history(
    [
      { when: [onTag("a")], then: [add("c")] },
      { when: [onGo], then: [wait("P1D")], exit_when: [onTag("a")] },
      { when: [onGo], then: [waitFor(onTag("a"), { yes: [add("b")] })] },
    ],
    [go, settle, { kind: "import", tags: ["a"], fire: false }, settle],
  ),

  // ---- Time ----
  "at one instant expiries come first, then waits by age": history(
    [
      { when: [onGo], then: [wait("PT30M"), add("a"), wait("PT30M"), add("b")] },
      { when: [onGo], then: [wait("PT1H"), branch(has("b"), [email("After")], [email("Before")])] },
      { when: [onGo], then: [{ type: "course.enroll", courses: ["c1"], expires_after: "PT1H" }] },
      { when: [{ type: "course.unenrolled" }], synchronous: true, then: [add("c")] },
    ],
    [put, go, after("PT2H")],
  ),
  "days are as long as they are where the school is": history(
    [{ when: [onGo], then: [wait("P3D"), email("Three days on")] }],
    [put, go, after("P2D"), after("PT23H"), after("PT1H")],
    "Europe/Athens",
  ),
  "what is late happens in order, and later waits count from then": history(
    [
      { when: [onGo], then: [wait("PT1H"), add("a"), wait("PT1H"), add("b")] },
      { when: [onGo], then: [wait("PT30M"), add("c")] },
    ],
    [go, late("P1D"), after("PT1H")],
  ),
  "queued runs go before the next event is judged": history(
    [
      { when: [onGo], then: [add("a")] },
      { when: [onStop], synchronous: true, then: [branch(has("a"), [add("b")], [add("c")])] },
    ],
    [go, stop],
  ),

  // ---- Lifecycle ----
  "a wait that ends while inactive is held, and goes on when active, not before": history(
    [{ when: [onGo], then: [wait("PT1H"), email("Hello"), wait("PT1H"), email("And again")] }],
    [put, go, settle, off(), after("P3D"), on(), after("PT59M"), after("PT1M")],
  ),
  "a run queued when its automation was made inactive is held": history(
    [{ when: [onGo], then: [add("a")] }],
    [go, off(), settle, tagged("b"), on(), settle],
  ),
  "deactivating may end live runs, of earlier versions too": history(
    [{ when: [onGo], then: [wait("P1D"), add("a")] }],
    [
      go,
      settle,
      edit({ when: [onGo], then: [wait("P1D"), add("b")] }, false),
      go,
      off(0, true),
      on(),
      go,
      after("P2D"),
    ],
  ),
  "a live run finishes on the version it began on": history(
    [{ when: [onGo], then: [wait("PT1H"), add("a")] }],
    [go, settle, edit({ when: [onGo], then: [wait("PT1H"), add("b")] }, false), after("PT30M"), go, after("P1D")],
  ),
  "live runs move by the id of their step; elapsed waiting counts": history(
    [{ when: [onGo], then: [wait("P1D"), add("a")] }],
    [
      go,
      after("PT1H"),
      edit({ when: [onGo], then: [email("New"), branch(has("b"), [], [wait("PT90M"), add("b")]), add("c")] }),
      after("PT30M"),
      edit({ when: [onGo], then: [] }),
    ],
  ),
  "a run whose step is gone, or of another kind, exits": history(
    [
      { when: [onGo], then: [wait("P1D"), add("a")] },
      { when: [onGo], then: [waitFor(onStop)] },
    ],
    [
      go,
      settle,
      edit({ when: [onGo], then: [add("a")] }),
      edit({ when: [onGo], then: [{ ...wait("P1D"), id: "wait_for1" }] }, true, 1),
      go,
      settle,
    ],
  ),
  "a deleted automation ends its runs": history(
    [{ when: [onGo], then: [wait("PT1H"), add("a")] }],
    [go, settle, go, { kind: "delete", automation: 0 }, after("P1D"), go],
  ),
  "skipping what waits for nothing loses nothing of what was due": history(
    [{ when: [onGo], then: [email("Hello")] }],
    [put, go, { kind: "skip", run: 0 }, settle],
  ),
  "skip ends a wait, and a wait_for by its time-out": history(
    [{ when: [onGo], then: [wait("P9D"), waitFor(onTag("a"), { no: [add("b")] })] }],
    [go, settle, { kind: "skip", run: 0 }, { kind: "skip", run: 0 }],
  ),
  "a date comes once, moved or not, for all that wait for it, and not when it was past as it was heard of": history(
    [
      { when: [onDate()], then: [add("a")], synchronous: true },
      { when: [onDate()], then: [add("b")] },
      { when: [onDate("-PT90M"), onGo], then: [add("c")] },
    ],
    [due(2), after("PT1H"), after("PT1H"), after("P1D"), due(1), go, after("PT1H"), due(null), due(40), after("P3D")],
  ),
  "a date that changes comes anew": history(
    [{ when: [onDate()], then: [add("a"), remove("a")] }],
    [due(1), due(2), after("PT90M"), after("PT1H"), due(5), due(null), due(5), after("P1D")],
  ),
  "a date that comes while the automation is off is not made up for": history(
    [{ when: [onDate()], then: [add("a")] }],
    [due(1), off(), after("PT90M"), on(), go, settle, off(), due(30), on(), after("P3D")],
  ),
  "a date comes before waits of the same instant, late too": history(
    [
      { when: [onGo], then: [wait("PT1H"), add("a")] },
      { when: [onDate()], then: [add("b")], synchronous: true },
    ],
    [go, settle, due(1), after("PT90M"), go, settle, due(2.5), late("P1D")],
  ),
  "what happened over a day before an automation was made active starts nothing, unless it is asked to": history(
    [{ when: [onGo], then: [add("a"), remove("a")] }],
    [hoursAgo(24), hoursAgo(24.5), hoursAgo(24.5, { fire: true }), off(), after("PT1H"), on(), hoursAgo(24.5), settle],
  ),
  "runs of an inactive automation exit": history(
    [{ when: [onGo], then: [wait("P1D")], exit_when: [onTag("a")] }],
    [go, settle, off(), tagged("a")],
  ),
  "cancelling ends a run": history(
    [{ when: [onGo], then: [wait("PT1H"), add("a")] }],
    [go, settle, { kind: "cancel", run: 0 }, after("P1D")],
  ),
};
