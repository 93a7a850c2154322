import type { Child, FC } from "hono/jsx";
import type { AnswerTo } from "../../../http/answering/answers";
import { byCategory } from "../settings/categories";
import { Chips } from "./chips";

type Learner = AnswerTo<"GET /v1/users/:id">;
type ProfileField = AnswerTo<"GET /v1/profile-fields/:key">;

/** What stands in a learner's fields, by the categories and names that the school gave them. */
export const FieldFacts: FC<{
  learner: Learner;
  declared: readonly ProfileField[];
  /** Behind the value of a field. */
  more: (key: string) => Child;
}> = ({ learner, declared, more }) => {
  const known = new Map(declared.map((field) => [field.key, field]));
  const held = Object.entries(learner.fields).map(([key, value]) => {
    const { name = key, category = null } = known.get(key) ?? {};
    return { key, name, value, category };
  });
  return (
    <>
      {byCategory(held).map(([category, fields]) => (
        <>
          {category === null ? null : <h3>{category}</h3>}
          <dl class="facts">
            {fields.map(({ key, name, value }) => (
              <>
                <dt>{name}</dt>
                <dd>
                  {Array.isArray(value) ? <Chips values={value} /> : String(value)} {more(key)}
                </dd>
              </>
            ))}
          </dl>
        </>
      ))}
    </>
  );
};
