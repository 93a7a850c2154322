import { and, eq, sql } from "drizzle-orm";
import { Cache } from "../base/cache";
import type { Env } from "../base/env";
import { textsOf } from "../base/json";
import { sizeOfJson } from "../base/size";
import { database } from "../db/client";
import { automationVersions } from "../db/schema";
import { compile } from "../engine/compile/compile";
import type { Program, World } from "../engine/types";
import type { CourseIds } from "./naming/course-ids";
import type { School } from "./snapshot";
import { readDefinition } from "./upgrades";

/*
 * Programs of versions that a school's world has no more, as the isolate keeps them: for runs that began on them, and for
 * worlds of the past. A version never changes, so neither does its program.
 */

/** Sizes as `sizeOfJson` counts them; in memory a program is some four times that. */
const MOST_OF_PROGRAMS = 4 * 1024 * 1024;

/** A program, and what it takes as far as a school's room counts it. */
export interface SizedProgram {
  program: Program;
  size: number;
}

/** By school, epoch, automation, version and what courses are called. */
const programs = new Cache<SizedProgram>({
  entries: 20_000,
  bytes: { most: MOST_OF_PROGRAMS, of: ({ size }) => size },
});

/** A school, and what courses are called there. */
export type Whose = Pick<School, "id" | "epoch"> & { courseIds: CourseIds };

const keyOf = ({ id, epoch, courseIds }: Whose, automation: string, version: number): string =>
  JSON.stringify([id, epoch, automation, version, courseIds.key]);

/** A program that is at hand, or undefined. */
export const programAtHand = (school: Whose, automation: string, version: number): SizedProgram | undefined =>
  programs.get(keyOf(school, automation, version));

/** Keeps a program that a school's world has no more. */
export const keepProgram = (school: Whose, automation: string, program: SizedProgram): SizedProgram =>
  programs.set(keyOf(school, automation, program.program.version), program);

export function compiled(version: number, text: string, { courseId }: CourseIds): SizedProgram {
  const definition = readDefinition(text);
  return { program: compile(definition, version, courseId), size: sizeOfJson(text, definition) };
}

/** A version of an automation. */
interface Wanted {
  automation: string;
  version: number;
}

/** The world that knows programs of other versions than its own, however little the isolate keeps; what is not at hand is read. */
export async function withPrograms(
  env: Env,
  { id, epoch }: Pick<School, "id" | "epoch">,
  world: World,
  wanted: readonly Wanted[],
): Promise<World> {
  const school: Whose = { id, epoch, courseIds: { courseId: world.school.courseId, key: world.courseKey ?? "" } };
  const known = new Map<string, Program>();
  const missing = new Map<string, Wanted>();
  for (const one of wanted) {
    const { automation, version } = one;
    const key = keyOf(school, automation, version);
    const found = world.program(automation, version);
    if (found) known.set(key, found);
    else missing.set(key, one);
  }
  const pairs = [...missing.values()].map(({ automation, version }) => [automation, version]);
  for (const text of textsOf(pairs)) {
    const { automation, version, definition } = automationVersions;
    const rows = await database(env.DB)
      .select({ automation, version, definition })
      .from(automationVersions)
      .where(
        and(
          eq(automationVersions.school, school.id),
          sql`(${automation}, ${version}) in (select value->>0, value->>1 from json_each(${text}))`,
        ),
      );
    for (const row of rows) {
      const made = keepProgram(school, row.automation, compiled(row.version, row.definition, school.courseIds));
      known.set(keyOf(school, row.automation, row.version), made.program);
    }
  }
  return {
    ...world,
    program: (automation, version) =>
      known.get(keyOf(school, automation, version)) ?? world.program(automation, version),
  };
}
