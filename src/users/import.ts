import { attributes, fieldFaults } from "../catalogue/account/attributes";
import type { FieldValue, ProfileField } from "../catalogue/facts";
import { faultsOf } from "../faults";
import type { Columns } from "../jobs/csv";
import { type Cells, defineImport } from "../jobs/lines";
import { loadWorld, spellTags } from "../schools/world";
import { userId } from "./event";
import { referenceOf, userObject } from "./object";
import { tellUsers } from "./tell";

const ATTRIBUTES = ["email", "username", "registered_at", "source"];
const FIELD_PREFIX = "fields.";
const TAGS_BETWEEN = "|";
const MAX_ID = 128;

/** The name of the field a column holds; null for another column. */
const fieldOf = (column: string): string | null =>
  column.startsWith(FIELD_PREFIX) ? column.slice(FIELD_PREFIX.length) : null;

export const USER_COLUMNS: Columns = {
  required: ["id"],
  unique: "id",
  optional: [...ATTRIBUTES, "tags"],
  allows: (column) => {
    const field = fieldOf(column);
    return field !== null && field.length > 0 && field.length <= MAX_ID && field !== "__proto__";
  },
};

/** What a cell says, as a value of the declared field's type; an undeclared field holds text. */
function typed(field: ProfileField | undefined, text: string): FieldValue {
  if (field?.type === "number" && text.trim() !== "") {
    const number = Number(text);
    return Number.isFinite(number) ? number : text;
  }
  if (field?.type === "boolean" && /^(true|false)$/i.test(text)) return text.toLowerCase() === "true";
  return text;
}

/** The attributes that a line gives: an empty cell leaves what is there. */
function given(cells: Cells, fields: ReadonlyMap<string, ProfileField>): Record<string, unknown> {
  const filled = [...cells].filter(([, text]) => text !== "");
  const values = filled.flatMap(([column, text]) => {
    const field = fieldOf(column);
    return field === null ? [] : [[field, typed(fields.get(field), text)] as const];
  });
  return {
    ...Object.fromEntries(filled.filter(([column]) => ATTRIBUTES.includes(column))),
    ...(values.length ? { fields: Object.fromEntries(values) } : {}),
  };
}

/** Makes users and merges into those that are there. */
export const usersImport = defineImport({
  keyColumn: "id",
  perform: async ({ env, school }, cells, { fire }) => {
    const world = await loadWorld(env, school);
    const user = userId.safeParse(cells.get("id"));
    const read = attributes.safeParse(given(cells, world.school.fields));
    const tags = (cells.get("tags") ?? "")
      .split(TAGS_BETWEEN)
      .map((tag) => tag.trim())
      .filter((tag) => tag !== "");
    const faults = [
      ...(user.error?.issues.map((issue) => `id: ${issue.message}`) ?? []),
      ...(read.error
        ? faultsOf(read.error).map(({ path, message }) => `${path.slice(1).replaceAll("/", ".")}: ${message}`)
        : []),
      ...fieldFaults(world.school.fields, read.data?.fields ?? {}).map(
        ({ key, message }) => `fields.${key}: ${message}`,
      ),
      ...(tags.some((tag) => tag.length > MAX_ID) ? [`tags: a tag has at most ${MAX_ID} characters`] : []),
    ];
    if (faults.length || !user.success || !read.success) return faults.join("; ");
    const input = { kind: "import", attributes: read.data, tags: await spellTags(env, world, tags), fire } as const;
    await userObject(env, school.id, user.data).change(referenceOf(school), input, { creates: true });
    return null;
  },
  // An import is faster than the log. Who is imported is in the directory when it is done: what a rule made then goes
  // over is the directory, and objects that wait for the log stay in memory.
  endPage: async ({ env, school }, keys) => {
    const users = keys.filter((key) => userId.safeParse(key).success);
    if (school.mode === "live")
      await tellUsers(
        env,
        users.map((user) => ({ school: school.id, user })),
      );
  },
});
