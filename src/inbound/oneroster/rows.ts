import { faultsOf } from "../../base/faults";
import { eventOf } from "../../catalogue";
import { formatInstant, isDate, parseInstant, startOfDay } from "../../catalogue/time";
import type { Cells } from "../../jobs/lines";
import { userId } from "../../users/event";
import type { RosterChange } from "../../users/roster";
import { anyTime } from "../times";

/*
 * What rows of a OneRoster set say, as changes of users. Pure.
 */

/** A change of a user, or why there is none. */
export type RosterRow = RosterChange | { fault: string };

/** Who a row does not let in: enrolments of theirs are passed over too. */
export type UserRow = RosterRow & { passedOver?: true };

export const cell = (cells: Cells, column: string): string => cells.get(column)?.trim() ?? "";

type Status = "active" | "tobedeleted";

/** Blank in a bulk file, where every row is there to stay. */
function statusOf(cells: Cells): Status | null {
  const status = cell(cells, "status").toLowerCase() || "active";
  return status === "active" || status === "tobedeleted" ? status : null;
}

const BAD_STATUS = { fault: "status: active or tobedeleted" };

/** What is wrong with an id of a user in a column, or null. */
function idFault(column: string, id: string): string | null {
  if (id === "") return `${column}: it is missing`;
  const read = userId.safeParse(id);
  return read.success ? null : `${column}: ${read.error.issues[0]?.message}`;
}

const filled = (values: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(values).filter(([, text]) => text !== ""));

/**
 * A row of users.csv. Who is to be deleted or not enabled is reported: what a list says erases nobody.
 * @param role of roles.csv, where 1.2 has it
 */
export function mapUser(cells: Cells, role: string | undefined): UserRow {
  const id = cell(cells, "sourcedId");
  const status = statusOf(cells);
  const fault = idFault("sourcedId", id);
  if (fault !== null) return { fault };
  if (status === null) return BAD_STATUS;
  const name = JSON.stringify(id);
  if (status === "tobedeleted")
    return {
      fault: `${name} is to be deleted, and was left as they are: DELETE /v1/users/:id erases`,
      passedOver: true,
    };
  if (cell(cells, "enabledUser").toLowerCase() === "false")
    return { fault: `${name} is not enabled, and was left as they are`, passedOver: true };
  return {
    user: id,
    creates: true,
    attributes: filled({
      email: cell(cells, "email"),
      username: `${cell(cells, "givenName")} ${cell(cells, "familyName")}`.trim(),
    }),
    fields: filled({
      org: cell(cells, "primaryOrgSourcedId") || cell(cells, "orgSourcedIds"),
      grades: cell(cells, "grades"),
      role: cell(cells, "role") || (role ?? ""),
    }),
  };
}

/** Of a row of roles.csv: a user's role in the first place, null where it is another, or what is wrong. */
export function roleOf(cells: Cells): { user: string; role: string } | { fault: string } | null {
  const status = statusOf(cells);
  const user = cell(cells, "userSourcedId");
  const fault = idFault("userSourcedId", user);
  if (fault !== null) return { fault };
  if (status === null) return BAD_STATUS;
  const role = cell(cells, "role");
  const type = cell(cells, "roleType").toLowerCase();
  if (role === "" || (type !== "" && type !== "primary")) return null;
  if (status === "tobedeleted") return { fault: `the role of ${JSON.stringify(user)} is to be deleted: it was left` };
  return { user, role };
}

/** The role of somebody of whom users.csv says nothing. */
export const mapRole = ({ user, role }: { user: string; role: string }): RosterRow => ({
  user,
  creates: false,
  attributes: {},
  fields: { role },
});

/** Our names in the data of the events, and the columns they come from. */
const COLUMNS = new Map([
  ["course", "classSourcedId"],
  ["expires_at", "endDate"],
]);

/**
 * A row of enrollments.csv.
 * @param zone the school's: an end is a date, and the first that is not enrolled any more
 * @param now the school's time, ms
 */
export function mapEnrolment(cells: Cells, zone: string, now: number): RosterRow {
  const user = cell(cells, "userSourcedId");
  const course = cell(cells, "classSourcedId");
  const status = statusOf(cells);
  const fault = idFault("userSourcedId", user);
  if (fault !== null) return { fault };
  if (status === null) return BAD_STATUS;
  if (status === "tobedeleted") return told(user, "course.unenrolled", { course });
  const end = cell(cells, "endDate");
  const endsAt = end === "" || end >= NO_END ? undefined : isDate(end) ? startOfDay(end, zone) : parseInstant(end);
  if (endsAt === null) return { fault: "endDate: not a date, such as 2026-06-30" };
  // Enrolled now, it would end at once, and that is news to automations.
  if (endsAt !== undefined && endsAt <= now) return { fault: `it ended on ${formatEnd(end)}, and was passed over` };
  const role = cell(cells, "role");
  const expiresAt = anyTime(endsAt);
  return told(user, "course.enrolled", {
    course,
    ...(role === "" ? {} : { role }),
    ...(expiresAt === undefined ? {} : { expires_at: expiresAt }),
  });
}

/** Many write "never" so. */
const NO_END = "9999";

const formatEnd = (end: string): string => (isDate(end) ? end : formatInstant(parseInstant(end) ?? 0));

function told(user: string, type: "course.enrolled" | "course.unenrolled", given: Record<string, string>): RosterRow {
  const event = eventOf(type);
  if (!event) throw new Error(`no event ${type}`);
  const read = event.read(given);
  if (!read.success) {
    const faults = faultsOf(read.error).map(({ path, message }) => {
      const name = path.slice(1);
      return `${COLUMNS.get(name) ?? name}: ${message}`;
    });
    return { fault: faults.join("; ") };
  }
  return { user, creates: type === "course.enrolled", event: { type, data: read.data } };
}
