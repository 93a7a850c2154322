import type { Env } from "../base/env";
import { textsOf } from "../base/json";
import { callList } from "../catalogue/enrolment/course-ids";
import { coursesIn } from "../catalogue/enrolment/holding";
import { type Holder, isHolder, type ProductKind, type Teller } from "../catalogue/facts/products";
import { id as givenId } from "../catalogue/options/fields";
import { type AuditEntry, recordAudit } from "../db/audit";
import { database } from "../db/client";
import { MOVE_NAMES_OF, type ProductTold, tellingSql, toldRow } from "../db/products";
import { products } from "../db/schema";
import { startJob } from "../jobs/start";
import { alignJob } from "../users/courses/align-job";
import { forgetSchool, MOVE_STAMP, type School } from "../world/snapshot";
import { loadWorld } from "../world/world";
import { followCourseDates, writeDates } from "./course-dates";
import { goodPart, type ProductPart, saidOf } from "./fields";
import { getProduct, type Product, toProduct, whichProduct } from "./find";

type Whose = Pick<School, "id">;

/** What a product is, and what is said of it. */
export interface SaidProduct extends ProductPart {
  type: ProductKind;
  id: string;
}

const toldOf = ({ id: school }: Whose, { type, id, ...said }: SaidProduct): ProductTold => ({
  school,
  type,
  id,
  said: saidOf(said),
});

/** The statements that write what is told. The stamps come first: D1 notes changes of courses down by the one it finds. */
function telling(
  env: Env,
  { id }: Whose,
  teller: Teller,
  told: readonly ProductTold[],
  options: { replaces: boolean; movesStamp: boolean },
): D1PreparedStatement[] {
  const sql = tellingSql(teller, options);
  return [
    ...(options.movesStamp ? [env.DB.prepare(MOVE_STAMP).bind(id)] : []),
    env.DB.prepare(MOVE_NAMES_OF).bind(id),
    ...textsOf(told.map(toldRow)).map((text) => env.DB.prepare(sql).bind(text)),
  ];
}

/** A product, and the job that brings users in line where it holds other courses, or a course has other dates, now. */
export interface PutProduct {
  product: Product;
  jobId: string | undefined;
}

/** Says by hand what a product is; what was said by hand before and is not now is taken back. */
export async function putProduct(env: Env, school: School, said: SaidProduct, who: string): Promise<PutProduct> {
  const { type, id } = said;
  const before = await findProduct(env, school.id, type, id);
  const options = { replaces: true, movesStamp: isHolder(type) || hasDates(said) || hasDates(before ?? {}) };
  const redated = await writeDates(env, school.id, [
    ...telling(env, school, "hand", [toldOf(school, said)], options),
    recorded(env, {
      school: school.id,
      who,
      what: "product.put",
      subject: subjectOf(type, id),
      ...(before ? { before } : {}),
      after: said,
    }),
  ]);
  forgetSchool(school.id);
  const product = await getProduct(env, school.id, type, id);
  if (!isHolder(type))
    return { product, jobId: await followCourseDates(env, school, options.movesStamp ? redated : []) };
  const holdsOthers = !isSameSet(before?.courses, product.courses);
  return { product, jobId: holdsOthers ? await alignHolders(env, school, type, id) : undefined };
}

const hasDates = (one: { [Name in (typeof DATES)[number]]?: string | null | undefined }): boolean =>
  DATES.some((name) => (one[name] ?? null) !== null);
const DATES = ["starts_at", "ends_at", "due_at"] as const;

const isSameSet = (one: readonly string[] | null = null, other: readonly string[] | null = null): boolean =>
  JSON.stringify([...new Set(one ?? [])].sort()) === JSON.stringify([...new Set(other ?? [])].sort());

/** Gives whoever holds something the courses that it holds now, quietly. */
export const alignHolders = (env: Env, school: School, type: Holder, id: string): Promise<string> =>
  startJob(env, school, alignJob, { fire: false, holding: { type, id } });

