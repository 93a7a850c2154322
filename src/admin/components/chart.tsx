import type { FC } from "hono/jsx";
import { dateIn, figure, say } from "../../language/say";

/*
 * What happened over days, drawn on the server: bars without a script or a style of their own, and the same in a table
 * for who cannot see them or wants the figures.
 */

export interface Series {
  label: string;
  /** By what the stylesheet colours it. */
  tone: "accent" | "good" | "failure" | "warning";
  values: readonly number[];
  /** A part of it, drawn within and never added to it. */
  part?: { label: string; tone: "warning"; values: readonly number[] };
}

/** Each with its part behind it, as legend and table have them. */
const withParts = (series: readonly Series[]): Series[] =>
  series.flatMap((one) => (one.part ? [one, one.part] : [one]));

/** What is drawn on top of each other: a series without its part, and that. */
const stacked = (series: readonly Series[]): Series[] =>
  series.flatMap((one) => {
    const { part } = one;
    if (!part) return [one];
    return [{ ...one, values: one.values.map((value, n) => Math.max(0, value - (part.values[n] ?? 0))) }, part];
  });

interface DayChartProps {
  /** "Mails" */
  title: string;
  /** "2026-11-27", in their order. */
  dates: readonly string[];
  /** Stacked, the first at the foot. */
  series: readonly Series[];
}

const HEIGHT = 100;
const STEP = 20;
const BAR = 14;
/** Little is still seen beside much. */
const LEAST = 2;

const sum = (values: readonly number[]): number => values.reduce((all, one) => all + one, 0);

/** "Fri 27 Nov" of a date of a calendar. */
export const dayOf = (date: string): string =>
  dateIn(Date.parse(date), { weekday: "short", day: "numeric", month: "short", timeZone: "UTC" });

const Bars: FC<DayChartProps & { most: number }> = ({ title, dates, series, most }) => {
  const width = dates.length * STEP;
  const totals = withParts(series)
    .map(({ label, values }) => `${label}: ${figure(sum(values))}`)
    .join(", ");
  return (
    <svg
      class="chart-bars"
      viewBox={`0 0 ${width} ${HEIGHT + 1}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={say("{title} over {n} days. {totals}.", { title, n: dates.length, totals })}
    >
      {dates.map((date, n) => {
        let foot = HEIGHT;
        const said = withParts(series)
          .map(({ label, values }) => `${label} ${figure(values[n] ?? 0)}`)
          .join(", ");
        return (
          <g>
            <title>{`${dayOf(date)}: ${said}`}</title>
            <rect class="chart-day" x={n * STEP} y={0} width={STEP} height={HEIGHT} />
            {stacked(series).map(({ values, tone }) => {
              const value = values[n] ?? 0;
              const height = value === 0 ? 0 : Math.max(LEAST, (value / most) * HEIGHT);
              foot -= height;
              return height === 0 ? null : (
                <rect
                  class={`chart-bar is-${tone}`}
                  x={n * STEP + (STEP - BAR) / 2}
                  y={foot}
                  width={BAR}
                  height={height}
                />
              );
            })}
          </g>
        );
      })}
      <line class="chart-foot" x1={0} y1={HEIGHT} x2={width} y2={HEIGHT} />
    </svg>
  );
};

/** Bars of days with what they add up to, and the figures behind them. */
export const DayChart: FC<DayChartProps> = ({ title, dates, series }) => {
  const most = Math.max(0, ...dates.map((_, n) => sum(series.map(({ values }) => values[n] ?? 0))));
  return (
    <figure class="chart">
      <figcaption>
        <strong>{title}</strong>{" "}
        {withParts(series).map(({ label, tone, values }) => (
          <span class="chart-key">
            <span class={`chart-mark is-${tone}`} aria-hidden="true" /> {label} {figure(sum(values))}
          </span>
        ))}
      </figcaption>
      <Bars title={title} dates={dates} series={series} most={Math.max(1, most)} />
      <p class="chart-ends" aria-hidden="true">
        <span>{dayOf(dates[0] ?? "")}</span>
        <span>{most ? say("at most {n} a day", { n: most }) : say("there were none")}</span>
        <span>{dayOf(dates.at(-1) ?? "")}</span>
      </p>
      <details class="chart-table">
        <summary>{say("As a table")}</summary>
        <section class="table-scroll" tabindex={0} aria-label={say("{title}, as a table", { title })}>
          <table class="table">
            <thead>
              <tr>
                <th scope="col">{say("Day")}</th>
                {withParts(series).map(({ label }) => (
                  <th scope="col" class="is-number">
                    {label}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {dates.map((date, n) => (
                <tr>
                  <th scope="row">{dayOf(date)}</th>
                  {withParts(series).map(({ values }) => (
                    <td class="is-number">{figure(values[n] ?? 0)}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      </details>
    </figure>
  );
};

interface Day {
  date: string;
  runs: number;
  mails: number;
  failed: number;
  /** Of the mails. */
  bounced: number;
}

/** Runs and mails over days, side by side; nothing where nothing happened. @param captured whether mails only were kept */
export const DayCharts: FC<{ days: readonly Day[]; captured: boolean }> = ({ days, captured }) => {
  if (days.every(({ runs, mails, failed }) => runs + mails + failed === 0)) return null;
  const dates = days.map(({ date }) => date);
  const bounced = days.map((day) => day.bounced);
  return (
    <div class="charts">
      <DayChart
        title={say("Runs")}
        dates={dates}
        series={[{ label: say("started"), tone: "accent", values: days.map(({ runs }) => runs) }]}
      />
      <DayChart
        title={say("Mails")}
        dates={dates}
        series={[
          {
            label: captured ? say("kept (a test school)") : say("sent"),
            tone: "good",
            values: days.map(({ mails }) => mails),
            ...(sum(bounced) > 0
              ? { part: { label: say("of these bounced"), tone: "warning" as const, values: bounced } }
              : {}),
          },
          { label: say("failed"), tone: "failure", values: days.map(({ failed }) => failed) },
        ]}
      />
    </div>
  );
};
