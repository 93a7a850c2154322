import { faultsOf } from "../base/faults";
import { referenceOf, userObject } from "../calls/stub";
import type { Changed } from "../calls/user";
import { attributes, fieldFaults, fieldName } from "../catalogue/account/attributes";
import type { FieldValue, FieldView } from "../catalogue/facts";
import { limitText } from "../catalogue/limits";
import type { JobScene } from "../jobs/define";
import type { Columns } from "../jobs/lines";
import { defineImport } from "../jobs/lines";
import { tellUsers } from "../journal/tell";
import { spellTags } from "../world/spelling";
import { loadWorld } from "../world/world";
import { userId } from "./event";
import { takeLeadOver } from "./leads";

const ATTRIBUTES = ["email", "username", "registered_at", "source"];
const FIELD_PREFIX = "fields.";
const TAGS_BETWEEN = "|";
const MAX_ID = 128;

/** The name of the field a column holds; null for another column. */
const fieldOf = (column: string): string | null =>
  column.startsWith(FIELD_PREFIX) ? column.slice(FIELD_PREFIX.length) : null;

const USER_COLUMNS: Columns = {
  required: ["id"],
  unique: "id",
  optional: [...ATTRIBUTES, "tags"],
  allows: (column) => {
    const field = fieldOf(column);
    return field !== null && fieldName.safeParse(field).success;
  },
};

/** What a cell says, as a value of the declared field's type; an undeclared field holds text. */
function typed(field: FieldView | undefined, text: string): FieldValue {
  if (field?.type === "number" && text.trim() !== "") {
    const number = Number(text);
    return Number.isFinite(number) ? number : text;
  }
  if (field?.type === "boolean" && /^(true|false)$/i.test(text)) return text.toLowerCase() === "true";
  return text;
}

/** What an import gives of a user, as text: what is not given is left as it is. */
interface Imported {
  id: string;
  attributes: Readonly<Record<string, string>>;
  /** By the names of the fields. */
  fields: readonly (readonly [key: string, text: string])[];
  tags?: readonly string[];
}

/**
 * Makes a user or merges into one that is there. D1 hears of it at the end of the page: see `tellImported`.
 * @param options `creates` false: who is not there is not made
 * @returns what is wrong, or null
 */
export async function importUser(
  { env, school, job }: JobScene,
  { id, attributes: texts, fields, tags = [] }: Imported,
  { fire, creates }: { fire: boolean; creates: boolean },
): Promise<string | null> {
  const world = await loadWorld(env, school);
  const user = userId.safeParse(id);
  const values = fields.map(([key, text]) => [key, typed(world.school.fields.get(key), text)] as const);
  const read = attributes.safeParse({ ...texts, ...(values.length ? { fields: Object.fromEntries(values) } : {}) });
  const faults = [
    ...(user.error?.issues.map((issue) => `id: ${issue.message}`) ?? []),
    ...(read.error
      ? faultsOf(read.error).map(({ path, message }) => `${path.slice(1).replaceAll("/", ".")}: ${message}`)
      : []),
    ...fieldFaults(world.school.fields, read.data?.fields ?? {}).map(({ key, message }) => `fields.${key}: ${message}`),
    ...(tags.some((tag) => tag.length > MAX_ID) ? [`tags: a tag has at most ${MAX_ID} characters`] : []),
  ];
  if (faults.length || !user.success || !read.success) return faults.join("; ");
  const spelled = await spellTags(env, school, tags);
  const origin = { by: "import", id: job } as const;
  const input = { kind: "import", attributes: read.data, tags: spelled, fire, origin } as const;
  const changed = await userObject(env, school, user.data).change(referenceOf(school), input, { creates, tells: true });
  // With `fire` a new user signs up: what was a lead of the address is the user's.
  if (changed?.created && fire && school.hasLeads) await takeLeadOver(env, school, user.data, read.data.email ?? null);
  return changed || creates ? refusedOf(changed) : NO_SUCH_USER;
}

/** What is wrong with a change that was not made; null: nothing. */
export const refusedOf = (changed: Changed | null): string | null =>
  changed?.refused ? limitText(changed.refused.limit) : null;

export const NO_SUCH_USER = "there is no such user";

/**
 * Ends a page of an import: writes its users to the directory at once, not by the queue. A rule made right after goes
 * over the directory and must find them; and objects that still have something to tell would stay in memory.
 * @param keys the ids of users; what can be no id is passed over
 */
export async function tellImported({ env, school }: JobScene, keys: readonly string[]): Promise<void> {
  const users = keys.filter((key) => userId.safeParse(key).success);
  if (school.mode === "live")
    await tellUsers(
      env,
      users.map((user) => ({ school: school.id, epoch: school.epoch, user })),
    );
}

/** Makes users and merges into those that are there. */
export const usersImport = defineImport({
  name: "users_import",
  columns: USER_COLUMNS,
  key: "id",
  perform: async (scene, cells, { fire }) => {
    // An empty cell leaves what is there.
    const filled = [...cells].filter(([, text]) => text !== "");
    const given = {
      id: cells.get("id") ?? "",
      attributes: Object.fromEntries(filled.filter(([column]) => ATTRIBUTES.includes(column))),
      fields: filled.flatMap(([column, text]) => {
        const key = fieldOf(column);
        return key === null ? [] : [[key, text] as const];
      }),
      tags: (cells.get("tags") ?? "")
        .split(TAGS_BETWEEN)
        .map((tag) => tag.trim())
        .filter((tag) => tag !== ""),
    };
    return importUser(scene, given, { fire, creates: true });
  },
  endPage: tellImported,
});
