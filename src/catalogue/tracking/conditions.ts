import * as z from "zod";
import { compileComparison, neverBoth, OPS } from "../checking/compare";
import { defineCondition } from "../define";
import { clauseFault } from "../segments/clause";
import { atPath } from "./data";

export const eventDataIs = defineCondition({
  type: "event.data_is",
  label: "Event data is",
  also: ["property", "value", "payload"],
  says: "<come|do not come> by an event whose {path} {op: is|op}[ {value}]",
  category: "beyond",
  description: "Something in the data of the fact that started the run compares with a value.",
  params: () => ({ path: z.string().min(1).max(256), op: z.enum(OPS), value: z.unknown().optional() }),
  check: ({ op, value }) => clauseFault(op, value),
  neverBoth: (one, other, { settings }) =>
    one.params.path === other.params.path &&
    neverBoth({ ...one.params, holds: one.holds }, { ...other.params, holds: other.holds }, settings.timezone),
  test: ({ path, op, value }, { fact, school }) =>
    compileComparison(op, value, school.settings.timezone)(atPath(fact.data, path)),
  seen: ({ fact }, { path }) => atPath(fact.data, path) ?? null,
});
