import type { StepStats, Warning } from "../../../definition/answers";
import type { Catalogue } from "../../../definition/catalogue";
import { type Draft, isRecord } from "../../../definition/types";
import type { ListedVariable } from "../../../definition/variables";
import type { Names } from "../../words/sentences/sentence";
import { pickerOfOption } from "./form/form";

/** What the page hands over, as JSON in `<script type="application/json" id="editor-data">`. */
export interface EditorData {
  /** The automation as `GET /v1/automations/:id` answers it; null for a new one. */
  automation: (Partial<Draft> & { id?: string; version?: number; waiting_count?: number; warnings?: Warning[] }) | null;
  etag?: string | null;
  catalogue: Catalogue;
  /** What texts may name, with the school's own fields. */
  variables: readonly ListedVariable[];
  /** Names by vocabulary, then id; found out by asking when left out. */
  names?: Names;
  role?: "owner" | "editor" | "viewer";
  timezone?: string;
  /** The address of whoever is signed in; null: they have none here, and no test is sent to them. */
  me?: string | null;
  /** By types of action, why what they send would not leave: it is asked before one is switched on. */
  unsent?: Readonly<Record<string, string>>;
  /** Where the list of automations is. */
  list: string;
}

const EMPTY: Draft = {
  name: "",
  description: "",
  active: false,
  labels: [],
  note: "",
  goal: null,
  synchronous: false,
  when: [],
  only_if: null,
  then: [],
  exit_when: [],
  exit_if: null,
  reentry: "always",
  reentry_per: "user",
  cooldown: null,
  limit: null,
};

/** The writable part of an automation, with the contract's defaults where it says nothing. */
export function definitionOf(automation: Readonly<Record<string, unknown>>): Draft {
  const known = Object.keys(EMPTY).filter((key) => automation[key] !== undefined && automation[key] !== null);
  // The server's own answer: each of these keys is as the contract says.
  return { ...EMPTY, ...Object.fromEntries(known.map((key) => [key, automation[key]])) } as Draft;
}

/** The vocabularies that a definition's cards take ids from. */
export function pickersIn(definition: Draft, catalogue: Catalogue): string[] {
  const types = new Set<string>();
  JSON.stringify(definition, (key, value) => {
    if (key === "type" && typeof value === "string") types.add(value);
    return value;
  });
  const entries = [...catalogue.triggers, ...catalogue.conditions, ...catalogue.actions].filter((entry) =>
    types.has(entry.type),
  );
  const pickers = entries.flatMap((entry) => Object.values(entry.params.properties ?? {}).map(pickerOfOption));
  return [...new Set(pickers.filter((picker) => picker !== undefined))];
}

/** The counts of `GET …/stats`, by step. */
export function statsFrom(body: unknown): ReadonlyMap<string, StepStats> {
  const rows = isRecord(body) && Array.isArray(body.steps) ? body.steps.filter(isRecord) : [];
  const n = (value: unknown): number => (typeof value === "number" ? value : 0);
  return new Map(
    rows.map((row) => [
      String(row.step_id),
      {
        step_id: String(row.step_id),
        entered: n(row.entered),
        done: n(row.done),
        skipped: n(row.skipped),
        // The drawing says no more than how many.
        skipped_for: {},
        failed: n(row.failed),
        waiting: n(row.waiting),
        exited: n(row.exited),
        ...(typeof row.yes === "number" ? { yes: row.yes } : {}),
        ...(typeof row.no === "number" ? { no: row.no } : {}),
      },
    ]),
  );
}
