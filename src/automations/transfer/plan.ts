import type { Fault } from "../../base/errors/errors";
import { canonical } from "../../base/json";
import type { CourseId } from "../../catalogue/options/course-id";
import { BUILT_IN_FIELDS } from "../../catalogue/segments/clause";
import type { HeldKind } from "../../db/deleting/held";
import { choicesFault, movesRules } from "../../segments/fields/fields";
import { movesMembers, syncFault } from "../../segments/syncs/sync-rules";
import type { AutomationItem, Definitions, OtherDefinitions } from "./export";

/*
 * What an import would change, and what is wrong with it, in plain functions of what is there and what is given.
 */

export const DEFINITION_KINDS = [
  "profile_fields",
  "segments",
  "segment_rules",
  "segment_syncs",
  "auto_groups",
  "automations",
] as const;
export type DefinitionKind = (typeof DEFINITION_KINDS)[number];

/** What one of them is called in the audit log. */
export const SUBJECTS: Readonly<Record<DefinitionKind, HeldKind>> = {
  profile_fields: "profile_field",
  segments: "segment",
  segment_rules: "segment_rule",
  segment_syncs: "segment_sync",
  auto_groups: "auto_group",
  automations: "automation",
};
type Item<K extends DefinitionKind> = Definitions[K][number];

export const keyOfItem = (item: Item<DefinitionKind>): string => ("key" in item ? item.key : item.id);

export interface Difference<T> {
  create: T[];
  change: { before: T; after: T }[];
  /** How many are given as they are. */
  same: number;
  /** Keys of what is there and not given, of a kind that is given; what else is there stays, whatever happens. */
  unnamed: string[];
}
export type ImportPlan = { [K in DefinitionKind]: Difference<Item<K>> };

/** @param open gives what is stored under a key; it is asked again for what has changed, and kept nowhere */
function differenceTo<T extends Item<DefinitionKind>>(
  keys: Iterable<string>,
  open: (key: string) => T | undefined,
  given: readonly T[] | undefined,
): Difference<T> {
  const found: Difference<T> = { create: [], change: [], same: 0, unnamed: [] };
  const named = new Set(given?.map(keyOfItem));
  if (given) found.unnamed = [...keys].filter((key) => !named.has(key));
  for (const after of given ?? []) {
    const key = keyOfItem(after);
    const before = open(key);
    if (!before) found.create.push(after);
    else if (canonical(before) === canonical(after)) found.same++;
    else
      found.change.push({
        get before() {
          // Not the one above: with all of them at once there would be no room.
          const opened = open(key);
          if (!opened) throw new Error("a stored definition is gone");
          return opened;
        },
        after,
      });
  }
  return found;
}

function difference<T extends Item<DefinitionKind>>(
  stored: readonly T[],
  given: readonly T[] | undefined,
): Difference<T> {
  const known = new Map(stored.map((item) => [keyOfItem(item), item]));
  return differenceTo(known.keys(), (key) => known.get(key), given);
}

/**
 * What is to be made and changed, and what is there beside it of the kinds that are given.
 * @param automationOf opens a stored automation
 */
export const planOf = (
  stored: OtherDefinitions,
  given: Partial<Definitions>,
  automations: { ids: Iterable<string>; open(id: string): AutomationItem | undefined },
): ImportPlan => ({
  profile_fields: difference(stored.profile_fields, given.profile_fields),
  segments: difference(stored.segments, given.segments),
  segment_rules: difference(stored.segment_rules, given.segment_rules),
  segment_syncs: difference(stored.segment_syncs, given.segment_syncs),
  auto_groups: difference(stored.auto_groups, given.auto_groups),
  automations: differenceTo(automations.ids, automations.open, given.automations),
});

export const changesNothing = (plan: ImportPlan): boolean =>
  DEFINITION_KINDS.every((kind) => !plan[kind].create.length && !plan[kind].change.length);

/** Whether users have to be brought in line with it. */
export function movesUsers(plan: ImportPlan, merged: OtherDefinitions): boolean {
  const managed = new Set(merged.segments.filter((one) => one.managed).map((one) => one.id));
  const written = <T>({ create, change }: Difference<T>): T[] => [...create, ...change.map((one) => one.after)];
  const begins = <T extends { active: boolean }>({ create, change }: Difference<T>): boolean =>
    create.some((one) => one.active) || change.some(({ before, after }) => after.active && !before.active);
  return (
    plan.segments.change.some(({ before, after }) => after.managed && !before.managed) ||
    plan.profile_fields.change.some(
      ({ before, after }) =>
        movesRules(before, after) &&
        merged.segment_rules.some(
          ({ segment, where }) => managed.has(segment) && where.some(({ field }) => field === after.key),
        ),
    ) ||
    written(plan.segment_rules).some((rule) => managed.has(rule.segment)) ||
    plan.segment_rules.change.some(({ before }) => managed.has(before.segment)) ||
    plan.segment_syncs.create.some((one) => one.active) ||
    plan.segment_syncs.change.some(({ before, after }) => movesMembers(before, after)) ||
    begins(plan.auto_groups)
  );
}

/** What there will be: what is given in the place of what has the same id. */
export function merge(stored: OtherDefinitions, given: OtherDefinitions): OtherDefinitions {
  const merged = <T extends Item<DefinitionKind>>(before: readonly T[], after: readonly T[]): T[] => [
    ...new Map([...before, ...after].map((item) => [keyOfItem(item), item])).values(),
  ];
  return {
    profile_fields: merged(stored.profile_fields, given.profile_fields),
    segments: merged(stored.segments, given.segments),
    segment_rules: merged(stored.segment_rules, given.segment_rules),
    segment_syncs: merged(stored.segment_syncs, given.segment_syncs),
    auto_groups: merged(stored.auto_groups, given.auto_groups),
  };
}

