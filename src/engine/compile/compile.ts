import { actions, conditions, triggers } from "../../catalogue";
import { callDefinition, callTrigger } from "../../catalogue/checking/references";
import type { BoundTrigger } from "../../catalogue/define";
import type { View } from "../../catalogue/facts/facts";
import { AS_NAMED, type CourseId } from "../../catalogue/options/course-id";
import { STEPS } from "../../catalogue/steps";
import type { Assembly, Judge, Jump } from "../../catalogue/steps/define";
import type { CardUse, Condition, Definition, KeptStep } from "../../definition/types";
import { groupOf } from "../../definition/walk";
import type { Comes, Operation, Program } from "../types";

function bindTrigger({ type, ...params }: CardUse) {
  const card = triggers.get(type);
  if (!card) throw new Error(`unknown trigger ${type}`);
  return card.bind(params);
}

/** Compiles a tree of conditions. `path` is where it stands in the definition, for people who ask why. */
export function compileCondition(condition: Condition, path: string): Judge {
  const group = groupOf(condition);
  if (!group) return compileLeaf(condition as CardUse, path); // what is no group is a leaf
  const { join } = group;
  const parts = group.parts.map((one, index) =>
    compileCondition(one, join === "not" ? `${path}/not` : `${path}/${join}/${index}`),
  );
  if (join === "not") {
    const [inner] = parts;
    const holds = (view: View): boolean => inner?.test(view) ?? false;
    return {
      test: (view) => !holds(view),
      sure: (asked) => inner?.sure(!asked) ?? [],
      explain: (view) => (holds(view) ? { path, expected: condition, seen: inner?.explain(view)?.seen ?? true } : null),
    };
  }
  const test =
    join === "all"
      ? (view: View) => parts.every((one) => one.test(view))
      : (view: View) => parts.some((one) => one.test(view));
  return {
    test,
    // Of several that are joined each is sure only where all must agree.
    sure: (asked) => (asked === (join === "all") ? parts.flatMap((one) => one.sure(asked)) : []),
    explain: (view) => {
      if (test(view)) return null;
      const reasons = parts.flatMap((one) => one.explain(view) ?? []);
      if (join === "all") return reasons[0] ?? null;
      return { path, expected: condition, seen: reasons.map((one) => one.seen) };
    },
  };
}

function compileLeaf(condition: CardUse, path: string): Judge {
  const { type, ...params } = condition;
  const card = conditions.get(type);
  if (!card) throw new Error(`unknown condition ${type}`);
  const bound = card.bind(params);
  return {
    test: bound.test,
    sure: (holds) => [{ condition, holds }],
    explain: (view) => (bound.test(view) ? null : { path, expected: condition, seen: bound.seen(view) }),
  };
}

/** Below ways of which a run takes one: how the first comes there. */
const soonestOf = (ends: readonly Comes[]): Comes =>
  (["at_once", "waited"] as const).find((one) => ends.includes(one)) ?? "never";

/** What an automation is to bring about. */
export const compileGoal = (goal: CardUse | null, courseId: CourseId = AS_NAMED): BoundTrigger | null =>
  goal && bindTrigger(callTrigger(goal, courseId));

/**
 * Compiles a checked definition to a flat program: branches are jumps, so nothing recurses when it runs.
 * @param courseId by which it names courses then, whatever was written
 */
export function compile(written: Definition, version: number, courseId: CourseId = AS_NAMED): Program {
  const definition = callDefinition(written, courseId);
  const operations: Operation[] = [];
  const places = new Map<string, number>();
  /** No repeat stands within another. */
  let inRounds = false;
  /** How a run comes to the next operation. */
  let comes: Comes = "at_once";
  /** Of the step that is compiled: the same, at the beginning of its ways and at the end of each. */
  let ways: { begin: Comes; ends: Comes[] } = { begin: comes, ends: [] };

  const assembly: Assembly = {
    get here() {
      return operations.length;
    },
    place: (operation) => {
      operations.push({ kind: "step", inRounds, ...operation });
      if (operation.wait && comes === "at_once") comes = "waited";
      ways.begin = comes;
    },
    jump: () => {
      const jump: Jump = { kind: "jump", to: 0 };
      operations.push(jump);
      return jump;
    },
    // Checked with the definition: what stands on a way is a list of steps.
    steps: (list, options) => {
      inRounds ||= options?.inRounds ?? false;
      comes = options?.never ? "never" : ways.begin;
      emitSteps((list ?? []) as KeptStep[]);
      ways.ends.push(comes);
      if (options?.inRounds) inRounds = false;
    },
    condition: (condition) => compileCondition(condition, ""),
    trigger: bindTrigger,
  };

  const emitSteps = (steps: readonly KeptStep[]): void => {
    for (const step of steps) {
      places.set(step.id, operations.length);
      const kind = STEPS.get(step.type);
      if (!kind) {
        emitAction(step);
        continue;
      }
      const outer = ways;
      ways = { begin: comes, ends: [] };
      kind.compile(step, assembly);
      // Below, who went any way that a run may take is meant.
      if (ways.ends.length) comes = kind.takesOneWay ? soonestOf(ways.ends) : ways.begin;
      if (kind.ends) comes = "never";
      ways = outer;
    }
  };

  const emitAction = (step: KeptStep): void => {
    const { id, type, on_error: onError, ...params } = step;
    const card = actions.get(type);
    if (!card) throw new Error(`unknown action ${type}`);
    operations.push({
      kind: "perform",
      id,
      type,
      action: card.bind(params),
      forLeads: card.forLeads,
      stopsOnError: onError === "stop",
      inRounds,
      comes,
    });
  };

  emitSteps(definition.then);
  return {
    version,
    synchronous: definition.synchronous,
    when: definition.when.map(bindTrigger),
    onlyIf: definition.only_if && compileCondition(definition.only_if, "/only_if"),
    exitWhen: definition.exit_when.map(bindTrigger),
    exitIf: definition.exit_if && compileCondition(definition.exit_if, "/exit_if"),
    operations,
    awaiting: operations.flatMap((one) => (one.kind === "step" && one.wait?.event ? [one] : [])),
    places,
    reentry: definition.reentry,
    reentryPer: definition.reentry_per,
    cooldown: definition.cooldown,
    limit: definition.limit,
  };
}
