import * as z from "zod";
import { type Env, secretKeysOf, variablesOf } from "../../base/env";
import { Problem } from "../../base/errors/errors";
import { log } from "../../base/reports/log";
import { UNSUBSCRIBE } from "../../connectors";
import { PREFERENCES } from "../../connectors/links";
import { isOpenedBy, keyId } from "../../connectors/secrets/sealed";
import { ERASED_USERS } from "../../users/past/pseudonym";
import type { SealedStore, SealedText } from "../../world/secrets/sealed-stores";
import { keepFirstKey, keepKeys } from "../../world/secrets/secret-keys";
import { API_KEYS } from "../keys/api-key-text";
import { type Counts, countsOf, type PlatformJob, platformJob, startPlatformJob } from "./jobs";

/*
 * The Worker's secret becomes another. Two are set side by side: all that is made is made by the new, and what was made
 * before opens by either. This seals by the new what lies sealed by the other, so that the other can go.
 */

const ROWS_A_PAGE = 50;
const DAY_MS = 86_400_000;

/** Answers that show a secret are kept sealed for a day; and a Worker of before may still seal by the other for a while. */
const LOOK_AGAIN_MS = DAY_MS;

const params = z.object({ at: z.number(), keepsLinks: z.boolean() });
const cursor = z.tuple([z.string(), z.string().nullable()]);

/** @param stores everywhere that something lies sealed */
export const rotationJob = (stores: readonly SealedStore[]): PlatformJob => ({
  kind: "rotation",
  total: async (env) => (await Promise.all(stores.map((store) => store.total(env)))).reduce((a, b) => a + b, 0),
  page: async (env, _, after) => {
    if (secretKeysOf(env).before === null) return { next: null, done: 0, counts: {} };
    const [name, behind] = after === null ? [stores[0]?.name, null] : cursor.parse(JSON.parse(after));
    const at = stores.findIndex((store) => store.name === name);
    const page = await stores[at]?.page(env, behind, ROWS_A_PAGE);
    if (!page) throw new Error("a rotation stands at a place that is not there");
    const following = page.next === null ? stores[at + 1]?.name : name;
    const next = following === undefined ? null : JSON.stringify([following, page.next]);
    return { next, done: page.rows, counts: await sealAll(env, page.texts) };
  },
  againAt: ({ params: given, counts, now }) =>
    (counts.sealed ?? 0) > 0 || now < params.parse(given).at + LOOK_AGAIN_MS ? now + LOOK_AGAIN_MS : null,
});

/** Seals anew what is to be; what no secret opens, or was being changed, is left and counted. */
async function sealAll(env: Env, texts: readonly SealedText[]): Promise<Counts> {
  const statements: D1PreparedStatement[] = [];
  let left = 0;
  for (const { school, subject, anew } of texts) {
    try {
      const statement = await anew();
      if (statement) statements.push(statement);
    } catch (error) {
      log("error", "secret.unreadable", { school, subject, error });
      left++;
    }
  }
  const results = statements.length ? await env.DB.batch(statements) : [];
  const sealed = results.filter(({ meta }) => meta.changes > 0).length;
  return { sealed, left: left + results.length - sealed };
}

export type RotationStatus = "not_begun" | "under_way" | "waiting" | "done";

export interface Rotation {
  status: RotationStatus;
  total: number;
  done: number;
  sealed: number;
  left: number;
  /** Rows looked at in a second, so far. */
  perSecond: number | null;
  beganAt: number | null;
  endedAt: number | null;
  /** Until when the secret before is needed at least; null: until the rotation is done, or no more. */
  neededUntil: number | null;
  keepsLinks: boolean | null;
}

/** Names of the secrets, and how far what the one before sealed is sealed anew; null: there is none before. */
export async function secretKeyState(
  env: Env,
): Promise<{ key: string; before: string | null; rotation: Rotation | null }> {
  const { made, before } = secretKeysOf(env);
  const key = await keyId(made);
  if (before === null) return { key, before, rotation: null };
  const kid = await keyId(before);
  return { key, before: kid, rotation: await rotationOf(env, kid, key) };
}

const idOf = (before: string, key: string): string => `rotation ${before} ${key}`;

