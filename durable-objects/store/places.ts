/*
 * What there is to know of each place within what lies packed, to cut it into pieces.
 */

/** Records of fixed keys, whose values may be collections; whatever else is in them has items that stay whole. */
const STRUCTURES = ["state", "state.learner", "state.learner.lastSeen", "state.learner.givers", "told"];
/** Kept short by the store, and longer after each turn: they stay where what changes in each turn lies. */
const STAYING = ["entries", "ended"];
/** Of these an item that is the same object is as it was: none is ever changed itself (`Learner` and `Packed`, by their types). */
const HAS_LASTING_ITEMS = /^(state\.(learner\.|starts$|dates$)|words$|changes$)/;
/** Lists that are replaced, and records that change by `setEntry` and `removeEntry` alone, by their types. */
const IS_SAYING = /^(state\.(learner\..*|runs|starts|away|dates)|live|words|changes|touched)$/;
/** These are as they were where they are the same object: what D1 was told is replaced as a whole. */
const IS_LASTING = /^told\./;

/** What is known of a place within the structures, found out when something first stands there. */
export interface Place {
  at: string;
  isStructure: boolean;
  isStaying: boolean;
  hasLastingItems: boolean;
  isSaying: boolean;
  isLasting: boolean;
  /** By their keys. */
  within: Map<string, Place>;
}

const newPlace = (at: string): Place => ({
  at,
  isStructure: STRUCTURES.includes(at),
  isStaying: STAYING.includes(at),
  hasLastingItems: HAS_LASTING_ITEMS.test(at),
  isSaying: IS_SAYING.test(at),
  isLasting: IS_LASTING.test(at),
  within: new Map(),
});
export const TOP = newPlace("");

export function placeIn(place: Place, key: string): Place {
  let inner = place.within.get(key);
  if (!inner) {
    inner = newPlace(place === TOP ? key : `${place.at}.${key}`);
    place.within.set(key, inner);
  }
  return inner;
}
