import type { FC } from "hono/jsx";
import { BUILT_IN_FIELDS, ENROLLED_FIELD } from "../../../catalogue/segments/clause";
import type { AnswerTo } from "../../../http/answering/answers";
import { inWords, later, many, say, type Text } from "../../../language/say";
import type { Words } from "../../words/sentences/sentence";
import { OPERATORS, VALUES } from "../../words/sentences/sentences";
import { shiftSaid } from "../../words/values/moments";

type Rule = AnswerTo<"GET /v1/segment-rules/:id">;
/** What a field is called, as far as that is asked here. */
type Named = Pick<AnswerTo<"GET /v1/profile-fields/:key">, "key" | "name">;

/* Rules of segments, and what they would bring about, in words. */

const said = (names: Readonly<Record<string, string>>, key: string): string =>
  Object.hasOwn(names, key) ? (names[key] ?? key) : key;

/** What rules name of every learner. */
const OF_EVERY: Readonly<Record<string, Text>> = {
  email: later("email"),
  username: later("username"),
  source: later("source"),
  locale: later("locale"),
  timezone: later("timezone"),
  tags: later("tags"),
  enrolled: later("courses enrolled in"),
  completed: later("courses completed"),
  last_seen: later("last visit"),
};

export function fieldNameIn(field: string, fields: readonly Named[]): string {
  const own = fields.find((one) => one.key === field)?.name;
  const name = said(OF_EVERY, said(VALUES, field)).replaceAll("_", " ");
  return own ?? (BUILT_IN_FIELDS.includes(field) ? inWords(name) : name);
}

/** How a clause compares. */
export const operatorText = (op: string): string => inWords(said(OPERATORS, op));

export const valueText = (value: unknown): string =>
  Array.isArray(value)
    ? value.map(String).join(", ")
    : value === undefined || value === null
      ? ""
      : shiftSaid(String(value));

/** Fields of every learner whose values are courses. */
export const COURSE_FIELDS: readonly string[] = [ENROLLED_FIELD, "completed"];

/** A value in words: courses by their names. */
const calledIn = ({ field, value }: Rule["where"][number], words: Words): string =>
  COURSE_FIELDS.includes(field)
    ? [value ?? []]
        .flat()
        .map((one) => words.nameOf("course", String(one)))
        .join(", ")
    : valueText(value);

/** What stands between the clauses of a rule. */
const joint = (match: Rule["match"]): string => ` ${match === "all" ? say("and") : say("or")} `;

/** A rule as a sentence: "department is Sales and country is one of GR, CY". */
export const RuleWords: FC<{ rule: Pick<Rule, "match" | "where">; fields: readonly Named[]; words: Words }> = ({
  rule,
  fields,
  words,
}) => (
  <p class="words">
    {rule.where.map((clause, index) => (
      <>
        {index > 0 ? joint(rule.match) : `${say("Who has:")} `}
        <em>{fieldNameIn(clause.field, fields)}</em> {operatorText(clause.op)} <em>{calledIn(clause, words)}</em>
      </>
    ))}
  </p>
);

/** The same as text. */
export const ruleText = (
  { match, where }: Pick<Rule, "match" | "where">,
  fields: readonly Named[],
  words: Words,
): string =>
  where
    .map((one) => `${fieldNameIn(one.field, fields)} ${operatorText(one.op)} ${calledIn(one, words)}`.trim())
    .join(joint(match));

/** Who would come and go, where a write was only asked for that. */
export type RulePreview = Extract<AnswerTo<"PATCH /v1/segments/:id">, { would_join: number }>;

/** The same of an answer that, but for `dry_run`, is of what was written. */
export function previewIn<A extends object>(answer: A): Extract<A, RulePreview> {
  // What tells a preview from what was written.
  if ("would_join" in answer) return answer as Extract<A, RulePreview>;
  throw new Error("A dry run answered what it would write.");
}

const people = (count: number): string => many(count, "{n} learner", "{n} learners");

/** Who would come and go, in a sentence. */
export const previewText = ({ would_join: join, would_leave: leave }: RulePreview): string =>
  join === 0 && leave === 0
    ? say("Nobody would join or leave.")
    : say("{joining} would join, {leaving} would leave.", { joining: people(join), leaving: people(leave) });
