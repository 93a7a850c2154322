import type { FC } from "hono/jsx";
import type { Word } from "../../../automations/finding/pickers";
import { missedDocument } from "../../../automations/replay/missed-document";
import type { AnswerTo } from "../../../http/answering/answers";
import { heard } from "../../../language/heard";
import { inWords, later, many, say } from "../../../language/say";
import { userNames } from "../../../users/finding/list";
import { EmptyState, Progress } from "../../components/bits";
import { Form, SelectField } from "../../components/forms/form";
import { ChooseField } from "../../components/forms/pick";
import { Moment } from "../../components/moment";
import { Table } from "../../components/table";
import { Called, SpansText as Says } from "../../components/words";
import type { Ctx, Visit } from "../../visit";
import { schoolWords } from "../../words/names";
import { factSentence } from "../../words/sentences/fact";
import { capital, type Words } from "../../words/sentences/sentence";
import { REASONS } from "../automations/why/why";

/* Learners for whom an automation should have run and did not: found by a job, shown with why, and started for. */

export type Job = AnswerTo<"GET /v1/jobs/:id">;
type Missed = ReturnType<ReturnType<typeof missedDocument>["parse"]>;

export const isLive = ({ status }: Job): boolean => status === "queued" || status === "running";

const DAYS = [7, 30, 90] as const;

export const MissedForm: FC<{
  action: string;
  automations: readonly Word[];
  chosen: string;
  days: number;
}> = ({ action, automations, chosen, days }) => (
  <Form action={action} class="inline">
    <ChooseField
      kind="automation"
      name="automation"
      label={say("Automation")}
      required
      known={automations}
      value={chosen}
    />
    <SelectField
      name="days"
      label={say("In the last")}
      value={String(days)}
      options={DAYS.map((span) => [String(span), say("{n} days", { n: span })] as const)}
    />
    <button type="submit" class="button">
      {say("Find who was missed")}
    </button>
  </Form>
);

interface FoundProps {
  visit: Visit;
  found: Missed;
  names: ReadonlyMap<string, string>;
  words: Words;
  /** Where it is started for them; null: it may not be. */
  start: { action: string; automation: string } | null;
}

const Found: FC<FoundProps> = ({ visit, found, names, words, start }) =>
  found.count === 0 ? (
    <EmptyState title={say("Nobody was missed")}>
      <p>
        {say(
          "In the last {n} days it ran for everybody it should have run for, as far as it would let them in today.",
          {
            n: found.days,
          },
        )}
      </p>
      {found.note === null ? null : <p>{heard(found.note)}</p>}
    </EmptyState>
  ) : (
    <>
      <Table
        caption={say("Who was missed")}
        rows={found.users}
        keyOf={(one) => one.user}
        columns={[
          {
            head: say("Learner"),
            names: true,
            cell: (one) => (
              <a href={visit.path(`/learners/${encodeURIComponent(one.user)}`)}>
                <Called id={one.user} name={names.get(one.user) ?? one.user} />
              </a>
            ),
          },
          { head: say("What happened"), cell: (one) => <Says spans={capital(factSentence(one.fact, words))} /> },
          {
            head: say("When"),
            cell: (one) => <Moment atMs={Date.parse(one.at)} nowMs={visit.nowMs} timezone={visit.timezone} />,
          },
          {
            head: say("Why it did not run"),
            cell: (one) => inWords(REASONS[one.stopped_by ?? ""]?.[0] ?? later("it did not start")),
          },
        ]}
      />
      {found.note === null ? null : <p class="soft">{heard(found.note)}</p>}
      {start ? (
        <Form action={start.action} class="inline after">
          <input type="hidden" name="automation" value={start.automation} />
          <input type="hidden" name="days" value={String(found.days)} />
          <input type="hidden" name="count" value={String(found.count)} />
          <button type="submit" class="button is-main">
            {many(found.count, "Start it for {n} learner now", "Start it for {n} learners now")}
          </button>
          <span class="hint">
            {say("Each from what was missed. Nothing is started where the number has changed meanwhile.")}
          </span>
        </Form>
      ) : null}
    </>
  );

/** What the job has found, or how far it is. */
export async function MissedFound(c: Ctx, { job, automation, start }: { job: Job; automation: string; start: string }) {
  const { visit } = c.var;
  const { success, data } = missedDocument().safeParse(job.result);
  if (isLive(job))
    return (
      <div id="job" data-job={job.id}>
        <Progress label={say("Looking for who was missed")} done={job.done} total={job.total} isLive />
      </div>
    );
  if (!success || job.kind !== "missed") return <p class="soft">{say("It could not be found out. Ask again.")}</p>;
  const [names, words] = await Promise.all([
    userNames(
      c.env,
      visit.school.id,
      data.users.map(({ user }) => user),
    ),
    schoolWords(c.env, visit.school.id, data.users),
  ]);
  return (
    <Found
      visit={visit}
      found={data}
      names={names}
      words={words}
      start={visit.mayEdit ? { action: start, automation } : null}
    />
  );
}
