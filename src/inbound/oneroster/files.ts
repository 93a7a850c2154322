/*
 * What a OneRoster set of CSV is made of, in 1.1 and 1.2.
 */

const RECORD = ["sourcedId", "status", "dateLastModified"];

/** The files that are read, with the columns that the format gives them and those among them that are needed. */
export const READ = {
  users: {
    required: ["sourcedId"],
    known: [
      ...["enabledUser", "orgSourcedIds", "role", "username", "userIds", "givenName", "familyName", "middleName"],
      ...["identifier", "email", "sms", "phone", "agentSourcedIds", "grades", "password"],
      ...["userMasterIdentifier", "resourceSourcedIds", "preferredGivenName", "preferredMiddleName"],
      ...["preferredFamilyName", "primaryOrgSourcedId", "pronouns"],
    ],
  },
  roles: {
    required: ["userSourcedId", "role"],
    known: ["roleType", "beginDate", "endDate", "orgSourcedId", "userProfileSourcedId"],
  },
  classes: {
    required: ["sourcedId"],
    known: [
      ...["title", "grades", "courseSourcedId", "classCode", "classType", "location", "schoolSourcedId"],
      ...["termSourcedIds", "subjects", "subjectCodes", "periods", "resources"],
    ],
  },
  enrollments: {
    required: ["classSourcedId", "userSourcedId"],
    known: ["schoolSourcedId", "role", "primary", "beginDate", "endDate"],
  },
} as const;
export type ReadFile = keyof typeof READ;

/** Files of the format that say nothing to us. */
const OTHERS = [
  ...["academicSessions", "orgs", "courses", "demographics", "resources", "classResources", "courseResources"],
  ...["userResources", "userProfiles", "categories", "lineItems", "lineItemScoreScales", "scoreScales"],
  ...["lineItemLearningObjectiveIds", "results", "resultScoreScales", "resultLearningObjectiveIds"],
];

export const MANIFEST = "manifest.csv";
const KNOWN_FILES = new Set([...Object.keys(READ), ...OTHERS].map((name) => `${name}.csv`).concat(MANIFEST));

export const isKnownFile = (name: string): boolean => KNOWN_FILES.has(name);

const BY_LOWER_CASE = new Map([...KNOWN_FILES].map((name) => [name.toLowerCase(), name]));
/** A file's name as the format writes it, in whatever case it is written. */
export const fileNamed = (name: string): string => BY_LOWER_CASE.get(name.toLowerCase()) ?? name;

/** The columns that a file may have beside those that are needed. */
export const columnsBeside = (file: ReadFile): readonly string[] =>
  [...RECORD, ...READ[file].known].filter((name) => !READ[file].required.some((one) => one === name));

/** The format lets anybody add columns whose names begin so. */
const EXTENSION = "metadata.";

export const isKnownColumn = (file: ReadFile, column: string): boolean => {
  const { required, known }: { required: readonly string[]; known: readonly string[] } = READ[file];
  return [RECORD, required, known].some((names) => names.includes(column)) || column.startsWith(EXTENSION);
};

const VERSIONS = ["1.1", "1.2"];
const MODES = ["bulk", "delta", "absent"] as const;
export type Mode = (typeof MODES)[number];

export interface Manifest {
  /** By the names of files in lower case. */
  modes: ReadonlyMap<string, Mode>;
  faults: { line: number; message: string }[];
}

/** Reads what a manifest says of the files, from its lines: a property and its value. */
export function readManifest(lines: readonly { line: number; property: string; value: string }[]): Manifest {
  const modes = new Map<string, Mode>();
  const faults: Manifest["faults"] = [];
  for (const { line, property, value } of lines) {
    const file = /^file\.(.+)$/i.exec(property)?.[1]?.toLowerCase();
    const mode = MODES.find((one) => one === value.trim().toLowerCase());
    if (property.toLowerCase() === "oneroster.version" && !VERSIONS.includes(value.trim()))
      faults.push({ line, message: `${property}: ${VERSIONS.join(" or ")}` });
    if (file === undefined) continue;
    if (mode) modes.set(file, mode);
    else faults.push({ line, message: `${property}: ${MODES.join(", ")}` });
  }
  return { modes, faults };
}
