import { type Request, SchoolbellError } from "../server/request.ts";
import type { Problem } from "../types/problem.ts";
import { type Document, documentOf, type Folder, FolderError, KINDS, type Kind } from "./folder.ts";

/*
 * What a folder would make of a school, and how it is said to people.
 */

interface Difference {
  kind: Kind;
  id: string;
  name: string;
  does: "create" | "change" | "remove";
  fields?: { path: string; before?: unknown; after?: unknown }[];
  live_runs?: { total: number; steps: Record<string, number> };
}

/** What `PUT /v1/import` answers. */
export interface Plan {
  plan?: string;
  create: Record<Kind, string[]>;
  change: Record<Kind, string[]>;
  remove: Record<Kind, string[]>;
  differences?: Difference[];
  warnings?: { id: string; code: string; message: string }[];
  cut?: boolean;
  /** When what was removed is deleted. */
  delete_at?: string;
  job_id?: string;
}

/** @throws FolderError that names files, for what is wrong with the definitions in them */
export async function importFolder(
  request: Request,
  folder: Folder,
  query: { dry_run?: boolean; prune: boolean; plan?: string },
): Promise<Plan> {
  try {
    const { body } = await request("PUT", "/v1/import", { query, body: { schoolbell: 1, ...documentOf(folder) } });
    // The route answers so.
    return body as Plan;
  } catch (error) {
    const faults = error instanceof SchoolbellError && error.status === 422 ? error.problem?.errors : undefined;
    if (faults) throw new FolderError(faults.map((fault) => placed(folder, fault)));
    throw error;
  }
}

/** `/automations/3/then/0/type` is the place `/then/0/type` of a file. */
function placed({ files }: Folder, { path, message }: NonNullable<Problem["errors"]>[number]): string {
  const [, list, index, ...rest] = path.split("/");
  const file = files.filter(({ kind }) => kind === list)[Number(index)];
  return file ? `${file.path}: ${rest.length ? `/${rest.join("/")}: ` : ""}${message}` : `${path || "/"}: ${message}`;
}

/** Whether anything would be done. */
export const isEmpty = ({ create, change, remove }: Plan, prune: boolean): boolean =>
  KINDS.every((kind) => !create[kind].length && !change[kind].length && !(prune && remove[kind].length));

const NAMES: Readonly<Record<Kind, string>> = {
  profile_fields: "profile field",
  segments: "segment",
  segment_rules: "segment rule",
  segment_syncs: "sync",
  auto_groups: "auto group",
  automations: "automation",
};

const SIGNS = { create: "+", change: "~", remove: "-" } as const;

const valueText = (value: unknown): string => {
  const text = JSON.stringify(value);
  return text.length > 300 ? `${text.slice(0, 300)}…` : text;
};

const fieldText = ({ path, before, after }: NonNullable<Difference["fields"]>[number]): string =>
  before === undefined
    ? `    + ${path}: ${valueText(after)}`
    : after === undefined
      ? `    - ${path}: ${valueText(before)}`
      : `    ~ ${path}: ${valueText(before)} -> ${valueText(after)}`;

/** What live runs have to expect of a difference. */
function liveText({ does, fields = [], live_runs: live }: Difference): string[] {
  if (!live?.total) return [];
  const where = Object.entries(live.steps).map(([step, count]) => `${count} at ${step}`);
  const runs = `${live.total} live ${live.total === 1 ? "run" : "runs"}${where.length ? ` (${where.join(", ")})` : ""}`;
  if (does === "remove") return [`    ! ${runs}: held, and ended when it is deleted`];
  const off = fields.some(({ path, after }) => path === "/active" && after === false);
  return [`    ! ${runs}: ${off ? "held until it is active again" : "finish on the version they began on"}`];
}

/** A plan in lines, as people read it. */
export function planLines(plan: Plan, { prune }: { prune: boolean }): string[] {
  const { differences = [], warnings = [] } = plan;
  const done = differences.filter(({ does }) => does !== "remove" || prune);
  const left = differences.filter(({ does }) => does === "remove" && !prune);
  const count = (does: Difference["does"], what: Record<Kind, string[]>) => {
    const n = KINDS.reduce((sum, kind) => sum + what[kind].length, 0);
    return n && (does !== "remove" || prune) ? [`${n} to ${does}`] : [];
  };
  const counts = [...count("create", plan.create), ...count("change", plan.change), ...count("remove", plan.remove)];
  return [
    ...done.flatMap((one) => [
      `${SIGNS[one.does]} ${NAMES[one.kind]} ${one.name} (${one.id})`,
      ...(one.fields ?? []).map(fieldText),
      ...liveText(one),
    ]),
    ...warnings.map(({ id, code, message }) => `! ${id}: ${message} (${code})`),
    ...left.map(({ kind, id, name }) => `  ${NAMES[kind]} ${name} (${id}) is in no file; it goes with --prune only`),
    ...(done.some(({ does }) => does === "remove")
      ? ["What is removed is held for seven days: until then it can be restored."]
      : []),
    ...(plan.cut ? ["There is more than is shown here."] : []),
    counts.length ? `${counts.join(", ")}.` : "Nothing to do: the school is as the folder says.",
    ...(counts.length && plan.plan ? [`Plan: ${plan.plan}`] : []),
  ];
}

/** What `GET /v1/export` answers, in the kinds that are known here. */
export function definitionsIn(body: unknown): Document {
  // The route answers lists of things by kind; kinds that are newer than this client are left alone.
  const given = body as Record<string, Document[Kind]>;
  return Object.fromEntries(KINDS.flatMap((kind) => (given[kind] ? [[kind, given[kind]]] : [])));
}