/** What no two of a kind are about. */
export const aboutOfSync = ({
  course,
  segment,
  role,
  group,
  enrol,
}: OtherDefinitions["segment_syncs"][number]): string => canonical([course, segment, enrol, enrol ? role : group]);
export const aboutOfGroup = ({ course, field }: OtherDefinitions["auto_groups"][number]): string =>
  canonical([course, field]);

/**
 * Faults between the parts: names that stand for nothing, twice the same, and what may not change.
 * @param courseId the id of a course here, by any of those that it is named by
 * @param held what is to be deleted, and is named by nothing anew
 */
export function faultsBetween(
  stored: OtherDefinitions,
  given: Definitions,
  courseId: CourseId,
  held?: OtherDefinitions,
): Fault[] {
  const ofCourse =
    <T extends { course: string }>(about: (item: T) => string) =>
    (item: T): string =>
      about({ ...item, course: courseId(item.course) });
  const toGo = new Set(held?.segments.map(({ id }) => id));
  const fieldsToGo = new Set(held?.profile_fields.map(({ key }) => key));
  const missing = (what: "segment" | "field", name: string, isHeld: boolean): string =>
    isHeld ? `the ${what} ${JSON.stringify(name)} is to be deleted` : `there is no ${what} ${JSON.stringify(name)}`;
  const merged = merge(stored, given);
  const fields = new Set([...BUILT_IN_FIELDS, ...merged.profile_fields.map((one) => one.key)]);
  const declared = new Set(merged.profile_fields.map((one) => one.key));
  const segments = new Set(merged.segments.map((one) => one.id));
  const noSegment = (path: string, segment: string): Fault[] =>
    segments.has(segment) ? [] : [{ path, message: missing("segment", segment, toGo.has(segment)) }];
  const noField = (path: string, field: string, known: ReadonlySet<string>): Fault[] =>
    known.has(field) ? [] : [{ path, message: missing("field", field, fieldsToGo.has(field)) }];
  return [
    ...DEFINITION_KINDS.flatMap((kind) => twice(given[kind], kind, keyOfItem, "stands here twice")),
    ...given.profile_fields.flatMap(({ key, type, choices }, index) => [
      ...(BUILT_IN_FIELDS.includes(key)
        ? [{ path: `/profile_fields/${index}/key`, message: "every user has this attribute already" }]
        : []),
      ...[choicesFault({ type, choices })].flatMap((message) =>
        message === null ? [] : [{ path: `/profile_fields/${index}/choices`, message }],
      ),
    ]),
    ...given.segment_rules.flatMap(({ segment, where }, index) => [
      ...noSegment(`/segment_rules/${index}/segment`, segment),
      ...where.flatMap(({ field }, n) => noField(`/segment_rules/${index}/where/${n}/field`, field, fields)),
    ]),
    ...given.segment_syncs.flatMap((sync, index) => [
      ...noSegment(`/segment_syncs/${index}/segment`, sync.segment),
      ...syncFault(sync).map((fault) => ({ ...fault, path: `/segment_syncs/${index}${fault.path}` })),
    ]),
    ...given.auto_groups.flatMap(({ field }, index) => noField(`/auto_groups/${index}/field`, field, declared)),
    ...fixed(stored.segment_syncs, given.segment_syncs, "segment_syncs", ["segment", "course"]),
    ...fixed(stored.auto_groups, given.auto_groups, "auto_groups", ["course", "field"]),
    ...clashes(merged.segment_syncs, given.segment_syncs, "segment_syncs", ofCourse(aboutOfSync)),
    ...clashes(merged.auto_groups, given.auto_groups, "auto_groups", ofCourse(aboutOfGroup)),
  ];
}

function twice<T>(items: readonly T[], kind: DefinitionKind, what: (item: T) => string, message: string): Fault[] {
  const seen = new Set<string>();
  return items.flatMap((item, index) => {
    const key = what(item);
    if (seen.has(key)) return [{ path: `/${kind}/${index}`, message }];
    seen.add(key);
    return [];
  });
}

/** What users were given goes by these: they are another definition's. */
function fixed<T extends { id: string }>(
  stored: readonly T[],
  given: readonly T[],
  kind: DefinitionKind,
  names: readonly (keyof T & string)[],
): Fault[] {
  const known = new Map(stored.map((item) => [item.id, item]));
  return given.flatMap((after, index) => {
    const before = known.get(after.id);
    const moved = before ? names.filter((name) => before[name] !== after[name]) : [];
    return moved.map((name) => ({
      path: `/${kind}/${index}/${name}`,
      message: "stays as it is: make another with an id of its own",
    }));
  });
}

/** Given items that would be about the same as another. */
function clashes<T extends { id: string }>(
  merged: readonly T[],
  given: readonly T[],
  kind: DefinitionKind,
  about: (item: T) => string,
): Fault[] {
  const first = new Map<string, string>();
  const message = "there is one for this already";
  for (const item of merged) if (!first.has(about(item))) first.set(about(item), item.id);
  return given.flatMap((item, index) =>
    first.get(about(item)) === item.id ? [] : [{ path: `/${kind}/${index}`, message }],
  );
}
