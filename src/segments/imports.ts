import { sql } from "drizzle-orm";
import { id as givenId } from "../catalogue/fields";
import { database } from "../db/client";
import { segments } from "../db/schema";
import { type Cells, defineImport } from "../jobs/lines";
import { userId } from "../users/event";
import { tellImported } from "../users/import";
import { forgetSchool, moveStamp } from "../world/snapshot";
import { requireEmptied } from "./find";
import { setMember } from "./members";

const MAX_NAME = 255;

const cell = (cells: Cells, column: string): string => cells.get(column) ?? "";

/** Makes segments that are kept by hand, and renames those that are there. */
export const segmentsImport = defineImport({
  name: "segments_import",
  columns: { required: ["id", "name"], unique: "id" },
  keyColumn: "id",
  perform: async ({ env, school }, cells) => {
    const [id, name] = [cell(cells, "id"), cell(cells, "name")];
    const idFault = givenId.safeParse(id).error?.issues[0]?.message;
    if (idFault) return `id: ${idFault}`;
    if (!/^\P{Cc}+$/u.test(name) || name.length > MAX_NAME)
      return `name: 1 to ${MAX_NAME} characters, no control characters`;
    await requireEmptied(env, school.id, id);
    const db = database(env.DB);
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

/** Puts users into segments that are kept by hand, and takes them out. */
export const membersImport = defineImport({
  name: "members_import",
  columns: { required: ["user", "segment", "action"] },
  keyColumn: "user",
  perform: async ({ env, school, job }, cells, { fire }) => {
    const [user, segment, action] = [cell(cells, "user"), cell(cells, "segment"), cell(cells, "action")];
    if (action !== "add" && action !== "remove") return 'action: "add" or "remove"';
    const userFault = userId.safeParse(user).error?.issues[0]?.message;
    if (userFault) return `user: ${userFault}`;
    const origin = { by: "import", id: job } as const;
    await setMember(env, school, segment, user, { joins: action === "add", quiet: !fire, origin, tells: true });
    return null;
  },
  endPage: tellImported,
});
