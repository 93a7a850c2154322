import type { FC } from "hono/jsx";
import type { ProfileField, Rule } from "../../documents";
import { OPERATORS, VALUES } from "../../words/sentences";

/* Rules of segments, and what they would bring about, in words. */

const said = (names: Readonly<Record<string, string>>, key: string): string =>
  Object.hasOwn(names, key) ? (names[key] ?? key) : key;

export const fieldName = (field: string, fields: readonly ProfileField[]): string =>
  fields.find((one) => one.key === field)?.name ?? said(VALUES, field).replaceAll("_", " ");

export const valueText = (value: unknown): string =>
  Array.isArray(value) ? value.map(String).join(", ") : value === undefined || value === null ? "" : String(value);

/** A rule as a sentence: "department is Sales and country is one of GR, CY". */
export const RuleWords: FC<{ rule: Pick<Rule, "match" | "where">; fields: readonly ProfileField[] }> = ({
  rule,
  fields,
}) => (
  <p class="words">
    {rule.where.map((clause, index) => (
      <>
        {index > 0 ? (rule.match === "all" ? " and " : " or ") : "Who has: "}
        <em>{fieldName(clause.field, fields)}</em> {said(OPERATORS, clause.op)} <em>{valueText(clause.value)}</em>
      </>
    ))}
  </p>
);

/** Who would come and go, as the routes answer `dry_run`. */
export interface Preview {
  would_join: number;
  would_leave: number;
}

/** Who would come and go, in a sentence. */
export const previewText = ({ would_join: join, would_leave: leave }: Preview): string => {
  const people = (count: number): string => (count === 1 ? "1 learner" : `${count.toLocaleString("en")} learners`);
  return join === 0 && leave === 0
    ? "Nobody would join or leave."
    : `${people(join)} would join, ${people(leave)} would leave.`;
};
