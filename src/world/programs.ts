import { and, eq } from "drizzle-orm";
import { Cache } from "../base/cache";
import type { Env } from "../base/env";
import type { SettingsView } from "../catalogue/facts";
import { database } from "../db/client";
import { automationVersions } from "../db/schema";
import type { Definition } from "../definition/types";
import { compile } from "../engine/compile";
import type { Program } from "../engine/types";
import type { School } from "./snapshot";
import { readDefinition } from "./upgrades";

/*
 * Definitions compiled, as the isolate keeps them: worlds of every stamp share them.
 */

const MAX_PROGRAMS = 2_000;

/** Programs by school, automation and version: a version never changes, so neither does its program. */
const programs = new Cache<Program>({ entries: MAX_PROGRAMS });

/** What of a school decides how its definitions compile. */
export type Compiling = Pick<School, "id" | "createdAt"> & { settings: SettingsView };

const keyOf = (school: Compiling, automation: string, version: number): string =>
  JSON.stringify([school.id, automation, version, school.createdAt]);

/** A program that is at hand, or undefined. */
export const programAtHand = (school: Compiling, automation: string, version: number): Program | undefined =>
  programs.get(keyOf(school, automation, version));

/** The program of a version, compiled where it is not at hand. */
export function programFor(
  school: Compiling,
  automation: string,
  version: number,
  definition: () => Definition,
): Program {
  const key = keyOf(school, automation, version);
  return programs.get(key) ?? programs.set(key, compile(definition(), version));
}

/**
 * Loads the programs of earlier versions that live runs still go by. For a world of the past, `school` is given with
 * that world's settings.
 */
export async function loadPrograms(
  env: Env,
  school: Compiling,
  wanted: readonly { automation: string; version: number }[],
): Promise<void> {
  const db = database(env.DB);
  for (const { automation, version } of wanted) {
    const row = await db
      .select()
      .from(automationVersions)
      .where(
        and(
          eq(automationVersions.school, school.id),
          eq(automationVersions.automation, automation),
          eq(automationVersions.version, version),
        ),
      )
      .get();
    if (row) programFor(school, automation, version, () => readDefinition(row.definition));
  }
}
