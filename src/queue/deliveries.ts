import { onForget, remembering } from "../base/cache";
import type { Env } from "../base/env";
import type { DeliverMessage } from "../calls/messages";
import { deliver, postpone } from "./deliver";
import { type Lane, learn, newLane, type Pace, type Place, pauseMs, tidy, turnOf } from "./lane";

/*
 * Deliveries leave by destination, a host as one school calls it, so that none waits behind another's. A batch is done
 * with as soon as what may go is claimed: what the world takes its time for goes on behind, and its object answers for
 * it. What goes where nobody answers in time, or has had its share, leaves unclaimed for the slow queue, and there for a
 * later time.
 */

const MAX_LANES = 1_000;
/** So many that came by one queue are under way in an isolate; then a batch waits. */
const MOST = 200;
/** A delivery that leaves is offered again by its object if it has not come so much later. */
const SLACK_MS = 60_000;

/** How long, in ms, a delivery waits for a place, and how often it looks: nobody can call it, as whoever does may die. */
const WAITS: Record<Pace, { most: number; look: number }> = {
  quick: { most: 2_000, look: 50 },
  // Both together are less than what an object gives an offer before it makes another.
  slow: { most: 6_000, look: 250 },
};

export interface Taken {
  message: Message<unknown>;
  body: DeliverMessage;
}

/** What becomes of messages whose work failed. */
type Failed = (taken: readonly Taken[], error: unknown) => void;

const lanes = remembering(newLane, { entries: MAX_LANES });
const laneOf = ({ school, to }: DeliverMessage): Lane => lanes(JSON.stringify([school, to]));
const underWay: Record<Pace, Set<Place>> = { quick: new Set(), slow: new Set() };
onForget(() => {
  for (const places of Object.values(underWay)) places.clear();
});

/**
 * Takes the deliveries of one batch. Resolves when none of them needs the queue any more: each is claimed, gone, in line,
 * or has failed.
 */
export async function takeDeliveries(
  env: Env,
  context: Pick<ExecutionContext, "waitUntil">,
  pace: Pace,
  deliveries: readonly Taken[],
  failed: Failed,
): Promise<void> {
  if (!deliveries.length) return;
  await room(pace);
  const leaving: Taken[] = [];
  const settled: Promise<void>[] = [];
  for (const taken of deliveries) {
    const turn = turnIn(laneOf(taken.body), pace);
    if (turn === "leave") {
      leaving.push(taken);
      continue;
    }
    const { promise, resolve } = Promise.withResolvers<void>();
    settled.push(promise);
    // In line it stands in memory alone; its object offers it again if that is lost.
    if (turn === "wait") resolve();
    const work = take(env, pace, taken, turn, resolve).catch((error: unknown) => failed([taken], error));
    context.waitUntil(work.finally(resolve));
  }
  const left = leave(env, pace, leaving).catch((error: unknown) => failed(leaving, error));
  await Promise.all([left, ...settled]);
}

async function room(pace: Pace): Promise<void> {
  for (;;) {
    tidy(underWay[pace], Date.now());
    if (underWay[pace].size < MOST) return;
    await scheduler.wait(WAITS[pace].look);
  }
}

/** A place; or whether to wait for one, or leave. */
function turnIn(lane: Lane, pace: Pace): Place | "wait" | "leave" {
  const now = Date.now();
  // Half of the places are for whoever is known to answer.
  if (!lane.works && underWay[pace].size >= MOST / 2) return "leave";
  const turn = turnOf(lane, pace, now);
  const place: Place = { since: now };
  if (turn !== "go") return turn;
  lane.underWay.add(place);
  underWay[pace].add(place);
  return place;
}

/** @param claimed told when the queue may forget the message */
async function take(env: Env, pace: Pace, taken: Taken, turn: Place | "wait", claimed: () => void): Promise<void> {
  const { message, body } = taken;
  const lane = laneOf(body);
  const place = turn === "wait" ? await waitIn(lane, pace) : turn;
  if (!place) return leave(env, pace, [taken]);
  const free = () => {
    lane.underWay.delete(place);
    underWay[pace].delete(place);
  };
  try {
    await deliver(env, body, {
      claimed() {
        message.ack();
        claimed();
        place.since = Date.now();
      },
      answered(sending) {
        const now = Date.now();
        learn(lane, sending, now - place.since, now);
        free();
      },
    });
  } finally {
    free();
  }
}

/** Waits for a place; null: there is none to be had. */
async function waitIn(lane: Lane, pace: Pace): Promise<Place | null> {
  const { most, look } = WAITS[pace];
  const here: Place = { since: Date.now() };
  for (let waited = 0; waited < most; waited += look) {
    lane.line.add(here);
    await scheduler.wait(look).finally(() => lane.line.delete(here));
    const turn = turnIn(lane, pace);
    if (turn !== "wait") return turn === "leave" ? null : turn;
  }
  return null;
}

async function leave(env: Env, pace: Pace, leaving: readonly Taken[]): Promise<void> {
  if (!leaving.length) return;
  const now = Date.now();
  const later = leaving.map(({ body }) => {
    const { times = 0 } = body;
    if (pace === "quick") return { body };
    const delaySeconds = Math.ceil(pauseMs(laneOf(body), times, now) / 1_000);
    return { body: { ...body, times: times + 1 } satisfies DeliverMessage, delaySeconds };
  });
  await env.SLOW_DELIVERIES.sendBatch(later);
  await Promise.all(
    later.map(({ body, delaySeconds }) => delaySeconds && postpone(env, body, now + delaySeconds * 1_000 + SLACK_MS)),
  );
}
