import { entry, setEntry } from "../../base/record";
import type { Learner, Seen, Turn } from "../facts/facts";

export type VisitScope = "school" | "app" | "course" | "app_course";

/** Whether visits of a scope are those of one course each. */
export const isOfCourses = (scope: string): boolean => scope === "course" || scope === "app_course";

/** The later of two visits. */
export const later = (known: Seen | null | undefined, seen: Seen): Seen => (known && known.at > seen.at ? known : seen);

/** Moves the activity times of a visit; an old event moves none backwards. */
export function seenIn(turn: Turn, visit: { channel?: "web" | "app" | undefined; course?: string }): void {
  const seen: Seen = { at: turn.at, order: turn.order, ...(turn.now > turn.at ? { heardAt: turn.now } : {}) };
  const { lastSeen } = turn.learner;
  lastSeen.school = later(lastSeen.school, seen);
  if (visit.channel === "app") lastSeen.app = later(lastSeen.app, seen);
  if (visit.course === undefined) return;
  setEntry(lastSeen.courses, visit.course, later(entry(lastSeen.courses, visit.course), seen));
  if (visit.channel === "app") {
    setEntry(lastSeen.appCourses, visit.course, later(entry(lastSeen.appCourses, visit.course), seen));
  }
}

/** The last visit in a scope; of a course where the scope is one of courses. */
export function lastVisit(learner: Learner, scope: VisitScope, course = ""): Seen | null {
  const { lastSeen } = learner;
  const seen = {
    school: () => lastSeen.school,
    app: () => lastSeen.app,
    course: () => entry(lastSeen.courses, course),
    app_course: () => entry(lastSeen.appCourses, course),
  };
  return seen[scope]() ?? null;
}
