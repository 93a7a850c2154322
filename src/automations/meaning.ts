import type { Env } from "../base/env";
import { type Meaning, standingIn } from "../catalogue/options/meaning";
import { declaredFields } from "../segments/fields/declared";
import { type AutomationRow, automationParts } from "./document";

/** What stood there before, its goal too. */
export const standingOf = (before: AutomationRow | undefined): Meaning["standing"] =>
  standingIn(...(before ? [automationParts(before)] : []));

/** By what an automation is taken as it is meant. @param before the one that stood there, which is left as it is */
export const meaningFor = async (env: Env, school: string, before?: AutomationRow): Promise<Meaning> => ({
  fields: await declaredFields(env, school),
  standing: standingOf(before),
});
