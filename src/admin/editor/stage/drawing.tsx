import { useState } from "hono/jsx/dom";
import type { Draft, Path, Step } from "../../../definition/types";
import { say } from "../../../language/say";
import type { FlowHooks, Spot } from "../../components/flow";
import { Icon } from "../../components/icon";
import { reasonText } from "../../words/sentences/reasons";
import { capital, plain, stepSentence, type Words } from "../../words/sentences/sentence";
import type { Adding, Selection } from "../draft/state";
import type { Reached } from "../draft/trial/trial";
import { type Doubtful, unknownText } from "../draft/unknown";
import { keyOf, ofSpot } from "./focus";
import { momentText } from "./tools";

interface DrawingProps {
  definition: Draft;
  /** The card whose form is open. */
  selected: Selection | null;
  /** How many faults each card has, by its name. */
  marks: ReadonlyMap<string, number>;
  /** The steps that name unknown variables. */
  doubts: ReadonlyMap<string, Doubtful>;
  readOnly: boolean;
  timezone: string;
  words: Words;
  /** When a rehearsal reached each step, and what came of it. */
  lit: ReadonlyMap<string, Reached> | undefined;
  onChoose(selected: Selection): void;
  onAdd(adding: Adding): void;
  onMove(id: string, list: Path, index: number): void;
  onKey(event: KeyboardEvent, selected: Selection): void;
}

/** Where a "+" adds a step, for whoever does not see where it stands. */
function whereText(index: number, { above, way }: { above: Step | undefined; way: string | undefined }, words: Words) {
  if (above) return say("Add a step after ‘{step}’", { step: plain(capital(stepSentence(above, words))) });
  return way === undefined || index > 0
    ? say("Add a step at the beginning")
    : say("Add a step at the start of ‘{way}’", { way });
}

const MARKS: Readonly<Record<string, string>> = { skipped: "–", failed: "✕", waiting: "◷", exited: "■" };

/** The editor's part in the drawing: cards to choose and drag, and places to add and drop between them. */
export function useDrawing(props: DrawingProps): { hooks: FlowHooks; isDragging: boolean } {
  const { definition, selected, marks, doubts, readOnly, timezone, words, lit, onChoose, onAdd, onMove, onKey } = props;
  const [dragged, setDragged] = useState<string | null>(null);
  const [over, setOver] = useState<string | null>(null);

  const card: FlowHooks["card"] = (spot: Spot, body) => {
    const own = ofSpot(spot);
    const key = keyOf(own);
    const faults = marks.get(key) ?? 0;
    const doubt = own.kind === "step" ? doubts.get(own.id) : undefined;
    const isSelected = keyOf(selected) === key;
    const isDragged = own.kind === "step" && dragged === own.id;
    const classes = ["card", isSelected && "is-selected", faults > 0 && "has-fault", isDragged && "is-dragged"];
    return (
      <button
        type="button"
        id={`card-${key}`}
        class={classes.filter(Boolean).join(" ")}
        aria-current={isSelected ? "true" : undefined}
        draggable={own.kind === "step" && !readOnly ? "true" : undefined}
        onClick={() => onChoose(own)}
        onKeyDown={(event: KeyboardEvent) => onKey(event, own)}
        onDragStart={(event: DragEvent) => {
          if (own.kind !== "step") return;
          event.dataTransfer?.setData("text/plain", own.id);
          setDragged(own.id);
        }}
        onDragEnd={() => {
          setDragged(null);
          setOver(null);
        }}
      >
        {body}
        {faults > 0 ? (
          <span class="mark is-fault" title={say("{n} to correct", { n: faults })}>
            <Icon name="fault" />
            <span class="sr-only">{say("{n} to correct", { n: faults })}</span>
          </span>
        ) : null}
        {doubt ? (
          <span class="mark is-doubt" title={unknownText(doubt.names)}>
            <Icon name="warning" />
            <span class="sr-only">{unknownText(doubt.names)}</span>
          </span>
        ) : null}
      </button>
    );
  };

  const gap: FlowHooks["gap"] = (list, index, place) => {
    if (readOnly) return null;
    const key = [...list, index].join("/");
    const classes = ["gap-add", dragged !== null && "is-open", over === key && "is-over"];
    return (
      <button
        type="button"
        class={classes.filter(Boolean).join(" ")}
        aria-label={whereText(index, place, words)}
        title={whereText(index, place, words)}
        onClick={() => onAdd({ kind: "step", list, index })}
        onDragOver={(event: DragEvent) => {
          if (dragged === null) return;
          event.preventDefault();
          if (over !== key) setOver(key);
        }}
        onDragLeave={() => setOver(null)}
        onDrop={(event: DragEvent) => {
          event.preventDefault();
          setOver(null);
          setDragged(null);
          if (dragged !== null) onMove(dragged, list, index);
        }}
      >
        <Icon name="plus" />
        <span class="gap-says" aria-hidden="true">
          {say("Add")}
        </span>
      </button>
    );
  };

  const adder = (label: string, onClick: () => void, id?: string) => (
    <button type="button" id={id} class="button is-small is-quiet" onClick={onClick}>
      <Icon name="plus" /> {label}
    </button>
  );

  const after: FlowHooks["after"] = (block) => {
    if (readOnly) return null;
    if (block === "when") {
      const label = definition.when.length === 0 ? say("Choose what starts it") : say("Or when …");
      return definition.when.length < 10 ? adder(label, () => onAdd({ kind: "trigger" })) : null;
    }
    if (block === "only_if")
      return definition.only_if
        ? null
        : adder(say("Any learner; narrow it down"), () => onChoose({ kind: "only_if" }), "card-only_if");
    if (block === "goal")
      return definition.goal ? null : adder(say("Count how many reach a goal"), () => onAdd({ kind: "goal" }));
    return (
      <span class="inline">
        {adder(say("An event"), () => onAdd({ kind: "exit_when" }))}
        {definition.exit_if ? null : adder(say("A condition"), () => onChoose({ kind: "exit_if" }), "card-exit_if")}
      </span>
    );
  };

  const note: FlowHooks["note"] = (step) => {
    const reached = step.id === undefined ? undefined : lit?.get(step.id);
    if (!reached) return null;
    const { atMs, status, reason } = reached;
    return (
      <span class={`is-${status}`}>
        <span aria-hidden="true">{MARKS[status] ?? "✓"} </span>
        {status === "skipped" || status === "failed"
          ? `${status === "failed" ? say("failed") : say("skipped")}${reason ? `: ${reasonText(reason)}` : ""} · `
          : ""}
        <time dateTime={new Date(atMs).toISOString()}>{momentText(atMs, timezone)}</time>
      </span>
    );
  };
  return { hooks: { card, gap, after, ...(lit ? { note } : {}) }, isDragging: dragged !== null };
}
