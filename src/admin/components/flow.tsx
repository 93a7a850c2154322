import type { Child, FC } from "hono/jsx";
import type { StepStats } from "../../definition/answers";
import type { Lane } from "../../definition/lanes";
import type { CardUse, Condition, Draft, Path, Step } from "../../definition/types";
import { figure, say } from "../../language/say";
import {
  capital,
  conditionSentence,
  type Span,
  stepSentence,
  triggerSentence,
  type Words as Vocabulary,
} from "../words/sentences/sentence";
import { Icon } from "./icon";
import { SpansText } from "./words";

/** What a card of the drawing stands for. */
export type Spot =
  | { kind: "trigger"; index: number; card: CardUse }
  | { kind: "only_if"; condition: Condition }
  | { kind: "step"; step: Step; path: Path }
  | { kind: "exit_when"; index: number; card: CardUse }
  | { kind: "exit_if"; condition: Condition }
  | { kind: "goal"; card: CardUse };

/** How a page takes part in the drawing: the editor makes cards selectable and puts buttons between them. */
export interface FlowHooks {
  /** Wraps what a card says; a plain box, or a link, when left out. */
  card?(spot: Spot, body: Child): Child;
  /**
   * What stands on the line before the step at `index` of a list (at its length: after the last).
   * @param place the step above it, and the name of the way ("no") that the list is of
   */
  gap?(list: Path, index: number, place: { above: Step | undefined; way: string | undefined }): Child;
  /** What follows the cards of a block. */
  after?(block: "when" | "only_if" | "exits" | "goal"): Child;
  /** Where a step's card leads to, when `card` is left out. */
  href?(step: Step): string | undefined;
  /** A line under a step: when it happens, or what it would do. */
  note?(step: Step): Child;
}

export interface FlowProps extends FlowHooks {
  definition: Draft;
  words: Vocabulary;
  /** "coming": their lines are kept free, so that nothing moves when they are there. */
  stats?: ReadonlyMap<string, StepStats> | "coming";
  /** The steps a rehearsal reached; the others are dimmed. */
  lit?: ReadonlySet<string>;
}

const Stats: FC<{ stats: StepStats }> = ({ stats }) => (
  <span class="flow-stats">
    <span>{say("{n} in", { n: stats.entered })}</span>
    {stats.waiting > 0 ? <span class="flow-waiting">{say("{n} waiting", { n: stats.waiting })}</span> : null}
    {stats.failed > 0 ? <span class="flow-failed">✕ {say("{n} failed", { n: stats.failed })}</span> : null}
    {stats.exited > 0 ? <span>{say("{n} ended here", { n: stats.exited })}</span> : null}
  </span>
);

const StatsToCome: FC = () => (
  <span class="flow-stats" aria-hidden="true">
    {"\u00a0"}
  </span>
);

const statsOf = ({ stats }: Pick<FlowProps, "stats">, { id }: Step): StepStats | undefined =>
  stats === undefined || stats === "coming" || id === undefined ? undefined : stats.get(id);

/** @param kind what colours the drawing: an action acts, any other step steers */
const Says: FC<{ icon: string; kind: "acts" | "steers"; spans: readonly Span[]; children?: Child }> = ({
  icon,
  kind,
  spans,
  children,
}) => (
  <>
    <span class={`card-icon is-${kind}`}>
      <Icon name={icon} />
    </span>
    <span class="card-text">
      <SpansText spans={capital(spans)} />
      {children}
    </span>
  </>
);

/** Whether nothing goes on below: the list's last step ends the run, or each of its ways does. */
export function ends(steps: readonly Step[], words: Vocabulary): boolean {
  const last = steps.at(-1);
  if (!last) return false;
  const kind = words.entry("step", last.type);
  return kind?.takes_one_way ? words.lanesOf(last).every((lane) => ends(lane.steps, words)) : (kind?.ends ?? false);
}

/**
 * Which half of each lane the joining line below runs through. Boundaries of halves are numbered from the left;
 * lane i has its middle at 2i + 1, the trunk goes on at n. Only lanes that go on are joined.
 */
