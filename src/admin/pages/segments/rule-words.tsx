import type { FC } from "hono/jsx";
import { ENROLLED_FIELD } from "../../../catalogue/segments/clause";
import type { AnswerTo } from "../../../http/answers";
import type { Words } from "../../words/sentence";
import { OPERATORS, VALUES } from "../../words/sentences";

type Rule = AnswerTo<"GET /v1/segment-rules/:id">;
/** What a field is called, as far as that is asked here. */
type Named = Pick<AnswerTo<"GET /v1/profile-fields/:key">, "key" | "name">;

/* Rules of segments, and what they would bring about, in words. */

const said = (names: Readonly<Record<string, string>>, key: string): string =>
  Object.hasOwn(names, key) ? (names[key] ?? key) : key;

/** What rules name of every learner, where their names do not speak for themselves. */
const OF_EVERY: Readonly<Record<string, string>> = {
  enrolled: "courses enrolled in",
  completed: "courses completed",
  last_seen: "last visit",
};

export const fieldNameIn = (field: string, fields: readonly Named[]): string =>
  fields.find((one) => one.key === field)?.name ?? said(OF_EVERY, said(VALUES, field)).replaceAll("_", " ");

export const valueText = (value: unknown): string =>
  Array.isArray(value) ? value.map(String).join(", ") : value === undefined || value === null ? "" : String(value);

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

/** A rule as a sentence: "department is Sales and country is one of GR, CY". */
export const RuleWords: FC<{ rule: Pick<Rule, "match" | "where">; fields: readonly Named[]; words: Words }> = ({
  rule,
  fields,
  words,
}) => (
  <p class="words">
    {rule.where.map((clause, index) => (
      <>
        {index > 0 ? (rule.match === "all" ? " and " : " or ") : "Who has: "}
        <em>{fieldNameIn(clause.field, fields)}</em> {said(OPERATORS, clause.op)} <em>{calledIn(clause, words)}</em>
      </>
    ))}
  </p>
);

/** The same as text. */
export const ruleText = ({ match, where }: Pick<Rule, "match" | "where">, fields: readonly Named[]): string =>
  where
    .map(({ field, op, value }) => `${fieldNameIn(field, fields)} ${said(OPERATORS, op)} ${valueText(value)}`.trim())
    .join(match === "all" ? " and " : " or ");

/** Who would come and go, where a write was only asked for that. */
export type RulePreview = Extract<AnswerTo<"PATCH /v1/segments/:id">, { would_join: number }>;

/** The same of an answer that, but for `dry_run`, is of what was written. */
export function previewIn<A extends object>(answer: A): Extract<A, RulePreview> {
  // What tells a preview from what was written.
  if ("would_join" in answer) return answer as Extract<A, RulePreview>;
  throw new Error("A dry run answered what it would write.");
}

/** Who would come and go, in a sentence. */
export const previewText = ({ would_join: join, would_leave: leave }: RulePreview): string => {
  const people = (count: number): string => (count === 1 ? "1 learner" : `${count.toLocaleString("en")} learners`);
  return join === 0 && leave === 0
    ? "Nobody would join or leave."
    : `${people(join)} would join, ${people(leave)} would leave.`;
};
