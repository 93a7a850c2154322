import type { CatalogueEntry } from "../../../definition/catalogue";
import type { Draft } from "../../../definition/types";
import { eventsOf } from "../fields/step-form";
import type { EditorData } from "./data";
import type { Adding } from "./state";

/** What the palette is headed by, for what it adds. */
export const TITLES: Readonly<Record<Adding["kind"], string>> = {
  step: "Add a step",
  trigger: "When a learner …",
  exit_when: "End it at once when the learner …",
  goal: "It is a success when the learner …",
};

/** What the palette offers, for what it adds. */
export const entriesFor = (adding: Adding, { catalogue }: EditorData): readonly CatalogueEntry[] => {
  if (adding.kind === "step") return [...catalogue.steps, ...catalogue.actions];
  return adding.kind === "trigger" ? catalogue.triggers : eventsOf(catalogue);
};

/** How the draft stands to what is saved, in words. */
export function stateOf(readOnly: boolean, saved: Draft | null, differs: boolean, version: number | null): string {
  if (readOnly) return "You may look, not change";
  if (saved === null) return "Not saved yet";
  const live = saved.active ? "live" : "saved";
  return differs ? `Draft differs from what is ${live}` : `Version ${version ?? ""} is ${live}`;
}
