import { useRef, useState } from "hono/jsx/dom";
import type { Fault } from "../../../../base/errors/errors";
import type { CatalogueEntry } from "../../../../definition/catalogue";
import type { CardUse, Condition } from "../../../../definition/types";
import { inWords, many, say } from "../../../../language/say";
import { Icon } from "../../../components/icon";
import { SpansText } from "../../../components/words";
import { capital, conditionSentence } from "../../../words/sentences/sentence";
import { fits } from "../../draft/check";
import {
  add,
  type ConditionView,
  depth,
  drop,
  grouped,
  JOINS,
  type Join,
  negate,
  rejoin,
  view,
} from "../../draft/conditions";
import { inputOf, useInputId, within } from "../../draft/form/inputs";
import { pointerOf, withValue } from "../../draft/tree/tree";
import { Chooser } from "../../stage/chooser";
import { focusOpen } from "../../stage/focus";
import { useTools } from "../../stage/tools";
import { CardForm } from "./card-form";

interface ConditionEditorProps {
  label: string;
  condition: Condition | null;
  faults: readonly Fault[];
  onChange(condition: Condition | null, tag?: string): void;
}

interface PartProps {
  shown: ConditionView;
  root: Condition;
  faults: readonly Fault[];
  open: string | null;
  setOpen(path: string | null): void;
  begin(path: string): void;
  onChange(condition: Condition | null, tag?: string): void;
}

const isJoin = (value: string): value is Join => Object.hasOwn(JOINS, value);
const keyOf = (shown: ConditionView): string => shown.path.join("/");

/** Conditions in plain language: one, or groups of all, any or none of several, each opening to its options. */
export function ConditionEditor({ label, condition, faults, onChange }: ConditionEditorProps) {
  const [open, setOpen] = useState<string | null>(null);
  const section = useRef<HTMLElement>(null);
  /** Opens what was just chosen, with the focus on what is to be filled in. */
  const begin = (path: string): void => {
    setOpen(path);
    // The palette gives the focus back to its button first.
    setTimeout(() => requestAnimationFrame(() => focusOpen(section.current)));
  };
  const whole = faults.filter((fault) => fault.path === "");
  const id = useInputId();
  return (
    <section class="conditions" aria-label={label} ref={section}>
      <h3 class="conditions-label">{label}</h3>
      {whole.map((fault) => (
        <p class="fault" key={fault.message}>
          ✕ {fault.message}
        </p>
      ))}
      {condition ? (
        <Part
          shown={view(condition)}
          root={condition}
          faults={faults}
          open={open}
          setOpen={setOpen}
          begin={begin}
          onChange={onChange}
        />
      ) : null}
      {condition && "type" in condition ? (
        <Adder
          id={id}
          onAdd={(card) => {
            onChange(add(condition, [], card));
            begin("all/1");
          }}
        />
      ) : null}
      {condition === null ? (
        <Adder
          id={id}
          onAdd={(card) => {
            onChange(card);
            begin("");
          }}
        />
      ) : null}
    </section>
  );
}

/** Why a condition cannot stand in this automation. */
function useRefusal(): (entry: CatalogueEntry) => string | undefined {
  const { now, catalogue } = useTools();
  const label = (type: string): string => catalogue.triggers.find((entry) => entry.type === type)?.label ?? type;
  return (entry) =>
    fits(entry, now.when)
      ? undefined
      : say("Only with: {triggers}", { triggers: (entry.only_with ?? []).map(label).join(", ") });
}

const Adder = ({ id, onAdd }: { id: string; onAdd(card: CardUse): void }) => {
  const { catalogue } = useTools();
  const refuses = useRefusal();
  return (
    <Chooser
      id={id}
      small
      title={say("Add a condition")}
      entries={catalogue.conditions}
      refuses={refuses}
      shown={
        <>
          <Icon name="plus" /> {say("Condition")}
        </>
      }
      onPick={onAdd}
    />
  );
};

function Part(props: PartProps) {
  return props.shown.kind === "leaf" ? (
    <Leaf {...props} shown={props.shown} />
  ) : (
    <Group {...props} shown={props.shown} />
  );
}

