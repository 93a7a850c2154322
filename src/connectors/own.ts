import { type Env, variablesOf } from "../base/env";
import { portOf } from "../catalogue/address";
import type { Tools } from "./ports";

/** Where we answer ourselves, and, under LOCAL, that the rest of this machine may be called. */
export function ownAddresses(env: Env): Pick<Tools, "ownHosts" | "loopback"> {
  const { PUBLIC_URL, LOCAL } = variablesOf(env);
  const own = new URL(PUBLIC_URL);
  return { ownHosts: [own.hostname], ...(LOCAL ? { loopback: { ownPort: portOf(own) } } : {}) };
}
