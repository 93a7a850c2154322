import type { Catalogue } from "../../../../definition/catalogue";
import type { Draft } from "../../../../definition/types";
import { say } from "../../../../language/say";
import { type Field, fieldsOfForm } from "../form/form";
import { momentsOf, type Rehearsal, reachedBy } from "./rehearsal";

/** One event of a rehearsal: its type and data, and when it comes after the first. */
export interface Played {
  type: string;
  data: Record<string, unknown>;
  after: string;
}

/** What was entered, kept while the panel is closed. */
export interface TrialInput {
  learner: { value: string; label: string } | null;
  invented: Record<string, unknown> | null;
  first: Played | null;
  assumed: Played[];
  span: string;
  rehearsal: Rehearsal | null;
  /** The moment shown, among those of the rehearsal. */
  moment: number;
}

export const freshTrial: TrialInput = {
  learner: null,
  invented: { username: "Ida", email: "ida@school.example" },
  first: null,
  assumed: [],
  span: "P30D",
  rehearsal: null,
  moment: 0,
};

/** Faults in other parts of a rehearsal's request than the automation. */
export const OF_TRIAL = /^\/(user|fact|for|assume)\b/;

const TRIGGER = "$trigger";

/**
 * What the data of an event begins with: what it needs and the first event, or what starts the automation, names too, so
 * that a course that is completed is the one that was enrolled in.
 */
export function dataFor(
  type: string,
  definition: Draft,
  trial: Pick<TrialInput, "first"> | null,
  { events }: Pick<Catalogue, "events">,
): Record<string, unknown> {
  const params = events.find((event) => event.type === type)?.params ?? {};
  const [starts] = definition.when;
  const named = (key: string): unknown => {
    const found = trial?.first?.data[key] ?? starts?.[key] ?? starts?.[`${key}s`];
    return Array.isArray(found) ? found.find((one) => one !== TRIGGER) : found;
  };
  const needed = (params.required ?? []).map((key) => [key, named(key)] as const);
  return Object.fromEntries(needed.filter(([, value]) => value !== undefined && value !== ""));
}

const ids = (picker: string) => ({ type: "array", items: { type: "string" }, picker });

/** What is asked of somebody invented. */
export const fieldsOfInvented = (): Field[] =>
  fieldsOfForm(
    {
      properties: {
        username: { type: "string", title: say("Name") },
        email: { type: "string", title: say("Email") },
        tags: { ...ids("tag"), title: say("Tags") },
        courses: { ...ids("course"), title: say("Enrolled in") },
      },
      required: ["username", "email", "tags", "courses"],
    },
    {},
  );

/** The invented learner as the contract's inline user (§5). */
function inline(invented: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { courses, ...rest } = invented;
  const user = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== "" && value !== undefined));
  const products = Array.isArray(courses) ? courses : [];
  return {
    id: "invented",
    ...user,
    ...(products.length > 0
      ? {
          enrolments: products.map((product) => ({
            product_type: "course",
            product,
            role: "student",
            sources: ["event"],
          })),
        }
      : {}),
  };
}

/** The body of `POST /automations/simulate`. */
export const requestOf = (definition: Draft, trial: TrialInput): Record<string, unknown> => ({
  automation: definition,
  user: trial.invented ? inline(trial.invented) : (trial.learner?.value ?? ""),
  ...(trial.first ? { fact: { type: trial.first.type, data: trial.first.data } } : {}),
  for: trial.span,
  assume: trial.assumed.map(({ after, type, data }) => ({ after, event: { type, data } })),
});

/** What a rehearsal did at a step. */
export interface Reached {
  atMs: number;
  status: string;
  /** Why it did nothing; "" where nothing is said. */
  reason: string;
}

/** The steps that a rehearsal has reached at the moment shown; undefined without one. */
export function litBy(trial: TrialInput): Map<string, Reached> | undefined {
  if (!trial.rehearsal) return undefined;
  const moments = momentsOf(trial.rehearsal);
  const at = moments[trial.moment] ?? moments.at(-1) ?? 0;
  return new Map(
    reachedBy(trial.rehearsal, at).map(({ stepId, atMs, status, would }) => [
      stepId,
      { atMs, status, reason: typeof would.reason === "string" ? would.reason : "" },
    ]),
  );
}
