import type { FC } from "hono/jsx";
import type { AnswerTo } from "../../../http/answering/answers";
import { figure, say } from "../../../language/say";
import type { Visit } from "../../visit";

/* Today in figures, each of which leads to what it counts. */

type Health = AnswerTo<"GET /v1/health">;

const MOST = 1_000;
const atMost = (count: number): string => (count >= MOST ? say("{n} or more", { n: MOST }) : figure(count));

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
        <Figure count={figure(today.runs)} label={say("runs started")} href={visit.path("/executions")} />
        <Figure
          count={figure(today.mails)}
          label={isTest ? say("mails kept, as in every test school") : say("mails sent")}
          href={visit.path(`/deliveries?channel=email&status=${isTest ? "captured" : "sent"}&from=${since}`)}
        />
        <Figure
          count={figure(today.failed)}
          label={say("mails failed")}
          href={visit.path("/deliveries?channel=email&status=failed")}
          {...(today.failed ? { tone: "failure" as const } : {})}
        />
        {today.bounced ? (
          <Figure
            count={figure(today.bounced)}
            label={say("of the mails sent bounced")}
            href={visit.path("/suppressions")}
            tone="warning"
          />
        ) : null}
        <Figure count={atMost(later)} label={say("still to go on today")} href="#next" />
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
