import type { Env } from "../base/env";
import { invalid, Problem } from "../base/errors/errors";
import { addDuration, formatInstant } from "../catalogue/dates/time";
import { database } from "../db/client";
import {
  HELD,
  HELD_KINDS,
  type HeldKind,
  heldOf,
  heldText,
  notingAt,
  notingFirst,
  whichHeld,
} from "../db/deleting/held";
import { changingDefinitions, writeDefinition } from "../segments/write";
import { forgetSchool, loadSchool, nowOf, type School } from "../world/snapshot";
import { type Figures, figuresOf } from "./figures";
import { FIND } from "./kinds";

export type { HeldKind } from "../db/deleting/held";

/*
 * A delete that is put off: until then the definition is there and gives nothing new, and it can be brought back whole.
 */

const LONGEST = "P7D";

/** When what is held for so long is deleted, by the school's clock, ms; 422 for what it cannot be held for. */
export function momentOf(school: School, hold: string): number {
  const now = nowOf(school);
  const zone = school.settings.timezone;
  const at = addDuration(now, hold, zone);
  if (at <= now || at > addDuration(now, LONGEST, zone))
    throw invalid([{ path: "/hold", message: `${LONGEST} at most, and longer than nothing` }]);
  return at;
}

/** Throws 409 for what is to be deleted already. */
function requireNotYet(kind: HeldKind, id: string, row: { deleteAt: number | null }): void {
  if (row.deleteAt === null) return;
  throw new Problem("conflict", `${heldText(HELD[kind].label, id, row)} Deleted without \`hold\` it is at once.`);
}

interface Asked {
  /** ISO 8601. */
  hold: string;
  who: string;
}

/**
 * Holds a definition, to be deleted then.
 * @returns what will follow, in figures of now
 * @throws Problem 404; 409 where something that stays names it, or it is held already
 */
export async function holdDefinition(
  env: Env,
  school: School,
  kind: HeldKind,
  id: string,
  { hold, who }: Asked,
): Promise<Figures> {
  const at = momentOf(school, hold);
  return changingDefinitions(env, school, async (stamp) => {
    const db = database(env.DB);
    const held = await FIND[kind](env, school, id);
    requireNotYet(kind, id, held.row);
    await held.requireUnused?.(at);
    const figures = await figuresOf(env, school, kind, id, at);
    await writeDefinition(env, school, stamp, {
      statements: [
        db
          .update(HELD[kind].table)
          .set({ deleteAt: at })
          .where(whichHeld(kind, school.id, id)),
        ...(held.holding?.(db, at) ?? []),
        notingAt(db, school.id, at),
      ],
      who,
      what: `${kind}.held`,
      subject: id,
      after: { delete_at: formatInstant(at) },
    });
    return figures;
  });
}

/** What deleting a definition would bring about; refused as that would be. @param hold left out: it is deleted at once */
export async function deletionFigures(
  env: Env,
  school: School,
  kind: HeldKind,
  id: string,
  hold: string | undefined,
): Promise<Figures> {
  const at = hold === undefined ? nowOf(school) : momentOf(school, hold);
  const held = await FIND[kind](env, school, id);
  if (hold !== undefined) requireNotYet(kind, id, held.row);
  await held.requireUnused?.(hold === undefined ? Number.MIN_SAFE_INTEGER : at);
  return figuresOf(env, school, kind, id, at);
}

/**
 * Brings a definition back that was to be deleted, as it was: runs go on, and users are brought in line by the job answered
 * with. Nothing that was missed is started.
 * @throws Problem 404; 409 where it is not held, or what it names is
 */
export async function restoreDefinition(
  env: Env,
  school: School,
  kind: HeldKind,
  id: string,
  who: string,
): Promise<string | undefined> {
  return changingDefinitions(env, school, async (stamp) => {
    const db = database(env.DB);
    const held = await FIND[kind](env, school, id);
    const { deleteAt } = held.row;
    if (deleteAt === null)
      throw new Problem("conflict", `The ${HELD[kind].label} ${JSON.stringify(id)} is not to be deleted.`);
    await held.requireWhole?.();
    const job = (await held.job?.()) ?? null;
    await writeDefinition(env, school, stamp, {
      statements: [
        db
          .update(HELD[kind].table)
          .set({ deleteAt: null })
          .where(whichHeld(kind, school.id, id)),
        ...(held.standing?.(db) ?? []),
        notingFirst(db, school.id),
      ],
      who,
      what: `${kind}.restored`,
      subject: id,
      before: { delete_at: formatInstant(deleteAt) },
      job,
    });
    if (held.goOn) {
      forgetSchool(school.id);
      await held.goOn((await loadSchool(env, school.id)) ?? school);
    }
    return job?.id;
  });
}

/** Whether one is to be deleted. Throws what restoring it would be refused by. */
export async function isRestorable(env: Env, school: School, kind: HeldKind, id: string): Promise<boolean> {
  const held = await FIND[kind](env, school, id);
  if (held.row.deleteAt === null) return false;
  await held.requireWhole?.();
  return true;
}

/** Of some definitions those that are held: `<kind>:<id>`. */
export async function heldAmong(
  env: Env,
  school: string,
  asked: readonly { kind: HeldKind; id: string }[],
): Promise<Set<string>> {
  const idsOf = (kind: HeldKind) => asked.filter((one) => one.kind === kind).map(({ id }) => id);
  const all = await Promise.all(HELD_KINDS.map((kind) => heldOf(database(env.DB), kind, school, { ids: idsOf(kind) })));
  return new Set(all.flatMap((rows, index) => rows.map(({ id }) => `${HELD_KINDS[index]}:${id}`)));
}
