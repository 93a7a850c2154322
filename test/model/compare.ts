import { SPELLINGS } from "./arbitrary";
import type { History, Seen } from "./history";
import { Model } from "./model";
import { type Engine, EngineSubject, type Options } from "./subject";

export interface Difference {
  /** After which happening. */
  after: number;
  engine: Seen | { failed: string };
  model: Seen;
}

/** Lets a history happen to the engine and to the model; the first thing in which they differ, or null. */
export function difference(
  engine: Engine,
  { zone, automations, happenings }: History,
  options: Options = {},
): Difference | null {
  const tried = new EngineSubject(engine, automations, zone, SPELLINGS, options);
  const model = new Model(automations, zone, (tag) => SPELLINGS[tag.toLowerCase()] ?? tag);
  for (const [after, happening] of happenings.entries()) {
    const expected = model.happen(happening);
    let seen: Difference["engine"];
    try {
      seen = tried.happen(happening);
    } catch (error) {
      seen = { failed: error instanceof Error ? error.message : String(error) };
    }
    if (JSON.stringify(seen) !== JSON.stringify(expected)) return { after, engine: seen, model: expected };
  }
  return null;
}
