import { and, eq, gt } from "drizzle-orm";
import { sha256Hex } from "../../base/bytes";
import type { Env } from "../../base/env";
import { canonical } from "../../base/json";
import { bareRecord } from "../../base/record";
import type { FieldType } from "../../catalogue/facts/facts";
import { lmsOf, setUpIn } from "../../connectors";
import { database } from "../../db/client";
import { isOneOf } from "../../db/lists/list";
import { logOf } from "../../db/log";
import { runCounts } from "../../db/schema";
import type { Warning } from "../../definition/answers";
import { isRecord } from "../../definition/types";
import { compile } from "../../engine/compile/compile";
import { listenersTo } from "../../engine/compile/listeners";
import { isLive } from "../../engine/runs";
import type { RunStatus } from "../../engine/types";
import type { School } from "../../world/snapshot";
import { loadWorld } from "../../world/world";
import { differencesOf, type FieldDifference } from "../differences";
import type { AutomationRow, LiveRuns } from "../document";
import { knownProducts } from "../finding/vocabulary";
import { makersAmong } from "../warnings/circles";
import { affectingAmong } from "../warnings/conflicts";
import { datelessFields } from "../warnings/dateless-fields";
import { unknownVariables } from "../warnings/unknown-variables";
import { productsOf, warningsOf } from "../warnings/warnings";
import { type AutomationItem, partsOf } from "./export";
import { DEFINITION_KINDS, type DefinitionKind, type ImportPlan, keyOfItem } from "./plan";

/*
 * What an import comes to, shown before it is done, and a name by which just that is done.
 */

export interface ShownDifference {
  kind: DefinitionKind;
  /** The key of a field. */
  id: string;
  name: string;
  does: "create" | "change" | "remove";
  /** Of a change. */
  fields?: FieldDifference[];
  /** Of an automation that is there: its live runs finish on the version they began on; with what goes they end. */
  live_runs?: LiveRuns;
}

export interface ShownPlan {
  plan: string;
  differences: ShownDifference[];
  /** Of the automations as they will be. */
  warnings: (Warning & { id: string })[];
  /** There are more differences and warnings than are shown. */
  cut: boolean;
}

/** So many definitions are shown field by field, and looked at for warnings. */
const MOST_SHOWN = 500;

/** Opens a definition as it stands. */
export type Standing = (kind: DefinitionKind, key: string) => unknown;

/** The name of a plan: the same exactly where the same is there, and the same is to become of it. */
export async function planName(plan: ImportPlan, standing: Standing): Promise<string> {
  const digests: string[] = [];
  for (const kind of DEFINITION_KINDS) {
    const { create, change, unnamed } = plan[kind];
    for (const item of create) digests.push(await sha256Hex(canonical([kind, "create", item])));
    // One after the other: what is there is opened for it, and all of it at once has no room.
    for (const { before, after } of change) digests.push(await sha256Hex(canonical([kind, "change", before, after])));
    for (const key of unnamed) digests.push(await sha256Hex(canonical([kind, "unnamed", key, standing(kind, key)])));
  }
  return `plan_${(await sha256Hex(digests.join("\n"))).slice(0, 40)}`;
}

const nameOf = (item: { name?: unknown } | undefined, id: string): string =>
  typeof item?.name === "string" ? item.name : id;

