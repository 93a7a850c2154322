import { isPaying } from "./account/paying";
import { endOf } from "./enrolment/change";
import type { Learner, School, Seen } from "./facts";
import { formatInstant } from "./time";

const moment = (at: number | null): string | null => (at === null ? null : formatInstant(at));
const visit = (seen: Seen | null): string | null => moment(seen?.at ?? null);
const visits = (record: Readonly<Record<string, Seen>>) =>
  Object.fromEntries(Object.entries(record).map(([course, seen]) => [course, formatInstant(seen.at)]));

/** The user as the contract shows one (§5). `push_tokens` are never read back; segments that are gone do not show. */
export function presentLearner(learner: Learner, school: Pick<School, "segments">) {
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
    tags: learner.tags,
    enrolments: learner.enrolments.map((one) => ({
      product_type: one.type,
      product: one.product,
      role: one.role,
      sources: one.sources.map((source) => source.source),
      enrolled_at: formatInstant(one.enrolledAt),
      expires_at: moment(endOf(one)),
      ...(one.sources.every((source) => source.suspended) ? { suspended: true } : {}),
    })),
    groups: learner.groups.map((one) => one.group),
    seats: learner.seats,
    spaces: learner.spaces,
    segments: learner.segments.filter((segment) => school.segments.has(segment)),
    courses: Object.fromEntries(
      Object.entries(learner.courses).map(([course, record]) => [
        course,
        {
          started_at: moment(record.startedAt),
          percent: record.percent,
          activities: record.activities.map((one) => one.id),
          completed_at: moment(record.completedAt),
          certificate_at: moment(record.certificateAt),
        },
      ]),
    ),
    last_seen: {
      school: visit(learner.lastSeen.school),
      app: visit(learner.lastSeen.app),
      courses: visits(learner.lastSeen.courses),
      app_courses: visits(learner.lastSeen.appCourses),
    },
  };
}
export type PresentedUser = ReturnType<typeof presentLearner>;
