import type { FC } from "hono/jsx";
import type { AnswerTo } from "../../../http/answers";
import { say } from "../../../language/say";
import type { Visit } from "../../visit";

/* Today in figures, each of which leads to what it counts. */

type Health = AnswerTo<"GET /v1/health">;

const atMost = (count: number): string => (count >= 1_000 ? "1,000 or more" : count.toLocaleString("en"));

const Figure: FC<{ count: string; label: string; href?: string; tone?: "failure" | "warning" }> = ({
  count,
  label,
  href,
  tone,
}) => (
  <li class={tone === undefined ? "figure" : `figure is-${tone}`}>
    {href === undefined ? <b>{count}</b> : <a href={href}>{count}</a>}
    <span>{label}</span>
  </li>
);

export const Today: FC<{ visit: Visit; health: Health }> = ({ visit, health: { days, coming, backlog } }) => {
  const today = days.at(-1);
  if (!today) return null;
  const since = encodeURIComponent(today.date);
  const later = coming.days.filter(({ date }) => date === today.date).reduce((all, { count }) => all + count, 0);
  const isTest = visit.school.mode === "test";
  const { deliveries, waits } = backlog;
  return (
    <section aria-labelledby="today">
      <h2 class="part" id="today">
        {say("Today")}
      </h2>
      <ul class="figures">
        <Figure count={today.runs.toLocaleString("en")} label={say("runs started")} href={visit.path("/executions")} />
        <Figure
          count={today.mails.toLocaleString("en")}
          label={isTest ? "mails kept, as in every test school" : "mails sent"}
          href={visit.path(`/deliveries?channel=email&status=${isTest ? "captured" : "sent"}&from=${since}`)}
        />
        <Figure
          count={today.failed.toLocaleString("en")}
          label={say("mails failed")}
          href={visit.path("/deliveries?channel=email&status=failed")}
          {...(today.failed ? { tone: "failure" as const } : {})}
        />
        <Figure
          count={later >= 1_000 ? "1,000 or more" : later.toLocaleString("en")}
          label={say("still to go on today")}
          href="#next"
        />
        <Figure
          count={atMost(deliveries.count)}
          label={say("on their way out")}
          href={visit.path("/deliveries?status=queued")}
        />
        {waits.count ? <Figure count={atMost(waits.count)} label={say("learners overdue")} tone="warning" /> : null}
      </ul>
    </section>
  );
};
