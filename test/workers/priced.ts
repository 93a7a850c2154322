import { ENTRIES_A_ROW } from "../../durable-objects/store/store";
import { LOG_NET_MS } from "../../durable-objects/telling/telling";
import { announceGathered, wakeGathered } from "../../src/journal/announce";
import { writeCounted } from "../../src/journal/tables/usage";
import { costsOf } from "../../src/schools/costs/costs";
import { priceOfUnits } from "../../src/schools/costs/prices";
import { countCosts } from "./billed";
import { consume, env, flushLog, type HeldQueues, heldBy, setNow, standIn, type TestSchool } from "./live";

/* For tests: what events cost by the platform's list prices, counted at the bindings until nothing is left to do. */

export const LEARNERS = 25;
const learners = Array.from({ length: LEARNERS }, (_, n) => `learner-${n}`);

export interface Sent {
  withId?: boolean;
  /** How often each learner comes, one after the other, within the log's lag. */
  times?: number;
  mail?: boolean;
  /** Each event is another: it has a number. */
  numbered?: boolean;
}

/** Learners known to everybody each do something, and all that follows is done, the alarm after ten minutes too. */
export async function priceOf(
  school: TestSchool,
  queues: HeldQueues,
  { withId = false, times = 1, mail = false, numbered = false }: Sent,
) {
  if (mail) await letMailLeave(school);
  /** Together: in a test each request by itself would be waited for, with all that it gathers. */
  const send = (n: number) =>
    school.ask("POST", "/v1/events/batch", {
      events: learners.map((id) => ({
        ...(withId ? { id: `${id}-${n}` } : {}),
        type: numbered ? "custom.go" : "user.signed_in",
        user: { id, ...(mail ? { email: `${id}@acme.com` } : {}) },
        data: numbered ? { n } : {},
      })),
    });
  let consumers = 0;
  let messages = 0;
  const work = async () => {
    await announceGathered(env);
    await wakeGathered(env);
    for (const [queue, held] of [
      ["schoolbell-actions", queues.actions],
      ["schoolbell-log", queues.log],
    ] as const) {
      const sent = held.splice(0);
      messages += sent.length;
      for (let from = 0; from < sent.length; from += 10) {
        consumers++;
        await consume(queue, sent.slice(from, from + 10));
      }
    }
  };
  const live = async (round: number) => {
    for (let n = 0; n < times; n++) await send(round * times + n);
    for (let n = 0; n < 4; n++) await work();
  };
  let now = Date.now();
  const later = (ms: number) => {
    now += ms;
    setNow(now);
  };
  setNow(now);
  // So often that whatever is written many to a row has been.
  const rounds = ENTRIES_A_ROW / times;
  for (let round = 0; round < rounds; round++) {
    await live(round);
    later(LOG_NET_MS + 1_000);
    for (const id of learners) await school.ring(id);
    await flushLog(school.id, ...learners);
  }
  queues.actions.length = queues.log.length = 0;
  consumers = messages = 0;
  const toldBefore = await toldCost(school.id);
  const costs = await countCosts(school.id);
  let rings = 0;
  for (let round = rounds; round < 2 * rounds; round++) {
    await live(round);
    later(LOG_NET_MS + 1_000);
    for (const id of learners) {
      const { alarm } = await heldBy(school.id, id);
      if (alarm !== null && alarm <= now && (await school.ring(id))) rings++;
    }
    later(60_000);
  }
  const events = LEARNERS * times * rounds;
  const counted = {
    requests: (events + consumers) / events,
    objectRequests: (costs.objectCalls.length + rings) / events,
    objectRows: (costs.rowsWritten - costs.alarmsSet) / events,
    alarms: costs.alarmsSet / events,
    rowsOfD1: costs.rowsOfD1 / events,
    messages: messages / events,
    blocks: costs.schoolCalls.length / events,
  };
  const { requests, objectRequests, objectRows, alarms, rowsOfD1, messages: sent } = counted;
  const dollars =
    1e6 *
    priceOfUnits({
      request: requests,
      objectRequest: objectRequests,
      objectRow: objectRows + alarms,
      rowOfD1: rowsOfD1,
      message: sent,
    });
  return { dollars, counted, told: ((await toldCost(school.id)) - toldBefore) / events };
}

/** As where a vendor takes it: what is kept in its place has an index more. */
async function letMailLeave(school: TestSchool): Promise<void> {
  const email = { type: "resend", api_key: "re_1", from: "school@acme.com" };
  await school.ask("PATCH", "/v1/school", { settings: { connectors: { email } } });
  standIn("https://api.resend.com", () => Response.json({ id: "taken" }));
}

/** What all of a school's costs are said to be, in millionths of a dollar. */
async function toldCost(school: string): Promise<number> {
  await writeCounted(env);
  const months = (await costsOf(env, [school])).get(school) ?? [];
  return 1e6 * months.reduce((sum, { dollars }) => sum + dollars, 0);
}

const TAG = { when: [{ type: "user.signed_in" }], then: [{ type: "tags.add", tags: ["seen"] }] };
const MAIL = { ...TAG, then: [...TAG.then, { type: "email.user", subject: "Hi", body: "Hi" }] };

export interface PricedEvent {
  what: string;
  /** Dollars a million events, at most. */
  most: number;
  automation: Record<string, unknown> | null;
  sent: Sent;
}

/** The rows of the table in docs/performance.md. */
export const PRICED: PricedEvent[] = [
  { what: "that starts nothing", most: 1.5, automation: null, sent: { times: 8 } },
  { what: "that starts nothing, with its sender's id,", most: 1.7, automation: null, sent: { times: 8, withId: true } },
  {
    what: "that starts a synchronous automation with a tag",
    most: 4.2,
    automation: { ...TAG, synchronous: true },
    sent: { times: 4 },
  },
  {
    what: "that does so, of a learner who comes alone,",
    most: 5.4,
    automation: { ...TAG, synchronous: true },
    sent: {},
  },
  {
    what: "that starts an asynchronous automation with a tag and a mail, of a learner who comes alone,",
    most: 12,
    automation: MAIL,
    sent: { mail: true },
  },
];
