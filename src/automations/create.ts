import type { Env } from "../base/env";
import type { Fault } from "../base/errors/errors";
import { newId } from "../base/ids";
import { recordAudit } from "../db/audit";
import { database } from "../db/client";
import { unlessOvertaken } from "../db/guard";
import { automations, automationVersions } from "../db/schema";
import { learnTags } from "../world/naming/spelling";
import { forgetSchool, loadSchool, moveStamp, nowOf, type School } from "../world/snapshot";
import { definitionText, readDefinition } from "../world/upgrades";
import { type CheckedAutomation, checkAutomation, faultsOfAutomation, tagsGiven } from "./check";
import { type AutomationDocument, type AutomationRow, automationParts, automationRow, documentOf } from "./document";
import { envelopeOf, keptEnvelope } from "./envelope";
import { namedOf } from "./finding/named";
import { soughtOf } from "./finding/sought";
import { namingNoneHeld } from "./held-references";
import { requirePublicCalls } from "./hosts";
import { meaningFor } from "./meaning";
import { requireRoom } from "./room";
import { touchDated, waitsForDates } from "./touch";

/** Makes an automation of a body as `POST /v1/automations` takes it. */
export async function createAutomation(
  env: Env,
  school: School,
  body: Record<string, unknown>,
  who: string,
): Promise<AutomationDocument> {
  const checked = checkAutomation(env, school, body, { meaning: await meaningFor(env, school.id) });
  await requirePublicCalls(env, checked.definition);
  return insertAutomation(env, school, checked, who);
}

/** What is wrong with a body of a new one. */
export const faultsOfNew = async (env: Env, school: School, body: Record<string, unknown>): Promise<Fault[]> =>
  faultsOfAutomation(env, school, body, { meaning: await meaningFor(env, school.id) }).faults;

/** An id to make an automation under. */
interface GivenId {
  id: string;
  /** The last version of one that was deleted under it, or 0. */
  version: number;
}

/**
 * The rows and statements of a new automation. Under the id of a deleted one it goes on behind that: its versions stay,
 * and its runs that have not ended yet are none of the new one's.
 */
export function prepareAutomation(
  school: School,
  checked: CheckedAutomation,
  who: string,
  { id, version }: GivenId = { id: newId("aut_"), version: 0 },
): AutomationRow {
  const now = nowOf(school);
  // Nobody made so many changes: it is above every revision that the deleted one had.
  const revision = version ? Date.now() : 1;
  const said = { ...keptEnvelope(checked), definition: definitionText(checked.definition), revision };
  return {
    school: school.id,
    id,
    ...said,
    version: version + 1,
    activeSince: checked.active ? now : null,
    watchSince: 0,
    deleteAt: null,
    moveVersion: 0,
    exitRevision: version ? revision : 0,
    stoppedBy: null,
    failuresSince: Date.now(),
    createdAt: now,
    updatedAt: now,
    updatedBy: who,
    search: soughtOf(said),
    named: namedOf(said),
  };
}

export async function insertAutomation(
  env: Env,
  school: School,
  checked: CheckedAutomation,
  who: string,
): Promise<AutomationDocument> {
  const db = database(env.DB);
  const row = prepareAutomation(school, checked, who);
  await requireRoom(env, school.id, [row]);
  await unlessOvertaken(async () =>
    db.batch([
      moveStamp(db, school.id),
      ...(await namingNoneHeld(env, school.id, {
        before: null,
        after: { ...checked.definition, goal: checked.goal },
      })),
      db.insert(automations).values(row),
      db.insert(automationVersions).values(versionOf(row, who)),
      ...learnTags(db, school.id, tagsGiven(checked.definition)),
      recordAudit(db, {
        school: school.id,
        who,
        what: "automation.created",
        subject: row.id,
        after: automationParts(row),
      }),
    ]),
  );
  forgetSchool(school.id);
  if (row.active && waitsForDates(checked.definition))
    await touchDated(env, (await loadSchool(env, school.id)) ?? school);
  return documentOf(env, school.id, row);
}

export const versionOf = (row: AutomationRow, who: string) => ({
  school: row.school,
  automation: row.id,
  version: row.version,
  definition: row.definition,
  createdAt: row.updatedAt,
  createdBy: who,
});

/** Makes another automation with the same content. It begins inactive: two at once would do everything twice. */
export async function duplicateAutomation(
  env: Env,
  school: School,
  id: string,
  who: string,
): Promise<AutomationDocument> {
  const row = await automationRow(env, school.id, id);
  const name = `${row.name} (copy)`.slice(0, 255);
  const definition = readDefinition(row.definition);
  return insertAutomation(env, school, { ...envelopeOf(row), name, active: false, definition }, who);
}
