import type { Env } from "../../base/env";
import { invalid, Problem, pointer } from "../../base/errors/errors";
import { log } from "../../base/reports/log";
import type { FieldView } from "../../catalogue/facts/facts";
import { countUnused, type Unused } from "../../db/unmapped";
import { hash53 } from "../../engine/identity";
import type { JobLine } from "../../jobs/define";
import { readFile } from "../../jobs/files/csv";
import { type DayOrder, type DayOrders, noteOrder } from "../../jobs/files/day-order";
import type { Columns } from "../../jobs/files/lines";
import { type Cells, lineOf } from "../../jobs/files/lines";
import { beginImport } from "../../jobs/files/upload";
import { learnProducts, type ToldProduct } from "../../products/write";
import { type RosterItem, rosterEntry, rosterImport } from "../../users/import/roster";
import { courseIdIn } from "../../world/naming/ids";
import { nowOf, type School } from "../../world/snapshot";
import { loadWorld } from "../../world/world";
import {
  columnsBeside,
  fileNamed,
  isKnownColumn,
  isKnownFile,
  MANIFEST,
  type Manifest,
  type Mode,
  READ,
  type ReadFile,
  readManifest,
} from "./files";
import { missingEnrolments } from "./missing";
import { ownedBy, ownersOf, repeatedOf } from "./owners";
import { cell, DATE_COLUMNS, mapEnrolment, mapRole, mapUser, type RosterRow, roleOf } from "./rows";
import { type Files, openZip } from "./zip";

/*
 * OneRoster CSV 1.1 and 1.2: a zip of files that say who is a user and who is enrolled in which class. Ids are held as
 * hashes of 53 bits where they are many: as text they could be more than there is memory for.
 */

type Line = { line: number } & ({ cells: Cells; fault: null } | { cells: null; fault: string });

/** A file of the set, its lines read as they are asked for. */
interface Table {
  file: string;
  columns: readonly string[];
  total: number;
  lines(): Iterable<Line>;
}

interface RosterSet {
  tables: Partial<Record<ReadFile, Table>>;
  /** What is told of the files themselves, by their lines. */
  notes: { line: number; message: string }[];
  /** Enrolments that are not in it have ended. */
  isWhole: boolean;
}

/**
 * Takes a set in and sets its job going; answers with the job.
 * @throws Problem 422 for what is no zip that is taken, or lacks what it needs; 400 or 415 for files that are not UTF-8
 */
export async function startRoster(
  env: Env,
  school: School,
  bytes: Uint8Array,
  options: { fire: boolean; who: string; trace: string | null },
): Promise<string> {
  const set = readSet(asNamed(openZip(bytes)));
  const oursOfClasses = await learnClasses(env, school, set.tables.classes);
  const { users, enrollments } = set.tables;
  const missing: RosterItem[] = set.isWhole
    ? (await missingEnrolments(env, school.id, enrolledIn(set.tables, oursOfClasses))).map(({ user, course }) => ({
        user,
        fault: `enrollments.csv: the enrolment in ${JSON.stringify(course)} is not in the set, and was left as it is`,
      }))
    : [];
  const lines = (users?.total ?? 0) + (enrollments?.total ?? 0);
  const { school: seen } = await loadWorld(env, school);
  const odd: Unused[] = [];
  const entries = () => entriesOf(set, school, missing, { declared: seen.fields, odd });
  const given = {
    total: set.notes.length + lines + missing.length,
    fire: options.fire,
    trace: options.trace,
    entries: { [Symbol.iterator]: entries },
  };
  const files = Object.values(set.tables).map(({ file }) => file);
  const job = await beginImport(env, school, rosterImport, given, { files, lines }, options);
  // Only a count: the job goes on, and a refusal would have the set sent again.
  await countUnused(env, school.id, "oneroster", odd).catch((error: unknown) =>
    log("error", "unused.not_counted", { school: school.id, subject: job, error }),
  );
  return job;
}

// ---- The set ----

/** The files by their names as the format writes them; of two that differ in case alone both stay as they are. */
function asNamed(files: Files): Files {
  const names = [...files.keys()];
  const isOne = (name: string) => names.filter((other) => fileNamed(other) === fileNamed(name)).length === 1;
  return new Map([...files].map(([name, content]) => [isOne(name) ? fileNamed(name) : name, content]));
}

