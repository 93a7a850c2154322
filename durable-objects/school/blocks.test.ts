import fc from "fast-check";
import { expect, test, vi } from "vitest";
import { bytesOf } from "../../src/base/bytes";
import type { SentChange } from "../../src/catalogue/facts/changes";
import { blanked, blocksOf, linesOf, nameIn, readLine } from "./blocks";

let made = 0;
const change = (user: string, tag = "vip"): SentChange => ({
  type: "tag.added",
  data: { tag },
  id: `chg_${++made}`,
  user,
  seq: made,
  at: "2026-01-01T09:00:00.000Z",
  cause: { type: "run", id: "run_1" },
});

test("changes lie in one block, in their order, and in several of their length once they are long", () => {
  const changes = Array.from({ length: 40 }, (_, n) => change(`user-${n % 3}`, "語".repeat(n)));
  const blocks = blocksOf(changes);
  expect(blocks).toHaveLength(1);
  expect(blocks[0]).toMatchObject({ count: 40, users: '"user-0" "user-1" "user-2"' });
  const cut = blocksOf(changes, 1_000);
  expect(cut.length).toBeGreaterThan(5);
  for (const { body } of cut) expect(bytesOf(body)).toBeLessThan(1_100);
  expect(cut.flatMap(({ body }) => linesOf(body)).map((line) => JSON.parse(line))).toEqual(changes);
  expect(blocksOf([])).toEqual([]);
});

test("one change that no row holds is left out, said in the log, and keeps no other", () => {
  const said = vi.spyOn(console, "error").mockReturnValue();
  expect(blocksOf([change("a"), change("b", "\u0001".repeat(400_000)), change("c")])).toMatchObject([
    { count: 2, users: '"a" "c"' },
  ]);
  expect(said.mock.calls[0]?.[0]).toContain("feed.too_long");
  said.mockRestore();
});

test("who is erased leaves a block of the same length, in which all others stand where they stood", () => {
  const ids = fc.constantFrom("a", 'x"a', '"a"', "a b", "語", "b\n", "\\");
  fc.assert(
    fc.property(fc.array(ids, { minLength: 1, maxLength: 12 }), ids, (users, erased) => {
      const changes = users.map((user) => change(user));
      const [block] = blocksOf(changes);
      if (!block) throw new Error("no block");
      expect(block.users.includes(nameIn(erased)) || !users.includes(erased)).toBe(true);
      const left = blanked(block, ({ user }) => user === erased) ?? block;
      expect([bytesOf(left.body), bytesOf(left.users)]).toEqual([bytesOf(block.body), bytesOf(block.users)]);
      expect(linesOf(left.body).map((line) => readLine(line)?.id ?? null)).toEqual(
        changes.map(({ user, id }) => (user === erased ? null : id)),
      );
      for (const user of users) if (user !== erased) expect(left.users).toContain(nameIn(user));
      expect(blanked(left, ({ user }) => user === erased)).toBeNull();
    }),
  );
});