function Leaf({
  shown,
  root,
  faults,
  open,
  setOpen,
  onChange,
}: PartProps & { shown: ConditionView & { kind: "leaf" } }) {
  const { words, catalogue } = useTools();
  const key = keyOf(shown);
  const isOpen = open === key;
  const entry = catalogue.conditions.find((one) => one.type === shown.card.type);
  const own = within(faults, pointerOf(shown.cardPath));
  return (
    <div class={`leaf${isOpen ? " is-open" : ""}`}>
      <div class="leaf-head">
        <button
          type="button"
          class="leaf-says"
          aria-expanded={isOpen ? "true" : "false"}
          onClick={() => setOpen(isOpen ? null : key)}
        >
          <SpansText spans={capital(conditionSentence(shown.card, words, shown.negated))} />
          {own.length > 0 ? (
            <span class="mark is-fault">✕ {many(own.length, "{n} thing to correct", "{n} things to correct")}</span>
          ) : null}
        </button>
        <button
          type="button"
          class="button is-quiet is-small"
          aria-pressed={shown.negated ? "true" : "false"}
          title={say("Turn it into its opposite")}
          onClick={() => {
            onChange(negate(root, shown.path));
          }}
        >
          {say("not")}
        </button>
        <button
          type="button"
          class="button is-quiet is-small"
          aria-label={say("Remove this condition")}
          onClick={() => {
            setOpen(null);
            onChange(drop(root, shown.path));
          }}
        >
          <Icon name="close" />
        </button>
      </div>
      {isOpen ? (
        <div class="leaf-form">
          <CardForm
            card={shown.card}
            entry={entry}
            base={`c${key.replaceAll("/", "-")}`}
            faults={own}
            onChange={(card, field) =>
              onChange(shown.cardPath.length === 0 ? card : withValue(root, shown.cardPath, card), `${key}:${field}`)
            }
          />
        </div>
      ) : null}
    </div>
  );
}

function Group({
  shown,
  root,
  faults,
  open,
  setOpen,
  begin,
  onChange,
}: PartProps & { shown: ConditionView & { kind: "group" } }) {
  const id = useInputId();
  const { catalogue } = useTools();
  const refuses = useRefusal();
  const last = [...shown.listPath, shown.parts.length].join("/");
  const deep = shown.path.length / 2 + depth(root) > 8 || shown.path.length >= 8;
  const own = within(faults, pointerOf(shown.path)).filter((fault) => fault.path === "");
  return (
    <div class="conditions-group">
      <div class="leaf-head">
        <select
          aria-label={say("How these are joined")}
          value={shown.join}
          onInput={(event: Event) => {
            const join = inputOf(event).value;
            if (isJoin(join)) onChange(rejoin(root, shown.path, join));
          }}
        >
          {Object.entries(JOINS).map(([join, label]) => (
            <option value={join} key={join}>
              {inWords(label)}
            </option>
          ))}
        </select>
        <button
          type="button"
          class="button is-quiet is-small"
          aria-label={say("Remove this group")}
          onClick={() => onChange(drop(root, shown.path))}
        >
          <Icon name="close" />
        </button>
      </div>
      {shown.path.length > 0 && own[0] ? <p class="fault">✕ {own[0].message}</p> : null}
      {shown.parts.map((part) => (
        <Part
          key={keyOf(part)}
          shown={part}
          root={root}
          faults={faults}
          open={open}
          setOpen={setOpen}
          begin={begin}
          onChange={onChange}
        />
      ))}
      <span class="inline">
        <Adder
          id={id}
          onAdd={(card) => {
            onChange(add(root, shown.path, card));
            begin(last);
          }}
        />
        {deep ? null : (
          <Chooser
            id={`${id}-group`}
            small
            title={say("A group, beginning with")}
            entries={catalogue.conditions}
            refuses={refuses}
            shown={
              <>
                <Icon name="plus" /> {say("Group")}
              </>
            }
            onPick={(card) => {
              onChange(add(root, shown.path, grouped(shown.join === "any" ? "all" : "any", [card])));
              begin(`${last}/${shown.join === "any" ? "all" : "any"}/0`);
            }}
          />
        )}
      </span>
    </div>
  );
}
