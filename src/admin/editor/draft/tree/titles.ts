import type { CatalogueEntry } from "../../../../definition/catalogue";
import type { Draft } from "../../../../definition/types";
import { later, say } from "../../../../language/say";
import { eventsOf } from "../../fields/forms/step-form";
import type { EditorData } from "../data";
import type { Adding } from "../state";

/** What the palette is headed by, for what it adds. */
export const TITLES = {
  step: later("Add a step"),
  trigger: later("When a learner …"),
  exit_when: later("End it at once when the learner …"),
  goal: later("It is a success when the learner …"),
} as const satisfies Record<Adding["kind"], string>;

/** What the palette offers, for what it adds. */
export const entriesFor = (adding: Adding, { catalogue }: EditorData): readonly CatalogueEntry[] => {
  if (adding.kind === "step") return [...catalogue.steps, ...catalogue.actions];
  return adding.kind === "trigger" ? catalogue.triggers : eventsOf(catalogue);
};

/** How the draft stands to what is saved, in words. */
export function stateOf(readOnly: boolean, saved: Draft | null, differs: boolean, version: number | null): string {
  if (readOnly) return say("You may look, not change");
  if (saved === null) return say("Not saved yet");
  if (differs) return saved.active ? say("Draft differs from what is live") : say("Draft differs from what is saved");
  const which = { version: String(version ?? "") };
  return saved.active ? say("Version {version} is live", which) : say("Version {version} is saved", which);
}
