/*
 * What docs/slo.md promises, measured: a data point each, into Workers Analytics Engine where an installation has bound it as
 * METRICS. It costs no row and waits for nothing; without the binding nothing is measured.
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

/** Notes one. The order of the columns is that of docs/slo.md, and of whatever has been kept: only appended to. */
export function measure(env: Metered, what: Measure, { ms, school = "", subject = "", status = 0 }: Measured): void {
  env.METRICS?.writeDataPoint({
    // By it samples are taken where there are too many: a large school hides no small one.
    indexes: [school || what],
    blobs: [what, school, subject],
    doubles: [Math.max(0, ms), status],
  });
}
