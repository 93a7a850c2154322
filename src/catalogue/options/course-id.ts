/** The id that a course has here, by any of those that it is named by. */
export type CourseId = (named: string) => string;

/** Of a school that knows no course by two. */
export const AS_NAMED: CourseId = (named) => named;
