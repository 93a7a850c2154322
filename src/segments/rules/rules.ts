import { and, eq } from "drizzle-orm";
import type { Env } from "../../base/env";
import { type Fault, invalid, pointer } from "../../base/errors/errors";
import { newId } from "../../base/ids";
import { BUILT_IN_FIELDS, type Clause, clausesMeant, compileClause } from "../../catalogue/segments/clause";
import { database } from "../../db/client";
import {
  type Due,
  heldText,
  listed,
  listIndex,
  notingFirst,
  requireDue,
  requireStanding,
} from "../../db/deleting/held";
import { type ListQuery, mapPage } from "../../db/lists/list";
import { getRow, ifGiven, listRows } from "../../db/lists/rows";
import { segmentRules } from "../../db/schema";
import type { CompiledSegment as Compiled } from "../../engine/types";
import { prepareJob } from "../../jobs/start";
import { alignJob } from "../../users/courses/align-job";
import type { School } from "../../world/snapshot";
import { loadWorld } from "../../world/world";
import { declaredFields } from "../fields/declared";
import { getSegment, type SegmentRow, segmentMeant } from "../find";
import { circlesOf, type Warned } from "../syncs/circles";
import { type MembersPreview, previewMembers } from "../syncs/drift";
import { changingDefinitions, writeDefinition } from "../write";
import { type Rule, toRow, toRule } from "./rule-rows";

export type { Rule } from "./rule-rows";

const which = (school: string, id: string) => and(eq(segmentRules.school, school), eq(segmentRules.id, id));

/** A page of the rules of a school, or of one segment, oldest first. */
export async function listRules(
  env: Env,
  school: string,
  query: ListQuery & { segment?: string | undefined; deleted?: boolean },
) {
  const { segment, deleted } = query;
  const index = segment === undefined ? listIndex("segment_rule", deleted) : "segment_rules_of";
  const where = and(
    eq(segmentRules.school, school),
    ifGiven(segmentRules.segment, segment),
    listed("segment_rule", deleted),
  );
  return mapPage(await listRows(env, segmentRules, ["id"], query, where, index), toRule);
}

/** A rule of a school; 404 when it is another's. */
export const getRule = async (env: Env, school: string, id: string): Promise<Rule> =>
  toRule(await getRow(env, segmentRules, which(school, id), "rule"));

export interface RuleChange {
  match?: Rule["match"] | undefined;
  where?: Clause[] | undefined;
}

export interface NewRule {
  segment: string;
  match: Rule["match"];
  where: Clause[];
}

/** A rule that is ready to be saved, and its segment; 422 for a field or segment that is not there. */
async function drafted(env: Env, school: School, asked: NewRule): Promise<{ rule: Rule; segment: SegmentRow }> {
  const { meant, faults } = await clausesOf(env, school, asked.where);
  const { segment, faults: ofSegment } = await segmentMeant(env, school.id, asked.segment);
  if (ofSegment.length || faults.length || !segment) throw invalid([...ofSegment, ...faults]);
  return {
    rule: { ...asked, where: meant, school: school.id, id: newId("rul_"), deleteAt: null, createdAt: Date.now() },
    segment,
  };
}

/** What is wrong with the parts of a rule, of which some may be missing; a clause that cannot be read is null. */
export async function faultsOfRule(
  env: Env,
  school: School,
  { segment, where }: { segment?: string | undefined; where: readonly (Clause | null)[] },
): Promise<Fault[]> {
  return [
    ...(segment === undefined ? [] : (await segmentMeant(env, school.id, segment)).faults),
    ...(await clausesOf(env, school, where)).faults,
  ];
}

async function changed(env: Env, school: School, id: string, change: RuleChange) {
  const before = await getRule(env, school.id, id);
  requireStanding("segment_rule", id, before);
  const where = change.where ? await requireMeant(env, school, change.where, before.where) : before.where;
  const rule: Rule = { ...before, match: change.match ?? before.match, where };
  return { before, rule, segment: await getSegment(env, school.id, before.segment) };
}

/**
 * Clauses as they are meant. Rules may name declared fields and what every user has.
 * @param standing clauses that stand already, and are left as they are
 * @throws Problem 422 for a field that is not there, and for a value that nobody can have
 */
async function requireMeant(env: Env, school: School, where: readonly Clause[], standing: readonly Clause[]) {
  const { meant, faults } = await clausesOf(env, school, where, standing);
  if (faults.length) throw invalid(faults);
  return meant;
}

