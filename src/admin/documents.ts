import type { z } from "zod";
import type { AutomationDocument } from "../automations/document";
import type { PresentedUser } from "../catalogue/present";
import type { deliveryDocument } from "../http/routes/deliveries";
import type { runDocument } from "../http/routes/runs";
import type { unmappedDocument } from "../http/routes/unmapped";
import type { jobDocument } from "../jobs/document";
import type { ownSchoolDocument } from "../schools/document";
import type { Definition, StepStats, Warning } from "./model";

/* What the routes answer, by the names of the pages. */

export type Automation = Omit<AutomationDocument, keyof Definition | "warnings"> & Definition & { warnings: Warning[] };
export type Run = z.output<typeof runDocument>;
export type Delivery = z.output<typeof deliveryDocument>;
export type Learner = PresentedUser;
export type Job = z.output<typeof jobDocument>;
export type Unmapped = z.output<typeof unmappedDocument>;
export type SchoolDocument = z.output<typeof ownSchoolDocument>;

export interface Stats {
  runs: Record<string, number>;
  steps: (StepStats & { step_id: string })[];
}

/** One of a user's recent facts, and what an automation made of it (contract §13). */
export interface Why {
  fact: { type: string; data: Record<string, unknown> };
  event_id: string | null;
  at: string;
  fired: boolean;
  run_id?: string;
  stopped_by?: string;
  path?: string;
  expected?: unknown;
  seen?: unknown;
}

export interface Version extends Omit<Definition, "name" | "description" | "active"> {
  version: number;
  created_at: string;
  created_by: string | null;
}

export interface TimelineEntry {
  id: string;
  at: string;
  kind: "fact" | "run";
  event_id: string | null;
  type?: string;
  data?: Record<string, unknown>;
  quiet?: boolean;
  run_id?: string;
  automation_id?: string;
}

/** Names, types and texts of the segment routes (contract §8). */
export interface Segment {
  id: string;
  name: string;
  managed: boolean;
}

export interface Rule {
  id: string;
  segment: string;
  match: "all" | "any";
  where: { field: string; op: string; value?: unknown }[];
}

export interface Sync {
  id: string;
  name: string;
  active: boolean;
  segment: string;
  course: string;
  role: string;
  group: string | null;
  on_leave: "unenrol" | "suspend";
}

export interface AutoGroup {
  id: string;
  course: string;
  field: string;
  active: boolean;
}

export interface ProfileField {
  key: string;
  name: string;
  type: "text" | "number" | "date" | "boolean" | "choice";
  choices: string[] | null;
}

export interface ApiKey {
  id: string;
  name: string;
  scopes: string[];
  created_at: string;
}
