import type { Beginning, JournalEntry } from "../calls/shape";
import { type Folded, fold } from "../engine/fold";
import type { Outcome } from "../engine/play";
import type { Run, World } from "../engine/types";
import { namingAs } from "./names";

/** Earlier worlds of a school. */
export interface PastWorlds {
  /** The world of a stamp. */
  at(stamp: number | undefined): Promise<World>;
  /** Has such a world know the programs of versions before its own. */
  programs(world: World, wanted: readonly Run[]): Promise<void>;
}

/** Runs by versions that a world does not know the programs of. */
export const unknownTo = (world: World, runs: readonly Run[]): Run[] =>
  runs.filter(
    (run) =>
      world.byId.has(run.automation) &&
      world.byId.get(run.automation)?.program.version !== run.version &&
      !world.program(run.automation, run.version),
  );

/**
 * Tells the past of a user again, from where the journal begins.
 * @param pages entries, oldest first
 * @param watch the world that an entry is told in, where it is to be another than that of its time
 * @param heard what came of each
 */
export async function replay(
  user: string,
  beginning: Beginning | null,
  pages: AsyncIterable<readonly JournalEntry[]> | Iterable<readonly JournalEntry[]>,
  worlds: PastWorlds,
  heard: (entry: JournalEntry, outcome: Outcome) => void = () => {},
): Promise<Beginning> {
  const folded: Folded = structuredClone(beginning) ?? { seq: Number.MIN_SAFE_INTEGER, state: null };
  const known = new Map<number | undefined, World>();
  for await (const entries of pages) {
    for (const entry of entries) {
      const { stamp } = entry;
      const world = known.get(stamp) ?? (await worlds.at(stamp));
      known.set(stamp, world);
      const wanted = unknownTo(world, folded.state?.runs ?? []);
      if (wanted.length) await worlds.programs(world, wanted);
      const outcome = fold(folded, user, entry, namingAs(world, entry.names));
      if (outcome) heard(entry, outcome);
    }
  }
  return folded;
}
