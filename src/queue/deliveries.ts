import { onForget, remembering } from "../base/cache";
import type { Env } from "../base/env";
import { logSeldom } from "../base/reports/log";
import type { DeliverMessage } from "../calls/messages";
import type { SendResult } from "../connectors";
import type { Brought } from "../users/waking/wake";
import { deliver, giveBack, postpone, type Watcher } from "./deliver";
import { admit, type Destination, learn, newDestination, pauseMs, type Slot, type Speed, tidy } from "./destination";

/*
 * Deliveries leave by destination, a host as one school calls it, so that none waits behind another's. A batch is done
 * with as soon as what may go is claimed: what the world takes its time for goes on behind, and its object answers for
 * it. What goes where nobody answers in time, or has had its share, leaves unclaimed for the slow queue, and there for a
 * later time.
 */

const MAX_DESTINATIONS = 1_000;
/** So many that came by one queue are under way in an isolate; then a batch waits. */
const MOST = 200;
/** A delivery that leaves is offered again by its object if it has not come so much later. */
const SLACK_MS = 60_000;

/** How long, in ms, a delivery waits for a slot, and how often it looks: nobody can call it, as whoever does may die. */
const WAITS: Record<Speed, { most: number; look: number }> = {
  quick: { most: 2_000, look: 50 },
  // Both together are less than what an object gives an offer before it makes another.
  slow: { most: 6_000, look: 250 },
};

/** So long, in ms, what came claimed may wait for its attempt: the last look is not to be old. */
const CLAIM_MS = 5_000;

/** What brings a delivery: a message of the queue, or nothing but its object's offer. */
type Bringer = Pick<Message<unknown>, "ack">;

export type Taken<Of extends Bringer = Message<unknown>> = Brought & { message: Of };

/** What becomes of messages whose work failed. */
type Failed<Of extends Bringer> = (taken: readonly Taken<Of>[], error: unknown) => void | Promise<void>;

/** After one that had to be given back, what a school sends is claimed for a while by who has a place for it. */
const GIVEN_BACK_MS = 60_000;

const claimsOf = remembering(() => ({ from: 0 }), { entries: MAX_DESTINATIONS });

/** Whether what a school sends may be claimed before anybody knows where it goes to: mostly there is a place for it. */
export const mayClaim = (school: string): boolean => Date.now() >= claimsOf(school).from;

async function handBack(env: Env, body: DeliverMessage): Promise<void> {
  claimsOf(body.school).from = Date.now() + GIVEN_BACK_MS;
  await giveBack(env, body);
}

const known = remembering(newDestination, { entries: MAX_DESTINATIONS });
const knownOf = ({ school, to }: DeliverMessage): Destination => known(JSON.stringify([school, to]));
const underWay: Record<Speed, Set<Slot>> = { quick: new Set(), slow: new Set() };
onForget(() => {
  for (const slots of Object.values(underWay)) slots.clear();
});

/**
 * Takes the deliveries of one batch. Resolves when none of them needs the queue any more: each is claimed, gone, in line,
 * or has failed.
 */
export async function takeDeliveries<Of extends Bringer>(
  env: Env,
  context: Pick<ExecutionContext, "waitUntil">,
  speed: Speed,
  deliveries: readonly Taken<Of>[],
  failed: Failed<Of>,
): Promise<void> {
  if (!deliveries.length) return;
  await room(speed);
  const leaving: Taken<Of>[] = [];
  const settled: Promise<void>[] = [];
  for (const taken of deliveries) {
    const slot = slotIn(knownOf(taken.body), speed);
    if (slot === "leave") {
      leaving.push(taken);
      continue;
    }
    const { promise, resolve } = Promise.withResolvers<void>();
    settled.push(promise);
    // In line it stands in memory alone; its object offers it again if that is lost.
    if (slot === "wait") resolve();
    const work = take(env, speed, taken, slot, resolve).catch((error: unknown) => failed([taken], error));
    context.waitUntil(work.finally(resolve));
  }
  const left = leave(env, speed, leaving).catch((error: unknown) => failed(leaving, error));
  await Promise.all([left, ...settled]);
}

