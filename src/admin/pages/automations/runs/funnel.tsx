import type { FC } from "hono/jsx";
import type { StepStats } from "../../../../definition/answers";
import type { LanesOf } from "../../../../definition/lanes";
import type { Step } from "../../../../definition/types";
import type { AnswerTo } from "../../../../http/answering/answers";
import { figure, say } from "../../../../language/say";
import { DayCharts } from "../../../components/chart";
import { SpansText as Says } from "../../../components/words";
import type { Visit } from "../../../visit";
import { reasonText } from "../../../words/sentences/reasons";
import { stepSentence, type Words } from "../../../words/sentences/sentence";

/* How an automation does, drawn: its days, and how many come how far. */

interface Row {
  step: Step;
  /** How many lanes it stands in. */
  depth: number;
  /** The lane that begins with it, where one does: "yes". */
  lane: string | null;
}

/** The steps in reading order, with how deep they stand. */
function rowsOf(steps: readonly Step[], lanesOf: LanesOf, depth = 0, lane: string | null = null): Row[] {
  return steps.flatMap((step, n) => [
    { step, depth, lane: n === 0 ? lane : null },
    ...lanesOf(step).flatMap((inner) => rowsOf(inner.steps, lanesOf, depth + 1, inner.name)),
  ]);
}

const WIDTH = 100;
/** Deeper than this is drawn as deep as this. */
const DEEPEST = 4;

export const percent = (part: number, whole: number): string =>
  whole > 0 ? `${figure(Math.round((part / whole) * 1_000) / 10)} %` : "";

const Bar: FC<{ part: number; failed: number; whole: number }> = ({ part, failed, whole }) => {
  const of = (n: number): number => (whole > 0 ? Math.min(WIDTH, (n / whole) * WIDTH) : 0);
  return (
    <svg class="funnel-bar" viewBox={`0 0 ${WIDTH} 10`} preserveAspectRatio="none" aria-hidden="true">
      <rect class="funnel-track" x={0} y={0} width={WIDTH} height={10} />
      <rect class="chart-bar is-accent" x={0} y={0} width={of(part)} height={10} />
      <rect class="chart-bar is-failure" x={of(part) - of(failed)} y={0} width={of(failed)} height={10} />
    </svg>
  );
};

/** Of a step whose mails are tracked: how many were opened, and in how many a link was followed. */
type Looks = Pick<StepStats, "opened" | "clicked">;

interface LineProps {
  part: number;
  failed?: number;
  skipped?: number;
  whole: number;
  /** Null: nobody tells of any mail of the automation, and there are no such columns. */
  looks: Looks | null;
}

/** Of those whom the step mailed: to whom it sent nothing, nothing was opened. */
const looked = (n: number | undefined, whole: number): string =>
  n === undefined ? "" : `${figure(n)}${n > 0 ? ` (${percent(n, whole)})` : ""}`;

const Line: FC<LineProps> = ({ part, failed = 0, skipped = 0, whole, looks }) => (
  <>
    <td class="funnel-drawn">
      <Bar part={part} failed={failed} whole={whole} />
    </td>
    <td class="is-number" data-head={say("Reached it")}>
      {figure(part)}
    </td>
    <td class="is-number" data-head={say("Of all")}>
      {percent(part, whole)}
    </td>
    <td class="is-number" data-head={say("Did nothing")}>
      {skipped ? figure(skipped) : ""}
    </td>
    <td class="is-number" data-head={say("Failed")}>
      {failed ? figure(failed) : ""}
    </td>
    {looks === null ? null : (
      <>
        <td class="is-number" data-head={say("Opened")}>
          {looked(looks.opened, part - skipped - failed)}
        </td>
        <td class="is-number" data-head={say("Clicked")}>
          {looked(looks.clicked, part - skipped - failed)}
        </td>
      </>
    )}
  </>
);

/** Why a step did nothing, the most frequent first: "did nothing: no consent to marketing (12)". */
const DidNothing: FC<{ reasons: StepStats["skipped_for"] }> = ({ reasons }) => {
  const found = Object.entries(reasons).sort(([, one], [, other]) => other - one);
  if (found.length === 0) return null;
  const listed = found.map(([reason, n]) => `${reasonText(reason)} (${figure(n)})`).join(", ");
  return <small class="funnel-why soft">{say("did nothing: {reasons}", { reasons: listed })}</small>;
};

