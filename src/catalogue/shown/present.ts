import * as z from "zod";
import { keptOf, momentOf } from "../../base/record";
import { type Part, partOf } from "../../base/text/parts";
import { isPaying } from "../account/paying";
import { formatInstant } from "../dates/time";
import { endOf } from "../enrolment/change";
import type { CourseRecord, Enrolment, Learner, SchoolView, Seen } from "../facts/facts";

const moment = (at: number | null): string | null => (at === null ? null : formatInstant(at));
const visit = (seen: Seen | null): string | null => moment(seen?.at ?? null);
const instantOf = keptOf(({ at }: Seen) => formatInstant(at));
const visits = (record: Readonly<Record<string, Seen>>) =>
  Object.fromEntries(Object.entries(record).map(([course, seen]) => [course, instantOf(seen)]));

const time = z.string().meta({ format: "date-time" });

/** The user as the contract shows one (§5). */
export const presentedUser = z
  .object({
    id: z.string(),
    email: z.string().nullable(),
    username: z.string().nullable(),
    registered_at: time,
    source: z.string().nullable(),
    fields: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.array(z.string())])),
    timezone: z.string().nullable(),
    locale: z.string().nullable(),
    marketing_consent: z.boolean(),
    cookies_accepted: z.boolean(),
    paying: z.boolean(),
    tags: z.array(z.string()),
    enrolments: z.array(
      z.object({
        product_type: z.enum(["course", "bundle", "subscription"]),
        product: z.string(),
        role: z.string(),
        sources: z.array(z.string()).meta({
          description: "What it came from: event, run, import, bundle:…, subscription:…, seat:…, sync:…, self:….",
        }),
        enrolled_at: time,
        expires_at: time.nullable(),
        suspended: z.literal(true).optional(),
      }),
    ),
    groups: z.array(z.string()),
    seats: z.array(z.string()),
    spaces: z.array(z.string()),
    segments: z.array(z.string()),
    courses: z.record(
      z.string(),
      z.object({
        started_at: time.nullable(),
        percent: z.number(),
        activities: z.array(z.string()),
        completed_at: time.nullable(),
        certificate_at: time.nullable(),
      }),
    ),
    last_seen: z.object({
      school: time.nullable(),
      app: time.nullable(),
      courses: z.record(z.string(), time),
      app_courses: z.record(z.string(), time),
    }),
  })
  .meta({ component: "User" });
export type PresentedUser = z.output<typeof presentedUser>;

const presentEnrolment = (one: Enrolment): PresentedUser["enrolments"][number] => ({
  product_type: one.type,
  product: one.product,
  role: one.role,
  sources: one.sources.map((source) => source.source),
  enrolled_at: formatInstant(one.enrolledAt),
  expires_at: moment(endOf(one)),
  ...(one.sources.every((source) => source.suspended) ? { suspended: true } : {}),
});

const presentCourse = (record: CourseRecord): PresentedUser["courses"][string] => ({
  started_at: moment(record.startedAt),
  percent: record.percent,
  activities: record.activities.map((one) => one.id),
  completed_at: moment(record.completedAt),
  certificate_at: moment(record.certificateAt),
});

/** The text of a list, which is replaced when something else stands in it. */
const partOfList = <Item>(textOf: (item: Item) => string): ((list: readonly Item[]) => Part) =>
  keptOf((list) => partOf(`[${list.map(textOf).join(",")}]`));

/** The text of a record, until an entry of it is set or removed. */
function partOfRecord<Item>(textOf: (item: Item) => string): (record: Readonly<Record<string, Item>>) => Part {
  const made = new WeakMap<object, { moment: object; part: Part }>();
  return (record) => {
    const moment = momentOf(record);
    const known = made.get(record);
    if (known?.moment === moment) return known.part;
    const entries = Object.entries(record).map(([key, item]) => `${JSON.stringify(key)}:${textOf(item)}`);
    const part = partOf(`{${entries.join(",")}}`);
    made.set(record, { moment, part });
    return part;
  };
}

const tagsPart = partOfList((tag: string) => JSON.stringify(tag));
const enrolmentsPart = partOfList(keptOf((one: Enrolment) => JSON.stringify(presentEnrolment(one))));
const coursesPart = partOfRecord(keptOf((record: CourseRecord) => JSON.stringify(presentCourse(record))));
const visitsPart = partOfRecord((seen: Seen) => JSON.stringify(instantOf(seen)));

/** The same as JSON text: of what there may be thousands, what has changed since the last time alone is made into text. */
export function presentedParts(learner: Learner, school: Pick<SchoolView, "segments">): Part[] {
  const { tags, enrolments, courses, lastSeen } = learner;
  const { school: seen, app, courses: inCourses, appCourses } = lastSeen;
  const seenText = JSON.stringify({ school: visit(seen), app: visit(app) });
  const long: Partial<Record<string, readonly Part[]>> = {
    tags: [tagsPart(tags)],
    enrolments: [enrolmentsPart(enrolments)],
    courses: [coursesPart(courses)],
    last_seen: [
      `${seenText.slice(0, -1)},"courses":`,
      visitsPart(inCourses),
      ',"app_courses":',
      visitsPart(appCourses),
      "}",
    ],
  };
  const rest = { tags: [], enrolments: [], courses: {}, lastSeen: { ...lastSeen, courses: {}, appCourses: {} } };
  const shown = { ...presentLearner({ ...learner, ...rest }, school), paying: isPaying(learner) };
  const members = Object.entries(shown).flatMap(([name, value], n): Part[] => [
    `${n ? "," : "{"}"${name}":`,
    ...(long[name] ?? [JSON.stringify(value)]),
  ]);
  return [...members, "}"];
}

/** Shows a user. `push_tokens` are never read back; segments that are gone do not show. */
export function presentLearner(learner: Learner, school: Pick<SchoolView, "segments">): PresentedUser {
  return {
    id: learner.id,
    email: learner.email,
    username: learner.username,
    registered_at: formatInstant(learner.registeredAt),
    source: learner.source,
    fields: learner.fields,
    timezone: learner.timezone,
    locale: learner.locale,
    marketing_consent: learner.marketingConsent ?? false,
    cookies_accepted: learner.cookiesAccepted ?? false,
    paying: isPaying(learner),
    tags: [...learner.tags],
    enrolments: learner.enrolments.map(presentEnrolment),
    groups: learner.groups.map((one) => one.group),
    seats: [...learner.seats],
    spaces: [...learner.spaces],
    segments: learner.segments.filter((segment) => school.segments.has(segment)),
    courses: Object.fromEntries(
      Object.entries(learner.courses).map(([course, record]) => [course, presentCourse(record)]),
    ),
    last_seen: {
      school: visit(learner.lastSeen.school),
      app: visit(learner.lastSeen.app),
      courses: visits(learner.lastSeen.courses),
      app_courses: visits(learner.lastSeen.appCourses),
    },
  };
}
