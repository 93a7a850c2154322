import { expect, test } from "vitest";
import { pages } from "./pages";

const ALL = ["a", "b", "c", "d"];

async function all(of: AsyncIterable<string[]>): Promise<string[][]> {
  const found: string[][] = [];
  for await (const page of of) found.push(page);
  return found;
}

test.each([
  [3, [["a", "b", "c"], ["d"]], ["", "c"]],
  // A full page may be the last one: only the next can tell.
  [
    2,
    [
      ["a", "b"],
      ["c", "d"],
    ],
    ["", "b", "d"],
  ],
  [5, [ALL], [""]],
])("pages of %i have everything once, and the last is not asked beyond", async (size, seen, asked) => {
  const after: string[] = [];
  const read = async (last: string) => {
    after.push(last);
    return ALL.filter((id) => id > last).slice(0, size);
  };
  expect(await all(pages(size, read))).toEqual(seen);
  expect(after).toEqual(asked);
});

test("of nothing there is no page", async () => {
  expect(await all(pages(2, async () => []))).toEqual([]);
});

test("whoever has enough asks for no more", async () => {
  let asked = 0;
  for await (const _ of pages(1, async () => [String(++asked)])) break;
  expect(asked).toBe(1);
});
