import { entry } from "../base/record";
import type { Fact, FieldValue, Learner } from "./facts";
import { formatInstant } from "./time";
import { atPath } from "./tracking/data";

/*
 * What besides a field of the user has a date that may be waited for.
 */

const EVENT = /^event\.(.{1,250})$/;

/** What certificates say, where nothing says of which course: the one that ends last. */
function certificateEnd({ certificates }: Learner, { data }: Fact): string | undefined {
  const ends = certificates.flatMap(({ course, certificate, expiresAt }) => {
    const isMeant =
      typeof data.certificate === "string"
        ? certificate === data.certificate
        : typeof data.course !== "string" || course === data.course;
    return isMeant && expiresAt !== null ? [expiresAt] : [];
  });
  return ends.length ? formatInstant(Math.max(...ends)) : undefined;
}

/** By their names in the contract. */
const OF: Readonly<Record<string, (learner: Learner, fact: Fact) => string | undefined>> = {
  registered_at: ({ registeredAt }) => formatInstant(registeredAt),
  "certificate.expires_at": certificateEnd,
};

export const DATE_SOURCES = Object.keys(OF);

/** Whether it names something of the fact that started a run, or one of the above. */
export const isDateSource = (name: string): boolean => Object.hasOwn(OF, name) || EVENT.test(name);

/** What stands there: a field's value where it names no other; undefined where it is missing. */
export function dateSource(name: string, { learner, fact }: { learner: Learner; fact: Fact }): FieldValue | undefined {
  const path = EVENT.exec(name)?.[1];
  if (path !== undefined) {
    const value = atPath(fact.data, path);
    return typeof value === "string" || typeof value === "number" ? value : undefined;
  }
  const read = entry(OF, name);
  const value = read ? read(learner, fact) : entry(learner.fields, name);
  return value === "" || (Array.isArray(value) && value.length === 0) ? undefined : value;
}
