import { momentOf } from "../../src/base/record";
import { hash53 } from "../../src/engine/identity";
import { type Place, placeIn, TOP } from "./places";

/*
 * What lies packed is one text. Once that is long, its collections (tags, enrolments, live runs, the outbox) are cut into
 * pieces that lie in rows of their own, so that an event rewrites those it changed. Where a cut falls is decided by the
 * item at it alone: one more, or one less, before it moves no other.
 */

/** A text grown past this is cut, so that an event does not rewrite all of it. */
export const SPLIT_CHARACTERS = 16_384;
/** A collection shorter than this stays where it is. */
const LEAST = 1_024;
/** About so long a piece becomes, and never much longer than `MOST` but for one long item. */
const PIECE = 2_048;
const MOST = 4 * PIECE;
/** An item is told from its neighbours by its beginning, which mostly is its id. */
const TOLD_BY = 64;

/** Turns change these in place, and say which. */
const RUNS = "state.runs";

type MayChange = (item: unknown) => boolean;
const isObject: MayChange = (item) => typeof item === "object" && item !== null;

type Structure = Record<string, unknown>;

/** A collection that was cut: where it stands, what it is, its pieces in order. */
type Cut = [path: string, kind: "list" | "record", ...pieces: number[]];

/** Some items that lie together; of a record their keys too. What it was made of stands beside the text, to know it again. */
interface Piece {
  text: string;
  items: readonly unknown[];
  keys: readonly string[] | null;
  /** It ends with its collection: with one more behind it, it might not. */
  isLast: boolean;
  /** None yet: it was not there before. */
  id?: number;
}

export interface Pieced {
  /** All that was not cut, with where the pieces belong. */
  spine: string;
  /** By their ids. */
  pieces: ReadonlyMap<number, string>;
  /** How long they are together. */
  length: number;
  /** By where the collection stands: what a later cut of the same object needs not make into text again. */
  made: ReadonlyMap<string, Made>;
  /** The same in the spine; null: it is not known. */
  cuts: string | null;
}

interface Made {
  of: object;
  /** When it was so. */
  moment: object;
  pieces: readonly Piece[];
}

/** Pieces as they were read. */
export const piecesRead = (pieces: ReadonlyMap<number, string>): Pieced => ({
  ...{ spine: "", pieces, length: lengthOf(pieces) },
  ...{ made: new Map(), cuts: null },
});

function lengthOf(pieces: ReadonlyMap<number, string>): number {
  let length = 0;
  for (const text of pieces.values()) length += text.length;
  return length;
}

/**
 * Cuts what is long.
 * @param before the pieces as they were: those that are the same keep their ids
 * @param changed the live runs that may not be as they were then
 */
export function cut(packed: object, before: Pieced, changed: ReadonlySet<unknown>): Pieced {
  const made = new Map<string, Made>();
  const mayChange = ({ at, hasLastingItems }: Place): MayChange | null => {
    if (at === RUNS) return changed.size ? (item) => changed.has(item) : null;
    return hasLastingItems ? null : isObject;
  };
  // A copy of the structures alone, to leave out of it what is cut.
  const copyOf = (from: Structure, place: Place): Structure => {
    const copy: Structure = {};
    for (const key of Object.keys(from)) {
      const value = from[key];
      const inner = placeIn(place, key);
      if (typeof value !== "object" || value === null || inner.isStaying) copy[key] = value;
      // An object is a record of its keys.
      else if (inner.isStructure) copy[key] = copyOf(value as Structure, inner);
      else {
        const known = before.made.get(inner.at);
        const isSaid = inner.isSaying && known?.moment === momentOf(value) && (inner.at !== RUNS || !changed.size);
        if (known?.of === value && (inner.isLasting || isSaid)) made.set(inner.at, known);
        else {
          const pieces = piecesOf(value, known?.pieces ?? [], mayChange(inner));
          if (pieces === null) copy[key] = value;
          else made.set(inner.at, { of: value, moment: momentOf(value), pieces });
        }
      }
    }
    return copy;
  };
  const rest = copyOf(packed as Structure, TOP);
  const spineOf = (cuts: string): string => `{"rest":${JSON.stringify(rest)},"cuts":${cuts}}`;
  const isAsBefore = made.size === before.made.size && [...made].every(([at, one]) => before.made.get(at) === one);
  if (isAsBefore && before.cuts !== null) return { ...before, spine: spineOf(before.cuts) };
  const all = [...made.values()].flatMap((one) => one.pieces);
  const pieces = numbered(all, before.pieces);
  const cuts = JSON.stringify(
    [...made].map(
      ([path, one]): Cut => [path, Array.isArray(one.of) ? "list" : "record", ...one.pieces.map(({ id = 0 }) => id)],
    ),
  );
  return { spine: spineOf(cuts), pieces, length: lengthOf(pieces), made, cuts };
}

/** A text that tells whether something is as it was: what was cut before and is the same is not made into text again. */
export function textBeside(now: object, before: Pieced, changed: ReadonlySet<unknown>): string {
  if (!before.made.size) return JSON.stringify(now);
  const { spine, pieces } = cut(now, before, changed);
  return [spine, ...pieces.values()].join("");
}

