import * as z from "zod";
import { readJson, strings } from "../base/json";
import { textKey } from "../base/text/text";
import { name } from "../catalogue/options/fields";
import type { automations } from "../db/schema";
import type { CardUse } from "../definition/types";
import { readGoal } from "../world/upgrades";

/*
 * What is said of an automation beside what it does. None of it makes a version.
 */

const MOST_LABELS = 20;

/** What owners sort automations by: one line of 1 to 64 characters. */
export const label = name.refine((text) => text.length <= 64, "a label has at most 64 characters");

const isEachOnce = (labels: readonly string[]): boolean => new Set(labels.map(textKey)).size === labels.length;

export const envelope = z.object({
  name,
  description: z.string().max(10_000).default(""),
  active: z.boolean().default(true),
  labels: z.array(label).max(MOST_LABELS).refine(isEachOnce, "the same label twice").default([]),
  note: z.string().max(10_000).default(""),
});

export interface Envelope extends z.output<typeof envelope> {
  /** A trigger, or null. */
  goal: CardUse | null;
}

type Said = Pick<typeof automations.$inferSelect, "name" | "description" | "active" | "labels" | "note" | "goal">;

export const envelopeOf = ({ name, description, active, labels, note, goal }: Said): Envelope => ({
  name,
  description,
  active,
  labels: readJson(strings, labels),
  note,
  goal: readGoal(goal),
});

/** The same as it is kept. */
export const keptEnvelope = ({ name, description, active, labels, note, goal }: Envelope): Said => ({
  name,
  description,
  active,
  labels: JSON.stringify(labels),
  note,
  goal: goal && JSON.stringify(goal),
});
