import * as z from "zod";
import { comparisonMeant, isMeantFault } from "../account/meant";
import { compileComparison } from "../checking/compare";
import type { View } from "../facts/facts";
import { ATTRIBUTE_FIELDS, compileClause, isAttributeField, ruleValue } from "../segments/clause";
import { atPath } from "../tracking/data";
import { defineStep, type Jump } from "./define";
import { steps } from "./fields";

const FIELD = "fields.";
const EVENT = "event.";

/** Whether it names something of the learner, or of the fact that started the run. */
const isSource = (on: string): boolean =>
  isAttributeField(on) || [FIELD, EVENT].some((prefix) => on.startsWith(prefix) && on.length > prefix.length);

/** Whether what is looked at is one of these; an attribute by what rules compare it by: of an address, whom it reaches. */
function oneOf(on: string, is: unknown[]): (view: View) => boolean {
  // No date is meant by its day here: any zone is right.
  if (isAttributeField(on)) {
    const { holds } = compileClause({ field: on, op: "in", value: is }, "UTC");
    return ({ learner, now }) => holds(learner, now);
  }
  const fits = compileComparison("in", is, "UTC");
  if (on.startsWith(EVENT)) return ({ fact }) => fits(atPath(fact.data, on.slice(EVENT.length)));
  return ({ learner }) => fits(ruleValue(learner, on.slice(FIELD.length), true));
}

const value = z.union([z.string().trim().min(1).max(1_000), z.number(), z.boolean()]);
const cases = z
  .array(z.strictObject({ is: z.array(value).min(1).max(100), steps }))
  .min(1)
  .max(20)
  .meta({ title: "Cases" });
const params = z
  .strictObject({
    on: z
      .string()
      .max(256)
      .refine(isSource, 'names no field: "fields.<key>", "event.<name>", or one that segment rules know')
      .meta({ picker: "field", examples: ATTRIBUTE_FIELDS }),
    cases,
    else: steps,
  })
  .meta({ form: "match", begins: { on: "", cases: [{ is: [], steps: [] }], else: [] } });

export const match = defineStep({
  type: "match",
  label: "Match",
  also: ["switch", "case", "depending on", "one way for each value"],
  says: "go by {on|field}",
  description: "Goes the way of the first case that a value is one of, or the last way when none fits; then on below.",
  params,
  lanes: [
    { key: "cases", inEach: "steps", name: "{is}", lead: "; where it is {is}: " },
    { key: "else", name: "else", lead: "; otherwise: " },
  ],
  takesOneWay: true,
  meant: (given, fields) => {
    const { on, cases: all } = params.parse(given);
    if (!on.startsWith(FIELD)) return given;
    const cases = [];
    for (const [n, { is, ...one }] of all.entries()) {
      const meant = comparisonMeant({ field: on, op: "in", value: is }, fields, false);
      if (isMeantFault(meant)) return { ...meant, path: ["cases", n, "is", ...meant.path.slice(1)] };
      cases.push({ ...one, is: meant.value });
    }
    return { ...given, cases };
  },
  compile: ({ id, type, ...options }, assembly) => {
    const { on, cases: given } = params.parse(options);
    const ways: { fits(view: View): boolean; to: number }[] = [];
    let otherwise = 0;
    assembly.place({
      id,
      type,
      carry: (hand) => {
        const found = ways.findIndex(({ fits }) => fits(hand.view));
        hand.log("done", { case: found < 0 ? "else" : found });
        return hand.goOn(ways[found]?.to ?? otherwise);
      },
    });
    const jumps: Jump[] = [];
    for (const { is, steps: inside } of given) {
      ways.push({ fits: oneOf(on, is), to: assembly.here });
      assembly.steps(inside);
      jumps.push(assembly.jump());
    }
    otherwise = assembly.here;
    assembly.steps(options.else);
    for (const over of jumps) over.to = assembly.here;
  },
});
