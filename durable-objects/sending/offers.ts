import { log } from "../../src/base/reports/log";
import type { ActionMessage, DeliverMessage } from "../../src/calls/messages";
import type { UserPlace } from "../../src/calls/user";
import { destinationOf } from "../../src/connectors";
import { hash53 } from "../../src/engine/identity";
import type { Delivery } from "../../src/engine/types";
import type { School } from "../../src/world/snapshot";
import { hasQueued } from "../packed/packed";
import type { Clock } from "../scene";
import type { Store } from "../store/store";
import { leaving } from "./outbox";

/** As many as the queue takes at once; the rest follows with the next turn. */
const MAX_OFFERS = 100;
/** How long what was offered to the queue is given before it is offered again. */
export const OFFER_LEASE_MS = 10_000;
/** Stands among the ids of deliveries for the queued runs. */
const QUEUED_RUNS = "";

export interface OfferParts {
  place: UserPlace;
  store: Pick<Store, "load">;
  clock: Clock;
  send(messages: readonly ActionMessage[]): Promise<unknown>;
  /** Lets something go on behind the answer. */
  background(work: Promise<unknown>): void;
}

/** What whoever calls an object does itself, in place of messages that the object would send. */
export interface Caller {
  /** Has the user woken for queued runs. */
  wakes?: true;
  /** Takes up deliveries. */
  delivers?: true;
}

/** What the caller is to do. */
export interface Offered {
  wakes: boolean;
  deliveries: DeliverMessage[];
}

/** A delivery as whoever takes it up is told of it. */
export function offerOf(
  { school, user }: UserPlace,
  { settings }: Pick<School, "settings">,
  { id, channel, content }: Delivery,
): DeliverMessage {
  const destination = destinationOf(channel, content, settings.connectors);
  return { kind: "deliver", school, user, delivery: id, to: hash53(destination).toString(36) };
}

/** Sends queued runs and due deliveries on their way; the alarm has them sent again if that is lost. */
export class Offers {
  /** Real time until which what was offered may still be taken up, by delivery. */
  private readonly leases = new Map<string, number>();

  constructor(private readonly parts: OfferParts) {}

  /** Nothing is left of the user. */
  forget(): void {
    this.leases.clear();
  }

  /** A consumer has come for a delivery. */
  taken(delivery: string): void {
    this.leases.delete(delivery);
  }

  /** @param by what whoever called takes care of itself, together with other users */
  offer(school: Pick<School, "suspended" | "paused" | "settings">, by: Caller = {}): Offered {
    const { store, clock, send, background } = this.parts;
    const { place } = this.parts;
    const { user, school: schoolId } = place;
    const whose = { school: schoolId, user };
    const packed = store.load();
    const nothing = { wakes: false, deliveries: [] };
    if (!packed?.state || packed.movedTo !== undefined) return nothing;
    const realNow = clock();
    for (const [id, until] of this.leases) if (until <= realNow) this.leases.delete(id);
    const due = school.suspended ? [] : leaving(packed, realNow, school.paused);
    if (hasQueued(packed)) due.unshift(QUEUED_RUNS);
    else this.leases.delete(QUEUED_RUNS);
    const fresh = due.filter((id) => !this.leases.has(id)).slice(0, MAX_OFFERS);
    if (!fresh.length) return nothing;
    for (const id of fresh) this.leases.set(id, realNow + OFFER_LEASE_MS);
    const hasRuns = fresh[0] === QUEUED_RUNS;
    const deliveries = (hasRuns ? fresh.slice(1) : fresh).flatMap((id): DeliverMessage[] => {
      const delivery = packed.outbox[id]?.delivery;
      return delivery ? [offerOf(place, school, delivery)] : [];
    });
    const messages: ActionMessage[] = [
      ...(hasRuns && !by.wakes ? [{ kind: "wake", ...whose } as const] : []),
      ...(by.delivers ? [] : deliveries),
    ];
    if (messages.length) {
      background(
        send(messages).catch((error: unknown) => {
          for (const id of fresh) this.leases.delete(id);
          log("warn", "queue.refused", { school: schoolId, error });
        }),
      );
    }
    return { wakes: hasRuns && by.wakes === true, deliveries: by.delivers ? deliveries : [] };
  }
}
