import { hash53 } from "../../src/engine/identity";

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

/** Records of fixed keys, whose values may be collections; whatever else is in them has items that stay whole. */
const STRUCTURES = ["state", "state.learner", "state.learner.lastSeen", "state.learner.givers", "told"];

type Structure = Record<string, unknown>;

/** A collection that was cut: where it stands, what it is, its pieces in order. */
type Cut = [path: string, kind: "list" | "record", ...pieces: number[]];

export interface Pieced {
  /** All that was not cut, with where the pieces belong. */
  spine: string;
  /** By their ids. */
  pieces: Map<number, string>;
}

/**
 * Cuts what is long.
 * @param before the pieces as they were: those that are the same keep their ids
 */
export function cut(packed: object, before: ReadonlyMap<number, string>): Pieced {
  const found: [path: string, kind: Cut[1], texts: string[]][] = [];
  // A copy of the structures alone, to leave out of it what is cut.
  const copyOf = (from: Structure, path: string): Structure => {
    const copy: Structure = {};
    for (const [key, value] of Object.entries(from)) {
      const at = path === "" ? key : `${path}.${key}`;
      if (typeof value !== "object" || value === null) copy[key] = value;
      // An object is a record of its keys.
      else if (STRUCTURES.includes(at)) copy[key] = copyOf(value as Structure, at);
      else {
        const texts = piecesOf(value);
        if (texts === null) copy[key] = value;
        else found.push([at, Array.isArray(value) ? "list" : "record", texts]);
      }
    }
    return copy;
  };
  const rest = copyOf(packed as Structure, "");
  const ids = numbered(
    found.flatMap(([, , texts]) => texts),
    before,
  );
  let n = 0;
  const cuts = found.map(([path, kind, texts]): Cut => [path, kind, ...texts.map(() => ids[n++]?.[0] ?? 0)]);
  return { spine: JSON.stringify({ rest, cuts }), pieces: new Map(ids) };
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

/** A collection as texts of some length, each of whole items; null: it is short. */
function piecesOf(collection: object): string[] | null {
  const items = Array.isArray(collection)
    ? collection.map((item: unknown) => JSON.stringify(item) ?? "null")
    : Object.entries(collection).flatMap(([key, item]) => {
        const text = JSON.stringify(item);
        return text === undefined ? [] : [`${JSON.stringify(key)}:${text}`];
      });
  const total = items.reduce((sum, item) => sum + item.length + 1, 0);
  if (total < LEAST) return null;
  const pieces: string[] = [];
  let from = 0;
  let length = 0;
  for (const [index, item] of items.entries()) {
    length += item.length + 1;
    // The longer an item, the likelier a cut behind it.
    const isCut = hash53(item.slice(0, TOLD_BY)) % PIECE < item.length;
    if (!isCut && length < MOST && index < items.length - 1) continue;
    pieces.push(items.slice(from, index + 1).join(","));
    from = index + 1;
    length = 0;
  }
  return pieces;
}

/** Gives texts ids: those that were there keep theirs, the others get those that have become free, or new ones. */
function numbered(texts: readonly string[], before: ReadonlyMap<number, string>): [id: number, text: string][] {
  const known = new Map<string, number[]>();
  for (const [id, text] of before) known.set(text, [...(known.get(text) ?? []), id]);
  const kept = texts.map((text) => known.get(text)?.shift());
  const taken = new Set(kept);
  const free = [...before.keys()].filter((id) => !taken.has(id));
  let next = Math.max(0, ...before.keys()) + 1;
  return texts.map((text, index) => [kept[index] ?? free.shift() ?? next++, text]);
}
