import { type Fault, pointer } from "../../base/errors/errors";
import { fieldMeant } from "../../catalogue/account/meant";
import type { FieldView } from "../../catalogue/facts/facts";
import { clausesMeant } from "../../catalogue/segments/clause";
import { fieldView } from "../../segments/fields/declared";
import type { OtherDefinitions } from "./export";
import { merge } from "./plan";

/** The fields that there will be, and the rules and auto groups that are given as they are meant by them. */
export function othersMeant(stored: OtherDefinitions, given: OtherDefinitions) {
  const merged = merge(stored, given).profile_fields;
  const fields: ReadonlyMap<string, FieldView> = new Map(merged.map((field) => [field.key, fieldView(field)]));
  const standing = new Map(stored.segment_rules.map(({ id, where }) => [id, where]));
  const faults: Fault[] = [];
  const rules = given.segment_rules.map((rule, index) => {
    const { meant, faults: own } = clausesMeant(rule.where, fields, standing.get(rule.id) ?? []);
    for (const { path, message } of own)
      faults.push({ path: pointer(["segment_rules", index, "where", ...path]), message });
    return { ...rule, where: meant };
  });
  const autoGroups = given.auto_groups.map((one) => ({ ...one, field: fieldMeant(one.field, fields) }));
  return { fields, rules, autoGroups, faults };
}
