import { useEffect, useRef } from "hono/jsx/dom";
import { later, say } from "../../../language/say";
import { Icon } from "../../components/icon";

/** What keys do, by where; `card-keys.ts` has them. */
const KEYS = [
  [
    later("Anywhere"),
    [
      [later("Ctrl S"), later("Save")],
      [later("Ctrl Z"), later("Undo")],
      [later("Ctrl Shift Z, Ctrl Y"), later("Redo")],
      [later("Esc"), later("Close the form at the right")],
      [later("?"), later("This list")],
    ],
  ],
  [
    later("On a card"),
    [
      [later("↑ ↓"), later("To the card above or below")],
      [later("Enter"), later("Edit it")],
      [later("Del"), later("Delete it")],
    ],
  ],
  [
    later("On a step"),
    [
      [later("Alt ↑ ↓"), later("Move it up or down")],
      [later("Alt ← →"), later("Move it out of its way, or into one")],
      [later("Ctrl C, Ctrl X, Ctrl V"), later("Copy, cut, paste below")],
      [later("Ctrl D"), later("Duplicate it")],
    ],
  ],
] as const;

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
        <section class="keys" tabindex={0} aria-labelledby="keys-title">
          {KEYS.map(([where, keys]) => (
            <section key={where} aria-label={say(where)}>
              <h3>{say(where)}</h3>
              <dl class="facts">
                {keys.map(([key, does]) => [
                  <dt key={`${key}-key`}>
                    <kbd>{say(key)}</kbd>
                  </dt>,
                  <dd key={key}>{say(does)}</dd>,
                ])}
              </dl>
            </section>
          ))}
          <p class="hint">{say("On a Mac, Cmd stands for Ctrl and Option for Alt.")}</p>
        </section>
      </div>
    </dialog>
  );
}
