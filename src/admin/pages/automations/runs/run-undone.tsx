import type { Child, FC } from "hono/jsx";
import type { Env } from "../../../../base/env";
import type { AnswerTo } from "../../../../http/answering/answers";
import { say, weave } from "../../../../language/say";
import { namesOfWho } from "../../../../schools/audit/audit";
import { Banner } from "../../../components/bits";
import { whoText } from "../../../words/names";

type Undone = NonNullable<AnswerTo<"GET /v1/runs/:id">["undone"]>;

/** As the audit names who did something. */
const whoUndid = (by: string): string => (by.includes("@") || by === "operator" ? `admin:${by}` : `key:${by}`);

/** Who undid a run, as they are called; null: nobody knows, or nobody did. */
export async function undoerOf(env: Env, school: string, undone: Undone | undefined): Promise<string | null> {
  if (!undone || undone.by === null) return null;
  const who = whoUndid(undone.by);
  return whoText(who, await namesOfWho(env, school, [{ who }]));
}

/** That a run was undone: when, and by whom, as far as anybody knows. */
export const UndoneNotice: FC<{ undone: Undone; who: string | null; moment: (at: string) => Child }> = ({
  undone: { at },
  who,
  moment,
}) => (
  <Banner>
    <span>
      ↶{" "}
      {at === null
        ? say("This run was undone.")
        : who === null
          ? weave("This run was undone: {when}.", { when: moment(at) })
          : weave("This run was undone by {who}: {when}.", { who, when: moment(at) })}{" "}
      {say("What it alone gave was taken back, and what had not been sent was recalled.")}
    </span>
  </Banner>
);
