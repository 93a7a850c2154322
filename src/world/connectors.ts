import * as z from "zod";
import { type Env, secretKeysOf } from "../base/env";
import { type Fault, invalid, pointer } from "../base/errors/errors";
import { faultsOf } from "../base/errors/faults";
import { readJson } from "../base/json";
import {
  type ConnectorSecrets,
  type ConnectorSettings,
  connectorSettings,
  faultsOfHosts,
  hostsIn,
  open,
  type SealPlace,
  seal,
  sealAnew,
  secretsToAsk,
  splitSecrets,
  withSecrets,
} from "../connectors";
import { perEdition, type School } from "./snapshot";

/** Of `schools.connector_secrets`: by channel and option, each sealed for its own place. */
const sealedSecrets = z.record(z.string(), z.record(z.string(), z.string()));

const place = (school: string, channel: string, option: string): SealPlace => [
  school,
  "schools",
  "connector_secrets",
  `${channel}.${option}`,
];

/** Opens or seals every secret. */
async function mapSecrets(secrets: ConnectorSecrets, change: (at: [string, string], text: string) => Promise<string>) {
  const channels = Object.entries(secrets).map(async ([channel, options]) => {
    const changed = Object.entries(options).map(
      async ([option, text]) => [option, await change([channel, option], text)] as const,
    );
    return [channel, Object.fromEntries(await Promise.all(changed))] as const;
  });
  return Object.fromEntries(await Promise.all(channels));
}

const opened = (env: Env, school: string, sealed: string): Promise<ConnectorSecrets> =>
  mapSecrets(readJson(sealedSecrets, sealed), ([channel, option], text) =>
    open(secretKeysOf(env), place(school, channel, option), text),
  );

/** Their secrets, sealed by the newest of the Worker's. */
export const connectorSecretsAnew = async (env: Env, school: string, sealed: string): Promise<string> => {
  const keys = secretKeysOf(env);
  const anew = await mapSecrets(
    readJson(sealedSecrets, sealed),
    async ([channel, option], text) => (await sealAnew(keys, place(school, channel, option), text)) ?? text,
  );
  return JSON.stringify(anew);
};

/** How a school's connectors stand, as stored: settings that may be read back, and sealed secrets. */
export interface StoredConnectors {
  open: ConnectorSettings;
  sealed: string;
}

export const NO_CONNECTORS: StoredConnectors = { open: {}, sealed: "{}" };

const ASKED_ANEW = "write it anew: the kept one belongs to another server or account";

const askedAnew = (
  change: Readonly<Record<string, unknown>>,
  before: StoredConnectors["open"],
  secrets: ConnectorSecrets,
): Fault[] =>
  secretsToAsk(change, before, secrets).map((place) => ({
    path: pointer(["settings", "connectors", ...place]),
    message: ASKED_ANEW,
  }));

/** The secrets that a change asks for anew, though it is refused for something else. */
export const faultsOfSecrets = async (
  env: Env,
  school: School,
  change: Readonly<Record<string, unknown>>,
): Promise<Fault[]> => {
  const { settings, connectorSecrets } = school.edition;
  return askedAnew(change, settings.connectors, await opened(env, school.id, connectorSecrets));
};

/**
 * A school's connectors after a change by channel: null takes one away, one left out stays. Secrets left out are
 * those kept; 422 where they are asked for anew, the outcome breaks the schema, or a host that is named anew leads where
 * none may be called.
 */
export async function changedConnectors(
  env: Env,
  school: string,
  before: StoredConnectors,
  change: Readonly<Record<string, unknown>>,
): Promise<StoredConnectors> {
  if (!Object.keys(change).length) return before;
  const secrets = await opened(env, school, before.sealed);
  const given = withSecrets({ ...before.open, ...change }, before.open, secrets);
  const anew = askedAnew(change, before.open, secrets);
  const read = connectorSettings.safeParse(given);
  const wrong = read.success ? [] : faultsOf(read.error, ["settings", "connectors"]);
  const found = [...anew, ...wrong.filter(({ path }) => !anew.some((one) => one.path === path))];
  if (!read.success || found.length) throw invalid(found);
  const faults = await faultsOfHosts(env, hostsIn(read.data, Object.keys(change)));
  if (faults.length) throw invalid(faults);
  const after = splitSecrets(read.data);
  const sealed = await mapSecrets(after.secrets, ([channel, option], text) =>
    seal(secretKeysOf(env), place(school, channel, option), text),
  );
  return { open: after.open, sealed: JSON.stringify(sealed) };
}

/** A school's connector settings with their secrets, for use. */
export const connectorsOf = perEdition(async (env, { id, edition }): Promise<ConnectorSettings> => {
  const { connectors } = edition.settings;
  const filled = withSecrets(connectors, connectors, await opened(env, id, edition.connectorSecrets));
  // withSecrets adds to settings that were checked the secrets that were checked with them.
  return filled as ConnectorSettings;
});
