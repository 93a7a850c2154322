import type { Learner, OrderedFact, SchoolView } from "../../catalogue/facts/facts";
import type { Traced } from "../identity";

/** A fact on its way through the engine. */
export interface Happening extends OrderedFact, Traced {
  eventId: string | null;
  chain: string[];
  lineage: string[];
  quiet: boolean;
  hidden: boolean;
  /** It starts automations, however long it happened before they were active. */
  fires?: true;
  tagsThen?: readonly string[];
  pastTagsThen?: readonly string[];
  /** What it is told for: a fact that was missed, from which an automation starts now. */
  missed?: MissedFact;
  /** Only these automations and live runs, by id, hear of it. */
  only?: string[];
}

/** A fact that should have started an automation and did not. */
export interface MissedFact {
  type: string;
  data: Record<string, unknown>;
  /** ms */
  at: number;
  eventId: string | null;
}

/** A fact in its turn, and what the user is then. */
export interface Heeded {
  happening: Happening;
  learner: Learner;
  school: SchoolView;
  now: number;
}
