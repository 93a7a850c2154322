import type { WriteCall, WrittenTo } from "../../src/calls/mail";
import type { JournalEntry, Packed } from "../../src/calls/shape";
import type { SchoolReference } from "../../src/calls/user";
import { WRITTEN_TO } from "../../src/catalogue/facts/by-hand";
import type { Delivery, Effects } from "../../src/engine/types";
import { ownDeliveries } from "../own";
import type { UserParts } from "../parts";
import type { TurnScene } from "../scene";
import type { Store } from "../store/store";

/** There is no mail: nothing of the turn is kept. */
class Unsent extends Error {
  override readonly name = "Unsent";
  constructor(readonly why: NonNullable<Effects["unsent"]>) {
    super(why.reason);
  }
}

/** Takes a mail by hand, once however often it comes; null: the user is not known. */
export async function writeTo(
  { store, turns }: Pick<UserParts, "store" | "turns">,
  reference: SchoolReference,
  { id, mail, origin, trace }: WriteCall,
): Promise<WrittenTo | null> {
  const input = { kind: "write", mail, origin, ...(trace === undefined ? {} : { trace }) } as const;
  const take = (packed: Packed, scene: TurnScene): WrittenTo | null => {
    if (!packed.state) return null;
    const before = id && store.eventBefore(id.id, id.hash);
    if (before)
      return before.hash === id.hash
        ? { kind: "written", isNew: false, delivery: deliveryIn(store, before.entry) }
        : { kind: "other_body" };
    const { effects } = turns.happen(packed, scene, input, id);
    // Where names are not at hand yet it is done again.
    if (effects.unsent !== undefined && scene.names.isWhole) throw new Unsent(effects.unsent);
    return { kind: "written", isNew: true, delivery: asItStands(store, effects.deliveries[0]?.id) };
  };
  try {
    return await turns.change(reference, false, take);
  } catch (error) {
    if (error instanceof Unsent) return { kind: "unsent", ...error.why };
    throw error;
  }
}

const deliveryIn = (store: Store, entry: JournalEntry | null): Delivery | null => {
  const named = entry?.facts.find(({ type }) => type === WRITTEN_TO)?.data.delivery;
  return asItStands(store, typeof named === "string" ? named : undefined);
};

/** What became of it so far: it may be on its way, or have ended. */
function asItStands(store: Store, id: string | undefined): Delivery | null {
  if (id === undefined) return null;
  const [found] = ownDeliveries(store, { from: id, newestFirst: false, limit: 1 });
  return found?.id === id ? found : null;
}
