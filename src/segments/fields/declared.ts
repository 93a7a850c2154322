import { eq } from "drizzle-orm";
import type { Env } from "../../base/env";
import { readOptionalJson, strings } from "../../base/json";
import type { FieldView } from "../../catalogue/facts/facts";
import { database } from "../../db/client";
import { profileFields } from "../../db/schema";

/** A field as the catalogue sees it. */
export const fieldView = ({
  key,
  type,
  choices,
}: Pick<FieldView, "key" | "type"> & { choices: readonly string[] | null }): FieldView => ({
  key,
  type,
  choices: choices ?? [],
});

/** The fields that a school has declared as of now, by their keys; `deleteAt`: when one that is held goes. */
export async function declaredFields(
  env: Env,
  school: string,
): Promise<ReadonlyMap<string, FieldView & { deleteAt: number | null }>> {
  const rows = await database(env.DB).select().from(profileFields).where(eq(profileFields.school, school));
  return new Map(
    rows.map(({ choices, ...row }) => [
      row.key,
      { ...fieldView({ ...row, choices: readOptionalJson(strings, choices) }), deleteAt: row.deleteAt },
    ]),
  );
}
