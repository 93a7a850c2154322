import { Cache } from "../base/cache";
import type { Env } from "../base/env";
import type { LogBatch } from "../calls/batch";

const KEPT_MS = 10 * 60_000;

/** Zones by school and epoch: one that was changed is known here some minutes later, for what days are counted by. */
const zones = new Cache<string>({ entries: 1_000 });

const ZONES = `select id, settings->>'timezone' as zone from schools where id in (select value from json_each(?))`;

const keyOf = ({ school, epoch }: LogBatch): string => JSON.stringify([school, epoch]);

/** Batches with the zones of their schools. */
export async function withZones(env: Env, batches: readonly LogBatch[]): Promise<LogBatch[]> {
  const now = Date.now();
  // Only what counts for a day needs one.
  const zoned = batches.filter(({ ended, live, deliveries }) => ended.length || live.length || deliveries.length);
  const unknown = new Map(
    zoned.flatMap((batch) => (zones.get(keyOf(batch), now) === undefined ? [[batch.school, keyOf(batch)]] : [])),
  );
  if (unknown.size) {
    const { results } = await env.DB.prepare(ZONES)
      .bind(JSON.stringify([...unknown.keys()]))
      .all<{ id: string; zone: string | null }>();
    for (const { id, zone } of results) zones.set(unknown.get(id) ?? id, zone ?? "UTC", now + KEPT_MS);
  }
  return batches.map((batch) => ({ ...batch, timezone: zones.get(keyOf(batch), now) ?? "UTC" }));
}
