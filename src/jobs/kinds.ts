import type { JobAbout, JobKind, JobWork } from "./define";

/*
 * The kinds of job live above, with the verbs that start them. Whoever starts the Worker hands them in once, so that a
 * page finds the kind of a job by the name in its row.
 */

/** A kind of job, whatever its parameters are. */
export type AnyJobKind = Pick<JobKind<never>, "name" | "read" | "about">;

let kinds: ReadonlyMap<string, AnyJobKind> = new Map();

export const handInJobKinds = (all: readonly AnyJobKind[]): void => {
  kinds = new Map(all.map((kind) => [kind.name, kind]));
};

/** The work of a stored job; null when its kind or parameters are not known any more. */
export const workOf = (kind: string, params: unknown): JobWork | null => kinds.get(kind)?.read(params) ?? null;

/** What a stored job is about; null where it is of nothing in particular, or not known any more. */
export const aboutOf = (kind: string, params: unknown): JobAbout | null => kinds.get(kind)?.about(params) ?? null;