function joins(lanes: readonly Lane[], words: Vocabulary): { left: boolean; right: boolean }[] {
  const middles = lanes.flatMap((lane, i) => (ends(lane.steps, words) ? [] : [2 * i + 1]));
  if (middles.length === 0) return lanes.map(() => ({ left: false, right: false }));
  const from = Math.min(...middles, lanes.length);
  const to = Math.max(...middles, lanes.length);
  return lanes.map((_, i) => ({ left: from <= 2 * i && 2 * i < to, right: from <= 2 * i + 1 && 2 * i + 1 < to }));
}

const laneCount = (lane: Lane, stats: StepStats | undefined): number | undefined => {
  const way = lane.path.at(-1);
  return way === "yes" || way === "no" ? stats?.[way] : undefined;
};

function iconOf(step: Step, words: Vocabulary): string {
  const category = words.entry("action", step.type)?.category;
  return category === undefined ? step.type : words.category(category).icon;
}

const Box: FC<{ spot: Spot; hooks: FlowHooks; children?: Child }> = ({ spot, hooks, children }) => {
  if (hooks.card) return <>{hooks.card(spot, children)}</>;
  const href = spot.kind === "step" ? hooks.href?.(spot.step) : undefined;
  return href ? (
    <a class="card" href={href}>
      {children}
    </a>
  ) : (
    <div class="card">{children}</div>
  );
};

const StepCard: FC<{ step: Step; path: Path; flow: FlowProps }> = ({ step, path, flow }) => {
  const stats = statsOf(flow, step);
  return (
    <Box spot={{ kind: "step", step, path }} hooks={flow}>
      <Says
        icon={iconOf(step, flow.words)}
        kind={flow.words.entry("action", step.type) ? "acts" : "steers"}
        spans={stepSentence(step, flow.words)}
      >
        {stats ? <Stats stats={stats} /> : flow.stats === "coming" ? <StatsToCome /> : null}
      </Says>
    </Box>
  );
};

const Lanes: FC<{ step: Step; path: Path; flow: FlowProps }> = ({ step, path, flow }) => {
  const lanes = flow.words.lanesOf(step);
  const lines = joins(lanes, flow.words);
  const even = lanes.some((lane) => ends(lane.steps, flow.words));
  const stats = statsOf(flow, step);
  return (
    <div class={`flow-lanes${even ? " is-even" : ""}`}>
      {lanes.map((lane, i) => {
        const count = laneCount(lane, stats);
        const line = lines[i];
        const classes = [
          "flow-lane",
          ends(lane.steps, flow.words) ? "is-ended" : "",
          line?.left ? "joins-left" : "",
          line?.right ? "joins-right" : "",
        ];
        return (
          // biome-ignore lint/a11y/useSemanticElements: neither a landmark nor a fieldset
          <div class={classes.filter(Boolean).join(" ")} role="group" aria-label={lane.name} key={lane.path.join("/")}>
            <span class="flow-way">
              {lane.name}
              {count === undefined ? null : <small> {figure(count)}</small>}
            </span>
            <Steps steps={lane.steps} path={[...path, ...lane.path]} way={lane.name} flow={flow} />
          </div>
        );
      })}
    </div>
  );
};

const Steps: FC<{ steps: readonly Step[]; path: Path; way?: string; flow: FlowProps }> = ({
  steps,
  path,
  way,
  flow,
}) => (
  <ol class="flow-steps">
    {steps.map((step, i) => {
      const dim = flow.lit && !(step.id !== undefined && flow.lit.has(step.id));
      return (
        <li class={`flow-step${flow.lit ? (dim ? " is-dim" : " is-lit") : ""}`} key={step.id ?? String(i)}>
          <div class="flow-gap">{flow.gap?.(path, i, { above: steps[i - 1], way })}</div>
          <StepCard step={step} path={[...path, i]} flow={flow} />
          {flow.note ? <div class="flow-note">{flow.note(step)}</div> : null}
          {flow.words.lanesOf(step).length > 0 ? <Lanes step={step} path={[...path, i]} flow={flow} /> : null}
        </li>
      );
    })}
    {ends(steps, flow.words) ? null : (
      <li class="flow-tail" key="tail">
        <div class="flow-gap">{flow.gap?.(path, steps.length, { above: steps.at(-1), way })}</div>
      </li>
    )}
  </ol>
);

