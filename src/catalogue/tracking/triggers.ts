import * as z from "zod";
import { compileComparison, neverBoth, OPS } from "../checking/compare";
import { defineTrigger } from "../define";
import { clauseFault } from "../segments/clause";
import { atPath, setAtPath } from "./data";
import { CUSTOM_NAME, CUSTOM_PREFIX } from "./events";

const where = z
  .array(
    z
      .strictObject({ path: z.string().min(1).max(256), op: z.enum(OPS), value: z.unknown().optional() })
      .superRefine(({ op, value }, context) => {
        const fault = clauseFault(op, value);
        if (fault) context.addIssue({ code: "custom", ...fault });
      }),
  )
  .min(1)
  .max(20)
  .optional();

/** Operators that hold of the very value they compare with. */
const ALLOWS_ITS_VALUE = new Set(["is", "contains", "starts_with", "ends_with", "gte", "lte"]);

export const custom = defineTrigger({
  type: "custom",
  label: "Custom event",
  also: ["api", "own event", "webhook", "track"],
  says: "does {name: a custom event}[ with {where|clauses}]",
  category: "beyond",
  description: "An event of the school's own, by its name, with data that compares as asked.",
  params: () => ({ name: z.string().regex(CUSTOM_NAME, "a name has 1 to 64 of a–z, 0–9, _ and ."), where }),
  example: ({ where: clauses = [] }) => {
    const data = {};
    for (const { path, op, value } of clauses) {
      if (ALLOWS_ITS_VALUE.has(op)) setAtPath(data, path, value);
      else if (op === "in" && Array.isArray(value)) setAtPath(data, path, value[0]);
    }
    return data;
  },
  neverBoth: ({ where: own = [] }, { where: theirs = [] }, { settings }) =>
    own.some((one) => theirs.some((its) => one.path === its.path && neverBoth(one, its, settings.timezone))),
  family: { prefix: CUSTOM_PREFIX, option: "name" },
  holds: ({ where: clauses }, fact, _, school) =>
    !clauses ||
    clauses.every(({ path, op, value }) =>
      compileComparison(op, value, school.settings.timezone)(atPath(fact.data, path)),
    ),
});
