import { setEntry } from "../../base/record";
import { type DateWatch, dateMoment } from "../../catalogue/dates/dates";
import { formatInstant } from "../../catalogue/dates/time";
import type { Automation } from "../types";
import { make, OUTSIDE, type Work } from "../work";

/*
 * Dates of the user that start automations when they come. The state has when each comes, so that a date that is past
 * when it is heard of, or was when its automation was made active, is told from one that came.
 */

/** So late the user may hear that an automation is active: what came meanwhile comes then. */
const LATE_MS = 3_600_000;

interface Watcher {
  id: string;
  since: number;
  type: string;
  watch: DateWatch;
  name: string;
}

const known = new WeakMap<readonly Automation[], readonly Watcher[]>();

/** Found once of a school's automations: of most there is none. */
function watchers(automations: readonly Automation[]): readonly Watcher[] {
  let found = known.get(automations);
  if (!found) {
    found = automations.flatMap(({ id, active, activeSince, watchSince: since = activeSince, program }) =>
      program.when.flatMap(({ type, reaches: watch }) =>
        active && watch ? [{ id, since, type, watch, name: nameOf(watch) }] : [],
      ),
    );
    known.set(automations, found);
  }
  return found;
}

/** By what it is remembered when a date comes. */
export const dateKey = (id: string, watch: DateWatch, about: string): string =>
  JSON.stringify([id, nameOf(watch), about]);

const nameOf = ({ told, shift }: DateWatch): string => JSON.stringify([told, shift.every]);

interface Coming {
  at: number;
  happen(): void;
}

/** Looks which dates are to come, and answers with those that are and those that have come. */
export function datesToCome(work: Work): Coming[] {
  const { state, world } = work;
  const { school } = world;
  const zone = school.settings.timezone;
  const coming = new Map<string, Coming & { only: string[]; keys: string[] }>();
  const looked = new Set<string>();
  for (const { id, since: activeSince, type, watch, name } of watchers(world.automations)) {
    for (const { about, value, data, since: meantSince = 0 } of watch.dates(state.learner, school)) {
      const since = Math.max(activeSince, meantSince);
      const key = dateKey(id, watch, about);
      looked.add(key);
      const momentFrom = (from: number) => dateMoment(value, watch.shift, zone, from);
      arm(work, key, since, momentFrom);
      const armed = state.dates[key];
      if (!armed || armed.told || armed.at <= since) continue;
      const { at } = armed;
      const group = JSON.stringify([at, name, about]);
      const known = coming.get(group);
      if (known) {
        known.only.push(id);
        known.keys.push(key);
        continue;
      }
      const [only, keys] = [[id], [key]];
      coming.set(group, {
        at,
        only,
        keys,
        happen: () => {
          for (const one of keys) setEntry(state.dates, one, { at, told: true });
          make(work, OUTSIDE, work.now, type, { ...watch.told, ...data, date: formatInstant(at) }, { only });
        },
      });
    }
  }
  // What comes while the user has nothing to do with it has come for good.
  for (const [key, { at, told }] of Object.entries(state.dates))
    if (!told && at <= work.now && !looked.has(key)) setEntry(state.dates, key, { at, told: true });
  return [...coming.values()];
}

/** Notes when a date comes next. What has come stands until it is told; what is past when it is heard of is told. */
function arm(work: Work, key: string, since: number, momentFrom: (from: number) => number | null): void {
  const { state, now } = work;
  const before = state.dates[key];
  const isDue = before && !before.told && before.at <= now && before.at > since;
  if (isDue && momentFrom(before.at) === before.at) return;
  const heardOf = before
    ? Math.max(now, before.told ? before.at : 0)
    : Math.max(since, state.learner.knownAt, now - LATE_MS);
  const at = momentFrom(heardOf + 1) ?? 0;
  if (before?.at !== at) setEntry(state.dates, key, at > heardOf ? { at } : { at, told: true });
}
