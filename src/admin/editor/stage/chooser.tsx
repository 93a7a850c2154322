import type { Child } from "hono/jsx";
import { useState } from "hono/jsx/dom";
import type { CatalogueEntry } from "../../../definition/catalogue";
import type { CardUse } from "../../../definition/types";
import { begun } from "../draft/tree/begun";
import { Palette } from "./palette";
import { useTools } from "./tools";

interface ChooserProps {
  id: string;
  title: string;
  entries: readonly CatalogueEntry[];
  shown: Child;
  refuses?(entry: CatalogueEntry): string | undefined;
  onPick(card: CardUse): void;
  small?: boolean;
}

/** A button that opens the palette and gives back a new card of what was chosen. */
export function Chooser({ id, title, entries, shown, refuses, onPick, small }: ChooserProps) {
  const { now, catalogue } = useTools();
  const [open, setOpen] = useState(false);
  return (
    <>
      <button
        type="button"
        id={id}
        class={`button${small ? " is-small" : " is-wide"}`}
        aria-haspopup="dialog"
        onClick={() => setOpen(true)}
      >
        {shown}
      </button>
      {open ? (
        <Palette
          title={title}
          entries={entries}
          {...(refuses ? { refuses } : {})}
          onPick={(entry) => onPick(begun(entry, now.when, catalogue))}
          onClose={() => setOpen(false)}
        />
      ) : null}
    </>
  );
}
