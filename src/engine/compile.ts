import { actions, conditions, triggers } from "../catalogue";
import type { ConditionJson, Definition, StepJson, TriggerJson } from "../catalogue/check";
import type { BoundCondition } from "../catalogue/define";
import { waitParams } from "../catalogue/steps";
import type { Judge, Operation, Program } from "./types";

type View = Parameters<BoundCondition["test"]>[0];

function bindTrigger({ type, ...params }: TriggerJson) {
  const card = triggers.get(type);
  if (!card) throw new Error(`unknown trigger ${type}`);
  return card.bind(params);
}

/** Compiles a tree of conditions. `path` is where it stands in the definition, for people who ask why. */
export function compileCondition(condition: ConditionJson, path: string): Judge {
  if ("not" in condition && !("type" in condition)) {
    const inner = compileCondition(condition.not as ConditionJson, `${path}/not`);
    return {
      test: (view) => !inner.test(view),
      explain: (view) =>
        inner.test(view) ? { path, expected: condition, seen: inner.explain(view)?.seen ?? true } : null,
    };
  }
  for (const group of ["all", "any"] as const) {
    if (!(group in condition) || "type" in condition) continue;
    // The checks let a list of conditions through here, and nothing else.
    const parts = (condition as Record<typeof group, ConditionJson[]>)[group].map((one, index) =>
      compileCondition(one, `${path}/${group}/${index}`),
    );
    const test =
      group === "all"
        ? (view: View) => parts.every((one) => one.test(view))
        : (view: View) => parts.some((one) => one.test(view));
    return {
      test,
      explain: (view) => {
        if (test(view)) return null;
        const reasons = parts.flatMap((one) => one.explain(view) ?? []);
        if (group === "all") return reasons[0] ?? null;
        return { path, expected: condition, seen: reasons.map((one) => one.seen) };
      },
    };
  }
  const { type, ...params } = condition as { type: string };
  const card = conditions.get(type);
  if (!card) throw new Error(`unknown condition ${type}`);
  const bound = card.bind(params);
  return {
    test: bound.test,
    explain: (view) => (bound.test(view) ? null : { path, expected: condition, seen: bound.seen(view) }),
  };
}

/** Compiles a checked definition to a flat program: branches are jumps, so nothing recurses when it runs. */
export function compile(definition: Definition, version: number, tellsLms = false): Program {
  const operations: Operation[] = [];
  const places = new Map<string, number>();

  const emitSteps = (steps: readonly StepJson[]): void => {
    for (const step of steps) {
      places.set(step.id, operations.length);
      const emit = EMIT[step.type] ?? emitAction;
      emit(step);
    }
  };
  const stepsOf = (step: StepJson, name: string): StepJson[] =>
    // Checked with the definition.
    (step[name] ?? []) as StepJson[];

  const emitAction = (step: StepJson): void => {
    const { id, type, on_error: onError, ...params } = step;
    const card = actions.get(type);
    if (!card) throw new Error(`unknown action ${type}`);
    operations.push({
      kind: "perform",
      id,
      action: card.bind(params),
      forLeads: card.forLeads,
      tellsLms: tellsLms && card.changes,
      stopsOnError: onError === "stop",
    });
  };

  /** Two ways that meet again below: the first follows at once, the other is jumped to. */
  const emitTwoWays = (
    operation: Extract<Operation, { otherwise: number }>,
    first: StepJson[],
    second: StepJson[],
  ): void => {
    operations.push(operation);
    emitSteps(first);
    const over: Operation = { kind: "jump", to: 0 };
    operations.push(over);
    operation.otherwise = operations.length;
    emitSteps(second);
    over.to = operations.length;
  };

  const EMIT: Record<string, (step: StepJson) => void> = {
    wait: ({ id, type: _, ...params }) => void operations.push({ kind: "wait", id, wait: waitParams.parse(params) }),
    exit: ({ id }) => void operations.push({ kind: "exit", id }),
    branch: (step) =>
      emitTwoWays(
        { kind: "branch", id: step.id, condition: compileCondition(step.if as ConditionJson, ""), otherwise: 0 },
        stepsOf(step, "yes"),
        stepsOf(step, "no"),
      ),
    wait_for: (step) =>
      emitTwoWays(
        {
          kind: "wait_for",
          id: step.id,
          event: bindTrigger(step.event as TriggerJson),
          timeout: String(step.timeout),
          otherwise: 0,
        },
        stepsOf(step, "on_event"),
        stepsOf(step, "on_timeout"),
      ),
    split: (step) => {
      const split: Extract<Operation, { kind: "split" }> = { kind: "split", id: step.id, paths: [] };
      operations.push(split);
      const jumps: Extract<Operation, { kind: "jump" }>[] = [];
      for (const path of step.paths as { percent: number; steps?: StepJson[] }[]) {
        split.paths.push({ percent: path.percent, to: operations.length });
        emitSteps(path.steps ?? []);
        const over: Extract<Operation, { kind: "jump" }> = { kind: "jump", to: 0 };
        operations.push(over);
        jumps.push(over);
      }
      for (const over of jumps) over.to = operations.length;
    },
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
    places,
    reentry: definition.reentry,
    reentryPer: definition.reentry_per,
    cooldown: definition.cooldown,
  };
}