function readSet(files: Files): RosterSet {
  const manifest = manifestOf(files);
  const notes = [...manifest.faults];
  const note = (file: string, message: string) => notes.push({ line: 1, message: `${file}: ${message}` });
  if (!files.has(MANIFEST)) note(MANIFEST, "it is missing, so enrolments that are missing were not looked for");
  for (const name of files.keys()) if (!isKnownFile(name)) note(name, "no file of OneRoster's; it was passed over");
  const tables: RosterSet["tables"] = {};
  // The table has the names of the files that are read.
  for (const name of Object.keys(READ) as ReadFile[]) {
    const mode = manifest.modes.get(name);
    const table = mode === "absent" ? null : tableOf(files, name);
    if (table) tables[name] = table;
    const fault = modeFault(mode, files.has(`${name}.csv`));
    if (fault !== null) note(`${name}.csv`, fault);
    for (const column of table?.columns ?? [])
      if (!isKnownColumn(name, column))
        note(`${name}.csv`, `no column ${JSON.stringify(column.slice(0, 128))} is known; it was passed over`);
  }
  if (!(tables.users || tables.roles || tables.enrollments))
    throw invalid([{ path: "", message: "neither users.csv nor enrollments.csv is at the root of the zip" }]);
  return { tables, notes, isWhole: tables.enrollments !== undefined && manifest.modes.get("enrollments") === "bulk" };
}

function modeFault(mode: Mode | undefined, isThere: boolean): string | null {
  if (mode === "absent" && isThere) return "the manifest says that it is absent; it was passed over";
  return mode !== undefined && mode !== "absent" && !isThere ? "the manifest names it, but it is not there" : null;
}

function manifestOf(files: Files): Manifest {
  const table = openTable(files, MANIFEST, { required: ["propertyName", "value"], allows: () => true });
  const lines = [...(table?.lines() ?? [])].flatMap(({ line, cells }) =>
    cells ? [{ line, property: cell(cells, "propertyName"), value: cell(cells, "value") }] : [],
  );
  const manifest = readManifest(lines);
  return { ...manifest, faults: manifest.faults.map((one) => ({ ...one, message: `${MANIFEST}: ${one.message}` })) };
}

const tableOf = (files: Files, name: ReadFile): Table | null =>
  openTable(files, `${name}.csv`, {
    required: READ[name].required,
    optional: columnsBeside(name),
    allows: () => true,
    ...(name === "users" ? { unique: "sourcedId" } : {}),
  });

function openTable(files: Files, file: string, allowed: Columns): Table | null {
  const content = files.get(file);
  if (!content) return null;
  const { columns, delimiter, total, entries } = naming(file, () => readFile(content, allowed));
  return {
    file,
    columns,
    total,
    *lines() {
      for (const [line, text] of entries) yield { line, ...lineOf(text, { columns, delimiter }) };
    },
  };
}

/** Says of which file it is that something is refused. */
function naming<T>(file: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    // What is wrong with the zip names the file already.
    if (!(error instanceof Problem) || error.faults?.some(({ path }) => path === pointer([file]))) throw error;
    const faults = error.faults?.map(({ path, message }) => ({
      path: pointer([file]) + path,
      message: `${file}: ${message}`,
    }));
    throw new Problem(error.kind, `${file}: ${error.detail}`, faults);
  }
}

// ---- What is done of it ----

const keyOf = (cells: Cells, column: string): number => hash53(cell(cells, column));

/** All of a set, in the order in which it is done: users before what they are enrolled in. */
/** What a set asks for. @param odd filled with the values that are left out */
function* entriesOf(
  set: RosterSet,
  school: School,
  missing: readonly RosterItem[],
  { declared, odd }: { declared: ReadonlyMap<string, FieldView>; odd: Unused[] },
): Generator<JobLine> {
  const { users, roles, enrollments } = set.tables;
  for (const { line, message } of set.notes) yield rosterEntry(line, { fault: message });
  const known = new Set<number>();
  const passedOver = new Set<number>();
  const primary = primaryRoles(roles);
  for (const line of users?.lines() ?? []) {
    const key = line.cells && keyOf(line.cells, "sourcedId");
    const row = line.cells ? mapUser(line.cells, key === null ? undefined : primary.get(key), declared) : line;
    if (key !== null) known.add(key);
    if (key !== null && "passedOver" in row) passedOver.add(key);
    for (const { path, message } of "leftOut" in row ? (row.leftOut ?? []) : [])
      odd.push({ name: `users.csv: ${path} ${message}`, path, message });
    yield entryOf("users.csv", line, row);
  }
  for (const line of roles?.lines() ?? []) {
    const role = line.cells ? roleOf(line.cells) : line;
    if (role === null) continue;
    if ("fault" in role) yield entryOf("roles.csv", line, role);
    else if (!known.has(hash53(role.user))) yield entryOf("roles.csv", line, mapRole(role, declared));
  }
  const { dayOrders, repeated } = lookedOver(enrollments);
  const calendar = { zone: school.settings.timezone, now: nowOf(school), dayOrders };
  const fault = "the user was passed over in users.csv, and so was this";
  const rows = function* (): Generator<[Line, RosterRow | { fault: string | null }]> {
    for (const line of enrollments?.lines() ?? []) {
      const row = line.cells ? mapEnrolment(line.cells, calendar) : line;
      const isOut = "creates" in row && row.creates && passedOver.has(hash53(row.user));
      yield [line, isOut ? { fault } : row];
    }
  };
  const owners = ownersOf(repeated, rows);
  for (const [line, row] of rows()) yield entryOf("enrollments.csv", line, ownedBy(owners, row));
  for (const item of missing) yield rosterEntry(0, item);
}

