import type { Fact } from "./facts";
import { eventOf } from "./index";
import type { Proven } from "./proven";
import { membershipIn } from "./segments/change";

/** What a fact proves; null: nothing. */
export function provenBy(fact: Pick<Fact, "type" | "data">): Proven | null {
  const membership = membershipIn(fact);
  if (membership) return membership.joined ? "joined" : "left";
  return eventOf(fact.type)?.proves ?? null;
}
