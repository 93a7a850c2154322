import { runInDurableObject } from "cloudflare:test";
import { expect, test, vi } from "vitest";
import { liveSchool, stubOf } from "../../test/workers/live";
import { emptyPacked } from "../packed/packed";
import { Store } from "../store/store";
import { deliveryOf, NOW } from "../test-parts";
import { hearOfMail } from "./reports";

const { school } = liveSchool("live");
const MANY = 2_000;

/** What hearing of one of many mails that have ended reads, and leaves of it. `seq`: the change that D1 knows it by. */
const hear = (id: string, seq: number | undefined) =>
  runInDurableObject(stubOf(school.id, "anna"), (_, { storage }) => {
    const store = new Store(storage, { school: school.id, epoch: 1, user: "anna" });
    store.open();
    const packed = emptyPacked("live", 0);
    packed.heardSeq = MANY;
    for (let n = 1; n <= MANY; n++) {
      packed.ended.push({ seq: n, at: NOW + n, delivery: deliveryOf({ id: `dlv_${n}`, status: "sent" }) });
      packed.seq = n;
      if (n % 8 > 0) continue;
      store.save(packed);
      store.commit();
    }
    const exec = storage.sql.exec.bind(storage.sql);
    const cursors: { rowsRead: number }[] = [];
    const spy = vi.spyOn(Object.getPrototypeOf(storage.sql), "exec").mockImplementation(((...args: [string]) => {
      const cursor = exec(...args);
      cursors.push(cursor);
      return cursor;
    }) as never);
    hearOfMail(packed, store, { delivery: id, ...(seq === undefined ? {} : { seq }), what: "opened", at: NOW + 9_999 });
    spy.mockRestore();
    const left = packed.ended.flatMap((one) => ("delivery" in one ? [[one.delivery.id, one.delivery.openedAt]] : []));
    return { left: left.at(-1), rows: cursors.reduce((sum, { rowsRead }) => sum + rowsRead, 0) };
  });

test.each([1, 777, 1_999])(
  "an open of mail %i of 2,000 reads some rows of them, whatever has ended since",
  async (n) => {
    const { left, rows } = await hear(`dlv_${n}`, n + 3);
    expect(left).toEqual([`dlv_${n}`, NOW + 9_999]);
    expect(rows).toBeLessThan(20);
  },
);

test.each([
  ["a Worker of before asks", undefined],
  ["its changes were counted by another, who was merged in", 3],
])("one is found all the same where %s", async (_, seq) => {
  expect((await hear("dlv_777", seq)).left).toEqual(["dlv_777", NOW + 9_999]);
});
