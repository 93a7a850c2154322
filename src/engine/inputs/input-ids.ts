import { callCourses } from "../../catalogue/enrolment/course-ids";
import { AS_NAMED, type CourseId } from "../../catalogue/options/course-id";
import type { Input } from "./input";

/** An input that names courses by those ids. */
export function callInput(input: Input, courseId: CourseId): Input {
  if (courseId === AS_NAMED) return input;
  if (input.kind === "event") return { ...input, data: callCourses(input.data, courseId) };
  if (input.kind === "reconcile") return { ...input, course: courseId(input.course) };
  if (input.kind !== "import") return input;
  const { event, record } = input;
  return {
    ...input,
    ...(event ? { event: { ...event, data: callCourses(event.data, courseId) } } : {}),
    ...(record ? { record: { ...record, course: courseId(record.course) } } : {}),
  };
}
