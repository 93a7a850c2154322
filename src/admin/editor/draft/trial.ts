import type { Draft } from "../../../definition/types";
import { fieldsOfForm } from "./form";
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
  invented: { username: "Ida" },
  first: null,
  assumed: [],
  span: "P30D",
  rehearsal: null,
  moment: 0,
};

const ids = (picker: string) => ({ type: "array", items: { type: "string" }, picker });

/** What is asked of somebody invented. */
export const INVENTED = fieldsOfForm(
  {
    properties: {
      username: { type: "string", title: "Name" },
      email: { type: "string", title: "Email" },
      tags: { ...ids("tag"), title: "Tags" },
      courses: { ...ids("course"), title: "Enrolled in" },
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

/** The steps that a rehearsal has reached at the moment shown, each with when; undefined without one. */
export function litBy(trial: TrialInput): Map<string, number> | undefined {
  if (!trial.rehearsal) return undefined;
  const moments = momentsOf(trial.rehearsal);
  const at = moments[trial.moment] ?? moments.at(-1) ?? 0;
  return new Map(reachedBy(trial.rehearsal, at).map((step) => [step.stepId, step.atMs]));
}
