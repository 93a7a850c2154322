import { asc, gt, sql } from "drizzle-orm";
import { type Env, secretKeysOf } from "../../base/env";
import { sealAnew } from "../../connectors/secrets/sealed";
import { database } from "../../db/client";
import { keptKeys, schools } from "../../db/schema";
import { connectorSecretsAnew } from "../connectors";
import { placeOfSigningSecrets, secretsAnew } from "./rotating";
import { placeOfKept } from "./secret-keys";
import { webhookSecretsAnew } from "./webhook-secrets";

/*
 * Where something lies sealed for good, so that all of it can be sealed by another secret: a new place is declared so, or
 * what it holds is lost with the secret. Answers that are kept for a day are none.
 */

export interface SealedText {
  /** Whose, and what, for the log. */
  school: string;
  subject: string;
  /** Seals it by the newest: what writes that in its place, where it still stands as it was read; null: it is so already. */
  anew(): Promise<D1PreparedStatement | null>;
}

export interface SealedStore {
  name: string;
  total(env: Env): Promise<number>;
  /** Some of its rows behind one. `next`: behind which to go on; null: those were the last. */
  page(
    env: Env,
    after: string | null,
    limit: number,
  ): Promise<{ rows: number; texts: SealedText[]; next: string | null }>;
}

const countOf = async (env: Env, table: string): Promise<number> =>
  (await env.DB.prepare(`select count(*) as n from ${table}`).first<number>("n")) ?? 0;

/** What an earlier rotation has kept. */
const KEPT_KEYS: SealedStore = {
  name: "kept_keys",
  total: (env) => countOf(env, "kept_keys"),
  page: async (env) => {
    const rows = await database(env.DB).select().from(keptKeys).all();
    const texts = rows.map(({ purpose, kid, sealed }) => ({
      ...{ school: "", subject: `kept_keys ${purpose}` },
      anew: async () => {
        const anew = await sealAnew(secretKeysOf(env), placeOfKept(purpose, kid), sealed);
        const update = "update kept_keys set sealed = ?1 where purpose = ?2 and kid = ?3 and sealed = ?4";
        return anew === null ? null : env.DB.prepare(update).bind(anew, purpose, kid, sealed);
      },
    }));
    return { rows: rows.length, texts, next: null };
  },
};

/** What a school signs by and signs in with elsewhere. */
const SCHOOLS: SealedStore = {
  name: "schools",
  total: (env) => countOf(env, "schools"),
  page: async (env, after, limit) => {
    const { id, epoch, connectorSecrets, signingSecrets, webhookSecrets } = schools;
    const rows = await database(env.DB)
      .select({ id, epoch, connectorSecrets, signingSecrets, webhookSecrets })
      .from(schools)
      .where(after === null ? sql`true` : gt(id, after))
      .orderBy(asc(id))
      .limit(limit);
    const texts = rows.flatMap((row) => {
      const text = (column: string, sealed: string, seal: () => Promise<string>): SealedText => ({
        ...{ school: row.id, subject: `schools.${column}` },
        anew: async () => {
          const anew = await seal();
          const update = `update schools set ${column} = ?1 where id = ?2 and ${column} = ?3`;
          return anew === sealed ? null : env.DB.prepare(update).bind(anew, row.id, sealed);
        },
      });
      const { connectorSecrets, signingSecrets, webhookSecrets } = row;
      return [
        text("connector_secrets", connectorSecrets, () => connectorSecretsAnew(env, row.id, connectorSecrets)),
        text("signing_secrets", signingSecrets, () => secretsAnew(env, placeOfSigningSecrets(row.id), signingSecrets)),
        text("webhook_secrets", webhookSecrets, () => webhookSecretsAnew(env, row, webhookSecrets)),
      ];
    });
    return { rows: rows.length, texts, next: rows.length < limit ? null : (rows.at(-1)?.id ?? null) };
  },
};

export const STORES_OF_THE_WORLD: readonly SealedStore[] = [KEPT_KEYS, SCHOOLS];
