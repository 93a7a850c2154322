import type { LoggedIds } from "../../calls/user";

/** A user of a school, and the addresses that an answer may name one by. */
export interface Whose {
  school: string;
  id: string;
  emails: readonly string[];
  /** Runs and deliveries that the user's object knows D1 to have been told of. */
  logged: LoggedIds;
}

/** One who is erased: where it has to stay that somebody was there, a pseudonym does. */
export interface Erased extends Whose {
  pseudonym: string;
  /** Where they were; null: nobody knows any more. */
  presences: readonly Presence[] | null;
  /** The school's clock, ms. */
  at: number;
}

/** That somebody was in a course or a segment, or went through an automation: first and last, the school's clock, ms. */
export interface Presence {
  kind: "course" | "segment" | "automation";
  value: string;
  first: number;
  last: number;
}

export interface Held {
  /** It lies where the school's log does. */
  isInLog?: true;
  read(db: D1Database, whose: Whose): D1PreparedStatement[];
  /** The parts of a row that are the user's; left out: the whole row is. */
  part?(row: Record<string, unknown>, whose: Whose): Record<string, unknown>[];
  erase(db: D1Database, whose: Erased): D1PreparedStatement[];
}
