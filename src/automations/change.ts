import { and, eq } from "drizzle-orm";
import * as z from "zod";
import type { Env } from "../base/env";
import type { Fault } from "../base/errors/errors";
import { canonical } from "../base/json";
import { recordAudit } from "../db/audit";
import { database } from "../db/client";
import { type Due, notingFirst, requireDue, requireStanding } from "../db/deleting/held";
import { requireRow, unlessOvertaken } from "../db/guard";
import { openLogOf } from "../db/log";
import { automations, automationVersions, runCounts } from "../db/schema";
import { forgettingAutomation } from "../journal/shard";
import { learnTags } from "../world/naming/spelling";
import { forgetSchool, loadSchool, moveStamp, nowOf, type School } from "../world/snapshot";
import { definitionText, readDefinition, withGoal } from "../world/upgrades";
import { type CheckedAutomation, faultsOfAutomation, refusalFor, tagsGiven, withoutReadOnly } from "./check";
import { versionOf } from "./create";
import {
  type AutomationDocument,
  type AutomationRow,
  automationParts,
  automationRow,
  documentOf,
  etagOf,
  type LiveRuns,
  liveRuns,
  requireNamed,
} from "./document";
import { keptEnvelope } from "./envelope";
import { namedOf } from "./finding/named";
import { soughtOf } from "./finding/sought";
import { namingNoneHeld } from "./held-references";
import { requirePublicCalls } from "./hosts";
import { meaningFor } from "./meaning";
import { requireRoom } from "./room";
import { touchDated, touchRuns, waitsForDates } from "./touch";

export interface ChangeOptions {
  /** `If-Match`, as it came. */
  ifMatch: string | null;
  /** Takes live runs along to the new version. */
  move: boolean;
}

/** The body that a change makes of an automation. */
type BodyOf = (row: AutomationRow) => Record<string, unknown>;

const patched =
  (body: Record<string, unknown>): BodyOf =>
  (row) => ({ ...automationParts(row), ...body });

export interface Changed {
  document: AutomationDocument & { live_runs: LiveRuns };
  etag: string;
}

/** Replaces an automation by a whole one. */
export const replaceAutomation = (
  env: Env,
  school: School,
  id: string,
  body: Record<string, unknown>,
  who: string,
  options: ChangeOptions,
): Promise<Changed> =>
  unlessOvertaken(() => changeAutomation(env, school, id, () => withoutReadOnly(body), who, options));

/** Changes the named parts of an automation. */
export const patchAutomation = (
  env: Env,
  school: School,
  id: string,
  body: Record<string, unknown>,
  who: string,
  options: ChangeOptions,
): Promise<Changed> => unlessOvertaken(() => changeAutomation(env, school, id, patched(body), who, options));

/** Throws what changing the named parts would be refused by. */
export async function requirePatchable(
  env: Env,
  school: School,
  id: string,
  body: Record<string, unknown>,
  who: string,
): Promise<void> {
  await checkedChange(env, school, id, patched(body), who, { ifMatch: null, move: false });
}

const LIVE_RUNS: Fault = { path: "/live_runs", message: '"exit", together with active: false' };
const liveRunsOption = z.literal("exit").optional();

/** A change with all that may refuse it looked at, to be written in one batch with `named`. */
async function checkedChange(
  env: Env,
  school: School,
  id: string,
  bodyOf: BodyOf,
  who: string,
  options: ChangeOptions,
) {
  const before = await automationRow(env, school.id, id);
  requireNamed(options.ifMatch, before);
  requireStanding("automation", id, before);
  const { checked, exits, faults } = await lookAtChange(env, school, before, bodyOf);
  if (faults.length) throw refusalFor(faults);
  const { row, isNew, activates } = changedRow(school, before, checked, who);
  await requireRoom(env, school.id, [row]);
  if (isNew) await requirePublicCalls(env, checked.definition);
  const named = await namingNoneHeld(env, school.id, {
    before: activates ? null : withGoal(before),
    after: { ...checked.definition, goal: checked.goal },
  });
  return { before, checked, row, isNew, activates, named, exits };
}

async function lookAtChange(env: Env, school: School, before: AutomationRow, bodyOf: BodyOf) {
  const { live_runs: wanted, ...body } = bodyOf(before);
  const { success, data } = liveRunsOption.safeParse(wanted);
  const ofRuns = success && (data === undefined || body.active === false) ? [] : [LIVE_RUNS];
  const meaning = await meaningFor(env, school.id, before);
  const { checked, faults } = faultsOfAutomation(env, school, body, { meaning });
  return { checked, exits: data === "exit", faults: [...ofRuns, ...faults] };
}

