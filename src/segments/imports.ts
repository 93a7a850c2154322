import { sql } from "drizzle-orm";
import { nameOf } from "../catalogue/facts/told-names";
import { id as givenId } from "../catalogue/options/fields";
import { database } from "../db/client";
import { heldText } from "../db/deleting/held";
import { segments } from "../db/schema";
import { hash53 } from "../engine/identity";
import { type Cells, defineImport } from "../jobs/files/lines";
import { userId } from "../users/events/event";
import { tellImported } from "../users/import/telling";
import { forgetSchool, moveStamp } from "../world/snapshot";
import { requireEmptied, whichSegment } from "./find";
import { setMember } from "./members";
import { NAMES, userNamed } from "./named";

const cell = (cells: Cells, column: string): string => cells.get(column) ?? "";

/** Of a segment that a line gives none: the same for the same line, which may be done again. */
const madeId = (job: string, name: string): string => `seg_${job.replace(/^job_/, "")}${hash53(name).toString(36)}`;

/** Makes segments that are kept by hand, and renames those that are there. */
export const segmentsImport = defineImport({
  name: "segments_import",
  columns: { required: ["name"], optional: ["id"], unique: "id" },
  key: (cells) => cell(cells, "id") || cell(cells, "name"),
  perform: async ({ env, school, job }, cells) => {
    const name = nameOf(cell(cells, "name"));
    if (name === undefined) return "name: 1 to 255 characters, and something of it is seen";
    const id = cell(cells, "id") || madeId(job, name);
    const idFault = givenId.safeParse(id).error?.issues[0]?.message;
    if (idFault) return `id: ${idFault}`;
    await requireEmptied(env, school.id, id);
    const db = database(env.DB);
    const there = await db.select().from(segments).where(whichSegment(school.id, id)).get();
    if (there && there.deleteAt !== null) return heldText("segment", id, there);
    const row = { school: school.id, id, name, managed: false, createdAt: Date.now() };
    await db.batch([
      moveStamp(db, school.id),
      db
        .insert(segments)
        .values(row)
        .onConflictDoUpdate({ target: [segments.school, segments.id], set: { name: sql`excluded.name` } }),
    ]);
    forgetSchool(school.id);
    return null;
  },
});

/** By which column a line names its user, and what it says there. */
function namedIn(cells: Cells): { by: (typeof NAMES)[number]; name: string } {
  const by = NAMES.find((column) => cell(cells, column) !== "") ?? "user";
  return { by, name: cell(cells, by) };
}

const KEY_BETWEEN = " ";
const BY_ID = `user${KEY_BETWEEN}`;

/** Puts users into segments that are kept by hand, and takes them out. */
export const membersImport = defineImport({
  name: "members_import",
  columns: { required: ["segment"], optional: ["action"], oneOf: NAMES },
  key: (cells) => {
    const { by, name } = namedIn(cells);
    return by + KEY_BETWEEN + name;
  },
  perform: async ({ env, school, job }, cells, { fire, trace }) => {
    const [segment, action] = [cell(cells, "segment").trim(), cell(cells, "action").trim().toLowerCase() || "add"];
    if (action !== "add" && action !== "remove") return 'action: "add" or "remove"';
    const { by, name } = namedIn(cells);
    const found = await userNamed(env, school, by, name);
    if ("fault" in found) return found.fault;
    const userFault = userId.safeParse(found.user).error?.issues[0]?.message;
    if (userFault) return `user: ${userFault}`;
    const origin = { by: "import", id: job } as const;
    await setMember(env, school, segment, found.user, {
      joins: action === "add",
      quiet: !fire,
      origin,
      trace,
      // The end of the page tells of those named by id; the others do it by themselves.
      tells: by === "user",
    });
    return null;
  },
  endPage: (scene, keys) =>
    tellImported(
      scene,
      keys.flatMap((key) => (key.startsWith(BY_ID) ? key.slice(BY_ID.length) : [])),
    ),
});
