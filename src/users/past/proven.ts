import type { Env } from "../../base/env";
import { proofOfDelivery, proofOfRun, proofsOfEntry } from "../../calls/proofs";
import { userObject } from "../../calls/reaching/stub";
import { addressKey } from "../../catalogue/account/email";
import type { Learner } from "../../catalogue/facts/facts";
import type { Proof } from "../../catalogue/facts/proven";
import type { School } from "../../world/snapshot";
import { journalOf } from "./past";

/* All that is known and kept of a learner that may prove something: by their own object, which alone has all of it. */

/** So many runs or messages are asked for at once. */
const A_PAGE = 500;
/** A user may have been merged into one who was merged since. */
const MAX_HOPS = 8;

export interface Collected {
  user: string;
  learner: Learner;
  proofs: Proof[];
}

/** Null: there is nobody, or nobody any more. */
export async function collect(env: Env, school: School, asked: string): Promise<Collected | null> {
  const user = await whoIs(env, school, asked);
  if (user === null) return null;
  const object = userObject(env, school, user);
  const found = new Map((await object.proofs()).map((one) => [one.id, one]));
  const add = (one: Proof | null): void => {
    if (one) found.set(one.id, one);
  };
  for await (const entries of journalOf(env, school, user))
    for (const entry of entries) proofsOfEntry(entry).forEach(add);
  const known = await object.addresses();
  const addresses = new Set([...(known?.email ? [known.email] : []), ...(known?.others ?? [])].map(addressKey));
  for await (const runs of pagesOf((after) => object.ownRuns({ ...after, newestFirst: false, limit: A_PAGE })))
    for (const run of runs) add(proofOfRun(run));
  for await (const sent of pagesOf((after) => object.ownDeliveries({ ...after, newestFirst: false, limit: A_PAGE })))
    for (const one of sent) add(proofOfDelivery(one, addresses));
  // Last, so that of who was erased meanwhile nothing is told.
  const state = await object.state();
  return state && { user, learner: state.learner, proofs: [...found.values()] };
}

/** Who somebody is now: who was merged goes on in another. */
async function whoIs(env: Env, school: School, asked: string): Promise<string | null> {
  let user = asked;
  for (let hop = 0; hop < MAX_HOPS; hop++) {
    const { user: to, holdsLead } = await userObject(env, school, user).holder();
    if (to === null || to === user) return holdsLead ? user : null;
    user = to;
  }
  return null;
}

async function* pagesOf<T extends { id: string }>(
  read: (after: { after?: string }) => Promise<T[]>,
): AsyncGenerator<T[]> {
  for (let after: { after?: string } = {}; ; ) {
    const page = await read(after);
    yield page;
    const last = page.at(-1);
    if (!last || page.length < A_PAGE) return;
    after = { after: last.id };
  }
}
