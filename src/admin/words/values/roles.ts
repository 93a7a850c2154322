import { later, say } from "../../../language/say";

/* Roles in a course, as a sentence says them: an LMS calls them what it likes, and most call the usual ones so. */

const ROLES = {
  student: later("student@role"),
  teacher: later("teacher@role"),
  editingteacher: later("teacher who may edit@role"),
  instructor: later("instructor@role"),
  manager: later("manager@role"),
} as const;

/** Whether it is one that most LMSs know. */
export const isUsualRole = (role: string): role is keyof typeof ROLES => Object.hasOwn(ROLES, role);

/** A role for a sentence; one that is none of the usual stands as the LMS calls it, in quotation marks. */
export const roleWord = (role: string): string =>
  isUsualRole(role) ? say(ROLES[role]) : say("“{text}”", { text: role });
