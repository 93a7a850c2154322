import type { Learner } from "../src/catalogue/facts/facts";

/** Collections of a learner that are records of collections. */
const NESTED = new Set(["givers", "lastSeen"]);

function freeze(value: unknown): void {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return;
  for (const inner of Object.values(value)) freeze(inner);
  Object.freeze(value);
}

/**
 * Makes whoever changes an item of what is known of a learner fail: the text of one that is the same object is not made
 * anew (`durable-objects/store/pieces.ts`). The collections themselves change.
 */
export function freezeItems(learner: Learner): void {
  for (const [name, held] of Object.entries(learner))
    for (const collection of NESTED.has(name) ? Object.values(held) : [held])
      if (typeof collection === "object" && collection !== null)
        for (const item of Object.values(collection)) freeze(item);
}
