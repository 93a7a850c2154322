import { z } from "zod";
import { once } from "../base/cache";
import type { Card, Params, Shape } from "./card";
import type { SchoolView, Turn } from "./facts";
import type { Gives } from "./limits";

export interface Event extends Card {
  kind: "event";
  /** A user token may send it. */
  browser: boolean;
  data: z.ZodType<Record<string, unknown>>;
  /** Folds the event into the learner and says what became true. `data` has passed the schema. */
  apply(turn: Turn, data: Record<string, unknown>): void;
  /** A user token sends it only where the school's `browser_events` hold this name. */
  allowedAs?: string;
  /** Its user may be known by an email alone: a lead. */
  forEmailAlone?: true;
  /** Somebody registers: the lead of the same email is taken over. */
  signsUp?: true;
  /** The tags it gives, which the school spells as first written in it. Reads facts of its type too. */
  tags?: Spelling;
  /** Which courses it says that a bundle holds; null: it does not say. `data` has passed the schema. */
  holds?(data: Record<string, unknown>): { bundle: string; courses: readonly string[] } | null;
  /**
   * What it gives of that of which a user may hold only so much, and the field of its data that says it. One that would
   * give more is refused whole. `data` has passed the schema.
   */
  gives?(data: Record<string, unknown>, school: SchoolView): Gives & { field: string };
}

interface Spelling {
  of(data: Record<string, unknown>): string[];
  /** The data with these tags instead. */
  respelled(data: Record<string, unknown>, tags: readonly string[]): Record<string, unknown>;
}

export function defineEvent<S extends Shape>(
  card: Card &
    Pick<Event, "forEmailAlone" | "signsUp" | "tags"> & {
      browser?: true;
      /** Made when first asked for. */
      data(): S;
      apply(turn: Turn, data: Params<S>): void;
      holds?(data: Params<S>): ReturnType<NonNullable<Event["holds"]>>;
      gives?(data: Params<S>, school: SchoolView): ReturnType<NonNullable<Event["gives"]>>;
    },
): Event {
  const { holds, gives, data: shape, ...rest } = card;
  // Open: what an LMS tells besides is kept, for templates and conditions to name.
  const schema = once(() => z.looseObject(shape()));
  return {
    ...rest,
    kind: "event",
    browser: card.browser ?? false,
    get data() {
      // An object's output is a record; zod cannot say so of a generic shape.
      return schema() as unknown as z.ZodType<Record<string, unknown>>;
    },
    // The caller hands in what `data` has let through.
    apply: (turn, data) => card.apply(turn, data as Params<S>),
    ...(holds ? { holds: (data) => holds(data as Params<S>) } : {}),
    ...(gives ? { gives: (data, school) => gives(data as Params<S>, school) } : {}),
  };
}
