import type { FC } from "hono/jsx";
import type { AnswerTo } from "../../../http/answering/answers";
import { heard } from "../../../language/heard";
import { say, weave } from "../../../language/say";
import { Banner } from "../../components/bits";
import { ActionButton } from "../../components/forms/form";
import { Moment } from "../../components/moment";
import type { Visit } from "../../visit";

/* How the connection to the LMS stands. */

type Lms = AnswerTo<"GET /v1/lms">;
type Findings = AnswerTo<"GET /v1/lms/check">["findings"];

const HERE = "/settings/connectors/lms";

/** Said once, wherever it matters, while the LMS is not reached: nothing else is wrong, and nothing is lost. */
export const LmsTrouble: FC<{ visit: Visit; lms: Lms; links?: boolean }> = ({ visit, lms, links = true }) => {
  if (!lms.problem) return null;
  const { message, since } = lms.problem;
  const { nowMs, timezone } = visit.viewer.school;
  return (
    <Banner tone="fault">
      <span>
        {weave(
          "✕ {lms} has not received all that changed since {moment}: {message}. What waits is tried again for a day, ever more seldom.",
          {
            lms: lms.label,
            moment: <Moment atMs={Date.parse(since)} nowMs={nowMs} timezone={timezone} />,
            message: heard(message),
          },
        )}{" "}
        {links ? <a href={visit.path(HERE)}>{say("Look at the connection")}</a> : null}
      </span>
    </Banner>
  );
};

/** What is known of the connection, and a look at it. */
export const LmsConnection: FC<{ visit: Visit; lms: Lms; findings: Findings | null }> = ({ visit, lms, findings }) => (
  <>
    <h2 class="part">{say("The connection")}</h2>
    {findings ? null : <LmsTrouble visit={visit} lms={lms} links={false} />}
    {findings ? (
      <Banner tone={findings.every(({ ok }) => ok) ? "plain" : "fault"}>
        <ul class="plain">
          {findings.map(({ ok, what, advice }) => (
            <li>
              {ok ? "✓" : "✕"} {heard(what)}
              {advice ? `: ${heard(advice)}` : ""}
            </li>
          ))}
        </ul>
      </Banner>
    ) : null}
    {lms.unsupported.length ? (
      <p class="soft">
        {say("{lms} knows nothing of these changes; they stay here: {changes}.", {
          lms: lms.label,
          changes: lms.unsupported.join(", "),
        })}
      </p>
    ) : null}
    <p class="after">
      <ActionButton action={visit.path(`${HERE}/check`)}>{say("Look at the connection")}</ActionButton>
    </p>
  </>
);
