import type { Env } from "../base/env";
import { textsOf } from "../base/json";
import type { LogBatch } from "../calls/batch";
import { announceFailures } from "./announce";
import { LOG_STATEMENTS } from "./tables";
import { noteWords } from "./words";

/** Writes what objects had for D1, many users in one transaction, and has the automations looked at that failed in it. */
export async function writeLog(env: Env, batches: readonly LogBatch[]): Promise<void> {
  const realNow = Date.now();
  const statements = LOG_STATEMENTS.flatMap(({ sql, rows }) =>
    textsOf(batches.flatMap((batch) => rows(batch, realNow))).map((text) => env.DB.prepare(sql).bind(text)),
  );
  if (statements.length) await env.DB.batch(statements);
  for (const batch of batches) noteWords(batch);
  await announceFailures(env, batches);
}
