import type { Spot } from "../../components/flow";
import type { Selection } from "../draft/state";

/** Names a card of the drawing; its element has the id `card-<name>`. */
export const keyOf = (selected: Selection | null): string => {
  if (selected === null) return "";
  if (selected.kind === "step") return `step-${selected.id}`;
  return "index" in selected ? `${selected.kind}-${selected.index}` : selected.kind;
};

export const ofSpot = (spot: Spot): Selection => {
  if (spot.kind === "step") return { kind: "step", id: spot.step.id ?? "" };
  return spot.kind === "trigger" || spot.kind === "exit_when"
    ? { kind: spot.kind, index: spot.index }
    : { kind: spot.kind };
};

/** Focuses a card of the drawing once it stands. */
export const focusCard = (selected: Selection | null): void => {
  if (selected) requestAnimationFrame(() => document.getElementById(`card-${keyOf(selected)}`)?.focus());
};

const FIELDS = ":is(input, select, textarea, button)";

/** Focuses the first input of the panel once it stands, or its heading. */
export const focusPanel = (): void => {
  requestAnimationFrame(() => {
    const panel = document.querySelector<HTMLElement>(".panel");
    (panel?.querySelector<HTMLElement>(`.panel-body ${FIELDS}`) ?? panel?.querySelector<HTMLElement>("h2"))?.focus();
  });
};

/** Focuses the first input at fault of the panel once it stands. */
export const focusFault = (): void => {
  requestAnimationFrame(() => {
    const field = document.querySelector<HTMLElement>(`.panel .is-faulty ${FIELDS}`);
    if (field) field.focus();
    else focusPanel();
  });
};

/** Focuses the first input of the condition that is open, or what opens it where there is nothing to fill in. */
export const focusOpen = (within: HTMLElement | null): void => {
  const leaf = within?.querySelector<HTMLElement>(".leaf.is-open");
  (leaf?.querySelector<HTMLElement>(`.leaf-form ${FIELDS}`) ?? leaf?.querySelector<HTMLElement>(".leaf-says"))?.focus();
};

/** Focuses the card above or below in reading order. */
export const focusBeside = (selected: Selection, direction: "up" | "down"): void => {
  const cards = [...document.querySelectorAll<HTMLElement>(".flow .card")];
  const at = cards.findIndex((card) => card.id === `card-${keyOf(selected)}`);
  cards[at + (direction === "down" ? 1 : -1)]?.focus();
};
