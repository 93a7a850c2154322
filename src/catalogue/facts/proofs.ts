import { eventOf } from "../index";
import { membershipIn } from "../segments/change";
import type { Fact } from "./facts";
import type { Proven } from "./proven";

/** What a fact proves; null: nothing. */
export function provenBy(fact: Pick<Fact, "type" | "data">): Proven | null {
  const membership = membershipIn(fact);
  if (membership) return membership.joined ? "joined" : "left";
  return eventOf(fact.type)?.proves ?? null;
}
