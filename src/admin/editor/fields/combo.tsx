import { useEffect, useId, useRef, useState } from "hono/jsx/dom";
import { say } from "../../../language/say";
import { Icon } from "../../components/icon";
import type { Choice } from "../draft/api";
import { pastedValues } from "../draft/form/pasted";
import { useSettled } from "../stage/tools";

interface ComboProps {
  /** The id of the input, for its label. */
  id: string;
  label?: string;
  placeholder?: string;
  describedBy?: string;
  invalid?: boolean;
  /** What may be picked for what is typed. */
  search(q: string): Promise<readonly Choice[]>;
  onPick(choice: Choice): void;
  /** Backspace in the empty field. */
  onBack?: () => void;
  /** Whether what is typed may be picked though it is not in the list. */
  free?: boolean;
  /** What is pasted as several values; true where it was taken. */
  onPasted?: (text: string) => boolean;
  /** Whether a pick empties the field; else it stays and shows the pick. */
  clears?: boolean;
  shown?: string;
}

/** The code of keys that an input method has taken, where a browser does not say that it composes. */
const COMPOSING = 229;

/** What a search found, and for what. */
interface Found {
  q: string;
  choices: readonly Choice[];
}

const isExact = ({ value, label }: Choice, text: string): boolean =>
  value === text || label.toLowerCase() === text.toLowerCase();

/** What was found, and last what was typed, where that may be taken as it is. */
const offered = (found: readonly Choice[], text: string, free: boolean): readonly Choice[] =>
  !free || text === "" || found.some((choice) => isExact(choice, text))
    ? found
    : [...found, { value: text, label: found.length ? say("Use “{text}” as it is", { text }) : text }];

/** Which of what is offered is meant by what was typed: the one found of that name, else the first. */
const meant = (found: readonly Choice[], text: string): number =>
  text === ""
    ? -1
    : Math.max(
        0,
        found.findIndex((choice) => isExact(choice, text)),
      );

/**
 * A text field with a list of what may be meant: arrows walk it, Enter takes what is marked, Escape closes (ARIA
 * combobox). The first that fits is marked while one types; what is typed itself is taken where it stands in the list.
 */
