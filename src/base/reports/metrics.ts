import { log } from "./log";

/*
 * What docs/slo.md promises, measured: a data point each, into Workers Analytics Engine where an installation has bound it as
 * METRICS. It costs no row and waits for nothing; without the binding what took longer than is promised is logged.
 */

/**
 * `answer`: a request, from its arrival to its answer; `queue`: the oldest message of a batch, from when it was sent until
 * it was done with; `alarm`: a user's, from when it was due until it rang; `delivery`: one, from when it was made to its
 * first attempt.
 */
export type Measure = "answer" | "queue" | "alarm" | "delivery";

interface Measured {
  ms: number;
  school?: string;
  /** The pattern of a path with its method, the name of a queue, a channel. */
  subject?: string;
  /** Of an answer; of a delivery 1 where it went well, else 0. */
  status?: number;
}

export interface Metered {
  METRICS?: AnalyticsEngineDataset;
}

/** Longer than this is not what is promised; of answers those to events alone are held to it, and of queues the log's. */
const LATEST_MS: Readonly<Record<Measure, number>> = { answer: 500, queue: 30_000, alarm: 60_000, delivery: 60_000 };
const HELD_TO: Partial<Record<Measure, (subject: string) => boolean>> = {
  answer: (subject) => subject === "POST /v1/events",
  queue: (subject) => subject.endsWith("-log"),
};

/** Notes one. The order of the columns is that of docs/slo.md, and of whatever has been kept: only appended to. */
export function measure(env: Metered, what: Measure, { ms, school = "", subject = "", status = 0 }: Measured): void {
  if (!env.METRICS) {
    if (ms > LATEST_MS[what] && (HELD_TO[what]?.(subject) ?? true))
      log("info", "late", { subject: `${what} ${subject}`.trim(), durationMs: ms, ...(school ? { school } : {}) });
    return;
  }
  env.METRICS.writeDataPoint({
    // By it samples are taken where there are too many: a large school hides no small one.
    indexes: [school || what],
    blobs: [what, school, subject],
    doubles: [Math.max(0, ms), status],
  });
}
