import type { FC } from "hono/jsx";
import { automationNames } from "../../../automations/find";
import type { AnswerTo } from "../../../http/answers";
import { userNames } from "../../../users/list";
import { Badge } from "../../components/bits";
import { ActionButton } from "../../components/form";
import { Layout, PageHead } from "../../components/layout";
import { Moment } from "../../components/moment";
import { Notice } from "../../components/notice";
import { Table } from "../../components/table";
import { Pages } from "../../page";
import { seeOther, type Visit } from "../../visit";
import { type HealthProblem, mendingsOf } from "./mending";

/* How the school does: whether all is well, what to mend where it is not, and what comes next. */

type Health = AnswerTo<"GET /v1/health">;
type Names = ReadonlyMap<string, string>;

/** What stops something of the school's is a failure; all else is to be looked at. */
const stateOf = ({ code }: HealthProblem): readonly ["failure" | "warning", string] => {
  if (code === "automation_stopped") return ["failure", "stopped"];
  return code === "lms_broken" || code.endsWith("_failing") ? ["failure", "failing"] : ["warning", "to look at"];
};

const nameOf = (names: Names, id: string): string => names.get(id) ?? id;

/** Nobody is told of an automation that stopped itself any more. */
const Known: FC<{ visit: Visit; id: string; name: string }> = ({ visit, id, name }) =>
  visit.mayEdit ? (
    <ActionButton small action={visit.path(`/automations/${encodeURIComponent(id)}/dismiss`)}>
      I know<span class="sr-only"> that {name} has stopped itself</span>
    </ActionButton>
  ) : null;

const Problem: FC<{ visit: Visit; problem: HealthProblem; names: Names }> = ({ visit, problem, names }) => {
  const { since, message, automations = [] } = problem;
  const [tone, state] = stateOf(problem);
  return (
    <li class="panel-box">
      <p>
        <Badge tone={tone}>{state}</Badge> {message}
        {since === null ? null : (
          <>
            {" "}
            <span class="soft">
              Since <Moment atMs={Date.parse(since)} nowMs={visit.viewer.school.nowMs} timezone={visit.timezone} />.
            </span>
          </>
        )}
      </p>
      {automations.length > 1 ? (
        <ul>
          {automations.map((id) => (
            <li>
              <a href={visit.path(`/automations/${encodeURIComponent(id)}`)}>{nameOf(names, id)}</a>{" "}
              <Known visit={visit} id={id} name={nameOf(names, id)} />
            </li>
          ))}
        </ul>
      ) : null}
      <span class="inline">
        {mendingsOf(visit, problem).map(({ label, href }, index) => (
          <a class={index === 0 ? "button is-small is-main" : "button is-small"} href={href}>
            {label}
          </a>
        ))}
        {automations.length === 1 && automations[0] !== undefined ? (
          <Known visit={visit} id={automations[0]} name={nameOf(names, automations[0])} />
        ) : null}
      </span>
    </li>
  );
};

const upTo = (count: number, one: string, many: string): string =>
  `${count >= 1_000 ? "1,000 or more" : count} ${count === 1 ? one : many}`;

const Waiting: FC<Pick<Health, "backlog">> = ({ backlog: { deliveries, waits } }) => (
  <p class="soft after">
    {deliveries.count === 0
      ? "Nothing is waiting to leave"
      : `${upTo(deliveries.count, "delivery is", "deliveries are")} on the way`}
    {waits.count === 0
      ? ", and nobody is overdue."
      : `, and ${upTo(waits.count, "learner is", "learners are")} overdue.`}
  </p>
);

const timeText = (ms: number): string => {
  if (ms < 1_000) return "less than a second";
  const seconds = Math.round(ms / 1_000);
  if (seconds < 120) return seconds === 1 ? "1 second" : `${seconds} seconds`;
  return `${Math.round(seconds / 60)} minutes`;
};

/** How late things were of late; nothing where there was nothing, and in a test school. */
const Punctual: FC<Pick<Health, "lateness">> = ({ lateness }) => {
  const { deliveries } = lateness ?? {};
  return deliveries?.worst_ms == null ? null : (
    <p class="soft after">
      {deliveries.in_time === deliveries.count
        ? `Of the last ${upTo(deliveries.count, "delivery", "deliveries")} each was tried within a minute; `
        : `Of the last ${upTo(deliveries.count, "delivery", "deliveries")} ${deliveries.in_time} were tried within a minute; `}
      the longest wait was {timeText(deliveries.worst_ms)}.
    </p>
  );
};

const ComesNext: FC<{ visit: Visit; next: Health["next"]; names: Names; users: Names }> = ({
  visit,
  next,
  names,
  users,
}) =>
  next.length === 0 ? (
    <p class="soft">No run waits for its time.</p>
  ) : (
    <Table
      caption="What comes next"
      rows={next}
      keyOf={(one) => one.run_id}
      columns={[
        {
          head: "When",
          cell: (one) => (
            <a href={visit.path(`/runs/${encodeURIComponent(one.run_id)}`)}>
              <Moment atMs={Date.parse(one.at)} nowMs={visit.viewer.school.nowMs} timezone={visit.timezone} />
            </a>
          ),
        },
        {
          head: "Automation",
          names: true,
          cell: (one) => (
            <a href={visit.path(`/automations/${encodeURIComponent(one.automation_id)}`)}>
              {nameOf(names, one.automation_id)}
            </a>
          ),
        },
        {
          head: "Learner",
          cell: (one) => (
            <a href={visit.path(`/learners/${encodeURIComponent(one.user_id)}`)}>
              {users.get(one.user_id) ?? one.user_id}
            </a>
          ),
        },
      ]}
    />
  );

export const healthPages = new Pages();

healthPages.get("/health", "viewer", async (c) => {
  const { visit } = c.var;
  const { ok, problems, backlog, lateness, next, warnings = [] } = await visit.api.call("GET /v1/health");
  const ids = [...next.map((one) => one.automation_id), ...problems.flatMap(({ automations = [] }) => automations)];
  const names: Names = ids.length ? await automationNames(c.env, visit.school.id, ids) : new Map();
  const users = await userNames(
    c.env,
    visit.school.id,
    next.map((one) => one.user_id),
  );
  return c.html(
    <Layout title="Health" viewer={visit.viewer} section="health">
      <PageHead title="Health" />
      <Notice c={c} />
      {ok ? (
        <p>
          <Badge tone="good">All is well.</Badge>
        </p>
      ) : (
        <ul class="stack">
          {problems.map((problem) => (
            <Problem visit={visit} problem={problem} names={names} />
          ))}
        </ul>
      )}
      <Waiting backlog={backlog} />
      <Punctual lateness={lateness} />
      <h2 class="part">Next</h2>
      <ComesNext visit={visit} next={next} names={names} users={users} />
      {warnings.map((warning) => (
        <p class="hint">{warning}</p>
      ))}
    </Layout>,
  );
});

healthPages.post("/automations/:id/dismiss", "editor", async (c) => {
  const { visit } = c.var;
  await visit.api.call("POST /v1/automations/:id/dismiss", { params: c.req.param() });
  return seeOther(c, visit.path("/health"));
});
