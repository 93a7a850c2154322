import * as z from "zod";
import { type Fault, pointer } from "../../base/errors/errors";
import { setEntry } from "../../base/record";
import { attributes, instant, mergeAttributes } from "../../catalogue/account/attributes";
import { fieldFaults } from "../../catalogue/account/field-values";
import { PRODUCTS } from "../../catalogue/kinds";
import { id, tag } from "../../catalogue/options/fields";
import { courseRecord } from "../../catalogue/progress/record";
import { hasTag } from "../../catalogue/tags/change";
import { newState, step } from "../../engine/step";
import type { UserState, World } from "../../engine/types";
import { userId } from "../../users/events/event";

const ids = z.array(id).max(200).default([]);
const moment = instant.nullable().optional();
const moments = z.record(id, instant).default({});

/** A user as `GET /v1/users/:id` shows one, or any part of that. */
export const inventedUser = attributes.extend({
  id: userId.default("invented"),
  paying: z.boolean().optional(),
  tags: z.array(tag).max(200).default([]),
  enrolments: z
    .array(
      z.strictObject({
        product_type: z.enum(PRODUCTS).default("course"),
        product: id,
        role: z.string().min(1).max(64).default("student"),
        sources: z.array(z.string().min(1).max(256)).min(1).default(["event"]),
        enrolled_at: instant.optional(),
        expires_at: moment,
        suspended: z.boolean().optional(),
      }),
    )
    .max(200)
    .default([]),
  groups: ids,
  seats: ids,
  spaces: ids,
  segments: ids,
  courses: z
    .record(
      id,
      z.strictObject({
        started_at: moment,
        percent: z.number().min(0).max(100).default(0),
        activities: ids,
        completed_at: moment,
        certificate_at: moment,
      }),
    )
    .default({}),
  /** Who gave it makes no difference to what follows. */
  givers: z.unknown().optional(),
  last_seen: z.strictObject({ school: moment, app: moment, courses: moments, app_courses: moments }).optional(),
});

/** What is wrong with the values of a thought-of user's fields, by how they are declared. */
export const faultsOfInvented = (
  { fields }: Pick<z.output<typeof inventedUser>, "fields">,
  { school }: World,
): Fault[] =>
  fieldFaults(school.fields, fields ?? {}).map(({ key, message }) => ({
    path: pointer(["user", "fields", key]),
    message,
  }));

/** The state of a user who is only thought of. Managed segments follow the rules, and hold who is said to be in them. */
export function inventUser(given: z.output<typeof inventedUser>, world: World, now: number): UserState {
  const state = newState(given.id, now);
  const { learner } = state;
  const seen = (at: number | null | undefined) => (at === null || at === undefined ? null : { at, order: 0 });
  const giver = { by: "hand", id: null, at: now } as const;
  mergeAttributes({ learner, giver, school: world.school }, given);
  learner.paid = given.paying ?? false;
  for (const tag of given.tags) if (!hasTag(learner, tag)) learner.tags = [...learner.tags, tag];
  for (const { product_type, product } of given.enrolments)
    if (product_type === "course") courseRecord(learner, product);
  learner.enrolments = given.enrolments.map((one) => ({
    type: one.product_type,
    product: one.product,
    role: one.role,
    enrolledAt: one.enrolled_at ?? now,
    knownAt: now,
    sources: one.sources.map((source) => ({
      source,
      endsAt: one.expires_at ?? null,
      ...(one.suspended ? { suspended: true } : {}),
      given: giver,
    })),
  }));
  learner.groups = given.groups.map((group) => ({ group, sources: [{ source: "event", given: giver }] }));
  learner.seats = given.seats;
  learner.spaces = given.spaces;
  for (const [course, record] of Object.entries(given.courses)) {
    Object.assign(courseRecord(learner, course), {
      startedAt: record.started_at ?? null,
      percent: record.percent,
      activities: record.activities.map((activity) => ({ id: activity, at: now })),
      completedAt: record.completed_at ?? null,
      certificateAt: record.certificate_at ?? null,
    });
    const at = record.certificate_at;
    if (at !== null && at !== undefined)
      learner.certificates = [...learner.certificates, { course, certificate: null, at, expiresAt: null }];
  }
  learner.lastSeen.school = seen(given.last_seen?.school);
  learner.lastSeen.app = seen(given.last_seen?.app);
  for (const [course, at] of Object.entries(given.last_seen?.courses ?? {}))
    setEntry(learner.lastSeen.courses, course, { at, order: 0 });
  for (const [course, at] of Object.entries(given.last_seen?.app_courses ?? {}))
    setEntry(learner.lastSeen.appCourses, course, { at, order: 0 });
  step(
    state,
    { kind: "put", attributes: {}, origin: { by: "hand", id: null } },
    { ...world, automations: [], byId: new Map() },
    now,
    true,
  );
  learner.segments = [...new Set([...learner.segments, ...given.segments])];
  return state;
}