/** Forgets what is known of a product, whoever said it; 404 when nothing is. */
export async function deleteProduct(
  env: Env,
  school: School,
  type: ProductKind,
  id: string,
  who: string,
): Promise<string | undefined> {
  const before = await getProduct(env, school.id, type, id);
  // With a course its other ids are forgotten: they are compiled in.
  const movesStamp = isHolder(type) || type === "course";
  const redated = await writeDates(env, school.id, [
    ...telling(env, school, "hand", [], { replaces: true, movesStamp }),
    env.DB.prepare("delete from product_ids where school = ? and type = ? and ours = ?").bind(school.id, type, id),
    env.DB.prepare("delete from products where school = ? and type = ? and id = ?").bind(school.id, type, id),
    recorded(env, { school: school.id, who, what: "product.deleted", subject: subjectOf(type, id), before }),
  ]);
  forgetSchool(school.id);
  if (isHolder(type)) return before.courses?.length ? alignHolders(env, school, type, id) : undefined;
  return followCourseDates(env, school, movesStamp ? redated : []);
}

interface HolderId {
  type: Holder;
  id: string;
}

/** What somebody tells of a product: as it came, by the names of `ProductPart`. */
export type ToldProduct = { type: ProductKind; id: string } & { [Key in keyof ProductPart]?: unknown };

/**
 * Learns what others say of products, in as few statements as their length asks for. What a stronger teller has said
 * stays, and what is told again changes nothing. What it does not speak of it does not forget, and what cannot be kept is
 * left out. Where dates of courses become others, a job sees to who goes by them.
 * @returns what was told to hold other courses than were known
 */
export async function learnProducts(
  env: Env,
  school: School,
  teller: Teller,
  given: readonly ToldProduct[],
): Promise<HolderId[]> {
  const told = given.flatMap(({ type, id, ...part }): SaidProduct[] => {
    const good = goodPart(type, part);
    return givenId.safeParse(id).success && Object.keys(good).length ? [{ type, id, ...good }] : [];
  });
  if (!told.length) return [];
  const others = told.some(({ courses }) => courses) ? await holdingOthers(env, school, told) : [];
  const redates =
    told.some(({ type, ...said }) => type === "course" && hasDates(said)) && (await tellDates(env, school, told));
  const redated = await writeDates(
    env,
    school.id,
    telling(
      env,
      school,
      teller,
      told.map((one) => toldOf(school, one)),
      { replaces: false, movesStamp: others.length > 0 || redates },
    ),
  );
  forgetSchool(school.id);
  if (redates) await followCourseDates(env, school, redated);
  return others;
}

/** Whether one of these is told to have another date than is known. */
async function tellDates(env: Env, school: School, told: readonly SaidProduct[]): Promise<boolean> {
  const { courseDates } = (await loadWorld(env, school)).school;
  return told.some(({ type, id, starts_at, ends_at, due_at }) => {
    const known = courseDates.get(id);
    const isOther = (date: string | null | undefined, now: string | null | undefined) => date != null && date !== now;
    return (
      type === "course" &&
      (isOther(starts_at, known?.startsAt) || isOther(ends_at, known?.endsAt) || isOther(due_at, known?.dueAt))
    );
  });
}

/** Of these, what is told to hold other courses than is known: the same told again compiles nothing anew. */
async function holdingOthers(env: Env, school: School, told: readonly SaidProduct[]): Promise<HolderId[]> {
  const { school: seen } = await loadWorld(env, school);
  return told.flatMap(({ type, id, courses }) =>
    isHolder(type) &&
    courses &&
    JSON.stringify(coursesIn(seen, type, id)) !== JSON.stringify(callList(courses, seen.courseId))
      ? [{ type, id }]
      : [],
  );
}

/** The audit's statement as one that stands in a batch with those written as text. */
function recorded(env: Env, entry: AuditEntry): D1PreparedStatement {
  const { sql, params } = recordAudit(database(env.DB), entry).toSQL();
  return env.DB.prepare(sql).bind(...params);
}

const subjectOf = (type: string, id: string): string => `${type}/${id}`;

async function findProduct(env: Env, school: string, type: string, id: string): Promise<Product | null> {
  const row = await database(env.DB)
    .select()
    .from(products)
    .where(whichProduct(school, type, id))
    .get();
  return row ? toProduct(row) : null;
}
