import { useEffect, useId, useMemo, useRef, useState } from "hono/jsx/dom";
import type { CatalogueEntry } from "../../../definition/catalogue";
import { Icon } from "../../components/icon";
import { useTools } from "./tools";

interface PaletteProps {
  title: string;
  entries: readonly CatalogueEntry[];
  /** Why an entry cannot be taken here; it is shown and stays closed. */
  refuses?(entry: CatalogueEntry): string | undefined;
  onPick(entry: CatalogueEntry): void;
  onClose(): void;
  /** What was copied, offered first. */
  paste?: { label: string; onPaste(): void } | undefined;
}

const matches = (entry: CatalogueEntry, q: string): boolean => {
  const text = `${entry.label} ${entry.type} ${entry.category} ${entry.description ?? ""}`.toLowerCase();
  return q
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
};

/** The catalogue to choose from, by category, with a search; arrows walk it while the search keeps the focus. */
export function Palette({ title, entries, refuses, onPick, onClose, paste }: PaletteProps) {
  const { words } = useTools();
  const id = useId();
  const dialog = useRef<HTMLDialogElement>(null);
  const [q, setQ] = useState("");
  const [active, setActive] = useState(0);
  const found = useMemo(() => entries.filter((entry) => matches(entry, q)), [entries, q]);
  const categories = [...new Set(found.map((entry) => entry.category))];
  const ordered = categories.flatMap((category) => found.filter((entry) => entry.category === category));

  useEffect(() => {
    const element = dialog.current;
    element?.showModal();
    // A click on the backdrop is a click on the dialog itself; Escape does the same by keyboard.
    element?.addEventListener("click", (event) => {
      if (event.target === element) element.close();
    });
  }, []);
  useEffect(() => {
    document.getElementById(`${id}-${active}`)?.scrollIntoView({ block: "nearest" });
  }, [active]);

  const takes = (entry: CatalogueEntry | undefined): void => {
    if (!entry || refuses?.(entry)) return;
    dialog.current?.close();
    onPick(entry);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step !== 0 && ordered.length > 0) {
      event.preventDefault();
      setActive((active + step + ordered.length) % ordered.length);
    } else if (event.key === "Enter") {
      event.preventDefault();
      takes(ordered[active]);
    }
  };
  return (
    <dialog class="palette" ref={dialog} aria-labelledby={`${id}-title`} onClose={onClose}>
      <div class="palette-box">
        <header>
          <h2 id={`${id}-title`}>{title}</h2>
          <button type="button" class="button is-quiet" aria-label="Close" onClick={() => dialog.current?.close()}>
            <Icon name="close" />
          </button>
        </header>
        <div class="palette-search">
          <Icon name="search" />
          <input
            type="text"
            role="combobox"
            aria-label={`Search: ${title}`}
            aria-expanded="true"
            aria-controls={`${id}-list`}
            aria-activedescendant={ordered.length > 0 ? `${id}-${active}` : undefined}
            autocomplete="off"
            placeholder="Search"
            value={q}
            onInput={(event: InputEvent) => {
              // The listener stands on an input.
              setQ((event.target as HTMLInputElement).value);
              setActive(0);
            }}
            onKeyDown={onKeyDown}
            autofocus
          />
        </div>
        {paste ? (
          <button
            type="button"
            class="palette-paste"
            onClick={() => {
              dialog.current?.close();
              paste.onPaste();
            }}
          >
            <Icon name="copy" /> Paste {paste.label}
          </button>
        ) : null}
        <div class="palette-list" id={`${id}-list`} role="listbox" aria-label={title}>
          {categories.map((category) => (
            // biome-ignore lint/a11y/useSemanticElements: a listbox holds groups, not fieldsets
            <div role="group" aria-label={words.category(category).label} key={category}>
              <div class="palette-category" role="presentation">
                <Icon name={words.category(category).icon} /> {words.category(category).label}
              </div>
              {ordered.map((entry, i) => {
                if (entry.category !== category) return null;
                const refusal = refuses?.(entry);
                return (
                  // biome-ignore lint/a11y/useKeyWithClickEvents: the search field keeps the focus and takes the keys
                  <div
                    key={entry.type}
                    id={`${id}-${i}`}
                    role="option"
                    tabIndex={-1}
                    aria-selected={i === active ? "true" : "false"}
                    aria-disabled={refusal ? "true" : undefined}
                    class={`palette-entry${i === active ? " is-active" : ""}`}
                    onMouseMove={() => {
                      if (active !== i) setActive(i);
                    }}
                    onClick={() => takes(entry)}
                  >
                    <span>{entry.label}</span>
                    {refusal || entry.description ? <small>{refusal ?? entry.description}</small> : null}
                  </div>
                );
              })}
            </div>
          ))}
          {ordered.length === 0 ? <p class="palette-none">Nothing is called “{q}”.</p> : null}
        </div>
      </div>
    </dialog>
  );
}
