import type { Env } from "../../base/env";
import type { TriedCall } from "../../calls/what-if";
import { subtractDays } from "../../catalogue/time";
import { nowOf, type School } from "../../world/snapshot";
import { definitionText } from "../../world/upgrades";
import { checkAutomation, withoutReadOnly } from "../check";
import { type AutomationRow, automationRow } from "../document";
import { meaningFor } from "../meaning";

/** What is to be tried on the past: an automation of the school, a draft, or a draft in the place of one. */
export interface TriedAsked {
  automation?: Record<string, unknown> | undefined;
  automation_id?: string | undefined;
  days: number;
}

/** A draft of none that there is: no id of ours looks so. */
export const DRAFT = "draft";

/**
 * What users' objects are asked of it. One that has been active all along is taken to be so since it was made active, any
 * other since the days begin.
 * @throws Problem 404 for an automation that is not there, 422 with every fault of a draft
 */
export async function triedAsked(env: Env, school: School, asked: TriedAsked): Promise<TriedCall> {
  const { automation, automation_id: id, days } = asked;
  const row = id === undefined ? null : await automationRow(env, school.id, id);
  return triedFrom(row, sinceOf(school, days), automation && (await draftOf(env, school, automation)));
}

/** Of an automation as it stands. */
export const triedRow = (row: AutomationRow, since: number): TriedCall => triedFrom(row, since, undefined);

export const sinceOf = (school: School, days: number): number =>
  subtractDays(nowOf(school), days, school.settings.timezone);

async function draftOf(env: Env, school: School, given: Record<string, unknown>): Promise<string> {
  const body = { name: "Unnamed", ...withoutReadOnly(given) };
  const options = { prefix: "/automation", meaning: await meaningFor(env, school.id) };
  return definitionText(checkAutomation(env, school, body, options).definition);
}

function triedFrom(row: AutomationRow | null, since: number, draft: string | undefined): TriedCall {
  const onSince = row?.active ? row.activeSince : null;
  return {
    id: row?.id ?? DRAFT,
    definition: draft ?? row?.definition ?? "",
    // Runs of the record go by the versions that they have.
    version: (row?.version ?? 0) + (draft === undefined ? 0 : 1),
    since,
    activeSince: Math.min(onSince ?? since, since),
  };
}
