import { addressKey } from "../catalogue/account/email";
import { channelOf } from "../catalogue/channels";
import type { Origin } from "../catalogue/facts/givers";
import { provenBy } from "../catalogue/facts/proofs";
import type { Proof } from "../catalogue/facts/proven";
import type { Delivery, LoggedRun } from "../engine/types";
import type { Ended, JournalEntry } from "./shape";

const NAMED = ["course", "segment", "certificate", "expires_at"] as const;

const namedIn = (data: Readonly<Record<string, unknown>>): Partial<Record<(typeof NAMED)[number], string>> =>
  Object.fromEntries(NAMED.flatMap((name) => (typeof data[name] === "string" ? [[name, data[name]]] : [])));

/** Of an entry of the journal. */
export const proofsOfEntry = ({ seq, eventId, facts }: JournalEntry): Proof[] =>
  facts.flatMap((fact, index) => {
    const what = provenBy(fact);
    if (what === null) return [];
    const by: Origin = fact.by ?? (eventId === null ? { by: "time", id: null } : { by: "event", id: eventId });
    const run = by.by === "run" ? (by.id ?? undefined) : fact.run;
    return [
      { id: `${seq}-${index}`, at: fact.at, what, ...namedIn(fact.data), by, ...(run === undefined ? {} : { run }) },
    ];
  });

export const proofOfRun = ({
  id,
  automation,
  version,
  status,
  reason,
  trigger,
  startedAt,
  endedAt,
}: LoggedRun): Proof => ({
  id,
  at: startedAt,
  what: "ran",
  ...namedIn({ course: trigger.data.course }),
  automation,
  version,
  status,
  ...(reason === null ? {} : { reason }),
  ...(endedAt === null ? {} : { endedAt }),
});

/**
 * Of what went to the user to be read; null: of anything else.
 * @param addresses the keys of the user's: mail to others is none of it
 */
export function proofOfDelivery(delivery: Delivery, addresses: ReadonlySet<string>): Proof | null {
  const { id, createdAt, channel, run, automation, step, status, reason, to } = delivery;
  const { isRead, isMail } = channelOf(channel);
  if (!isRead || (isMail && !to.every((one) => addresses.has(addressKey(one))))) return null;
  const sent = { id, at: createdAt, what: "sent", channel, run, automation, step, status } as const;
  return reason === undefined ? sent : { ...sent, reason };
}

export const proofOfEnded = (one: Ended, addresses: ReadonlySet<string>): Proof | null =>
  "run" in one ? proofOfRun(one.run) : proofOfDelivery(one.delivery, addresses);
