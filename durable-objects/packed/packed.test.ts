import { expect, test } from "vitest";
import type { OutboxItem } from "../../src/calls/shape";
import type { Delivery } from "../../src/engine/types";
import { deliveryOf, NOW, packedOf } from "../test-parts";
import { forgetOld } from "./packed";

const delivery = (id: string, createdAt: number) => deliveryOf({ id, channel: "gtm", createdAt });
const item = (one: Delivery, dueAt: number | null): [string, OutboxItem] => [
  one.id,
  { delivery: one, seq: 0, dueAt, leasedUntil: 0, firstAt: null },
];

test("what a school keeps no longer goes from the inbox, and what no page came to fetch ends unsent", () => {
  const packed = packedOf({
    inbox: [delivery("old", NOW - 1), delivery("new", NOW)],
    outbox: Object.fromEntries([
      item(delivery("unfetched", NOW - 1), null),
      item(delivery("to be fetched", NOW), null),
      item(delivery("on its way", NOW - 1), NOW),
    ]),
  });
  forgetOld(packed, NOW);
  expect(packed.inbox.map(({ id }) => id)).toEqual(["new"]);
  expect(Object.keys(packed.outbox)).toEqual(["to be fetched", "on its way"]);
  expect(packed.ended).toMatchObject([{ delivery: { id: "unfetched", status: "suppressed" } }]);
});
