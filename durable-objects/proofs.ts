import { proofOfEnded, proofsOfEntry } from "../src/calls/proofs";
import { addressKey } from "../src/catalogue/account/email";
import type { Proof } from "../src/catalogue/facts/proven";
import { evidenceDays } from "../src/world/kept";
import type { School } from "../src/world/snapshot";
import { addressesOf } from "./address/addresses";
import { pagesOf } from "./everything";
import { ENDED_LONGER_MS } from "./packed/packed";
import type { Store } from "./store/store";

const DAY_MS = 86_400_000;

/** The keys of the user's addresses, those of before too. */
function addressKeysOf(store: Pick<Store, "load">): Set<string> {
  const packed = store.load();
  const known = packed && addressesOf(packed);
  return new Set([...(known?.email ? [known.email] : []), ...(known?.others ?? [])].map(addressKey));
}

/** What of all that is too old to be kept whole is kept as proof. @param upTo of the user's own journal; null: none */
export function proofsOfOld(
  store: Pick<Store, "load" | "entries" | "ended">,
  before: number,
  upTo: number | null,
): Proof[] {
  const proofs: Proof[] = [];
  const last = upTo ?? -1;
  for (const entries of pagesOf((range) => store.entries({ ...range, before: last + 1 })))
    for (const entry of entries) if (entry.seq >= 0 || entry.at < before) proofs.push(...proofsOfEntry(entry));
  const addresses = addressKeysOf(store);
  for (const ended of pagesOf((range) => store.ended(range)))
    for (const one of ended) {
      const proof = one.at < before - ENDED_LONGER_MS ? proofOfEnded(one, addresses) : null;
      if (proof) proofs.push(proof);
    }
  return proofs;
}

/** Takes what was kept of somebody else: places of theirs are none of the user's. */
export function takeProofs(
  store: Pick<Store, "proofs">,
  proofs: readonly Proof[],
  name: string,
  { settings }: Pick<School, "settings">,
): void {
  const taken = proofs.map((one) => (PLACE.test(one.id) ? { ...one, id: `${name} ${one.id}` } : one));
  store.proofs.keep(taken, evidenceDays(settings) * DAY_MS, name);
}

/** As facts are named: by their place in a journal. */
const PLACE = /^-?\d+-\d+$/;
