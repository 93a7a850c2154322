/* What is asked of a user's own runs and deliveries. */

/** A page of things by their ids. */
export interface Turned {
  /** Behind this id. */
  after?: string | undefined;
  newestFirst: boolean;
  limit: number;
}

export interface OwnRuns extends Turned {
  automation?: string | undefined;
  status?: string | undefined;
  /** Of runs that started then or later, in ms. */
  since?: number | undefined;
  /** Runs that came to this step. */
  step?: string | undefined;
}

export interface OwnDeliveries extends Turned {
  run?: string | undefined;
  automation?: string | undefined;
  /** Ids from this one on. */
  from?: string | undefined;
  /** Ids before this one. */
  to?: string | undefined;
  channel?: string | undefined;
  status?: string | undefined;
  /** Part of the subject or title, in small letters or large. */
  subject?: string | undefined;
}
