import type { Beginning, JournalEntry } from "../calls/shape";
import { tagsIn } from "../catalogue";
import { tagKey } from "../catalogue/tags/key";
import { type Folded, fold } from "../engine/fold";
import type { Outcome } from "../engine/play";
import type { Run, World } from "../engine/types";
import { namingAs } from "./names";

/** Earlier worlds of a school. */
export interface PastWorlds {
  /** The world of a stamp. */
  at(stamp: number | undefined): Promise<World>;
  /** Such a world that knows the programs of versions before its own. */
  programs(world: World, wanted: readonly Run[]): Promise<World>;
}

/** Runs by other versions than a world's own, where it does not know the programs of all of them. */
export function unknownTo(world: World, runs: readonly Run[]): Run[] {
  const others = runs.filter((run) => {
    const automation = world.byId.get(run.automation);
    return automation !== undefined && automation.program.version !== run.version;
  });
  return others.every((run) => world.program(run.automation, run.version)) ? [] : others;
}

/** The runs that come to a user with an input. */
const givenBy = ({ input }: JournalEntry): readonly Run[] => (input?.kind === "merge" ? input.state.runs : []);

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
  // What was given says how it was spelled.
  const spellings = new Map<string, string>();
  for await (const entries of pages) {
    for (const entry of entries) {
      const { stamp } = entry;
      let world = known.get(stamp) ?? (await worlds.at(stamp));
      known.set(stamp, world);
      const wanted = unknownTo(world, [...(folded.state?.runs ?? []), ...givenBy(entry)]);
      if (wanted.length) {
        world = await worlds.programs(world, wanted);
        known.set(stamp, world);
      }
      for (const tag of entry.facts.flatMap(tagsIn)) spellings.set(tagKey(tag), tag);
      const outcome = fold(folded, user, entry, namingAs(world, entry.names, spellings));
      if (outcome) heard(entry, outcome);
    }
  }
  return folded;
}