async function rotationOf(env: Env, before: string, key: string): Promise<Rotation> {
  const row = await platformJob(env, idOf(before, key));
  if (!row) return { ...NOT_BEGUN };
  const { total, done, beganAt, endedAt, touchedAt, takeUpAt } = row;
  const counts = countsOf(row);
  const status = endedAt === null ? "under_way" : takeUpAt === null ? "done" : "waiting";
  const seconds = (touchedAt - beganAt) / 1_000;
  return {
    ...{ status, total, done, sealed: counts.sealed ?? 0, left: counts.left ?? 0, beganAt, endedAt },
    perSecond: seconds > 0 ? done / seconds : null,
    neededUntil: endedAt === null ? null : takeUpAt,
    keepsLinks: params.parse(JSON.parse(row.params)).keepsLinks,
  };
}

const NOT_BEGUN: Rotation = {
  ...{ status: "not_begun", total: 0, done: 0, sealed: 0, left: 0 },
  ...{ perSecond: null, beganAt: null, endedAt: null, neededUntil: null, keepsLinks: null },
};

/** Begins sealing anew; 409 where no secret before is set. @param keepsLinks links in mails sent before hold on */
export async function startRotation(env: Env, job: PlatformJob, keepsLinks: boolean): Promise<void> {
  const { made, before } = secretKeysOf(env);
  if (before === null)
    throw new Problem(
      "conflict",
      "Neither SECRET_KEY_NEXT nor SECRET_KEY_PREVIOUS is set: there is nothing to seal anew.",
    );
  const id = idOf(await keyId(before), await keyId(made));
  await keepKeys(env, keepsLinks ? [API_KEYS, UNSUBSCRIBE, PREFERENCES] : [API_KEYS]);
  await keepFirstKey(env, ERASED_USERS);
  await startPlatformJob(env, job, id, { at: Date.now(), keepsLinks });
}

const LOCKED =
  "What schools entrusted lies sealed by another secret than what is set: their keys are refused, and nothing that needs a secret of theirs leaves. Set the one of before as SECRET_KEY_PREVIOUS, beside the present one.";

/** So many schools are looked at. */
const SCHOOLS_LOOKED_AT = 5;

/** By database, by which secrets it was not so once: it stays so until others are set. */
const unlocked = new WeakMap<D1Database, string>();

/** Whether no secret that is set opens what lies sealed: the one of before was taken away too early, or is lost. */
async function isLocked(env: Env): Promise<boolean> {
  const secrets = JSON.stringify(secretKeysOf(env));
  if (unlocked.get(env.DB) === secrets) return false;
  const { results } = await env.DB.prepare("select webhook_secrets as sealed from schools limit ?1")
    .bind(SCHOOLS_LOOKED_AT)
    .all<{ sealed: string }>();
  // A school of before has none of its own yet.
  const sealed = results.filter((row) => row.sealed.includes("."));
  const opened = await Promise.all(sealed.map((row) => isOpenedBy(secretKeysOf(env), row.sealed)));
  const isSo = opened.length > 0 && !opened.includes(true);
  if (!isSo) unlocked.set(env.DB, secrets);
  return isSo;
}

/** What of it whoever runs the installation should know; null: nothing. */
export async function rotationWarning(env: Env): Promise<string | null> {
  if (await isLocked(env)) return LOCKED;
  const { rotation } = await secretKeyState(env);
  if (!rotation) return null;
  const { status, done, total, left, neededUntil } = rotation;
  const isNext = variablesOf(env).SECRET_KEY_NEXT !== undefined;
  const old = isNext ? "SECRET_KEY" : "SECRET_KEY_PREVIOUS";
  const unread = left ? ` ${left} of what lies sealed could not be sealed anew: the log says which.` : "";
  switch (status) {
    case "not_begun":
      return `Two secrets are set, and what ${old} sealed lies as it was: POST /v1/secret-key/rotation seals it anew.`;
    case "under_way":
      return `What ${old} sealed is being sealed anew: ${done} of ${total} rows so far.${unread}`;
    case "waiting":
      return `What ${old} sealed is sealed anew; it is needed until ${new Date(neededUntil ?? 0).toISOString()}, when it is looked again.${unread}`;
    case "done":
      return isNext
        ? `Nothing needs SECRET_KEY any more: set it to what SECRET_KEY_NEXT is, then take SECRET_KEY_NEXT away.${unread}`
        : `Nothing needs SECRET_KEY_PREVIOUS any more: take it away.${unread}`;
  }
}
