import { log } from "../../src/base/reports/log";
import type { UserAddresses } from "../../src/calls/addresses";
import { idOfHanded, type Packed } from "../../src/calls/shape";
import type { RemoteUser, UserPlace } from "../../src/calls/user";
import { isLead, LEAD_PREFIX, leadId } from "../../src/catalogue/facts/facts";
import type { Clock } from "../scene";
import type { Store } from "../store/store";

/** How long after a failure the alarm tells it again; any turn before does too. */
const AGAIN_MS = 60_000;

/** What a user's addresses are; null of somebody who is not known. */
export function addressesOf({ born, state, toldAddress, taken = [], merged = [] }: Packed): UserAddresses | null {
  if (!state) return null;
  const { email, registeredAt } = state.learner;
  const ofLeads = taken.map(({ name }) => idOfHanded(name)).filter(isLead);
  const others = [
    ...(toldAddress ? [toldAddress.email] : []),
    ...ofLeads.map((lead) => lead.slice(LEAD_PREFIX.length)),
    ...merged.flatMap(({ emails }) => emails),
  ];
  return { email, registeredAt, born, others, merged: merged.map(({ id }) => id) };
}

function setTold(packed: Packed, told: Packed["toldAddress"]): void {
  delete packed.listedAddress;
  if (told) packed.toldAddress = told;
  else delete packed.toldAddress;
}

/** A new address of the user's, of which the directory hears at once, need not be told to its object, which asks there. */
export function noteListed(packed: Packed): void {
  const email = packed.state?.learner.email ?? null;
  if (email !== null && packed.toldAddress === undefined) packed.listedAddress = email;
}

export interface AddressesParts {
  place: UserPlace;
  store: Pick<Store, "load" | "save" | "commit">;
  clock: Clock;
  /** The object of an address, by its id. */
  at(lead: string): Pick<RemoteUser, "hold" | "release">;
}

/**
 * Tells the objects of addresses which are the user's, before whatever brought a new one is answered: a form by address
 * that comes right after is the user's. What could not be told is told by the alarm.
 */
export class Addresses {
  private underWay: Promise<string | undefined> | null = null;
  /** After a failure: when it is tried again, real time, ms. */
  private againAt: number | null = null;

  constructor(private readonly parts: AddressesParts) {}

  private isUntold(packed: Packed | null): packed is Packed & { state: NonNullable<Packed["state"]> } {
    if (!packed?.state || packed.movedTo !== undefined || isLead(this.parts.place.user)) return false;
    const { email, registeredAt } = packed.state.learner;
    const { toldAddress: told, listedAddress } = packed;
    if (told === undefined && email === listedAddress) return false;
    return email !== (told?.email ?? null) || (told !== undefined && told.registeredAt !== registeredAt);
  }

  /** The object of an address has found the user in the directory: it is told when the address is the user's no longer. */
  isKnownTo(lead: string): void {
    const { store } = this.parts;
    const packed = store.load();
    if (!packed?.state || packed.toldAddress !== undefined || packed.movedTo !== undefined) return;
    const { email, registeredAt } = packed.state.learner;
    if (email === null || leadId(email) !== lead) return;
    setTold(packed, { email, registeredAt });
    store.save(packed);
    store.commit();
  }

  /** When the alarm is to tell what could not be told, real time; null: nothing of the kind. */
  wakesAt(packed: Packed | null): number | null {
    return this.isUntold(packed) ? this.againAt : null;
  }

  /** Never throws. Resolves to the lead of a new address, where there is one, for the caller to move. */
  tell(): Promise<string | undefined> | undefined {
    if (!this.isUntold(this.parts.store.load())) return undefined;
    // One at a time: what changes meanwhile is told after it.
    this.underWay ??= this.tellAll().finally(() => {
      this.underWay = null;
    });
    return this.underWay;
  }

  private async tellAll(): Promise<string | undefined> {
    const { place, store, clock } = this.parts;
    let lead: string | undefined;
    try {
      for (let packed = store.load(); this.isUntold(packed); packed = store.load()) lead = await this.tellOne(packed);
      this.againAt = null;
    } catch (error) {
      this.againAt = clock() + AGAIN_MS;
      log("warn", "address.not_told", { school: place.school, error });
    }
    return lead;
  }

  private async tellOne({ state, toldAddress }: Packed & { state: NonNullable<Packed["state"]> }) {
    const { place, store, at } = this.parts;
    const { email, registeredAt } = state.learner;
    const now = email === null ? null : leadId(email);
    const before = toldAddress === undefined ? null : leadId(toldAddress.email);
    if (before !== null && before !== now) await at(before).release(place.user);
    const holdsLead = now !== null && (await at(now).hold(place.user, registeredAt));
    const packed = store.load();
    if (!packed?.state) {
      // Erased meanwhile.
      if (now !== null) await at(now).release(place.user);
      return undefined;
    }
    setTold(packed, email === null ? undefined : { email, registeredAt });
    store.save(packed);
    store.commit();
    return holdsLead && now !== null ? now : undefined;
  }
}