/**
 * Takes deliveries that no message has brought: their objects have just offered them, some claimed already, and offer them
 * again if nothing comes of it.
 */
export const carryDeliveries = (
  env: Env,
  context: Pick<ExecutionContext, "waitUntil">,
  deliveries: readonly Brought[],
): Promise<void> =>
  takeDeliveries(
    env,
    context,
    "quick",
    deliveries.map((brought) => ({ ...brought, message: { ack() {} } })),
    (taken, error) => {
      const [first] = taken;
      if (first) logSeldom("error", "delivery.not_taken", { school: first.body.school, count: taken.length, error });
    },
  );

async function room(speed: Speed): Promise<void> {
  for (;;) {
    tidy(underWay[speed], Date.now());
    if (underWay[speed].size < MOST) return;
    await scheduler.wait(WAITS[speed].look);
  }
}

/** A slot; or whether to wait for one, or leave. */
function slotIn(destination: Destination, speed: Speed): Slot | "wait" | "leave" {
  const now = Date.now();
  // Half of the slots are for whoever is known to answer.
  if (!destination.works && underWay[speed].size >= MOST / 2) return "leave";
  const answer = admit(destination, speed, now);
  if (answer !== "go") return answer;
  const slot: Slot = { since: now };
  destination.underWay.add(slot);
  underWay[speed].add(slot);
  return slot;
}

/** @param claimed told when the queue may forget the message */
async function take(
  env: Env,
  speed: Speed,
  taken: Taken<Bringer>,
  had: Slot | "wait",
  claimed: () => void,
): Promise<void> {
  const { message, body } = taken;
  const destination = knownOf(body);
  const slot = had === "wait" ? await waitIn(destination, speed) : had;
  if (!slot) return leave(env, speed, [taken]);
  const free = () => {
    destination.underWay.delete(slot);
    underWay[speed].delete(slot);
  };
  try {
    // It is looked at anew whether it may leave.
    if (taken.claim && Date.now() - taken.since > CLAIM_MS) return await handBack(env, body);
    const watcher = {
      claimed() {
        message.ack();
        claimed();
        slot.since = Date.now();
      },
      begins() {
        slot.since = Date.now();
      },
      answered(result: SendResult, goesOn: boolean) {
        const now = Date.now();
        learn(destination, result, now - slot.since, now);
        // A row of changes is one that is under way, however many there are in it.
        if (!goesOn) free();
      },
    } satisfies Watcher;
    await deliver(env, body, watcher, taken.claim);
  } finally {
    free();
  }
}

/** Waits for a slot; null: there is none to be had. */
async function waitIn(destination: Destination, speed: Speed): Promise<Slot | null> {
  const { most, look } = WAITS[speed];
  const here: Slot = { since: Date.now() };
  for (let waited = 0; waited < most; waited += look) {
    destination.line.add(here);
    await scheduler.wait(look).finally(() => destination.line.delete(here));
    const slot = slotIn(destination, speed);
    if (slot !== "wait") return slot === "leave" ? null : slot;
  }
  return null;
}

async function leave(env: Env, speed: Speed, leaving: readonly Taken<Bringer>[]): Promise<void> {
  const claimed = leaving.filter(({ claim }) => claim);
  await Promise.all(claimed.map(({ body }) => handBack(env, body)));
  const offered = leaving.filter(({ claim }) => !claim);
  if (!offered.length) return;
  const now = Date.now();
  const later = offered.map(({ body }) => {
    const { times = 0 } = body;
    if (speed === "quick") return { body };
    const delaySeconds = Math.ceil(pauseMs(knownOf(body), times, now) / 1_000);
    return { body: { ...body, times: times + 1 } satisfies DeliverMessage, delaySeconds };
  });
  await env.SLOW_DELIVERIES.sendBatch(later);
  await Promise.all(
    later.map(({ body, delaySeconds }) => delaySeconds && postpone(env, body, now + delaySeconds * 1_000 + SLACK_MS)),
  );
}
