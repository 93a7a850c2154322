import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { ActionMessage } from "../../src/calls/messages";
import type { Packed } from "../../src/calls/shape";
import { storedSettings } from "../../src/world/settings";
import { deliveryOf, MemoryStore, PLACE, packedOf, runOf, testClock } from "../test-parts";
import { Offers } from "./offers";

const LEASE_MS = 10_000;
const settings = storedSettings.parse({});
const active = { suspended: false, paused: false, settings };

function setUp(packed: Packed | null) {
  const { time, clock } = testClock();
  const sent: ActionMessage[][] = [];
  const work: Promise<unknown>[] = [];
  const send = vi.fn(async (messages: readonly ActionMessage[]) => void sent.push([...messages]));
  const background = (one: Promise<unknown>): void => void work.push(one);
  const offers = new Offers({ place: PLACE, store: new MemoryStore(packed), clock, send, background });
  return { offers, sent, send, time, settled: () => Promise.all(work) };
}

/** Of a user with a queued run and so many letters to send. */
function busy(letters: number): Packed {
  const packed = packedOf();
  if (packed.state) packed.state.runs = [runOf({ status: "queued" })];
  for (let n = 0; n < letters; n++) {
    const id = `dlv_${n}`;
    const delivery = deliveryOf({ id, key: id, createdAt: 0 });
    packed.outbox[id] = { delivery, seq: 0, dueAt: 0, leasedUntil: 0, firstAt: null };
  }
  return packed;
}

const whose = { school: PLACE.school, user: PLACE.user };
const wake = { kind: "wake", ...whose };
const deliver = (delivery: string) => ({ kind: "deliver", ...whose, delivery, to: expect.any(String) });

beforeEach(() => void vi.spyOn(console, "warn").mockReturnValue());
afterEach(() => void vi.restoreAllMocks());

describe("what waits to leave", () => {
  test("is offered once, and again when nobody came for it in time", () => {
    const { offers, sent, time } = setUp(busy(1));
    offers.offer(active);
    offers.offer(active);
    expect(sent).toEqual([[wake, deliver("dlv_0")]]);
    time.now += LEASE_MS;
    offers.offer(active);
    expect(sent).toHaveLength(2);
  });

  test("is offered at once again where a consumer came for it and it still waits", () => {
    const { offers, sent } = setUp(busy(2));
    offers.offer(active);
    offers.taken("dlv_1");
    offers.offer(active);
    expect(sent[1]).toEqual([deliver("dlv_1")]);
  });

  test("is offered with the next turn where the queue refused it", async () => {
    const { offers, sent, send, settled } = setUp(busy(1));
    send.mockRejectedValueOnce(new Error("planted"));
    offers.offer(active);
    await settled();
    offers.offer(active);
    expect(sent).toEqual([[wake, deliver("dlv_0")]]);
  });

  test("goes as many at a time as the queue takes, the rest with the next turn", () => {
    const { offers, sent } = setUp(busy(150));
    offers.offer(active);
    offers.offer(active);
    expect(sent.map((messages) => messages.length)).toEqual([100, 51]);
  });

  test("stays in a suspended school, but for runs: their turn finds the school suspended", () => {
    const { offers, sent } = setUp(busy(1));
    offers.offer({ ...active, suspended: true });
    expect(sent).toEqual([[wake]]);
  });

  test.each([
    ["nobody", null],
    ["a lead that is being handed over", { ...busy(1), movedTo: "eve" }],
    ["who has nothing waiting", packedOf()],
  ])("is nothing of %s", (_, packed) => {
    const { offers, send } = setUp(packed);
    offers.offer(active);
    expect(send).not.toHaveBeenCalled();
  });
});
