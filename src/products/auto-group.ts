/* Auto groups are made of a course's learners by the value of a field: their ids say so, and nobody names them. */

/** Of what may be an auto group's id: the course, and the field's value, that it is of. */
export function partsOfGroup(id: string): { course: string; value: string } | undefined {
  const [, course, value] = /^([^:]+):(.+)$/.exec(id) ?? [];
  return course === undefined || value === undefined ? undefined : { course, value };
}

/** What an auto group is called: "JavaScript 101: Sales"; undefined where it is none. @param courses names by id */
export function autoGroupName(id: string, courses: Readonly<Record<string, string>>): string | undefined {
  const parts = partsOfGroup(id);
  return parts && Object.hasOwn(courses, parts.course) ? `${courses[parts.course]}: ${parts.value}` : undefined;
}
