import type { z } from "zod";
import type { Fact } from "../facts/facts";
import { triggerValue } from "../kinds";
import { TRIGGER } from "./fields";
import { metaOf, pickerOf } from "./meta";

/*
 * Options that hold ids, and `"$trigger"` in their lists: the id that the fact which started the run speaks of.
 */

type Shape = z.ZodRawShape;

/** The names of the lists in `params` that hold `"$trigger"`, with the kind of id each wants. */
function triggerLists(shape: Shape, params: Record<string, unknown>): [name: string, kind: string][] {
  return Object.entries(shape).flatMap(([name, field]) => {
    const value = params[name];
    if (!Array.isArray(value) || !value.includes(TRIGGER)) return [];
    const picker = pickerOf(field);
    return picker ? [[name, picker] satisfies [string, string]] : [];
  });
}

/** Params with `"$trigger"` replaced; null where a list is left empty, so that nothing can be meant. */
export function resolver<P extends Record<string, unknown>>(shape: Shape, params: P): (fact: Fact) => P | null {
  const lists = triggerLists(shape, params);
  if (!lists.length) return () => params;
  return (fact) => {
    const resolved: Record<string, unknown> = { ...params };
    for (const [name, kind] of lists) {
      const value = triggerValue(kind, fact.data);
      // triggerLists has found an array here.
      const list = (params[name] as unknown[]).flatMap((item) => (item === TRIGGER ? (value ?? []) : item));
      if (!list.length) return null;
      resolved[name] = list;
    }
    // The same keys, with lists of the same element type.
    return resolved as P;
  };
}

/** The first of each list of ids or words in the params, by the name that a fact has for one: `courses` → `course`. */
export function firstOfLists(shape: Shape, params: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(shape).flatMap(([name, field]) => {
      const list = params[name];
      const picker = pickerOf(field);
      if (!Array.isArray(list) || typeof list[0] !== "string") return [];
      return picker && !metaOf(field, "trigger") ? [] : [[picker ?? name.replace(/s$/, ""), list[0]]];
    }),
  );
}
