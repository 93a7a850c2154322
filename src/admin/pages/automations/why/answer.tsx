import type { FC } from "hono/jsx";
import { triggers } from "../../../../catalogue";
import { addDays } from "../../../../catalogue/dates/time";
import type { Watch } from "../../../../catalogue/define";
import type { CardUse } from "../../../../definition/types";
import type { AnswerTo } from "../../../../http/answering/answers";
import { language, many, say } from "../../../../language/say";
import { relativeText } from "../../../components/moment";
import type { Visit } from "../../../visit";
import { factSentence } from "../../../words/sentences/fact";
import { conditionSentence, plain, triggerSentence, type Words } from "../../../words/sentences/sentence";
import { automationPath } from "../automation-frame";
import { conditionOf, seenText, type WhyRow } from "./row";
import { type Answer, answerOfRun, type RunTold } from "./sent";
import { stoppedBy } from "./stopped";

/* The answer to "why not", in one sentence, and the one thing that would change it. */

/** The automation that is asked about: as it is, or was when it was deleted. */
export interface AskedAutomation {
  id: string;
  name: string;
  when: readonly CardUse[];
  active: boolean;
  isDeleted?: boolean;
}
export type Learner = AnswerTo<"GET /v1/users/:id">;

interface Asked {
  /** What happened that it listens to, newest first. */
  rows: readonly WhyRow[];
  automation: AskedAutomation;
  learner: Learner;
  words: Words;
  visit: Visit;
  /** Its run by the newest of them, with what that sent; null where there is none. */
  ran: RunTold | null;
}

const isEnglish = (): boolean => language().code === "en";

/** One of several: "a or b". */
export const eitherOf = ([first = "", ...rest]: readonly string[]): string =>
  rest.reduce((one, other) => say("{one} or {other}", { one, other }), first);

/** The verb that a sentence of a trigger begins with, as it stands behind "did not": "completes js-101" → "complete js-101". */
export function base(sentence: string): string {
  const [verb = "", ...rest] = sentence.split(" ");
  const irregular: Readonly<Record<string, string>> = { has: "have", does: "do", goes: "go" };
  const plainVerb =
    irregular[verb] ??
    (/ies$/.test(verb)
      ? verb.replace(/ies$/, "y")
      : /(ss|sh|ch|x)es$/.test(verb)
        ? verb.replace(/es$/, "")
        : verb.replace(/s$/, ""));
  return [plainVerb, ...rest].join(" ");
}

/*
 * English alone bends a sentence by its verb. Elsewhere it stays as it is told ("wird in js-101 eingeschrieben"), and what
 * it stands in says whether that happened.
 */

/** That it never happened: "was never enrolled in js-101", "did not complete js-101". */
export function neverDid(sentence: string): string {
  if (!isEnglish()) return sentence;
  return sentence.startsWith("is ") ? `was never ${sentence.slice("is ".length)}` : `did not ${base(sentence)}`;
}

/** The same of what did happen: "was enrolled in js-101"; of what is no state the sentence itself serves. */
export const did = (sentence: string): string =>
  isEnglish() && sentence.startsWith("is ") ? `was ${sentence.slice("is ".length)}` : sentence;

/** What is to come of them: "are enrolled in js-101", "complete js-101". */
function theyDo(sentence: string): string {
  if (!isEnglish()) return sentence;
  return sentence.startsWith("is ") ? `are ${sentence.slice("is ".length)}` : base(sentence);
}

export const nameOf = ({ username, email, id }: Learner): string => username || email || id;

const MARKS: Readonly<Record<string, (learner: Learner, value: string) => boolean>> = {
  course: ({ enrolments }, value) =>
    enrolments.some(({ product_type: type, product }) => type === "course" && product === value),
  tag: ({ tags }, value) => tags.some((tag) => tag.toLowerCase() === value.toLowerCase()),
};

/** Whether what a trigger tells of is so of a learner already. */
function isSoAlready(card: CardUse, learner: Learner): boolean {
  const { option = "", data = "", lasts } = triggers.get(card.type)?.narrows ?? {};
  const values = card[option];
  if (!lasts || !Array.isArray(values)) return false;
  return values.some((value) => typeof value === "string" && (MARKS[data]?.(learner, value) ?? false));
}

function watchOf(card: CardUse): Watch | null {
  const { type, ...params } = card;
  return triggers.get(type)?.bind(params).watches ?? null;
}

/** When a learner was seen last by what a trigger of absence looks at. */
function lastSeen({ last_seen: seen }: Learner, { scope, courses = [] }: Watch): string | null {
  const [course = ""] = courses;
  const found = {
    school: seen.school,
    app: seen.app,
    course: seen.courses[course],
    app_course: seen.app_courses[course],
  };
  return scope === "trial" ? null : (found[scope] ?? null);
}

