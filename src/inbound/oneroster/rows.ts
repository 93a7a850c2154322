import type { Fault } from "../../base/errors/errors";
import { trimmed } from "../../base/text/text";
import { readDate } from "../../catalogue/dates/dates";
import { startOfDay } from "../../catalogue/dates/time";
import { recordWithoutId } from "../../catalogue/enrolment/roster";
import type { FieldView } from "../../catalogue/facts/facts";
import { id } from "../../catalogue/options/fields";
import { isNo } from "../../catalogue/options/readings";
import { type DayOrders, sheetDate } from "../../jobs/files/day-order";
import type { Cells } from "../../jobs/files/lines";
import { userId } from "../../users/events/event";
import type { RosterChange } from "../../users/import/roster";
import { fitUser } from "../fit";
import { isSlip } from "../read";

/*
 * What rows of a OneRoster set say, as changes of users. Pure.
 */

/** A change of a user, or why there is none. */
export type RosterRow = (RosterChange & { note?: string; leftOut?: readonly Fault[] }) | { fault: string };

/** Who a row does not let in: enrolments of theirs are passed over too. */
export type UserRow = RosterRow & { passedOver?: true };

export const cell = (cells: Cells, column: string): string => trimmed(cells.get(column) ?? "");

type Status = "active" | "tobedeleted";

/** Blank in a bulk file, where every row is there to stay. */
function statusOf(cells: Cells): Status | null {
  const status = cell(cells, "status").toLowerCase() || "active";
  return status === "active" || status === "tobedeleted" ? status : null;
}

const BAD_STATUS = { fault: "status: active or tobedeleted" };

/** What is wrong with an id of a user in a column, or null. */
function idFault(column: string, id: string): string | null {
  if (isSlip(id)) return `${column}: it is missing`;
  const read = userId.safeParse(id);
  return read.success ? null : `${column}: ${read.error.issues[0]?.message}`;
}

type Values = Record<string, string | number | boolean | string[]>;

const filled = (values: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(values).filter(([, text]) => text !== ""));

/** The format's lists stand in one cell, with commas between: the list where the school's field is one. */
const asDeclared = (fields: Record<string, string>, declared: ReadonlyMap<string, FieldView>) =>
  Object.fromEntries(
    Object.entries(fields).map(([key, text]) => [key, declared.get(key)?.type === "list" ? text.split(",") : text]),
  );

/** The format's own words, which have no case. */
const ROLES = ["administrator", "aide", "guardian", "parent", "proctor", "relative", "student", "teacher"];
const roleAs = (text: string): string => ROLES.find((role) => role === text.toLowerCase()) ?? text;

/**
 * A row of users.csv. Who is to be deleted or not enabled is reported: what a list says erases nobody.
 * @param role of roles.csv, where 1.2 has it
 */
export function mapUser(cells: Cells, role: string | undefined, declared: ReadonlyMap<string, FieldView>): UserRow {
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
  if (isNo(cell(cells, "enabledUser")))
    return { fault: `${name} is not enabled, and was left as they are`, passedOver: true };
  const given = {
    ...filled({
      email: cell(cells, "email"),
      username: `${cell(cells, "givenName")} ${cell(cells, "familyName")}`.trim(),
    }),
    fields: asDeclared(
      filled({
        org: cell(cells, "primaryOrgSourcedId") || cell(cells, "orgSourcedIds"),
        grades: cell(cells, "grades"),
        role: roleAs(cell(cells, "role") || (role ?? "")),
      }),
      declared,
    ),
  };
  const { value, leftOut } = fitUser(given, declared, []);
  const { fields, ...attributes } = value;
  const notes = leftOut.map(
    ({ path, message }) => `${path.replace(/^\/(fields\/)?/, "")}: ${message}; it was left out`,
  );
  return {
    user: id,
    creates: true,
    // Made of texts; what does not fit is no part of it.
    attributes: attributes as Values,
    fields: fields as Values,
    ...(leftOut.length ? { note: notes.join("; "), leftOut } : {}),
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
export const mapRole = (
  { user, role }: { user: string; role: string },
  declared: ReadonlyMap<string, FieldView>,
): RosterRow => ({ user, creates: false, attributes: {}, fields: asDeclared({ role: roleAs(role) }, declared) });

/** The columns of enrollments.csv that hold dates. */
export const DATE_COLUMNS = ["beginDate", "endDate"] as const;

/** When it is, in the school. */
export interface Calendar {
  /** The school's: an end is a date, and the first that is not enrolled any more. */
  zone: string;
  /** The school's time, ms. */
  now: number;
  dayOrders: DayOrders;
}

/** What is wrong with a moment of a column, or when it is. */
function momentOf(cells: Cells, column: string, { zone, dayOrders }: Calendar): { at?: number; fault?: string } {
  const text = cell(cells, column);
  if (text === "" || text >= NO_END) return {};
  const iso = sheetDate(text, dayOrders.get(column));
  if ("fault" in iso) return { fault: `${column}: ${iso.fault}; it was left out` };
  if (iso.value.startsWith(NO_END)) return {};
  const read = readDate(iso.value, zone);
  if (!read) return { fault: `${column}: not a date, such as 2026-06-30; it was left out` };
  return { at: "at" in read ? read.at : startOfDay(read.day, zone) };
}
/** Many write "never" so. */
const NO_END = "9999";

const MAX_ROLE = 64;

/** A row of enrollments.csv: what its record says of an enrolment. */
export function mapEnrolment(cells: Cells, calendar: Calendar): RosterRow {
  const user = cell(cells, "userSourcedId");
  const course = cell(cells, "classSourcedId");
  const status = statusOf(cells);
  const fault = idFault("userSourcedId", user) ?? courseFault(course);
  if (fault !== null) return { fault };
  if (status === null) return BAD_STATUS;
  const own = cell(cells, "sourcedId");
  // A set without ids of its records has one for each learner in a class.
  const record = { id: own === "" ? recordWithoutId(course, user) : own, course };
  if (status === "tobedeleted") return { user, creates: false, record: { ...record, ends: true } };
  const [begin, end] = [momentOf(cells, "beginDate", calendar), momentOf(cells, "endDate", calendar)];
  if (end.at !== undefined && end.at <= calendar.now)
    return {
      user,
      creates: false,
      record: { ...record, ends: true },
      note: `it ended on ${cell(cells, "endDate")}, and was passed over`,
    };
  const role = roleAs(cell(cells, "role"));
  const longRole = role.length > MAX_ROLE ? `role: it has at most ${MAX_ROLE} characters; it was left out` : undefined;
  const notes = [begin.fault, end.fault, longRole].filter((one) => one !== undefined);
  return {
    user,
    creates: true,
    record: {
      ...record,
      ...(role === "" || longRole ? {} : { role }),
      ...(end.at === undefined ? {} : { endsAt: end.at }),
      ...(begin.at === undefined ? {} : { beginsAt: begin.at }),
    },
    ...(notes.length ? { note: notes.join("; ") } : {}),
  };
}

function courseFault(course: string): string | null {
  if (isSlip(course)) return "classSourcedId: it is missing";
  const read = id.safeParse(course);
  return read.success ? null : `classSourcedId: ${read.error.issues[0]?.message}`;
}
