import { asc, sql } from "drizzle-orm";
import * as z from "zod";
import { type Env, secretKeysOf } from "../../base/env";
import { readOptionalJson } from "../../base/json";
import { sealAnew } from "../../connectors/secrets/sealed";
import { database } from "../../db/client";
import { enrolmentMethods } from "../../db/schema";
import type { SealedStore } from "../../world/secrets/sealed-stores";
import { digestsOfKey, keyOf, placeOfKey } from "./methods";

const cursor = z.tuple([z.string(), z.string()]);

/** Left where the course got the same key meanwhile by a Worker that knows one secret only. */
const UPDATE =
  "update or ignore enrolment_methods set key = ?1, digest = ?2 where school = ?3 and id = ?4 and key = ?5";

/** Keys of courses, and what they are found by: that is made of the secret too, and goes with the key. */
export const enrolmentKeys: SealedStore = {
  name: "enrolment_methods",
  total: async (env) => (await env.DB.prepare("select count(*) as n from enrolment_methods").first<number>("n")) ?? 0,
  page: async (env: Env, after, limit) => {
    const behind = readOptionalJson(cursor, after);
    const { school, id } = enrolmentMethods;
    const rows = await database(env.DB)
      .select()
      .from(enrolmentMethods)
      .where(behind === null ? sql`true` : sql`(${school}, ${id}) > (${behind[0]}, ${behind[1]})`)
      .orderBy(asc(school), asc(id))
      .limit(limit);
    const texts = rows.map((row) => ({
      ...{ school: row.school, subject: `enrolment_methods ${row.id}` },
      anew: async () => {
        const anew = await sealAnew(secretKeysOf(env), placeOfKey(row), row.key);
        if (anew === null) return null;
        const [digest] = await digestsOfKey(env, row.school, row.course, await keyOf(env, row));
        return env.DB.prepare(UPDATE).bind(anew, digest, row.school, row.id, row.key);
      },
    }));
    const last = rows.at(-1);
    return {
      rows: rows.length,
      texts,
      next: last && rows.length === limit ? JSON.stringify([last.school, last.id]) : null,
    };
  },
};
