import { isRecord } from "../../../../definition/types";

/** How often a draft would have started, day by day, as `POST /automations/backtest` answers. */
export interface PastStarts {
  count: number;
  /** From when on that holds for everybody. */
  since: string;
  days: { date: string; count: number }[];
  learners: { user: string; count: number }[];
}

/** What an answer, or the result of a job, says; null: it says nothing of the kind. */
export function pastStartsIn(body: unknown): PastStarts | null {
  if (!isRecord(body) || typeof body.count !== "number" || !Array.isArray(body.by_day)) return null;
  const records = (list: unknown) => (Array.isArray(list) ? list.filter(isRecord) : []);
  return {
    count: body.count,
    since: String(body.since),
    days: records(body.by_day).map(({ date, count }) => ({ date: String(date), count: Number(count) || 0 })),
    learners: records(body.users).map(({ user, count }) => ({ user: String(user), count: Number(count) || 0 })),
  };
}

/** The body of the request: the draft, in the place of the automation that is edited, if there is one. */
export const pastRequest = (automation: object, id: string | null, days: number): Record<string, unknown> => ({
  automation,
  ...(id === null ? {} : { automation_id: id }),
  days,
});
