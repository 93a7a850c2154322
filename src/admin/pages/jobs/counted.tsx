import type { FC } from "hono/jsx";
import type { AnswerTo } from "../../../http/answering/answers";
import { many, say } from "../../../language/say";
import { userNames } from "../../../users/finding/list";
import type { Ctx, Visit } from "../../visit";

/* Whom a job has found that counts learners: how many, and who. */

type Job = AnswerTo<"GET /v1/jobs/:id">;

/** So many are named. */
const NAMED = 100;

const SENTENCES: Readonly<Record<string, (count: number) => string>> = {
  enrol_candidates: (count) => many(count, "It was started for {n} learner", "It was started for {n} learners"),
  enrol_count: (count) => many(count, "It would start for {n} learner", "It would start for {n} learners"),
};

const Counted: FC<{ visit: Visit; said: string; count: number; names: ReadonlyMap<string, string> }> = ({
  visit,
  said,
  count,
  names,
}) => (
  <>
    <h2 class="part">{said}</h2>
    {names.size === 0 ? null : (
      <p>
        {[...names].map(([id, name], n) => (
          <>
            {n === 0 ? "" : ", "}
            <a href={visit.path(`/learners/${encodeURIComponent(id)}`)}>{name}</a>
          </>
        ))}
        {count > names.size ? ` ${say("and {n} more", { n: count - names.size })}` : ""}
      </p>
    )}
  </>
);

/** What a job has counted so far, to be shown; null: it counts no learners. */
export async function countedBy(c: Ctx, { kind, count, users = [] }: Job) {
  const sentence = SENTENCES[kind];
  if (!sentence || count === undefined) return null;
  const { visit } = c.var;
  const first = users.slice(0, NAMED);
  const known = await userNames(c.env, visit.school.id, first);
  // One who is gone since has no name.
  const names = new Map(first.map((id) => [id, known.get(id) ?? id]));
  return <Counted visit={visit} said={sentence(count)} count={count} names={names} />;
}
