import { bytesOf } from "../base/bytes";
import type { Env } from "../base/env";
import { Problem } from "../base/errors/errors";
import { MOST_OF_A_SCHOOL, SIZE_OF_A_VALUE, sizeOfJson } from "../base/size";

/*
 * An isolate holds all automations of a school, compiled, and an import those that it brings beside them: what they may
 * be together was measured, see `docs/reliability.md`.
 */

const MIB = 1024 * 1024;

/** An automation as far as it takes room; `definition`: JSON text. */
export interface Sized {
  id: string;
  name: string;
  description: string;
  definition: string;
}

const sizeOf = ({ name, description, definition }: Sized): number =>
  bytesOf(name) + bytesOf(description) + sizeOfJson(definition, JSON.parse(definition));

/** What a school's automations take, and those of some ids (`?2`): the first is kept with the school as they change. */
const SIZES = `select automations_size as size, (
    select coalesce(sum(octet_length(name) + octet_length(description) + octet_length(definition)
      + ${SIZE_OF_A_VALUE} * (select count(*) from json_tree(definition))), 0)
    from automations where school = schools.id and automations.id in (select value from json_each(?2))
  ) as replaced from schools where id = ?1`;

const tooMuch = (what: string, size: number) =>
  new Problem(
    "too_large",
    `${what} would be ${(size / MIB).toFixed(1)} MiB; ${MOST_OF_A_SCHOOL / MIB} are the most, each value counted with ${SIZE_OF_A_VALUE} bytes beside its text.`,
  );

/**
 * Holds a school's automations to what an isolate has room for: those written, in the place of what has their ids and of what goes
 * (`gone`), and all others. What makes them no larger is taken however large they are.
 * @throws Problem 413
 */
export async function requireRoom(
  env: Env,
  school: string,
  written: readonly Sized[],
  gone: readonly string[] = [],
): Promise<void> {
  if (!written.length) return;
  const ids = JSON.stringify([...written.map(({ id }) => id), ...gone]);
  const added = written.reduce((sum, one) => sum + sizeOf(one), 0);
  const found = await env.DB.prepare(SIZES).bind(school, ids).first<{ size: number; replaced: number }>();
  if (!found) return;
  const size = found.size - found.replaced + added;
  if (size > MOST_OF_A_SCHOOL && added > found.replaced) throw tooMuch("The school's automations", size);
}

/** The same of what comes in one body, before anything is made of it. */
export function requireRoomFor(given: readonly unknown[]): void {
  const size = given.reduce<number>((sum, one) => sum + sizeOfJson(JSON.stringify(one), one), 0);
  if (size > MOST_OF_A_SCHOOL) throw tooMuch("The definitions", size);
}
