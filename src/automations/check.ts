import { isLongerThan, KIB } from "../base/bytes";
import type { Env } from "../base/env";
import { type Fault, invalid, Problem } from "../base/errors/errors";
import { faultsOf } from "../base/errors/faults";
import { tagsIn } from "../catalogue";
import { checkDefinition } from "../catalogue/checking/check";
import { TRIGGER } from "../catalogue/options/fields";
import type { Meaning } from "../catalogue/options/meaning";
import { faultOfWebhook } from "../connectors/own";
import type { Definition } from "../definition/types";
import { compile } from "../engine/compile/compile";
import type { School } from "../world/snapshot";
import { type Envelope, envelope } from "./envelope";

/** What `GET` answers beside what is written: a `PUT` may bring it back. */
const READ_ONLY = [
  "id",
  "version",
  "created_at",
  "updated_at",
  "run_count",
  "waiting_count",
  "warnings",
  "stopped_by",
  "dismissed",
  "live_runs",
  "job_id",
  "delete_at",
];
const DEFINITION = [
  "when",
  "only_if",
  "then",
  "exit_when",
  "exit_if",
  "synchronous",
  "reentry",
  "reentry_per",
  "cooldown",
  "limit",
];

export interface CheckedAutomation extends Envelope {
  definition: Definition;
}

const UNREAD: Envelope = { name: "", description: "", active: false, labels: [], note: "", goal: null };

/**
 * Checks an automation whole.
 * @param options `also`: fields taken beside those of an automation; `meaning`: by which it is taken as it is meant
 * @throws Problem 422 with every fault
 */
export function checkAutomation(
  env: Env,
  school: School,
  body: Record<string, unknown>,
  options: { also?: readonly string[]; meaning?: Meaning } = {},
): CheckedAutomation {
  const { checked, faults } = faultsOfAutomation(env, school, body, options);
  if (faults.length) throw refusalFor(faults);
  return checked;
}

/** What is answered where an automation has faults. A body is held to the limit by itself; what many changes have added to is not. */
export const refusalFor = (faults: Fault[]): Problem =>
  faults.length === 1 && faults[0]?.message === TOO_LARGE.message
    ? new Problem("too_large", `The automation: ${TOO_LARGE.message}.`)
    : invalid(faults);

export function faultsOfAutomation(
  env: Env,
  school: School,
  body: Record<string, unknown>,
  { also = [], meaning }: { also?: readonly string[]; meaning?: Meaning } = {},
): { checked: CheckedAutomation; faults: Fault[] } {
  const known = new Set([...DEFINITION, ...Object.keys(envelope.shape), "goal", ...also]);
  const faults: Fault[] = Object.keys(body).flatMap((key) =>
    known.has(key)
      ? []
      : [{ path: `/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`, message: "there is no such field" }],
  );
  const read = envelope.safeParse(body);
  if (!read.success) faults.push(...faultsOf(read.error));
  const whose = { mode: school.mode, connectors: school.settings.connectors };
  const {
    definition,
    goal,
    faults: inside,
  } = checkDefinition(body, {
    checkAddress: (url) => faultOfWebhook(env, whose, url),
    ...(meaning ? { meaning } : {}),
  });
  faults.push(...inside);
  if (!faults.length && isTooLarge({ ...definition, goal })) faults.push(TOO_LARGE);
  if (!read.success || faults.length) return { checked: { ...UNREAD, definition }, faults };
  return { checked: { ...read.data, goal, definition }, faults };
}

/** A row holds a definition, an entry of the audit log two. What we add to one as it is kept (ids, defaults) is not counted. */
const MAX_BYTES = 256 * KIB;
const ADDED_BYTES = 32 * KIB;
const TOO_LARGE: Fault = { path: "", message: "a definition has at most 256 KiB" };

const isTooLarge = (definition: unknown): boolean => isLongerThan(JSON.stringify(definition), MAX_BYTES + ADDED_BYTES);

/** A body of a `PUT` without what it may bring back and is not written. */
export const withoutReadOnly = (body: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(body).filter(([key]) => !READ_ONLY.includes(key)));

/** The tags that an automation gives: the school learns them with it, so that they are spelled as here from the first on. */
export const tagsGiven = (definition: Definition): string[] =>
  compile(definition, 0).operations.flatMap((operation) =>
    operation.kind === "perform" ? operation.action.mayMake.flatMap(tagsIn).filter((tag) => tag !== TRIGGER) : [],
  );
