import type { Visit } from "../../visit";
import type { Names } from "../../words/sentences/sentence";
import { headline } from "../sending/delivery-table";
import type { Told } from "./told";

/** So many messages of what is undone are called by what they say. */
const NAMED = 20;

/** What the messages are called that an undo of a run recalls or ends. */
export async function messageNames(visit: Visit, told: Told | null): Promise<Names> {
  const ids = (told?.takes ?? []).flatMap(({ kind, id }) => (kind === "delivery" && id !== undefined ? [id] : []));
  const found = await Promise.all(
    ids.slice(0, NAMED).map((id) => visit.api.find("GET /v1/deliveries/:id", { params: { id } })),
  );
  return { delivery: Object.fromEntries(found.flatMap((one) => (one ? [[one.id, headline(one)]] : []))) };
}
