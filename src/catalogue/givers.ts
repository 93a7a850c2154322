import { entry, removeEntry, setEntry } from "../base/record";

/*
 * Who gave what a user holds. A thing that goes takes its giver with it; one that is given again keeps it, unless the
 * giving changed something: an end, a value, a further source.
 */

/** From where a change comes. Time gives nothing: it takes what has an end. */
export interface Origin {
  by:
    | "event"
    | "run"
    | "rule"
    | "sync"
    | "auto_group"
    | "bundle"
    | "import"
    | "hand"
    | "learner"
    | "reconcile"
    | "merge"
    | "time";
  /**
   * Of the event, run, rule, sync, auto group, what holds courses (`bundle`: a subscription or seat too) or job; by hand: the email or the key of who did it. `learner`: the
   * user in person, by the enrolment method where one was used; `reconcile`: somebody who made the LMS and us equal. Null where there
   * is none: what is PUT has no event, a rule that holds no more is none.
   */
  id: string | null;
}

/** Who gave something last, and when: ms, by the school's clock. */
export interface Giver extends Origin {
  at: number;
}

/** The givers of what is held as mere ids and values: by tag key, field, seat, space and segment. */
export interface Givers {
  tags: Record<string, Giver>;
  fields: Record<string, Giver>;
  seats: Record<string, Giver>;
  spaces: Record<string, Giver>;
  segments: Record<string, Giver>;
}
export type GivenKind = keyof Givers;

export const newGivers = (): Givers => ({ tags: {}, fields: {}, seats: {}, spaces: {}, segments: {} });

/** Of a turn, what tells who gives to whom. */
interface Giving {
  learner: { givers: Givers };
  giver: Giver;
}

/** Notes who gave something. */
export const noteGiver = ({ learner, giver }: Giving, kind: GivenKind, what: string): void =>
  setEntry(learner.givers[kind], what, giver);

/** Forgets who gave what is held no more. */
export const forgetGiver = ({ learner }: Giving, kind: GivenKind, what: string): void =>
  removeEntry(learner.givers[kind], what);

export const giverOf = (givers: Readonly<Record<string, Giver>>, what: string): Giver | undefined =>
  entry(givers, what);

const BY_PREFIX: Record<string, Origin["by"]> = {
  sync: "sync",
  auto: "auto_group",
  bundle: "bundle",
  subscription: "bundle",
  seat: "bundle",
};
const BY_NAME: Record<string, Origin["by"]> = { event: "event", run: "run", import: "import" };

/** The giver that the name of a source tells of: `event`, `run`, `sync:<id>` … Null where it tells of none. */
export function originOfSource(source: string): Origin | null {
  const [prefix = "", ...rest] = source.split(":");
  const by = rest.length ? entry(BY_PREFIX, prefix) : entry(BY_NAME, source);
  return by === undefined ? null : { by, id: rest.length ? rest.join(":") : null };
}
