import type { Env } from "../base/env";
import { notFound } from "../base/errors";
import { userObject } from "../calls/stub";
import { compile } from "../engine/compile";
import { reasonsOf, type WhyReason } from "../engine/why";
import type { School } from "../world/snapshot";
import { readDefinition } from "../world/upgrades";
import { loadWorld } from "../world/world";
import { automationRow } from "./document";

/** What became of a user's recorded facts for an automation, newest first; 404 when either is not known. */
export async function whyOf(
  env: Env,
  school: School,
  automation: string,
  user: string,
  event?: string,
): Promise<WhyReason[]> {
  const row = await automationRow(env, school.id, automation);
  const past = await userObject(env, school, user).everything();
  if (!past?.packed.state) throw notFound("user");
  const world = await loadWorld(env, school);
  const asked = { id: row.id, program: compile(readDefinition(row.definition), row.version) };
  const recorded = event === undefined ? past.journal : past.journal.filter((one) => one.eventId === event);
  return reasonsOf(asked, recorded, past.packed.state, world.school);
}