async function clausesOf(
  env: Env,
  school: School,
  where: readonly (Clause | null)[],
  standing: readonly Clause[] = [],
): Promise<{ meant: Clause[]; faults: Fault[] }> {
  const declared = await declaredFields(env, school.id);
  const read = where.flatMap((clause, index) => (clause ? [{ clause, index }] : []));
  const placeOf = (n: PropertyKey | undefined) => read[Number(n)]?.index ?? 0;
  const { meant, faults } = clausesMeant(
    read.map(({ clause }) => clause),
    declared,
    standing,
  );
  const missing = meant.flatMap(({ field }, n) => {
    const row = declared.get(field);
    if (row ? row.deleteAt === null : BUILT_IN_FIELDS.includes(field)) return [];
    const message = row ? heldText("field", field, row) : `there is no field ${JSON.stringify(field)}`;
    return [{ path: pointer(["where", placeOf(n), "field"]), message }];
  });
  const others = faults.map(({ path: [n, ...path], message }) => ({
    path: pointer(["where", placeOf(n), ...path]),
    message,
  }));
  return { meant, faults: [...missing, ...others] };
}

interface Options {
  fire: boolean;
  who: string;
}

/** The rules of a segment that is not managed wait. */
const jobFor = async (env: Env, school: School, { id, managed }: SegmentRow, { fire }: Options) =>
  managed ? prepareJob(env, school, alignJob, { segment: id, fire }) : null;

const told = ({ segment, match, where }: Rule) => ({ segment, match, where });

/** Makes a rule; those for whom it holds join by a job. */
export async function createRule(env: Env, school: School, asked: NewRule, options: Options) {
  return changingDefinitions(env, school, async (stamp) => {
    const { rule, segment } = await drafted(env, school, asked);
    const job = await jobFor(env, school, segment, options);
    await writeDefinition(env, school, stamp, {
      statements: [database(env.DB).insert(segmentRules).values(toRow(rule))],
      who: options.who,
      what: "segment_rule.created",
      subject: rule.id,
      after: told(rule),
      job,
    });
    return { rule, jobId: job?.id, told: await circlesOf(env, school.id, rule) };
  });
}

/** Changes a rule; members come and go by a job. */
export async function changeRule(env: Env, school: School, id: string, change: RuleChange, options: Options) {
  return changingDefinitions(env, school, async (stamp) => {
    const { before, rule, segment } = await changed(env, school, id, change);
    const { match, where } = toRow(rule);
    const job = await jobFor(env, school, segment, options);
    await writeDefinition(env, school, stamp, {
      statements: [database(env.DB).update(segmentRules).set({ match, where }).where(which(school.id, id))],
      who: options.who,
      what: "segment_rule.changed",
      subject: id,
      before: told(before),
      after: told(rule),
      job,
    });
    return { rule, jobId: job?.id, told: await circlesOf(env, school.id, rule) };
  });
}

/** Deletes a rule; whom no other keeps leaves by a job. */
export async function deleteRule(env: Env, school: School, id: string, options: Options & Due): Promise<string> {
  return changingDefinitions(env, school, async (stamp) => {
    const db = database(env.DB);
    const rule = await getRule(env, school.id, id);
    requireDue("segment_rule", rule, options);
    const job = await prepareJob(env, school, alignJob, { segment: rule.segment, fire: options.fire });
    await writeDefinition(env, school, stamp, {
      statements: [db.delete(segmentRules).where(which(school.id, id)), notingFirst(db, school.id)],
      who: options.who,
      what: "segment_rule.deleted",
      subject: id,
      before: told(rule),
      job,
    });
    return job.id;
  });
}

type RulePreview = MembersPreview & Warned;

/** How many would join and leave if a rule were made. */
export async function previewNewRule(env: Env, school: School, asked: NewRule): Promise<RulePreview> {
  const { rule, segment } = await drafted(env, school, asked);
  return preview(env, school, segment, rule);
}

/** How many would join and leave if a rule were changed. */
export async function previewRule(env: Env, school: School, id: string, change: RuleChange) {
  const { rule, segment } = await changed(env, school, id, change);
  return preview(env, school, segment, rule);
}

async function preview(env: Env, school: School, segment: SegmentRow, draft: Rule): Promise<RulePreview> {
  const rows = await database(env.DB)
    .select()
    .from(segmentRules)
    .where(and(eq(segmentRules.school, school.id), eq(segmentRules.segment, segment.id)));
  const zone = school.settings.timezone;
  const { fields } = (await loadWorld(env, school)).school;
  const rules = [...rows.map(toRule).filter((rule) => rule.id !== draft.id), draft].map(
    ({ id, match, where, deleteAt }): Compiled["rules"][number] => ({
      ...(deleteAt === null ? {} : { held: true as const }),
      id,
      match,
      clauses: where.map((one) => compileClause(one, zone, fields)),
    }),
  );
  const preview = await previewMembers(env, school, { id: segment.id, managed: segment.managed, rules });
  return { ...preview, ...(await circlesOf(env, school.id, draft)) };
}
