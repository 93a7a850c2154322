import { deleteAutomation, patchAutomation, requirePatchable } from "../automations/change";
import { automationRow } from "../automations/document";
import { envelopeOf } from "../automations/envelope";
import type { Env } from "../base/env";
import { Problem } from "../base/errors/errors";
import { textKey } from "../base/text/text";
import { requireStanding } from "../db/deleting/held";
import { loadSchool, type School } from "../world/snapshot";
import type { Figures } from "./figures";
import { deletionFigures, holdDefinition, isRestorable, momentOf, restoreDefinition } from "./hold";

/* One verb on many automations. Each is done by itself: one that cannot be stops no other. */

export const BULK_VERBS = ["activate", "deactivate", "delete", "restore", "label", "unlabel"] as const;

/** Each takes some ten statements; an invocation has a thousand. */
export const MOST_AT_ONCE = 50;

interface Asked {
  do: (typeof BULK_VERBS)[number];
  label?: string | undefined;
  hold?: string | undefined;
}

/** What came of one; `changes`: false where it is so already. */
export type Done =
  | { id: string; ok: true; changes: boolean; deletes?: Figures }
  | { id: string; ok: false; error: string };

/** What one is to become; null: it is that already. */
function changeOf(
  said: ReturnType<typeof envelopeOf>,
  { do: verb, label = "" }: Asked,
): Record<string, unknown> | null {
  if (verb === "activate" || verb === "deactivate") {
    const active = verb === "activate";
    return said.active === active ? null : { active };
  }
  const others = said.labels.filter((one) => textKey(one) !== textKey(label));
  const has = others.length < said.labels.length;
  if (has === (verb === "label")) return null;
  return { labels: verb === "label" ? [...said.labels, label] : others };
}

async function doOne(env: Env, school: School, id: string, asked: Asked, who: string, isDry: boolean): Promise<Done> {
  if (asked.do === "delete") {
    if (isDry)
      return { id, ok: true, changes: true, deletes: await deletionFigures(env, school, "automation", id, asked.hold) };
    if (asked.hold === undefined) await deleteAutomation(env, school, id, { who });
    else
      return {
        ...{ id, ok: true, changes: true },
        deletes: await holdDefinition(env, school, "automation", id, { hold: asked.hold, who }),
      };
    return { id, ok: true, changes: true };
  }
  if (asked.do === "restore") {
    const changes = await isRestorable(env, school, "automation", id);
    if (changes && !isDry) await restoreDefinition(env, school, "automation", id, who);
    return { id, ok: true, changes };
  }
  const row = await automationRow(env, school.id, id);
  // Also of one that is so already: what is held is not what was asked for.
  requireStanding("automation", id, row);
  const change = changeOf(envelopeOf(row), asked);
  if (change && isDry) await requirePatchable(env, school, id, change, who);
  else if (change) await patchAutomation(env, school, id, change, who, { ifMatch: null, move: false });
  return { id, ok: true, changes: change !== null };
}

const reasonOf = ({ detail, faults }: Problem): string => faults?.map(({ message }) => message).join("; ") || detail;

/**
 * Does it to each, in order. Dry: says what would come of each, by itself.
 * @throws Problem 422 for what no automation could be held for
 */
export async function doToMany(
  env: Env,
  given: School,
  ids: readonly string[],
  asked: Asked,
  { who, isDry }: { who: string; isDry: boolean },
): Promise<Done[]> {
  if (asked.hold !== undefined) momentOf(given, asked.hold);
  const done: Done[] = [];
  let school = given;
  for (const id of new Set(ids)) {
    try {
      done.push(await doOne(env, school, id, asked, who, isDry));
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      done.push({ id, ok: false, error: reasonOf(error) });
    }
    // Each change moves the stamp.
    if (!isDry) school = (await loadSchool(env, given.id)) ?? school;
  }
  return done;
}
