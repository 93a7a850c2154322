import * as z from "zod";
import { once } from "../../base/cache";
import type { Backtested } from "../../calls/what-if";
import { addDays, formatInstant, localDate } from "../../catalogue/dates/time";
import { nowOf, type School } from "../../world/snapshot";
import { notes, nothingBefore, TOOK_OVER } from "./notes";

const time = () => z.string().meta({ format: "date-time" });

/** A backtest as it is answered, and as a job keeps it. */
export const backtestDocument = once(() =>
  z.object({
    days: z.int(),
    count: z.int().meta({ description: "How often it would have started." }),
    asked: z.int().meta({ description: "Of how many users the past was told again." }),
    since: time().meta({ description: "From when on the figures hold for everybody." }),
    by_day: z
      .array(z.object({ date: z.string(), count: z.int() }))
      .meta({ description: "Each day of the school's zone, the first and the last in part." }),
    users: z
      .array(
        z.object({
          user: z.string(),
          count: z.int(),
          since: time().meta({ description: "From when on the user's past is kept, or the days begin." }),
          facts: z
            .array(
              z.object({
                fact: z.object({ type: z.string(), data: z.record(z.string(), z.unknown()) }),
                event_id: z.string().nullable(),
                at: time(),
              }),
            )
            .meta({ description: "The last five." }),
        }),
      )
      .meta({ description: "For whom: the 1,000 for whom most often." }),
    note: z.string().nullable(),
  }),
);
export type Backtest = z.output<ReturnType<typeof backtestDocument>>;

const MOST_USERS = 1_000;

interface Span {
  days: number;
  since: number;
}

/** Adds up what users' objects answer. */
export class Tally {
  readonly #days: Map<string, number>;
  #asked = 0;
  #users: Backtest["users"] = [];
  #since: number;
  #count = 0;
  #room: number;
  #isCut = false;
  #tookOver = false;

  private constructor(
    private readonly school: School,
    private readonly span: Span,
    room: number,
  ) {
    this.#room = room;
    this.#since = span.since;
    this.#days = new Map(daysOf(school, span).map((date) => [date, 0]));
  }

  /** @param room how many characters of facts are told of */
  static of(school: School, span: Span, room: number, before?: Backtest): Tally {
    const tally = new Tally(school, span, room);
    if (before) tally.#goOn(before);
    return tally;
  }

  #goOn({ count, asked, since, by_day: days, users, note }: Backtest): void {
    this.#count = count;
    this.#asked = asked;
    this.#since = Date.parse(since);
    for (const { date, count } of days) this.#days.set(date, count);
    this.#users = users;
    this.#room -= JSON.stringify(users.map(({ facts }) => facts)).length;
    this.#isCut = note?.includes(TOO_LONG) ?? false;
    this.#tookOver = note?.includes(TOOK_OVER) ?? false;
  }

  add(answers: readonly { user: string; told: Backtested }[], asked: number): void {
    this.#asked += asked;
    for (const { user, told } of answers) {
      this.#since = Math.max(this.#since, told.since);
      this.#tookOver ||= told.tookOver;
      if (!told.starts.length) continue;
      this.#count += told.starts.length;
      for (const at of told.starts) {
        const date = localDate(at, this.school.settings.timezone);
        this.#days.set(date, (this.#days.get(date) ?? 0) + 1);
      }
      this.#users.push({
        user,
        count: told.starts.length,
        since: formatInstant(told.since),
        facts: told.last.flatMap(({ fact: { type, data }, eventId, at }) => {
          const one = { fact: { type, data }, event_id: eventId, at: formatInstant(at) };
          this.#room -= JSON.stringify(one).length;
          this.#isCut ||= this.#room < 0;
          return this.#room < 0 ? [] : [one];
        }),
      });
    }
    this.#users = this.#users.sort((a, b) => b.count - a.count).slice(0, MOST_USERS);
  }

  document(): Backtest {
    const { days, since } = this.span;
    return {
      days,
      count: this.#count,
      asked: this.#asked,
      since: formatInstant(this.#since),
      by_day: [...this.#days].map(([date, count]) => ({ date, count })),
      users: this.#users,
      note: notes([
        this.#since > since && nothingBefore(this.#since),
        this.#tookOver && TOOK_OVER,
        this.#isCut && TOO_LONG,
      ]),
    };
  }
}

const TOO_LONG = "The facts are too long to tell of all: some are left out, and counted.";

/** The days of the school's zone from a moment up to now. */
function daysOf(school: School, { days, since }: Span): string[] {
  const zone = school.settings.timezone;
  const last = localDate(nowOf(school), zone);
  const all = Array.from({ length: days + 1 }, (_, n) => localDate(addDays(since, n, zone), zone));
  return all.filter((date) => date <= last);
}
