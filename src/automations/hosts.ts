import type { Env } from "../base/env";
import { type Fault, invalid } from "../base/errors/errors";
import { checkDefinition } from "../catalogue/checking/check";
import { faultsOfHosts } from "../connectors";
import type { Definition } from "../definition/types";

/** The hosts that checked definitions call, by their places; each definition stands at a JSON pointer. */
const hostsIn = (definitions: ReadonlyMap<string, Definition>) =>
  [...definitions].flatMap(([at, definition]) => {
    const named: { path: string; host: string }[] = [];
    const onCall = (url: string, path: string) => named.push({ path: at + path, host: new URL(url).hostname });
    checkDefinition({ ...definition }, { onCall });
    return named;
  });

/** What is wrong with hosts that definitions call, by what their names lead to. */
export const faultsOfCalls = (env: Env, definitions: ReadonlyMap<string, Definition>): Promise<Fault[]> =>
  faultsOfHosts(env, hostsIn(definitions));

/**
 * 422 where a definition calls a host that leads into a private network. Asked where one is saved that was not there
 * before: whoever switches an old one off is not held up by it.
 */
export async function requirePublicCalls(env: Env, definition: Definition): Promise<void> {
  const faults = await faultsOfCalls(env, new Map([["", definition]]));
  if (faults.length) throw invalid(faults);
}