export function Combo({
  id,
  label,
  placeholder,
  describedBy,
  invalid,
  search,
  onPick,
  onBack,
  onPasted,
  free = false,
  clears = true,
  shown = "",
}: ComboProps) {
  const listId = useId();
  const [typed, setTyped] = useState<string | null>(null);
  const [found, setFound] = useState<Found>({ q: "", choices: [] });
  const [open, setOpen] = useState(false);
  const [walked, setWalked] = useState(-1);
  const q = useSettled(typed ?? "", 150);
  const asked = useRef(0);

  useEffect(() => {
    if (!open) return;
    asked.current = (asked.current ?? 0) + 1;
    const mine = asked.current;
    search(q).then((choices) => {
      if (mine === asked.current) setFound({ q, choices });
    });
  }, [q, open]);

  const text = (typed ?? "").trim();
  const isFound = found.q === (typed ?? "");
  const choices = isFound ? offered(found.choices, text, free) : found.choices;
  const active = walked >= 0 ? walked : isFound ? meant(found.choices, text) : -1;

  // Near the end of a panel the list would open out of sight.
  useEffect(() => {
    if (open && choices.length > 0) document.getElementById(listId)?.scrollIntoView({ block: "nearest" });
  }, [open, found]);

  const takes = (choice: Choice): void => {
    setTyped(clears ? "" : null);
    setWalked(-1);
    setOpen(false);
    onPick(choice);
  };
  const takesTyped = (): boolean => {
    const exact = found.choices.find((choice) => isExact(choice, text));
    if (text === "" || !(free || exact)) return false;
    takes(exact ?? { value: text, label: text });
    return true;
  };
  /** What Enter takes: what is marked in the list, which may still be on its way. */
  const takesMarked = async (): Promise<void> => {
    const marked = choices[active];
    if (marked) takes(marked);
    else if (text !== "" && !isFound) {
      const late = await search(typed ?? "");
      const first = offered(late, text, free)[meant(late, text)];
      if (first) takes(first);
    }
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    // Keys within a composition (Japanese, Chinese, Korean …) are the input method's: Enter takes its candidate.
    if (event.isComposing || event.keyCode === COMPOSING) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      setOpen(true);
      const step = event.key === "ArrowDown" ? 1 : -1;
      if (choices.length > 0) setWalked((active + step + choices.length) % choices.length);
    } else if (event.key === "Enter") {
      event.preventDefault();
      takesMarked();
    } else if (event.key === "," && free) {
      event.preventDefault();
      takesTyped();
    } else if (event.key === "Escape" && open) {
      setOpen(false);
      event.stopPropagation();
    } else if (event.key === "Backspace" && (typed ?? "") === "") onBack?.();
  };
  return (
    <span class="combo">
      <input
        id={id}
        type="text"
        role="combobox"
        autocomplete="off"
        spellcheck={false}
        aria-label={label}
        aria-expanded={open && choices.length > 0 ? "true" : "false"}
        aria-controls={listId}
        aria-autocomplete="list"
        aria-activedescendant={active >= 0 ? `${listId}-${active}` : undefined}
        aria-describedby={describedBy}
        aria-invalid={invalid ? "true" : undefined}
        placeholder={placeholder}
        value={typed ?? shown}
        onInput={(event: InputEvent) => {
          // The listener stands on an input.
          setTyped((event.target as HTMLInputElement).value);
          setOpen(true);
          setWalked(-1);
        }}
        onFocus={() => setOpen(true)}
        onBlur={() => {
          if (!takesTyped()) setTyped(null);
          setOpen(false);
        }}
        onKeyDown={onKeyDown}
        onPaste={(event: ClipboardEvent) => {
          if (onPasted?.(event.clipboardData?.getData("text/plain") ?? "")) event.preventDefault();
        }}
      />
      <div
        class="combo-list"
        id={listId}
        role="listbox"
        aria-label={label ?? say("Suggestions")}
        hidden={!open || choices.length === 0}
      >
        {choices.map((choice, i) => (
          <div
            key={choice.value}
            id={`${listId}-${i}`}
            role="option"
            tabIndex={-1}
            aria-selected={i === active ? "true" : "false"}
            class={i === active ? "is-active" : ""}
            // Before the field loses the focus, which would close the list.
            onMouseDown={(event: MouseEvent) => {
              event.preventDefault();
              takes(choice);
            }}
          >
            {choice.label}
            {choice.label === choice.value || choice.value === text || choice.value.startsWith("$") ? null : (
              <small>{choice.value}</small>
            )}
          </div>
        ))}
      </div>
    </span>
  );
}

interface ChipsProps extends Omit<ComboProps, "onPick" | "onBack" | "onPasted" | "clears" | "shown"> {
  /** No value holds a comma: pasted ones part two. */
  plain?: boolean;
  values: readonly string[];
  nameOf(value: string): string;
  onChange(values: string[]): void;
}

/** Several values as chips, with a field to add more. */
export function Chips({ values, nameOf, onChange, plain = false, ...combo }: ChipsProps) {
  return (
    <span class={`chips${combo.invalid ? " is-invalid" : ""}`}>
      {values.map((value, i) => (
        // Of two that share a name the id tells which it is.
        <span class="chip" key={value} title={nameOf(value) === value || value.startsWith("$") ? undefined : value}>
          {nameOf(value)}
          <button
            type="button"
            aria-label={say("Remove {name}", { name: nameOf(value) })}
            onClick={() => onChange(values.toSpliced(i, 1))}
          >
            <Icon name="close" />
          </button>
        </span>
      ))}
      <Combo
        {...combo}
        search={async (q) => (await combo.search(q)).filter((choice) => !values.includes(choice.value))}
        onPick={({ value }) => {
          if (!values.includes(value)) onChange([...values, value]);
        }}
        onPasted={(text) => {
          const pasted = combo.free ? pastedValues(text, { plain }) : null;
          if (!pasted) return false;
          onChange([...new Set([...values, ...pasted])]);
          return true;
        }}
        onBack={() => onChange(values.slice(0, -1))}
      />
    </span>
  );
}
