import * as z from "zod";
import { readJson } from "../../base/json";
import { type Clause, clause } from "../../catalogue/segments/clause";
import type { segmentRules } from "../../db/schema";

type Row = typeof segmentRules.$inferSelect;
export interface Rule extends Omit<Row, "where"> {
  where: Clause[];
}

const clauses = z.array(clause);
export const toRule = (row: Row): Rule => ({ ...row, where: readJson(clauses, row.where) });
export const toRow = (rule: Rule): Row => ({ ...rule, where: JSON.stringify(rule.where) });