/** How the dates of enrolments are written, and which records stand in more than one line. */
function lookedOver(table: Table | undefined): { dayOrders: DayOrders; repeated: ReadonlySet<number> } {
  const dayOrders = new Map<string, DayOrder>();
  const records = new Float64Array(table?.total ?? 0);
  let count = 0;
  for (const { cells } of table?.lines() ?? []) {
    if (!cells) continue;
    for (const column of DATE_COLUMNS) noteOrder(dayOrders, column, cell(cells, column));
    if (cell(cells, "sourcedId") !== "") records[count++] = keyOf(cells, "sourcedId");
  }
  return { dayOrders, repeated: repeatedOf(records.subarray(0, count)) };
}

function entryOf(file: string, { line }: Line, row: RosterRow | { fault: string | null }): JobLine {
  if (!("user" in row)) return rosterEntry(line, { fault: `${file}: ${row.fault}` });
  const { note, leftOut: _, ...change } = row;
  return rosterEntry(line, { file, change, ...(note === undefined ? {} : { note }) });
}

/** The first role of each user that is a primary one, by the hash of the user's id. */
function primaryRoles(roles: Table | undefined): Map<number, string> {
  const found = new Map<number, string>();
  // One text for each word: a piece of a line keeps all of the line in memory.
  const words = new Map<string, string>();
  for (const { cells } of roles?.lines() ?? []) {
    const role = cells && roleOf(cells);
    if (!role || "fault" in role) continue;
    const key = hash53(role.user);
    if (!words.has(role.role)) words.set(role.role, role.role);
    if (!found.has(key)) found.set(key, words.get(role.role) ?? "");
  }
  return found;
}

const MAX_CLASSES = 20_000;
/** So many at once: all of them as text could be more than there is memory for. */
const CLASSES_AT_ONCE = 2_000;

/**
 * Learns what the classes are called: each is a course.
 * @returns the ids of those that are called otherwise here
 */
async function learnClasses(
  env: Env,
  school: School,
  classes: Table | undefined,
): Promise<ReadonlyMap<string, string>> {
  const ours = await courseIdIn(env, school);
  const others = new Map<string, string>();
  let told: { id: string; name: string }[] = [];
  let count = 0;
  const learn = async () => {
    for (const { id } of told) if (ours(id) !== id) others.set(id, ours(id));
    const named = told.filter(({ name }) => name !== "");
    await learnProducts(
      env,
      school,
      "lms",
      named.map(({ id, name }): ToldProduct => ({ type: "course", id: ours(id), name })),
    );
    told = [];
  };
  for (const { cells } of classes?.lines() ?? []) {
    if (!cells || cell(cells, "status").toLowerCase() === "tobedeleted") continue;
    if (++count > MAX_CLASSES) break;
    told.push({ id: cell(cells, "sourcedId"), name: cell(cells, "title") });
    if (told.length >= CLASSES_AT_ONCE) await learn();
  }
  await learn();
  return others;
}

/** The classes of a set and who is enrolled in them. */
function enrolledIn({ classes, enrollments }: RosterSet["tables"], ours: ReadonlyMap<string, string>) {
  const courseIn = (cells: Cells, column: string): string => ours.get(cell(cells, column)) ?? cell(cells, column);
  const known = new Set<number>();
  const enrolled = new Set<number>();
  for (const { cells } of classes?.lines() ?? []) if (cells) known.add(hash53(courseIn(cells, "sourcedId")));
  for (const { cells } of enrollments?.lines() ?? []) {
    if (!cells) continue;
    const course = courseIn(cells, "classSourcedId");
    known.add(hash53(course));
    enrolled.add(enrolmentKey(course, cell(cells, "userSourcedId")));
  }
  return {
    hasCourse: (course: string) => known.has(hash53(course)),
    has: (course: string, user: string) => enrolled.has(enrolmentKey(course, user)),
  };
}

const enrolmentKey = (course: string, user: string): number => hash53(JSON.stringify([course, user]));
