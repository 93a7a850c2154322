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

interface MoodlePage {
  path: RegExp;
  /** The parameter that holds the id. */
  parameter: string;
  kind: ActivityKind;
}

const MOODLE_PAGES: readonly MoodlePage[] = [
  { path: /\/course\/view\.php$/, parameter: "id", kind: "course" },
  { path: /\/mod\/quiz\/attempt\.php$/, parameter: "cmid", kind: "attempt" },
  { path: /\/mod\/[a-z0-9_]+\/view\.php$/, parameter: "id", kind: "activity" },
  { path: /\/group\/index\.php$/, parameter: "id", kind: "group" },
  { path: /\/badges\/overview\.php$/, parameter: "id", kind: "certificate" },
  { path: /\/index\.php$/, parameter: "code", kind: "certificate" },
];

function moodleIdOf(iri: string): { id: string; kind: ActivityKind } | null {
  const url = URL.parse(iri);
  const page = url && MOODLE_PAGES.find(({ path }) => path.test(url.pathname));
  const id = page ? url.searchParams.get(page.parameter) : null;
  return page && id ? { id, kind: page.kind } : null;
}

export function kindOf({ id, definition }: Activity): ActivityKind {
  const type = definition?.type?.replace(/\/+$/, "");
  if (type === undefined) return moodleIdOf(id)?.kind ?? "activity";
  return KIND_OF_TYPE.get(type.slice(type.lastIndexOf("/") + 1).toLowerCase()) ?? "activity";
}

/** The id of an activity: Moodle's own number, else the IRI, hashed where it is too long. */
export const idOf = ({ id }: Activity): Promise<string> => eventId(moodleIdOf(id)?.id ?? id);

/** The course that an activity belongs to, by the statement's context. */
export async function courseOf({ context }: Statement): Promise<string | undefined> {
  const { parent = [], grouping = [] } = context?.contextActivities ?? {};
  const course = [...parent, ...grouping].find((one) => kindOf(one) === "course");
  return course && idOf(course);
}