/** Puts together what was cut; null: it was not. */
export function joined(text: string, pieces: ReadonlyMap<number, string>): unknown {
  const { rest, cuts } = JSON.parse(text) as { rest?: Structure; cuts?: Cut[] };
  if (!rest || !cuts) return null;
  for (const [path, kind, ...ids] of cuts) {
    const names = path.split(".");
    const last = names.pop() ?? "";
    let structure = rest;
    // `copyOf` went the same way.
    for (const name of names) structure = structure[name] as Structure;
    const inner = ids.map((id) => pieces.get(id) ?? missing(path)).join(",");
    structure[last] = JSON.parse(kind === "list" ? `[${inner}]` : `{${inner}}`);
  }
  return rest;
}

function missing(path: string): never {
  throw new Error(`a piece of ${path} is not there`);
}

/**
 * A collection as pieces of some length, each of whole items; null: it is short.
 * @param known those it was cut into before
 * @param mayChange whether an item that is the same object may have another text; null: none may
 */
function piecesOf(collection: object, known: readonly Piece[], mayChange: MayChange | null): Piece[] | null {
  const keys = Array.isArray(collection) ? null : Object.keys(collection);
  const items: readonly unknown[] = Array.isArray(collection) ? collection : Object.values(collection);
  // Most begin where they did: those behind something new are looked for.
  let next = 0;
  let beginning: Map<unknown, number> | undefined;
  const find = (first: unknown): number => {
    beginning ??= new Map(known.map((piece, n) => [piece.keys ? piece.keys[0] : piece.items[0], n]));
    return beginning.get(first) ?? known.length;
  };
  const isSame = (piece: Piece | undefined, at: number): piece is Piece => {
    if (!piece) return false;
    const end = at + piece.items.length;
    if (piece.isLast ? end !== items.length : end > items.length) return false;
    if (!isAt(piece.items, items, at) || (piece.keys && keys && !isAt(piece.keys, keys, at))) return false;
    if (!mayChange || !piece.items.some(mayChange)) return true;
    return !keys && isTextOf(piece.text, items.slice(at, end));
  };
  const pieces: Piece[] = [];
  let total = 0;
  for (let from = 0; from < items.length; ) {
    let before = isSame(known[next], from) ? known[next] : undefined;
    if (!before) {
      next = find(keys ? keys[from] : items[from]);
      before = isSame(known[next], from) ? known[next] : undefined;
    }
    next++;
    const piece = before ?? pieceFrom(items, keys, from);
    pieces.push(piece);
    total += piece.text.length;
    from += piece.items.length;
  }
  return total < LEAST ? null : pieces;
}

/** Whether these stand among all, from a place on. */
function isAt(these: readonly unknown[], all: readonly unknown[], place: number): boolean {
  for (let n = 0; n < these.length; n++) if (these[n] !== all[place + n]) return false;
  return true;
}

/** Whether items would be the same text again: all of them at once, which is a fraction of making each into text. */
const isTextOf = (text: string, items: readonly unknown[]): boolean => JSON.stringify(items) === `[${text}]`;

function pieceFrom(items: readonly unknown[], keys: readonly string[] | null, from: number): Piece {
  const texts: string[] = [];
  let length = 0;
  for (let at = from; at < items.length; at++) {
    const json = JSON.stringify(items[at]);
    const isLeftOut = json === undefined && keys !== null;
    const text = keys ? `${JSON.stringify(keys[at])}:${json}` : (json ?? "null");
    if (!isLeftOut) {
      texts.push(text);
      length += text.length + 1;
    }
    // The longer an item, the likelier a cut behind it.
    const isCut = !isLeftOut && hash53(text.slice(0, TOLD_BY)) % PIECE < text.length;
    if (isCut || length >= MOST) return pieceOf(texts, items.slice(from, at + 1), keys, from, false);
  }
  return pieceOf(texts, items.slice(from), keys, from, true);
}

const pieceOf = (
  texts: readonly string[],
  items: readonly unknown[],
  keys: readonly string[] | null,
  from: number,
  isLast: boolean,
): Piece => ({
  text: texts.join(","),
  items,
  keys: keys ? keys.slice(from, from + items.length) : null,
  isLast,
});

/** Gives pieces ids: those that were there keep theirs, the others get those that have become free, or new ones. */
function numbered(pieces: readonly Piece[], before: ReadonlyMap<number, string>): ReadonlyMap<number, string> {
  // Those with an id are as they were.
  if (pieces.length === before.size && pieces.every(({ id }) => id !== undefined)) return before;
  const kept = new Set(pieces.map(({ id }) => id));
  const known = new Map<string, number[]>();
  for (const [id, text] of before) if (!kept.has(id)) known.set(text, [...(known.get(text) ?? []), id]);
  for (const piece of pieces) {
    const id = piece.id ?? known.get(piece.text)?.shift();
    if (id === undefined) continue;
    piece.id = id;
    kept.add(id);
  }
  const free = [...before.keys()].filter((id) => !kept.has(id));
  let next = Math.max(0, ...before.keys()) + 1;
  for (const piece of pieces) piece.id ??= free.shift() ?? next++;
  return new Map(pieces.map(({ id = 0, text }) => [id, text]));
}
