import { withoutSlashes } from "../../base/text/text";
import { moodlePage } from "../../connectors/lms/moodle/ids";
import { eventId } from "../mapped";
import type { Activity, Statement } from "./statement";

/*
 * What an activity is to us, and by which id: its IRI, or the number in it where Moodle has made it.
 */

export const ACTIVITY_KINDS = ["site", "course", "activity", "attempt", "feedback", "certificate", "group"] as const;
export type ActivityKind = (typeof ACTIVITY_KINDS)[number];

/** By the last part of the type's IRI: vocabularies differ in what stands before it. */
const KIND_OF_TYPE = new Map<string, ActivityKind>([
  ["lms", "site"],
  ["site", "site"],
  ["course", "course"],
  ["attempt", "attempt"],
  ["survey", "feedback"],
  ["feedback", "feedback"],
  ["certificate", "certificate"],
  ["badge", "certificate"],
  ["group", "group"],
]);

export function kindOf({ id, definition }: Activity): ActivityKind {
  const type = definition?.type && withoutSlashes(definition.type);
  if (type === undefined) return moodlePage(id)?.kind ?? "activity";
  return KIND_OF_TYPE.get(type.slice(type.lastIndexOf("/") + 1).toLowerCase()) ?? "activity";
}

/** The id of an activity: Moodle's own number, else the IRI, hashed where it is too long. */
export const idOf = ({ id }: Activity): Promise<string> => eventId(moodlePage(id)?.id ?? id);

/** The course that an activity belongs to, by the statement's context. */
export function courseIn({ context }: Statement): Activity | undefined {
  const { parent = [], grouping = [] } = context?.contextActivities ?? {};
  return [...parent, ...grouping].find((one) => kindOf(one) === "course");
}

/** Its id. */
export async function courseOf(statement: Statement): Promise<string | undefined> {
  const course = courseIn(statement);
  return course && idOf(course);
}
