import { actions } from "../../catalogue";
import type { BoundTrigger } from "../../catalogue/define";
import { affectedBy } from "../../catalogue/facts/affected";
import { isTaking, type MadeFact, saysSame } from "../../catalogue/facts/opposites";
import { TRIGGER } from "../../catalogue/options/fields";
import type { Program } from "../../engine/types";
import type { Acted } from "./recurring";

/* The facts that an automation's steps may make. */

/** A fact, and where it is made. */
export type Made = { fact: MadeFact } & Omit<Acted, "automation">;

const known = new WeakMap<Program, readonly Made[]>();

/** Of what an isolate has compiled anyway: no definition is read for it. */
export function madeBy(program: Program): readonly Made[] {
  let made = known.get(program);
  if (!made) {
    const { when, operations } = program;
    made = operations.flatMap((one, at): Made[] => {
      if (one.kind !== "perform" || one.comes === "never") return [];
      const { action, inRounds: again } = one;
      const later = action.endsLater.map((fact) => ({ fact, at: at + 0.5, again, said: false }));
      const facts = [...action.mayMake, ...taken(one.type, action.params)].flatMap((fact) => resolved(fact, when));
      const isSaid = (fact: MadeFact): boolean => saidBy(when, fact) && !mayHaveWaited(operations, at);
      return [...facts.map((fact) => ({ fact, at, again, said: isSaid(fact) })), ...later];
    });
    known.set(program, made);
  }
  return made;
}

/** What an action takes without a fact, so that what it takes may come again. */
const taken = (type: string, params: Record<string, unknown>): MadeFact[] =>
  (actions.get(type)?.tells ?? [])
    .filter(isTaking)
    .flatMap((told) => affectedBy(type, params).map(({ kind, id }) => ({ type: told, data: { [kind]: id } })));

/** A fact about `"$trigger"` is one about each that the triggers name; where they name none it may be about any. */
function resolved(fact: MadeFact, when: readonly BoundTrigger[]): MadeFact[] {
  const { type, data } = fact;
  const open = Object.keys(data).find((key) => data[key] === TRIGGER);
  if (open === undefined) return [fact];
  const named = when.flatMap(({ params }) => params[`${open}s`]);
  if (!named.every((one) => typeof one === "string")) return [{ type, data: {} }];
  return named.map((one) => ({ type, data: { ...data, [open]: one } }));
}

/** Whether every trigger says that it is so already. */
const saidBy = (when: readonly BoundTrigger[], fact: MadeFact): boolean =>
  when.every(
    ({ on, subject }) =>
      subject !== null &&
      on.every((type) => subject.values.every((one) => saysSame({ type, data: { [subject.data]: one } }, fact))),
  );

/** Whether a run may have waited before it comes to an operation: what was so at its beginning may be otherwise since. */
function mayHaveWaited(operations: Program["operations"], at: number): boolean {
  const inRounds = (one: Program["operations"][number] | undefined): boolean =>
    one !== undefined && one.kind !== "jump" && one.inRounds;
  const again = inRounds(operations[at]);
  return operations.some((one, n) => one.kind === "step" && one.wait && (n < at || (again && inRounds(one))));
}
