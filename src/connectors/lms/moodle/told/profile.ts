import * as z from "zod";
import { entry } from "../../../../base/record";
import type { Moodle } from "../call";
import { type Carry, done } from "../carry";
import { meaningOf, refuse } from "../faults";
import { personOf } from "../known";

/*
 * Our fields are custom profile fields of Moodle's by their short names, and our email is Moodle's. A field that Moodle
 * does not know is dropped without a word, so what was written is read back.
 */

const FIELD = "fields.";
/** What Moodle takes for a short name; with any other one nothing at all is written. */
const SHORT_NAME = /^[A-Za-z0-9_-]+$/;

const updated = z.object({ warnings: z.array(z.object({ warningcode: z.coerce.string() })) });
const kept = z.array(
  z.object({
    customfields: z
      .array(z.object({ shortname: z.string(), type: z.string(), value: z.string().nullable() }))
      .optional(),
  }),
);

export const updatedProfile: Carry<"user.updated"> = async (moodle, { user, data: { changed, values } }) => {
  const names = changed.filter((name) => name.startsWith(FIELD));
  const fields = names.map((name) => ({ type: name.slice(FIELD.length), value: textOf(entry(values, name)) }));
  const customfields = fields.filter(({ type }) => SHORT_NAME.test(type));
  const email = changed.includes("email") ? entry(values, "email") : null;
  const profile = {
    ...(typeof email === "string" && email !== "" ? { email } : {}),
    ...(customfields.length > 0 ? { customfields } : {}),
  };
  if (fields.length === 0 && Object.keys(profile).length === 0) return done("nothing of it is kept in Moodle");
  const id = await personOf(moodle, user);
  if (Object.keys(profile).length > 0) {
    const { warnings } = await moodle.call("core_user_update_users", { users: [{ id, ...profile }] }, updated);
    const [warning] = warnings;
    if (warning) throw refuse(meaningOf(warning.warningcode).says);
  }
  const lost = await lostOf(moodle, id, fields);
  if (lost.length > 0) throw refuse(`Moodle has no profile field for this value: ${lost.join(", ")}`);
  return done();
};

interface Field {
  type: string;
  value: string;
}

/** The fields that Moodle did not keep, by name. An empty one it does not tell of. */
async function lostOf(moodle: Moodle, id: number, fields: readonly Field[]): Promise<string[]> {
  const written = fields.filter(({ value }) => value !== "");
  if (written.length === 0) return [];
  const [person] = await moodle.call("core_user_get_users_by_field", { field: "id", values: [id] }, kept);
  if (!person) throw refuse("what was written cannot be read back: the service user may not see this person");
  return written
    .filter(({ type, value }) => {
      const found = person.customfields?.find(({ shortname }) => shortname === type);
      // What is none of a menu's entries is dropped as well; other types keep a value in forms of their own.
      return !found || (found.type === "menu" && found.value !== value);
    })
    .map(({ type }) => type);
}

function textOf(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "boolean") return value ? "1" : "0";
  if (Array.isArray(value)) return value.join(", ");
  return typeof value === "string" ? value : JSON.stringify(value);
}
