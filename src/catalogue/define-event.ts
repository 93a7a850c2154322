import * as z from "zod";
import { once } from "../base/cache";
import type { Card, Params, Shape } from "./card";
import type { SchoolView, Turn } from "./facts/facts";
import type { Gives } from "./facts/limits";
import type { Proven } from "./facts/proven";

export interface Event extends Card {
  kind: "event";
  /** A user token may send it. */
  browser: boolean;
  data: z.ZodType<Record<string, unknown>>;
  /** What its data is asked for, by name; null: nothing. */
  shape: Shape | null;
  /** Reads data as it was sent: null for an optional value is the same as leaving it out. */
  read(sent: Record<string, unknown>): z.ZodSafeParseResult<Record<string, unknown>>;
  /** Folds the event into the learner and says what became true. `data` has passed the schema. */
  apply(turn: Turn, data: Record<string, unknown>): void;
  /** A user token sends it only where the school's `browser_events` hold this name. */
  allowedAs?: string;
  /** Its user may be known by an email alone: a lead. */
  forEmailAlone?: true;
  /** Somebody registers: the lead of the same email is taken over. */
  signsUp?: true;
  /** What a fact of its type proves, where evidence is asked for. */
  proves?: Proven;
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
    Pick<Event, "forEmailAlone" | "signsUp" | "tags" | "proves"> & {
      browser?: true;
      /** Made when first asked for. */
      data(): S;
      /** Facts of other types that are about the same thing: what else the event's data holds is in them, too. */
      also?: readonly string[];
      apply(turn: Turn, data: Params<S>): void;
      holds?(data: Params<S>): ReturnType<NonNullable<Event["holds"]>>;
      gives?(data: Params<S>, school: SchoolView): ReturnType<NonNullable<Event["gives"]>>;
    },
): Event {
  const { holds, gives, data, also = [], ...rest } = card;
  const shape = once(data);
  // Open: what an LMS tells besides is kept, for templates and conditions to name.
  const schema = once(() => z.looseObject(shape()));
  const known = once(() => new Set(Object.keys(shape())));
  const optional = once(() =>
    Object.entries(shape()).flatMap(([name, one]) => (z.safeParse(one, undefined).success ? [name] : [])),
  );
  const opened = new Set([card.type, ...also]);
  return {
    ...rest,
    kind: "event",
    browser: card.browser ?? false,
    get data() {
      // An object's output is a record; zod cannot say so of a generic shape.
      return schema() as unknown as z.ZodType<Record<string, unknown>>;
    },
    get shape() {
      return shape();
    },
    read: (sent) => schema().safeParse(withoutNulls(sent, optional())),
    // The caller hands in what `data` has let through.
    apply: (turn, data) => card.apply(openTurn(turn, openIn(data, known()), opened), data as Params<S>),
    ...(holds ? { holds: (data) => holds(data as Params<S>) } : {}),
    ...(gives ? { gives: (data, school) => gives(data as Params<S>, school) } : {}),
  };
}

/** Without those of these that are null: many clients send null for what is not there. */
export function withoutNulls(
  given: Readonly<Record<string, unknown>>,
  names: readonly string[],
): Record<string, unknown> {
  return Object.fromEntries(Object.entries(given).filter(([name, value]) => value !== null || !names.includes(name)));
}

/** What data holds beyond the names that its event knows. */
const openIn = (data: Readonly<Record<string, unknown>>, known: ReadonlySet<string>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(data).filter(([name]) => !known.has(name)));

/** So many characters of JSON go into the facts of an event, all together: one that makes many facts repeats them. */
const MAX_OPEN = 65_536;

/** A turn whose facts of these types hold this, too; what they say of themselves stands. */
function openTurn(turn: Turn, open: Record<string, unknown>, types: ReadonlySet<string>): Turn {
  if (Object.keys(open).length === 0) return turn;
  const size = JSON.stringify(open).length;
  let room = MAX_OPEN;
  const opening = (one: Turn): Turn => ({
    ...one,
    make: (type, data, options) => {
      const holds = types.has(type) && size <= room;
      if (holds) room -= size;
      one.make(type, holds ? { ...open, ...data } : data, options);
    },
    by: (origin) => opening(one.by(origin)),
  });
  return opening(turn);
}
