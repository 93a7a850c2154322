import { emptyPacked } from "../../durable-objects/packed/packed";
import { newState } from "../../src/engine/step";

/** What a user's object says it holds. */
export type Everything = { packed: object; journal: object[]; ended: object[] };

/** What events, steps and letters say is theirs: their records have no fixed keys. */
const OPEN = ["data", "detail", "content"];

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** An entry of the journal may lack what happened: it is of a lead, or of time on its way. */
const FACTS = { seq: 0, at: 0, eventId: null, facts: [] };

/** What is held of somebody new: its empty records are kept by ids, and all others have fixed keys. */
const NOBODY = { packed: { ...emptyPacked("live", 0), state: newState("nobody", 0) }, journal: [FACTS], ended: [] };

/** Calls back for each record of fixed keys, with where it lies: ids and places in lists left out. */
function eachRecord(value: unknown, found: (path: string, record: Record<string, unknown>) => void): void {
  const byIds = new Set<string>();
  const learn = (one: unknown, path: string): void => {
    if (!isRecord(one)) return;
    if (!Object.keys(one).length) byIds.add(path);
    for (const [key, inner] of Object.entries(one)) learn(inner, `${path}.${key}`);
  };
  const walk = (one: unknown, path: string): void => {
    if (Array.isArray(one) || (isRecord(one) && byIds.has(path))) {
      for (const inner of Object.values(one)) walk(inner, `${path}[]`);
    } else if (isRecord(one)) {
      found(path, one);
      for (const [key, inner] of Object.entries(one)) if (!OPEN.includes(key)) walk(inner, `${path}.${key}`);
    }
  };
  learn(NOBODY, "");
  walk(value, "");
}

/** The keys that every record of today's has, by where such records lie. */
export function keysOf(samples: readonly Everything[]): Map<string, string[]> {
  const keys = new Map<string, string[]>();
  for (const sample of [NOBODY, ...samples]) {
    eachRecord(sample, (path, record) => {
      const before = keys.get(path) ?? Object.keys(record);
      keys.set(
        path,
        before.filter((key) => key in record),
      );
    });
  }
  return keys;
}

/** What is missing of those keys, and records of a kind that no sample had: of these nothing can be said. */
export function missing(held: Everything, keys: ReadonlyMap<string, readonly string[]>): string[] {
  const faults = new Set<string>();
  eachRecord(held, (path, record) => {
    const wanted = keys.get(path);
    if (!wanted) faults.add(`${path}: today's have none`);
    for (const key of wanted ?? []) if (!(key in record)) faults.add(`${path}.${key}`);
  });
  return [...faults];
}
