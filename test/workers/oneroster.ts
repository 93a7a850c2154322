import { strToU8, zipSync } from "fflate";
import Papa from "papaparse";

/* For tests: OneRoster sets as a school's own system makes them. */

const RECORD = ["sourcedId", "status", "dateLastModified"];
export const HEADERS = {
  "manifest.csv": ["propertyName", "value"],
  "users.csv": [
    ...[...RECORD, "enabledUser", "orgSourcedIds", "role", "username", "userIds", "givenName", "familyName"],
    ...["middleName", "identifier", "email", "sms", "phone", "agentSourcedIds", "grades", "password"],
  ],
  "enrollments.csv": [
    ...[...RECORD, "classSourcedId", "schoolSourcedId", "userSourcedId", "role", "primary", "beginDate", "endDate"],
  ],
  "classes.csv": [
    ...[...RECORD, "title", "grades", "courseSourcedId", "classCode", "classType", "location", "schoolSourcedId"],
    ...["termSourcedIds", "subjects", "subjectCodes", "periods"],
  ],
  "orgs.csv": [...RECORD, "name", "type", "identifier", "parentSourcedId"],
};
const HEADERS_1_2 = {
  "users.csv": [
    ...HEADERS["users.csv"].filter((name) => name !== "role" && name !== "orgSourcedIds"),
    ...["userMasterIdentifier", "resourceSourcedIds", "preferredGivenName", "preferredMiddleName"],
    ...["preferredFamilyName", "primaryOrgSourcedId", "pronouns"],
  ],
  "roles.csv": [
    ...[...RECORD, "userSourcedId", "roleType", "role", "beginDate", "endDate", "orgSourcedId"],
    "userProfileSourcedId",
  ],
};

type Row = Record<string, string>;
type Mode = "bulk" | "delta";

export const csv = (columns: readonly string[], rows: readonly Row[]) =>
  Papa.unparse({ fields: [...columns], data: rows.map((row) => columns.map((column) => row[column] ?? "")) });

/** A set with its manifest. A text is a file as it is. */
export function zipOf(
  files: Record<string, readonly Row[] | string>,
  mode: Mode = "delta",
  version = "1.1",
): Uint8Array {
  const headers: Record<string, readonly string[]> = { ...HEADERS, ...(version === "1.2" ? HEADERS_1_2 : {}) };
  const names = Object.keys(files).filter((name) => name in headers);
  const manifest = [
    { propertyName: "manifest.version", value: "1.0" },
    { propertyName: "oneroster.version", value: version },
    ...names.map((name) => ({ propertyName: `file.${name.replace(".csv", "")}`, value: mode })),
  ];
  const all = { "manifest.csv": manifest, ...files };
  return zipSync(
    Object.fromEntries(
      Object.entries(all).map(([name, given]) => [
        name,
        strToU8(typeof given === "string" ? given : csv(headers[name] ?? [], given)),
      ]),
    ),
  );
}

export const anna: Row = {
  ...{ sourcedId: "anna", status: "active", enabledUser: "true", orgSourcedIds: "north", role: "student" },
  ...{ username: "anna.p", givenName: "Anna", familyName: "Pappa", email: "anna@acme.com", grades: "10" },
  password: "hunter2-secret",
};
export const enrolment = (user: string, more: Row = {}): Row => ({
  ...{ sourcedId: `e-${user}`, status: "active", classSourcedId: "math-1", schoolSourcedId: "north" },
  ...{ userSourcedId: user, role: "student", ...more },
});

export const many = (count: number, make: (n: number) => Row) => Array.from({ length: count }, (_, n) => make(n));