export async function showPlan(
  env: Env,
  school: School,
  plan: ImportPlan,
  rows: ReadonlyMap<string, AutomationRow>,
  standing: Standing,
): Promise<ShownPlan> {
  const differences: ShownDifference[] = [];
  const named = (kind: DefinitionKind, id: string): { name?: unknown } | undefined => {
    // An automation need not be opened for it.
    const there = kind === "automations" ? rows.get(id) : standing(kind, id);
    return isRecord(there) ? there : undefined;
  };
  let cut = false;
  const show = (one: () => ShownDifference): void => {
    if (differences.length < MOST_SHOWN) differences.push(one());
    else cut = true;
  };
  for (const kind of DEFINITION_KINDS) {
    const { create, change, unnamed } = plan[kind];
    for (const item of create) show(() => ({ kind, id: keyOfItem(item), name: nameIn(item), does: "create" }));
    for (const one of change)
      show(() => {
        const { before, after } = one;
        return {
          kind,
          id: keyOfItem(after),
          name: nameIn(after),
          does: "change",
          fields: differencesOf(before, after),
        };
      });
    for (const id of unnamed) show(() => ({ kind, id, name: nameOf(named(kind, id), id), does: "remove" }));
  }
  const there = differences.filter(({ kind, does }) => kind === "automations" && does !== "create");
  const live = await liveRunsOf(
    env,
    school.id,
    there.map(({ id }) => id),
  );
  for (const one of there) one.live_runs = live.get(one.id) ?? { total: 0, steps: bareRecord<number>() };
  const written = [...plan.automations.create, ...plan.automations.change.map(({ after }) => after)];
  return {
    plan: await planName(plan, standing),
    differences,
    warnings: await warningsOfWritten(env, school, written.slice(0, MOST_SHOWN), plan.profile_fields.create),
    cut: cut || written.length > MOST_SHOWN,
  };
}

const nameIn = (item: Parameters<typeof keyOfItem>[0]): string =>
  nameOf("name" in item ? item : undefined, keyOfItem(item));

/** Of some automations, how many runs of each are live and where they stand. */
async function liveRunsOf(env: Env, school: string, ids: readonly string[]): Promise<Map<string, LiveRuns>> {
  const live = new Map<string, LiveRuns>();
  if (!ids.length) return live;
  const rows = await database(await logOf(env, school))
    .select()
    .from(runCounts)
    .where(and(eq(runCounts.school, school), isOneOf(runCounts.automation, ids), gt(runCounts.n, 0)));
  for (const { automation, step, status, n } of rows) {
    const one = live.get(automation) ?? { total: 0, steps: bareRecord<number>() };
    live.set(automation, one);
    // Written by the log with the engine's own statuses; under no step the runs themselves are counted.
    if (step === "") one.total += isLive({ status: status as RunStatus }) ? n : 0;
    else if (status === "waiting") one.steps[step] = n;
  }
  return live;
}

/** What automations warn of beside each other and those that stay. */
async function warningsOfWritten(
  env: Env,
  school: School,
  items: readonly AutomationItem[],
  declared: readonly { key: string; type: FieldType }[],
): Promise<ShownPlan["warnings"]> {
  if (!items.length) return [];
  const world = await loadWorld(env, school);
  const chosen = lmsOf(school.settings.connectors);
  const lms = chosen && { label: chosen.label, supports: chosen.port.supports };
  const isSetUp = setUpIn(school);
  const written = items.map((item) => {
    const { definition } = partsOf(item);
    return { id: item.id, active: item.active, definition, program: compile(definition, 0, world.school.courseId) };
  });
  const knows = await knownProducts(
    env,
    school.id,
    written.flatMap(({ definition }) => productsOf(definition)),
    world.school.courseId,
  );
  const ids = new Set(written.map(({ id }) => id));
  const listeners = (type: string, data: Record<string, unknown>) => [
    ...listenersTo(world, type, data).filter(({ id }) => !ids.has(id)),
    ...written.filter(({ program }) => program.when.some(({ on }) => on.includes(type))),
  ];
  const all = [...world.automations.filter(({ id }) => !ids.has(id)), ...written];
  const [affecting, makers] = [affectingAmong(all), makersAmong(all)];
  const { syncs, segments, autoGroups } = world;
  const byThemselves = { syncs, segments, autoGroups, school: world.school };
  const fields = new Map<string, { type: FieldType }>([
    ...world.school.fields,
    ...declared.map(({ key, type }) => [key, { type }] as const),
  ]);
  return written.flatMap(({ id, definition, program }) =>
    [
      ...warningsOf(definition, { id, program, listeners, makers, affecting, ...byThemselves, knows, lms, isSetUp }),
      ...datelessFields(definition, fields),
      ...unknownVariables(definition, fields, school.settings.mail_pieces),
    ].map((warning) => ({ id, ...warning })),
  );
}
