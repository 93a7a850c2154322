import type { Env } from "../../base/env";
import type { Fault } from "../../base/errors/errors";
import { courseIdIn } from "../../world/naming/ids";
import type { School } from "../../world/snapshot";
import { storedDefinitions } from "./export";
import { checkedAutomations, type GivenDefinitions } from "./import";
import { othersMeant } from "./meant";
import { DEFINITION_KINDS, type DefinitionKind, faultsBetween } from "./plan";

/** Of each list of an import that does not fit as a whole, its items by their places; what cannot be read is undefined. */
export type ReadableLists = {
  [Kind in DefinitionKind]: { isWhole: boolean; read: readonly (GivenDefinitions[Kind][number] | undefined)[] };
};

/** What is wrong with the items that fit by themselves. */
export async function faultsOfPart(env: Env, school: School, lists: ReadableLists): Promise<Fault[]> {
  const asked = Object.fromEntries(
    DEFINITION_KINDS.map((kind) => [kind, lists[kind].read.filter((item) => item !== undefined)]),
    // Each kind has the items of its own list.
  ) as unknown as GivenDefinitions;
  const { others: stored, rows, held } = await storedDefinitions(env, school.id);
  const { fields, rules, autoGroups, faults: ofRules } = othersMeant(stored, asked);
  const given = { ...asked, segment_rules: rules, auto_groups: autoGroups };
  const checked = checkedAutomations(env, school, given.automations, { fields, rows });
  // What a segment or field is called that cannot be read is not known: whoever names one may well mean it.
  const between =
    lists.segments.isWhole && lists.profile_fields.isWhole
      ? faultsBetween(stored, { ...given, automations: checked.items }, await courseIdIn(env, school), held.others)
      : [];
  return [...between, ...ofRules, ...checked.faults].map((fault) => asGiven(fault, lists));
}

/** A fault in what is left of a list, at its place in the list that was given. */
function asGiven({ path, message }: Fault, lists: ReadableLists): Fault {
  const [, kind, index, ...within] = path.split("/");
  const list = DEFINITION_KINDS.find((one) => one === kind);
  if (!list || index === undefined) return { path, message };
  const places = lists[list].read.flatMap((item, place) => (item === undefined ? [] : [place]));
  return { path: ["", list, places[Number(index)], ...within].join("/"), message };
}