/** Of an absence: when the learner was there last, and when it would start. */
function ofAbsence(watch: Watch, { learner, visit }: Asked): Answer | null {
  const seen = lastSeen(learner, watch);
  if (seen === null || watch.direction === "before") return null;
  const { nowMs, timezone } = visit;
  const at = addDays(Date.parse(seen), watch.days, timezone);
  return {
    sentence: many(
      watch.days,
      "{name} was last seen {when}; it starts after {n} day away.",
      "{name} was last seen {when}; it starts after {n} days away.",
      { name: nameOf(learner), when: relativeText(Date.parse(seen), nowMs, timezone) },
    ),
    change:
      at > nowMs
        ? say("It starts {when}, if nothing is seen of them until then.", { when: relativeText(at, nowMs, timezone) })
        : say("Whoever was away as long before it was switched on is left alone, unless it is told to include them."),
  };
}

/** Nothing happened that would start it. */
function ofNothing(asked: Asked): Answer {
  const { automation, learner, words, visit } = asked;
  const name = nameOf(learner);
  const start = {
    label: say("Start it for {name}", { name }),
    href: `${automationPath(visit, automation.id)}/enrol?whom=users&value=${encodeURIComponent(learner.id)}`,
  };
  for (const card of automation.when) {
    const watch = watchOf(card);
    const absent = watch && ofAbsence(watch, asked);
    if (absent) return absent;
    const said = plain(triggerSentence(card, words));
    if (isSoAlready(card, learner))
      return {
        sentence: say("{name} {did} before it could start: before it was switched on, or before what is on record.", {
          name,
          did: did(said),
        }),
        change: say("It sees what happens while it is on. You can start it for them by hand."),
        way: start,
      };
  }
  const when = automation.when.map((card) => plain(triggerSentence(card, words)));
  const [first = "", ...rest] = when.map(neverDid);
  const never = rest.reduce((one, other) => say("{one}, and {other}@never", { one, other }), first);
  return {
    sentence: say("{name} {never}.", { name, never }),
    change: say("It starts once they {do}; or start it for them by hand.", { do: eitherOf(when.map(theyDo)) }),
    way: start,
  };
}

/** The answer; of one that is deleted nothing would change it any more. */
export function answerOf(asked: Asked): Answer {
  const { sentence, way, ...answer } = answerNow(asked);
  if (!asked.automation.isDeleted) return { sentence, ...answer, ...(way ? { way } : {}) };
  const hasRun = decidedBy(asked.rows)?.fired;
  return {
    sentence,
    change: say("It is deleted: nothing starts it any more."),
    ...(hasRun && way ? { way } : {}),
  };
}

/** The newest of what happened that it listens to. */
export const decidedBy = (rows: readonly WhyRow[]): WhyRow | undefined =>
  rows.find(({ stopped_by: by }) => by !== "trigger");

/** By that. */
function answerNow(asked: Asked): Answer {
  const { rows, automation, learner, words, visit } = asked;
  const name = nameOf(learner);
  const here = automationPath(visit, automation.id);
  const row = decidedBy(rows);
  if (!row) return ofNothing(asked);
  const happened = say("{name} {did}", { name, did: did(plain(factSentence(row.fact, words))) });
  const toLearner = visit.path(`/learners/${encodeURIComponent(learner.id)}`);
  if (row.fired) {
    const when = relativeText(Date.parse(row.at), visit.nowMs, visit.timezone);
    const sentence = say("It ran: {happened} {when}.", { happened, when });
    const { run_id: run } = row;
    if (row.stopped_by === "paused" && asked.ran?.run.status === "held")
      return { sentence, change: say("The school was paused: the run goes on, or ends, with the pause.") };
    if (!run) return { sentence, change: say("Nothing stood in its way.") };
    return answerOfRun(sentence, asked.ran, run, { visit, here, name, learner: toLearner });
  }
  const condition = conditionOf(row);
  if (condition)
    return {
      sentence: say("{happened}, but “only if” was not met: it asks that they {are}, and {name} had {seen}.", {
        happened,
        are: plain(conditionSentence(condition, words)),
        name,
        seen: seenText(row.seen, words),
      }),
      change: say("Change that, and it starts next time; or change “only if”."),
      way: { label: say("To {name}", { name }), href: toLearner },
    };
  if (row.stopped_by === "inactive" && automation.isDeleted)
    return { sentence: say("{happened}, but it was off then, or about to be deleted.", { happened }), change: "" };
  if (row.stopped_by === "inactive" && automation.active)
    return {
      sentence: say("{happened}, but it was off then.", { happened }),
      change: say("It is on now: it starts next time."),
    };
  const [sentence, change, where] = stoppedBy(row.stopped_by ?? "", happened);
  return {
    sentence,
    change,
    ...(where === "none"
      ? {}
      : {
          way:
            where === "on"
              ? { label: say("To its switch"), href: here }
              : { label: say("Edit it"), href: `${here}/edit` },
        }),
  };
}

export const WhyAnswer: FC<Asked> = (asked) => {
  const { sentence, change, way } = answerOf(asked);
  return (
    <div class="panel-box why-answer">
      <p class="lead">{sentence}</p>
      <p>{change}</p>
      {way ? (
        <a class="button is-main" href={way.href}>
          {way.label}
        </a>
      ) : null}
    </div>
  );
};
