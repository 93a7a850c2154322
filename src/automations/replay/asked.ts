import type { Env } from "../../base/env";
import type { Fault } from "../../base/errors/errors";
import { namedAt } from "../../base/errors/faults";
import type { TriedCall } from "../../calls/what-if";
import { subtractDays } from "../../catalogue/dates/time";
import { nowOf, type School } from "../../world/snapshot";
import { definitionText } from "../../world/upgrades";
import { faultsOfAutomation, refusalFor, withoutReadOnly } from "../check";
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
 * @throws Problem 422 with every fault of a draft, and for an automation that is named and not there
 */
export async function triedAsked(env: Env, school: School, asked: TriedAsked): Promise<TriedCall> {
  const { row, draft, faults } = await lookAtAsked(env, school, asked);
  if (faults.length) throw refusalFor(faults);
  return triedFrom(row ?? null, sinceOf(school, asked.days), draft);
}

/** What is wrong with what is to be tried. */
export const faultsOfTried = async (env: Env, school: School, asked: Omit<TriedAsked, "days">): Promise<Fault[]> =>
  (await lookAtAsked(env, school, asked)).faults;

async function lookAtAsked(env: Env, school: School, { automation, automation_id: id }: Omit<TriedAsked, "days">) {
  const named = id === undefined ? null : await namedAt("/automation_id", automationRow(env, school.id, id));
  const drafted = automation && (await draftOf(env, school, automation));
  const faults = [...(named?.faults ?? []), ...(drafted?.faults ?? [])];
  return { row: named?.found, draft: drafted?.text, faults };
}

/** Of an automation as it stands. */
export const triedRow = (row: AutomationRow, since: number): TriedCall => triedFrom(row, since, undefined);

export const sinceOf = (school: School, days: number): number =>
  subtractDays(nowOf(school), days, school.settings.timezone);

async function draftOf(env: Env, school: School, given: Record<string, unknown>) {
  const body = { name: "Unnamed", ...withoutReadOnly(given) };
  const { checked, faults } = faultsOfAutomation(env, school, body, { meaning: await meaningFor(env, school.id) });
  if (faults.length) return { faults: faults.map((fault) => ({ ...fault, path: `/automation${fault.path}` })) };
  return { text: definitionText(checked.definition), faults };
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