/** What is wrong with a body that is to replace or, `isPatch`, to change one. */
export async function faultsOfChange(
  env: Env,
  school: School,
  id: string,
  body: Record<string, unknown>,
  isPatch: boolean,
): Promise<Fault[]> {
  const before = await automationRow(env, school.id, id);
  const bodyOf = isPatch ? patched(body) : () => withoutReadOnly(body);
  return (await lookAtChange(env, school, before, bodyOf)).faults;
}

async function changeAutomation(
  env: Env,
  school: School,
  id: string,
  bodyOf: BodyOf,
  who: string,
  options: ChangeOptions,
): Promise<Changed> {
  const db = database(env.DB);
  const { before, checked, row, isNew, activates, named, exits } = await checkedChange(
    env,
    school,
    id,
    bodyOf,
    who,
    options,
  );
  if (options.move) row.moveVersion = row.version;
  if (exits) row.exitRevision = row.revision;
  const standing = await liveRuns(env, school.id, id);
  const which = and(eq(automations.school, school.id), eq(automations.id, id));
  await db.batch([
    requireRow(db, automations, and(which, eq(automations.revision, before.revision))),
    moveStamp(db, school.id),
    ...named,
    db.update(automations).set(row).where(which),
    ...(isNew
      ? [
          db.insert(automationVersions).values(versionOf(row, who)),
          ...learnTags(db, school.id, tagsGiven(checked.definition)),
        ]
      : []),
    recordAudit(db, {
      school: school.id,
      who,
      what: "automation.changed",
      subject: id,
      before: automationParts(before),
      after: automationParts(row),
    }),
  ]);
  forgetSchool(school.id);
  const after = (await loadSchool(env, school.id)) ?? school;
  const statuses = [...(options.move || exits ? ["queued", "waiting", "held"] : activates ? ["held"] : [])];
  if (statuses.length) await touchRuns(env, after, [id], statuses);
  if (row.active && (isNew || activates) && waitsForDates(checked.definition)) await touchDated(env, after);
  return { document: { ...(await documentOf(env, school.id, row)), live_runs: standing }, etag: etagOf(row) };
}

/** The row after a change. `isNew`: the change makes a version. */
export function changedRow(school: School, before: AutomationRow, checked: CheckedAutomation, who: string) {
  const isNew = canonical(readDefinition(before.definition)) !== canonical(checked.definition);
  const activates = checked.active && !before.active;
  const now = nowOf(school);
  const said = {
    ...keptEnvelope(checked),
    definition: isNew ? definitionText(checked.definition) : before.definition,
    revision: before.revision + 1,
  };
  const row: AutomationRow = {
    ...before,
    ...said,
    version: isNew ? before.version + 1 : before.version,
    activeSince: checked.active ? (activates ? now : before.activeSince) : null,
    stoppedBy: activates ? null : before.stoppedBy,
    failuresSince: activates ? Date.now() : before.failuresSince,
    updatedAt: now,
    updatedBy: who,
    search: soughtOf(said),
    named: namedOf(said),
  };
  return { row, isNew, activates };
}

/** Deletes an automation: its live runs end, its log stays, its counts go. */
export async function deleteAutomation(
  env: Env,
  school: School,
  id: string,
  { who, ifMatch, ...due }: { who: string; ifMatch?: string | null } & Due,
): Promise<void> {
  const db = database(env.DB);
  const log = await openLogOf(env, school.id);
  const counts = db.delete(runCounts).where(and(eq(runCounts.school, school.id), eq(runCounts.automation, id)));
  await unlessOvertaken(async () => {
    const before = await automationRow(env, school.id, id);
    requireNamed(ifMatch, before);
    requireDue("automation", before, due);
    const which = and(eq(automations.school, school.id), eq(automations.id, id));
    await db.batch([
      requireRow(db, automations, and(which, eq(automations.revision, before.revision))),
      moveStamp(db, school.id),
      db.delete(automations).where(which),
      ...(log === env.DB ? [counts] : []),
      notingFirst(db, school.id),
      recordAudit(db, {
        school: school.id,
        who,
        what: "automation.deleted",
        subject: id,
        before: automationParts(before),
      }),
    ]);
  });
  // In a shard it stands by itself; what a cut leaves there goes with the next that is written of that id.
  if (log !== env.DB) await log.batch(forgettingAutomation(log, school.id, id));
  forgetSchool(school.id);
  const after = (await loadSchool(env, school.id)) ?? school;
  await touchRuns(env, after, [id], ["queued", "waiting", "held"]);
}