/** What would change that mail went to nobody who has not agreed to it. */
const NoConsent: FC<{ visit: Visit }> = ({ visit }) => (
  <p class="hint">
    {say(
      "Marketing goes only to learners who have agreed to it. An import brings that along, in the column marketing_consent.",
    )}{" "}
    {visit.mayEdit ? <a href={visit.path("/import/users")}>{say("Import learners")}</a> : null}
  </p>
);

interface FunnelProps {
  steps: readonly Step[];
  stats: ReadonlyMap<string, StepStats>;
  runs: number;
  /** How many reached the goal; null: it has none. */
  conversions: number | null;
  words: Words;
}

/** How many of all runs came to each step, the figures beside what is drawn. */
const Funnel: FC<FunnelProps> = ({ steps, stats, runs, conversions, words }) => {
  const isTracked = [...stats.values()].some(({ opened }) => opened !== undefined);
  const looksOf = (of: Looks = {}): Looks | null => (isTracked ? of : null);
  return (
    <section class="table-scroll" aria-label={say("How far runs get")} tabindex={0}>
      <table class="table is-cards funnel">
        <caption class="sr-only">{say("How many of all runs reached each step of the present version")}</caption>
        <thead>
          <tr>
            <th scope="col">{say("Step")}</th>
            <th scope="col">
              <span class="sr-only">{say("Drawn")}</span>
            </th>
            <th scope="col" class="is-number">
              {say("Reached it")}
            </th>
            <th scope="col" class="is-number">
              {say("Of all")}
            </th>
            <th scope="col" class="is-number">
              {say("Did nothing")}
            </th>
            <th scope="col" class="is-number">
              {say("Failed")}
            </th>
            {isTracked ? (
              <>
                <th scope="col" class="is-number">
                  {say("Opened")}
                </th>
                <th scope="col" class="is-number">
                  {say("Clicked")}
                </th>
              </>
            ) : null}
          </tr>
        </thead>
        <tbody>
          <tr>
            <th scope="row">{say("All runs")}</th>
            <Line part={runs} whole={runs} looks={looksOf()} />
          </tr>
          {rowsOf(steps, words.lanesOf).map(({ step, depth, lane }) => {
            const counts = stats.get(step.id ?? "");
            return (
              <tr>
                <th scope="row">
                  <span class={`funnel-step is-${Math.min(depth, DEEPEST)}`}>
                    {lane === null ? null : <span class="soft">{lane}: </span>}
                    <Says spans={stepSentence(step, words)} />
                    {counts ? <DidNothing reasons={counts.skipped_for} /> : null}
                  </span>
                </th>
                <Line
                  part={counts?.entered ?? 0}
                  failed={counts?.failed ?? 0}
                  skipped={counts?.skipped ?? 0}
                  whole={runs}
                  looks={looksOf(counts)}
                />
              </tr>
            );
          })}
          {conversions === null ? null : (
            <tr>
              <th scope="row">{say("The goal is reached")}</th>
              <Line part={conversions} whole={runs} looks={looksOf()} />
            </tr>
          )}
        </tbody>
      </table>
    </section>
  );
};

/** In place of figures that would say that nobody opened anything. */
const NobodyTells: FC<{ visit: Visit }> = ({ visit }) => (
  <p class="hint">
    {visit.school.mode === "test"
      ? say("Who opens its mails is not known: a test school keeps them.")
      : say("Who opens its mails is not known: what sends them does not tell.")}{" "}
    {visit.school.mode === "live" && visit.mayOwn ? (
      <a href={visit.path("/settings/connectors/mail_webhooks")}>{say("Bounces and complaints")}</a>
    ) : null}
  </p>
);

interface FiguresProps extends FunnelProps {
  days: Parameters<typeof DayCharts>[0]["days"];
  opens: AnswerTo<"GET /v1/automations/:id/stats">["opens"];
  visit: Visit;
}

/** What an automation's page shows of how it does; nothing before it has run. */
export const Figures: FC<FiguresProps> = ({ days, opens, visit, ...funnel }) =>
  funnel.runs === 0 ? null : (
    <section aria-labelledby="figures">
      <h2 class="part" id="figures">
        {say("How it performs")}
      </h2>
      <DayCharts days={days} captured={visit.school.mode === "test"} />
      <h3 class="part">{say("How far runs get")}</h3>
      <Funnel {...funnel} />
      {[...funnel.stats.values()].some(({ skipped_for: why }) => why.no_consent) ? <NoConsent visit={visit} /> : null}
      {opens === "not_told" ? <NobodyTells visit={visit} /> : null}
      <p class="hint">
        {say("Of all runs so far, those of earlier versions too; a step in a repeat counts each round.")}
      </p>
    </section>
  );
