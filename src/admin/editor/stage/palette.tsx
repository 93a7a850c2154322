import { useEffect, useId, useMemo, useRef, useState } from "hono/jsx/dom";
import type { CatalogueEntry } from "../../../definition/catalogue";
import { say } from "../../../language/say";
import { Icon } from "../../components/icon";
import { search } from "../draft/tree/search";
import { useTools } from "./tools";

interface PaletteProps {
  title: string;
  entries: readonly CatalogueEntry[];
  /** Why an entry cannot be taken here; it is shown and stays closed. */
  refuses?(entry: CatalogueEntry): string | undefined;
  onPick(entry: CatalogueEntry): void;
  onClose(): void;
  /** What was copied, offered first; `label` is what the step does. */
  paste?: { label: string; onPaste(): void } | undefined;
}

interface Group {
  label: string;
  icon: string;
  entries: readonly CatalogueEntry[];
}

/**
 * The catalogue to choose from, by category; what a search finds, best first. What is refused comes last. Arrows walk it
 * while the search keeps the focus.
 */
export function Palette({ title, entries, refuses, onPick, onClose, paste }: PaletteProps) {
  const { words } = useTools();
  const id = useId();
  const dialog = useRef<HTMLDialogElement>(null);
  const [q, setQ] = useState("");
  const [active, setActive] = useState(0);
  const groups = useMemo((): Group[] => {
    const found = search(entries, q);
    const open = found.filter((entry) => !refuses?.(entry));
    const closed = found.filter((entry) => refuses?.(entry));
    const byCategory = [...new Set(open.map((entry) => entry.category))].map((category) => ({
      ...words.category(category),
      entries: open.filter((entry) => entry.category === category),
    }));
    const asked = q.trim() === "" ? byCategory : [{ label: say("Found"), icon: "search", entries: open }];
    return [...asked, { label: say("Not here"), icon: "close", entries: closed }].filter((one) => one.entries.length);
  }, [entries, q]);
  const ordered = groups.flatMap((group) => group.entries);

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
          <button
            type="button"
            class="button is-quiet"
            aria-label={say("Close")}
            onClick={() => dialog.current?.close()}
          >
            <Icon name="close" />
          </button>
        </header>
        <div class="palette-search">
          <Icon name="search" />
          <input
            type="text"
            role="combobox"
            aria-label={say("Search: {title}", { title })}
            aria-expanded="true"
            aria-controls={`${id}-list`}
            aria-activedescendant={ordered.length > 0 ? `${id}-${active}` : undefined}
            autocomplete="off"
            placeholder={say("Search")}
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
            <Icon name="copy" /> {say("Paste “{step}”", { step: paste.label })}
          </button>
        ) : null}
        <div
          class="palette-list"
          id={`${id}-list`}
          // A list of nothing is none.
          {...(groups.length === 0 ? {} : { role: "listbox", "aria-label": title })}
        >
          {groups.map((group) => (
            // biome-ignore lint/a11y/useSemanticElements: a listbox holds groups, not fieldsets
            <div role="group" aria-label={group.label} key={group.label}>
              <div class="palette-category" role="presentation">
                <Icon name={group.icon} /> {group.label}
              </div>
              {group.entries.map((entry) => {
                const i = ordered.indexOf(entry);
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
          {ordered.length === 0 ? <p class="palette-none">{say("Nothing is called “{q}”.", { q })}</p> : null}
        </div>
      </div>
    </dialog>
  );
}
