import { useEffect, useRef } from "hono/jsx/dom";
import { say } from "../../../language/say";
import { Icon } from "../../components/icon";

/** what keys do, by where; `card-keys.ts` has them. */
const KEYS: readonly (readonly [where: string, keys: readonly (readonly [keys: string, does: string])[]])[] = [
  [
    "Anywhere",
    [
      ["Ctrl S", "Save"],
      ["Ctrl Z", "Undo"],
      ["Ctrl Shift Z, Ctrl Y", "Redo"],
      ["Esc", "Close the form at the right"],
      ["?", "This list"],
    ],
  ],
  [
    "On a card",
    [
      ["↑ ↓", "To the card above or below"],
      ["Enter", "Edit it"],
      ["Del", "Delete it"],
    ],
  ],
  [
    "On a step",
    [
      ["Alt ↑ ↓", "Move it up or down"],
      ["Alt ← →", "Move it out of its way, or into one"],
      ["Ctrl C, Ctrl X, Ctrl V", "Copy, cut, paste below"],
      ["Ctrl D", "Duplicate it"],
    ],
  ],
];

/** The list of keyboard shortcuts. */
export function KeysSheet({ onClose }: { onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const element = dialog.current;
    element?.showModal();
    element?.addEventListener("click", (event) => {
      if (event.target === element) element.close();
    });
  }, []);
  return (
    <dialog class="palette" ref={dialog} aria-labelledby="keys-title" onClose={onClose}>
      <div class="palette-box">
        <header>
          <h2 id="keys-title">{say("Keyboard shortcuts")}</h2>
          <button
            type="button"
            class="button is-quiet"
            aria-label={say("Close")}
            onClick={() => dialog.current?.close()}
          >
            <Icon name="close" />
          </button>
        </header>
        <div class="keys">
          {KEYS.map(([where, keys]) => (
            <section key={where} aria-label={where}>
              <h3>{where}</h3>
              <dl class="facts">
                {keys.map(([key, does]) => [
                  <dt key={`${key}-key`}>
                    <kbd>{key}</kbd>
                  </dt>,
                  <dd key={key}>{does}</dd>,
                ])}
              </dl>
            </section>
          ))}
          <p class="hint">{say("On a Mac, Cmd stands for Ctrl and Option for Alt.")}</p>
        </div>
      </div>
    </dialog>
  );
}