/** A definition drawn from top to bottom: When, Only if, Then with its branches side by side, and what ends it. */
export const Flow: FC<FlowProps> = (flow) => {
  const { definition, words } = flow;
  const exits = definition.exit_when.length > 0 || definition.exit_if !== null;
  const onlyIf = definition.only_if;
  const exitIf = definition.exit_if;
  return (
    <div class={`flow${flow.lit ? " is-rehearsed" : ""}`}>
      <section class="flow-block" aria-label={say("When")}>
        <h2 class="flow-head">
          <Icon name="when" /> {say("When a learner")}
        </h2>
        {definition.when.map((card, index) => (
          <div class="flow-row" key={`${index}:${card.type}`}>
            {index > 0 ? <span class="flow-or">{say("or")}</span> : null}
            <Box spot={{ kind: "trigger", index, card }} hooks={flow}>
              <span class="card-text">
                <SpansText spans={triggerSentence(card, words)} />
              </span>
            </Box>
          </div>
        ))}
        {flow.after?.("when")}
      </section>
      {onlyIf || flow.after ? (
        <>
          <div class="flow-gap" />
          <section class="flow-block" aria-label={say("Only if")}>
            <h2 class="flow-head">
              <Icon name="filter" /> {say("Only if they")}
            </h2>
            {onlyIf ? (
              <Box spot={{ kind: "only_if", condition: onlyIf }} hooks={flow}>
                <span class="card-text">
                  <SpansText spans={conditionSentence(onlyIf, words)} />
                </span>
              </Box>
            ) : null}
            {flow.after?.("only_if")}
          </section>
        </>
      ) : null}
      {definition.then.length > 0 || flow.gap ? (
        <>
          <div class="flow-gap" />
          <h2 class="flow-head flow-then">
            <Icon name="down" /> {say("Then")}
          </h2>
        </>
      ) : null}
      <Steps steps={definition.then} path={["then"]} flow={flow} />
      {ends(definition.then, words) ? null : <div class="flow-end">{say("End")}</div>}
      {exits || flow.after ? (
        <section class="flow-block flow-exits" aria-label={say("Ends at once when")}>
          <h2 class="flow-head">
            <Icon name="exit" /> {say("Ends at once when")}
          </h2>
          {definition.exit_when.map((card, index) => (
            <div class="flow-row" key={`${index}:${card.type}`}>
              {index > 0 ? <span class="flow-or">{say("or")}</span> : null}
              <Box spot={{ kind: "exit_when", index, card }} hooks={flow}>
                <span class="card-text">
                  <SpansText spans={[{ text: say("the learner ") }, ...triggerSentence(card, words)]} />
                </span>
              </Box>
            </div>
          ))}
          {exitIf ? (
            <div class="flow-row">
              {definition.exit_when.length > 0 ? <span class="flow-or">{say("or")}</span> : null}
              <Box spot={{ kind: "exit_if", condition: exitIf }} hooks={flow}>
                <span class="card-text">
                  <SpansText spans={[{ text: say("they ") }, ...conditionSentence(exitIf, words)]} />
                </span>
              </Box>
            </div>
          ) : null}
          {flow.after?.("exits")}
        </section>
      ) : null}
      {definition.goal || flow.after ? (
        <section class="flow-block flow-exits" aria-label={say("The goal")}>
          <h2 class="flow-head">
            <Icon name="goal" /> {say("The goal")}
          </h2>
          {definition.goal ? (
            <Box spot={{ kind: "goal", card: definition.goal }} hooks={flow}>
              <span class="card-text">
                <SpansText spans={[{ text: say("the learner ") }, ...triggerSentence(definition.goal, words)]} />
              </span>
            </Box>
          ) : null}
          {flow.after?.("goal")}
        </section>
      ) : null}
    </div>
  );
};
