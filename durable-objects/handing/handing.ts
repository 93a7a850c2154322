import type { AddressHolder } from "../../src/calls/addresses";
import { type Ended, type Handed, handedName } from "../../src/calls/shape";
import type { LoggedIds, NotTaken, SchoolReference } from "../../src/calls/user";
import { isLead } from "../../src/catalogue/facts/facts";
import type { Refusal } from "../../src/engine/inputs/input";
import { loggedIds } from "../own";
import { openHanded } from "../packed/upgrades";
import type { UserParts } from "../parts";
import { takeProofs } from "../proofs";
import { hasTaken } from "./journal";
import { hasRoomFor, takeEnded, takePacked, takingOf } from "./take";

/*
 * How all that is held of somebody goes from one object to another: a lead's to the user who signs up with its address, a
 * user's to the one that it is merged into. The one closes, the other takes, then the one is erased; done again at any
 * point it comes to the same. What is closed, or gone so, says whose it is now.
 */

type Parts = Pick<UserParts, "place" | "store" | "holders" | "turns" | "telling" | "waking" | "clock" | "forget">;

/** Whose it is now: of an address its user, of a merged user the other. */
export const movedTo = ({ store, holders }: Pick<Parts, "store" | "holders">): string | undefined =>
  store.load()?.movedTo ?? holders.first;

export const holderOf = (parts: Pick<Parts, "store" | "holders">): AddressHolder => ({
  user: movedTo(parts) ?? null,
  holdsLead: parts.store.load() !== null,
});

/** From then on nothing happens here, so that nothing comes between this and the erasure. */
export async function handOver(parts: Parts, user: string): Promise<{ lead: Handed; to: string } | null> {
  const { store, holders, waking } = parts;
  if (store.load()) await holders.ask(true);
  const packed = store.load();
  if (!packed) return null;
  packed.movedTo ??= movedTo(parts) ?? user;
  store.save(packed);
  store.commit();
  waking.arm();
  const proofs = store.proofs.all();
  return { lead: { packed, ...(proofs.length ? { proofs } : {}) }, to: packed.movedTo };
}

/** Nobody took it: it is as if it had not been handed over. */
export function takeBack({ store, waking }: Parts, from: string): void {
  const packed = store.load();
  if (packed?.movedTo !== from) return;
  delete packed.movedTo;
  store.save(packed);
  store.commit();
  waking.arm();
}

class Refused extends Error {
  constructor(readonly refusal: Refusal) {
    super(refusal.limit);
  }
}

/** @param id whose it was */
export async function takeOver(
  parts: Parts,
  reference: SchoolReference,
  handed: Handed,
  id: string,
): Promise<NotTaken | null> {
  const { place, store, turns, telling } = parts;
  const { packed: from, proofs = [] } = openHanded(handed);
  const { state } = from;
  const name = handedName(id, handed);
  const known = store.load();
  if (!state || (known && hasTaken(known, name))) return null;
  const to = movedTo(parts);
  if (to !== undefined) return { movedTo: to };
  if (!isLead(id) && !known?.state) return { isUnknown: true };
  let isTaken = false;
  try {
    await turns.change(
      reference,
      isLead(id),
      (packed, scene) => {
        isTaken = true;
        if (hasTaken(packed, name)) return;
        if (!isLead(id) && !hasRoomFor(packed, from)) throw new Refused({ limit: "merged", field: null });
        if (!packed.state) packed.isFresh = true;
        // The turn may be played again.
        const own = structuredClone(from);
        takePacked(packed, place.user, own, id, name);
        takeProofs(store, proofs, name, scene.school);
        const input = takingOf(packed.state, place.user, scene.now, own.state ?? state, id);
        const { refused } = turns.happen(packed, scene, input);
        if (refused) throw new Refused(refused);
        telling.noteAnew();
      },
      { more: state.runs },
    );
  } catch (error) {
    if (error instanceof Refused) return { refused: error.refusal };
    throw error;
  }
  if (isTaken) return null;
  // Closed, or erased, while the scene was set.
  const since = movedTo(parts);
  return since === undefined ? { isUnknown: true } : { movedTo: since };
}

/** Takes what has ended; the same object may be closed by now, and what lies here goes on with the rest of it. */
export async function takeMore(
  { store, turns }: Parts,
  reference: SchoolReference,
  name: string,
  ended: readonly Ended[],
): Promise<void> {
  const closed = store.load();
  if (closed?.movedTo === undefined) {
    await turns.change(reference, false, (packed) => {
      if (hasTaken(packed, name)) takeEnded(packed, loggedIds(store), ended);
    });
    return;
  }
  if (!hasTaken(closed, name)) return;
  takeEnded(closed, loggedIds(store), ended);
  store.save(closed);
  store.commit();
}

/** Erases what is here. @param to to whom it went: whatever comes for it is theirs from now on */
export async function erase(parts: Parts, to?: string): Promise<LoggedIds | null> {
  const { store, holders, clock, forget, waking } = parts;
  // It went already, by somebody else who finished it; who is here since is another.
  if (to !== undefined && store.load()?.movedTo === undefined) return null;
  const logged = store.load() ? loggedIds(store) : null;
  if (to !== undefined) {
    store.eraseTogether(clock(), () => holders.set({ user: to, registeredAt: 0 }));
    await forget();
  } else {
    // Of an address: what is erased is its lead, not whose it is.
    const all = holders.all();
    await store.erase(clock());
    await forget();
    if (all.length) holders.add(...all);
  }
  waking.arm();
  return logged;
}
