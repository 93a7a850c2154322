import { bytesOf } from "../base/bytes";
import type { Env } from "../base/env";
import { Problem } from "../base/errors";
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

/** Of a school's automations, those among some (`?2`) and the others: bytes, and values in them where they are asked for. */
const SIZES = (values: string) => `select id in (select value from json_each(?2)) as is_among,
    sum(octet_length(name) + octet_length(description) + octet_length(definition)) as bytes, ${values} as size_of_values
  from automations where school = ?1 group by is_among`;
const COUNTED = `${SIZE_OF_A_VALUE} * sum((select count(*) from json_tree(definition)))`;
/** A value is two bytes of text at least: so long a text has room for, whatever it is made of. */
const MOST_OF_VALUES = `sum(octet_length(definition)) * ${SIZE_OF_A_VALUE / 2}`;

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
  for (const values of [MOST_OF_VALUES, COUNTED]) {
    const { results } = await env.DB.prepare(SIZES(values))
      .bind(school, ids)
      .all<{ is_among: number; bytes: number; size_of_values: number }>();
    const sizeNow = (isAmong: number) => {
      const found = results.find((row) => row.is_among === isAmong);
      return found ? found.bytes + found.size_of_values : 0;
    };
    const size = sizeNow(0) + added;
    if (size <= MOST_OF_A_SCHOOL || (values === COUNTED && added <= sizeNow(1))) return;
    if (values === COUNTED) throw tooMuch("The school's automations", size);
  }
}

/** The same of what comes in one body, before anything is made of it. */
export function requireRoomFor(given: readonly unknown[]): void {
  const size = given.reduce<number>((sum, one) => sum + sizeOfJson(JSON.stringify(one), one), 0);
  if (size > MOST_OF_A_SCHOOL) throw tooMuch("The definitions", size);
}
