import { useRef, useState } from "hono/jsx/dom";
import type { Fault } from "../../../base/errors/errors";
import { type Draft, isRecord } from "../../../definition/types";
import { dateIn, figure, many, say, weave } from "../../../language/say";
import { Icon } from "../../components/icon";
import { callServer, isOk, refusalOf } from "../draft/api";
import { inputOf } from "../draft/form/inputs";
import { type PastStarts, pastRequest, pastStartsIn } from "../draft/trial/past";
import { momentText } from "./tools";

const SPANS = [7, 30, 90] as const;
/** How often a job that a large school needs is asked how far it is. */
const ASK_MS = 2_000;
/** More learners than so many are not answered one by one. */
const MOST_LEARNERS = 1_000;

/** Waits for a job, however long it goes on; null: it did not get done. */
async function ofJob(id: string, isWanted: () => boolean): Promise<PastStarts | null> {
  while (isWanted()) {
    await new Promise((resolve) => setTimeout(resolve, ASK_MS));
    const { body } = await callServer("GET", `/jobs/${encodeURIComponent(id)}`);
    if (!isRecord(body)) return null;
    if (body.status === "done") return pastStartsIn(body.result);
    if (body.status !== "queued" && body.status !== "running") return null;
  }
  return null;
}

interface PastProps {
  definition: Draft;
  /** Of the automation that is edited. */
  id: string | null;
  timezone: string;
  onFaults(faults: Fault[]): void;
}

/** How often it would have run, had it been on: all that happened is told again with it. */
export function Past({ definition, id, timezone, onFaults }: PastProps) {
  const [days, setDays] = useState<number>(30);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState("");
  const [found, setFound] = useState<PastStarts | null>(null);
  const asked = useRef(0);
  const ask = async (): Promise<void> => {
    asked.current += 1;
    const mine = asked.current;
    setBusy(true);
    setFound(null);
    setProblem("");
    const answer = await callServer("POST", "/automations/backtest", pastRequest(definition, id, days));
    const isMine = (): boolean => asked.current === mine;
    if (isOk(answer)) {
      const job = isRecord(answer.body) && typeof answer.body.job_id === "string" ? answer.body.job_id : null;
      const starts = job === null ? pastStartsIn(answer.body) : await ofJob(job, isMine);
      if (!isMine()) return;
      setFound(starts);
      if (!starts) setProblem(say("It could not be worked out. Try again."));
    } else {
      const refusal = refusalOf(answer, "/automation");
      setProblem(
        refusal.faults.length > 0
          ? say("The automation needs correcting first; the cards are marked.")
          : refusal.message,
      );
      onFaults(refusal.faults);
    }
    setBusy(false);
  };
  return (
    <section class="past" aria-labelledby="past-title">
      <h3 id="past-title">{say("If it had been on")}</h3>
      <p class="hint">{say("What happened is played again with this automation. Nobody is changed.")}</p>
      <span class="inline">
        <label>
          <span>{say("For the last")}</span>{" "}
          <select value={String(days)} onInput={(event: Event) => setDays(Number(inputOf(event).value))}>
            {SPANS.map((span) => (
              <option value={String(span)} selected={span === days} key={String(span)}>
                {many(span, "{n} day", "{n} days")}
              </option>
            ))}
          </select>
        </label>
        <button type="button" class="button" disabled={busy} onClick={ask}>
          <Icon name="bars" /> {busy ? say("Playing it again …") : say("How often would it have run?")}
        </button>
      </span>
      {problem ? (
        <p class="fault" role="alert">
          ✕ {problem}
        </p>
      ) : null}
      {found ? <Found found={found} timezone={timezone} /> : null}
    </section>
  );
}

function Found({ found, timezone }: { found: PastStarts; timezone: string }) {
  const most = found.learners.slice(0, 10);
  return (
    <div role="status">
      <p>
        {weave("It would have run {times}, for {learners}. That holds from {moment} on.", {
          times: <b>{many(found.count, "{n} time", "{n} times")}</b>,
          learners:
            found.learners.length === MOST_LEARNERS
              ? say("{n} learners or more", { n: MOST_LEARNERS })
              : many(found.learners.length, "{n} learner", "{n} learners"),
          moment: momentText(found.since, timezone),
        })}
      </p>
      {found.count > 0 ? (
        <>
          <Chart days={found.days} />
          <details>
            <summary>{say("By day and by learner")}</summary>
            <Table
              caption={say("Runs by day")}
              head={say("Day")}
              rows={found.days.flatMap((day) => (day.count > 0 ? [[dateOf(day), day.count] as const] : []))}
            />
            <Table
              caption={say("Runs by learner, most first")}
              head={say("Learner")}
              rows={most.map((one) => [one.user, one.count] as const)}
            />
          </details>
        </>
      ) : null}
    </div>
  );
}

const dateOf = ({ date }: { date: string }): string =>
  dateIn(new Date(date), { day: "numeric", month: "short", timeZone: "UTC" });

const WIDE = 300;
const HIGH = 60;

/** A bar a day. What it shows stands in the table below it, too. */
function Chart({ days }: { days: PastStarts["days"] }) {
  const top = Math.max(1, ...days.map((day) => day.count));
  const width = WIDE / Math.max(1, days.length);
  const [first, last] = [days[0], days.at(-1)];
  return (
    <figure class="past-chart">
      <svg viewBox={`0 0 ${WIDE} ${HIGH}`} role="img" aria-labelledby="past-chart-title">
        <title id="past-chart-title">{say("Runs by day, {n} at most", { n: String(top) })}</title>
        {days.map((day, i) => {
          const height = (day.count / top) * HIGH;
          return (
            <rect
              key={day.date}
              x={i * width}
              y={HIGH - height}
              width={Math.max(1, width - 1)}
              height={height}
              class="past-bar"
            />
          );
        })}
      </svg>
      <figcaption class="hint">
        {say("{first} – {last}, at most {n} a day", {
          first: first ? dateOf(first) : "",
          last: last ? dateOf(last) : "",
          n: top,
        })}
      </figcaption>
    </figure>
  );
}

function Table({
  caption,
  head,
  rows,
}: {
  caption: string;
  head: string;
  rows: readonly (readonly [name: string, count: number])[];
}) {
  return (
    <table class="past-table">
      <caption>{caption}</caption>
      <thead>
        <tr>
          <th scope="col">{head}</th>
          <th scope="col">{say("Runs")}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(([name, times]) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td>{figure(times)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
