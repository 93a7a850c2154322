import { newState } from "../../engine/step";

/*
 * A learner to show messages for, where none is named, and links for whoever reads a message that is another's.
 */

/** "Anna Example", of whom nothing more is known. */
export function exampleState(now: number) {
  const state = newState("example", now);
  Object.assign(state.learner, { username: "Anna Example", email: "anna@example.com" });
  return state;
}

const EXAMPLE = "https://example.com/";

/** They act for nobody. */
export const NOBODYS_LINKS = { unsubscribe: () => `${EXAMPLE}unsubscribe`, preferences: () => `${EXAMPLE}preferences` };
