import type { Beginning, JournalEntry, UsedName } from "../../calls/shape";
import { tagsIn } from "../../catalogue";
import { tagKey } from "../../catalogue/tags/key";
import type { Outcome } from "../../engine/play";
import { type Folded, fold } from "../../engine/trying/fold";
import type { Run, World } from "../../engine/types";
import { namingAs } from "../naming/names";

/** Earlier worlds of a school. */
export interface PastWorlds {
  /** The world of a stamp. */
  at(stamp: number | undefined): Promise<World>;
  /** The stamp that the school had at a moment, ms; undefined: it is not known. */
  stampAt(moment: number): Promise<number | undefined>;
  /** Such a world that knows the programs of versions before its own. */
  programs(world: World, wanted: readonly Run[]): Promise<World>;
}

/** Entries, oldest first. */
export type JournalPages = AsyncIterable<readonly JournalEntry[]> | Iterable<readonly JournalEntry[]>;

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

/** What the past of one user is told in: each world made ready once, knowing what is asked of it. */
export class PastScenes {
  readonly #known = new Map<number | undefined, World>();
  /** What was given says how it was spelled. */
  readonly #spellings = new Map<string, string>();

  constructor(private readonly worlds: PastWorlds) {}

  /** A world of a stamp that knows the programs of runs, with the names that were used then. */
  async at(stamp: number | undefined, runs: readonly Run[], names?: readonly UsedName[]): Promise<World> {
    let world = this.#known.get(stamp) ?? (await this.worlds.at(stamp));
    const wanted = unknownTo(world, runs);
    if (wanted.length) world = await this.worlds.programs(world, wanted);
    this.#known.set(stamp, world);
    return namingAs(world, names, this.#spellings);
  }

  of(entry: JournalEntry, { state }: Folded): Promise<World> {
    this.learn(entry);
    return this.at(entry.stamp, [...(state?.runs ?? []), ...givenBy(entry)], entry.names);
  }

  learn({ facts }: JournalEntry): void {
    for (const tag of facts.flatMap(tagsIn)) this.#spellings.set(tagKey(tag), tag);
  }
}

export const beginningOf = (beginning: Beginning | null): Beginning =>
  structuredClone(beginning) ?? { seq: Number.MIN_SAFE_INTEGER, state: null };

/**
 * Tells the past of a user again, from where the journal begins.
 * @param pages entries, oldest first
 * @param heard what came of each
 */
export async function replay(
  user: string,
  beginning: Beginning | null,
  pages: JournalPages,
  worlds: PastWorlds,
  heard: (entry: JournalEntry, outcome: Outcome) => void = () => {},
): Promise<Beginning> {
  const folded: Folded = beginningOf(beginning);
  const scenes = new PastScenes(worlds);
  for await (const entries of pages) {
    for (const entry of entries) {
      if (!entry.input) {
        scenes.learn(entry);
        folded.seq = Math.max(folded.seq, entry.seq);
        continue;
      }
      const outcome = fold(folded, user, entry, await scenes.of(entry, folded));
      if (outcome) heard(entry, outcome);
    }
  }
  return folded;
}
