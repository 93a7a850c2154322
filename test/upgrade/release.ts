import type { ActionMessage } from "../../src/calls/messages";

/** A row as SQLite gives it. */
export type Row = Record<string, string | number | null>;

/** All that a release stored of a small school, and what it then said of it. */
export interface Release {
  /** The commit that wrote it. */
  name: string;
  /** Real time of then, ms. */
  at: number;
  school: string;
  key: string;
  d1: { migrations: string[]; schema: string[]; rows: Record<string, Row[]> };
  /** By user. */
  objects: Record<string, { alarm: number | null; schema: string[]; tables: Record<string, unknown[]> }>;
  /** What was on its way in the queue. */
  actions: ActionMessage[];
  seen: {
    copies: { event: Record<string, unknown>; answer: object }[];
    users: Record<string, object>;
    timelines: Record<string, object[]>;
  };
}

/*
 * In the file texts that are JSON stand as JSON, and a long run of one letter as its count: it is to be read by people.
 */
const LONG = /(?<letter>[a-z])\k<letter>{999,}/g;
const SHORT = /<(?<letter>[a-z]) × (?<count>\d+)>/g;

export const textOf = (release: Release): string =>
  `${JSON.stringify(release, (_, value) => opened(value)).replaceAll(LONG, (run) => `<${run[0]} × ${run.length}>`)}\n`;

function opened(value: unknown): unknown {
  if (typeof value !== "string" || !/^[[{]/.test(value)) return value;
  const json: unknown = JSON.parse(value);
  // Keys that are numbers would change their places.
  return JSON.stringify(json) === value ? { json } : value;
}

export function releaseOf(text: string): Release {
  const whole = text.replaceAll(SHORT, (_, letter: string, count: string) => letter.repeat(Number(count)));
  // Written by textOf.
  return JSON.parse(whole, (_, value) =>
    typeof value === "object" && value !== null && Object.keys(value).join() === "json"
      ? JSON.stringify(value.json)
      : value,
  ) as Release;
}
