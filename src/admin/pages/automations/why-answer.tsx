import type { FC } from "hono/jsx";
import { triggers } from "../../../catalogue";
import type { Watch } from "../../../catalogue/define";
import { addDays } from "../../../catalogue/time";
import type { CardUse } from "../../../definition/types";
import type { AnswerTo } from "../../../http/answers";
import { say } from "../../../language/say";
import { relativeText } from "../../components/moment";
import type { Visit } from "../../visit";
import { factSentence } from "../../words/fact";
import { conditionSentence, plain, triggerSentence, type Words } from "../../words/sentence";
import { automationPath } from "./automation-frame";
import { conditionAt, seenText, type WhyRow } from "./why-row";

/* The answer to "why not", in one sentence, and the one thing that would change it. */

type Automation = AnswerTo<"GET /v1/automations/:id">;
export type Learner = AnswerTo<"GET /v1/users/:id">;

interface Asked {
  /** What happened that it listens to, newest first. */
  rows: readonly WhyRow[];
  automation: Automation;
  learner: Learner;
  words: Words;
  visit: Visit;
}

export interface Answer {
  sentence: string;
  /** What to do, and where. */
  change: string;
  way?: { label: string; href: string };
}

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

/** That it never happened: "was never enrolled in js-101", "did not complete js-101". */
export const neverDid = (sentence: string): string =>
  sentence.startsWith("is ") ? `was never ${sentence.slice("is ".length)}` : `did not ${base(sentence)}`;

/** The same of what did happen: "was enrolled in js-101"; of what is no state the sentence itself serves. */
export const did = (sentence: string): string =>
  sentence.startsWith("is ") ? `was ${sentence.slice("is ".length)}` : sentence;

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
  const days = `${watch.days} ${watch.days === 1 ? "day" : "days"}`;
  return {
    sentence: `${nameOf(learner)} was last seen ${relativeText(Date.parse(seen), nowMs, timezone)}; it starts after ${days} away.`,
    change:
      at > nowMs
        ? `It starts ${relativeText(at, nowMs, timezone)}, if nothing is seen of them until then.`
        : "Whoever was away as long before it was switched on is left alone, unless it is told to include them.",
  };
}

/** Nothing happened that would start it. */
function ofNothing(asked: Asked): Answer {
  const { automation, learner, words, visit } = asked;
  const name = nameOf(learner);
  const start = {
    label: `Start it for ${name}`,
    href: `${automationPath(visit, automation.id)}/enrol?whom=users&value=${encodeURIComponent(learner.id)}`,
  };
  for (const card of automation.when) {
    const watch = watchOf(card);
    const absent = watch && ofAbsence(watch, asked);
    if (absent) return absent;
    const said = plain(triggerSentence(card, words));
    if (isSoAlready(card, learner))
      return {
        sentence: `${name} ${did(said)} before it could start: before it was switched on, or before what is on record.`,
        change: "It sees what happens while it is on. You can start it for them by hand.",
        way: start,
      };
  }
  const never = automation.when.map((card) => neverDid(plain(triggerSentence(card, words))));
  const when = automation.when.map((card) => plain(triggerSentence(card, words)));
  return {
    sentence: `${name} ${never.join(", and ")}.`,
    change: `It starts once they ${when.map((one) => (one.startsWith("is ") ? `are ${one.slice("is ".length)}` : base(one))).join(" or ")}; or start it for them by hand.`,
    way: start,
  };
}

/** What stopped it, behind "Anna was enrolled in js-101, but": and what would let it start. */
const STOPPED: Readonly<Record<string, readonly [why: string, change: string, where: "on" | "options" | "none"]>> = {
  inactive: ["it was off", "Switch it on: it starts next time.", "on"],
  quiet: [
    "by an import or a bulk change, which start nothing",
    "Import with “start automations” ticked, or start it for them by hand.",
    "none",
  ],
  before_active: ["more than a day before it was switched on", "Start it for them by hand.", "none"],
  loop_stopped: [
    "a run of its own had brought that about",
    "It would have gone round in a circle: that stays so.",
    "none",
  ],
  already_running: ["a run was under way already", "Let it start more than one at a time, under Options.", "options"],
  once: ["it had run for them before", "Let it start more than once for a learner, under Options.", "options"],
  cooldown: [
    "it had run for them a short while ago",
    "Shorten the pause between two starts, under Options.",
    "options",
  ],
  limit: ["it had started as often as it may", "Raise how often it may start, under Options.", "options"],
};

/** The answer, by the newest of what happened that it listens to. */
export function answerOf(asked: Asked): Answer {
  const { rows, automation, learner, words, visit } = asked;
  const name = nameOf(learner);
  const here = automationPath(visit, automation.id);
  const row = rows.find(({ stopped_by: by }) => by !== "trigger");
  if (!row) return ofNothing(asked);
  const happened = `${name} ${did(plain(factSentence(row.fact, words)))}`;
  if (row.fired)
    return {
      sentence: `It ran: ${happened} ${relativeText(Date.parse(row.at), visit.nowMs, visit.timezone)}.`,
      change:
        row.stopped_by === "paused"
          ? "The school was paused: the run goes on, or ends, with the pause."
          : "Nothing kept it.",
      ...(row.run_id
        ? { way: { label: say("See the run"), href: visit.path(`/runs/${encodeURIComponent(row.run_id)}`) } }
        : {}),
    };
  const condition = row.stopped_by === "only_if" ? conditionAt(automation, row.path) : null;
  if (condition)
    return {
      sentence: `${happened}, but “only if” kept it: it wants that they ${plain(conditionSentence(condition, words))}, and ${name} had ${seenText(row.seen)}.`,
      change: "Make that so, and it starts next time; or change “only if”.",
      way: { label: `To ${name}`, href: visit.path(`/learners/${encodeURIComponent(learner.id)}`) },
    };
  const [why, change, where] = STOPPED[row.stopped_by ?? ""] ?? ["it did not start", "See below what decided.", "none"];
  if (row.stopped_by === "inactive" && automation.active)
    return { sentence: `${happened}, but it was off then.`, change: "It is on now: it starts next time." };
  return {
    sentence: `${happened}, but ${why}.`,
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
