import { and, eq, isNotNull } from "drizzle-orm";
import type { Env } from "../../base/env";
import { type Fault, invalid, Problem } from "../../base/errors/errors";
import { newId } from "../../base/ids";
import { epochAfter, type Jurisdiction } from "../../base/jurisdiction";
import { keepsObjectsIn } from "../../calls/reaching/stub";
import { formatInstant } from "../../catalogue/dates/time";
import { recordAudit } from "../../db/audit";
import { breaksConstraint, database } from "../../db/client";
import { isOvertaken, requireNoRow } from "../../db/guard";
import { bindingsFor, type LogPlace, placeForNew } from "../../db/log";
import { deletedSchools, origins, schools } from "../../db/schema";
import { changedConnectors, NO_CONNECTORS } from "../../world/connectors";
import { faultsOfQuota, type Quota } from "../../world/quota";
import { changedSettings, type SettingsChange, storedSettings } from "../../world/settings";
import { type School, schoolOf } from "../../world/snapshot";
import { KEY_SCOPES, prepareApiKey } from "../keys/api-keys";
import { makeHookKey } from "../keys/hook-key";
import { firstWebhookSecret } from "../keys/webhook-secret";
import { nameKey } from "../name-key";
import { ID_KEPT_MS } from "./clear";

export interface NewSchool {
  /** One is made when left out. */
  id?: string | undefined;
  name: string;
  mode: "live" | "test";
  /** Where the clock of a test school stands, in ms; the present when left out. */
  now?: number | null | undefined;
  settings?: SettingsChange | undefined;
  /** Where its objects and its log lie, for ever; in none when left out. */
  jurisdiction?: Jurisdiction | undefined;
  quota?: Quota | undefined;
}

/** Years before the last alarm that can be set: the clock goes on from here. */
const LATEST_NOW = Date.UTC(2189, 0);

type Asked = { [Name in "mode" | "now" | "jurisdiction" | "quota"]?: NewSchool[Name] | undefined };

/** What is wrong with the parts of a new school, of which some may be missing. */
export async function faultsOfNew(env: Env, { mode, now = null, jurisdiction, quota }: Asked): Promise<Fault[]> {
  const ofNow = (message: string) => [{ path: "/now", message }];
  const isFar = now !== null && (now < 0 || now > LATEST_NOW);
  return [
    ...(mode === "live" && now !== null
      ? ofNow("only a school in test mode has a clock of its own")
      : isFar
        ? ofNow("a clock of the years 1970 to 2188")
        : []),
    ...faultsOfQuota(env, quota),
    ...faultsOfPlace(env, jurisdiction ?? null, await placeForNew(env, jurisdiction ?? null)),
  ];
}

/** Makes a school and a key with every scope, whose text is given this once; 409 when the id is taken, or was. */
export async function createSchool(env: Env, asked: NewSchool, who: string): Promise<{ school: School; key: string }> {
  const faults = await faultsOfNew(env, asked);
  if (faults.length) throw invalid(faults);
  const jurisdiction = asked.jurisdiction ?? null;
  const log = await placeIn(env, jurisdiction);
  const db = database(env.DB);
  const createdAt = Date.now();
  const id = asked.id ?? newId("sch_");
  const before = await db.select().from(deletedSchools).where(eq(deletedSchools.id, id)).get();
  const change = asked.settings ?? {};
  const connectors = await changedConnectors(env, id, NO_CONNECTORS, change.connectors ?? {});
  const settings = changedSettings(storedSettings.parse({}), change, connectors.open);
  const row = {
    id,
    epoch: epochAfter(before?.epoch ?? 0, jurisdiction),
    name: asked.name,
    nameKey: nameKey(asked.name),
    mode: asked.mode,
    now: asked.mode === "test" ? (asked.now ?? createdAt) : null,
    suspended: false,
    paused: false,
    pauseExitStamp: 0,
    deletesAt: null,
    settings: JSON.stringify(settings),
    stamp: 1,
    namesStamp: 1,
    automationsSize: 0,
    quota: asked.quota ?? null,
    hasLeads: false,
    signingSecrets: "[]",
    webhookSecrets: await firstWebhookSecret(env, id),
    connectorSecrets: connectors.sealed,
    hookKey: makeHookKey(id),
    createdAt,
    clockLeasedUntil: 0,
    log,
    logMovesTo: null,
  };
  const { key, statement } = await prepareApiKey(env, row, { name: "First key", scopes: KEY_SCOPES });
  try {
    await db.batch([
      requireNoRow(db, deletedSchools, and(eq(deletedSchools.id, id), isNotNull(deletedSchools.lookAt))),
      db.insert(schools).values(row),
      statement,
      ...settings.allowed_origins.map((origin) => db.insert(origins).values({ origin, school: id })),
      recordAudit(db, {
        school: id,
        who,
        what: "school.created",
        subject: id,
        after: {
          name: row.name,
          mode: row.mode,
          ...(jurisdiction === null ? {} : { jurisdiction }),
          ...(row.quota === null ? {} : { requests_per_minute: row.quota }),
          settings,
        },
      }),
    ]);
  } catch (error) {
    if (isOvertaken(error)) throw new Problem("conflict", wasDeleted(before?.deletedAt ?? createdAt));
    if (breaksConstraint(error, "schools.id")) throw new Problem("conflict", "There is a school of this id.");
    throw error;
  }
  return { school: schoolOf(row), key };
}

/** That the log of a school, or its objects, cannot be kept in its jurisdiction. */
const faultsOfPlace = (env: Env, jurisdiction: Jurisdiction, place: LogPlace | undefined): Fault[] =>
  [
    ...(jurisdiction === null || keepsObjectsIn(env, jurisdiction)
      ? []
      : ["only Cloudflare keeps data in the jurisdiction of one's choice, the local runtime does not"]),
    ...(place === undefined
      ? [`no database is bound as ${bindingsFor(jurisdiction)}: docs/guides/operating.md, “One jurisdiction”, has how`]
      : []),
  ].map((message) => ({ path: "/jurisdiction", message }));

/** Where the log of a new school is to lie; 422 where it, or objects, cannot be kept in its jurisdiction. */
async function placeIn(env: Env, jurisdiction: Jurisdiction): Promise<LogPlace> {
  const place = await placeForNew(env, jurisdiction);
  const faults = faultsOfPlace(env, jurisdiction, place);
  if (faults.length || place === undefined) throw invalid(faults);
  return place;
}

const wasDeleted = (at: number): string =>
  `A school of this id was deleted; the id is free again from ${formatInstant(at + ID_KEPT_MS)} on.`;
