import { expect, test } from "vitest";
import { database } from "../../db/client";
import { vocabulary } from "../../db/schema";
import { env } from "../../http/test-client";
import { wordsLike } from "./vocabulary";

const school = "sch_words";

test("pickers offer the words of their kind, a product of any kind sold, and nothing where facts name nothing", async () => {
  const words = [
    ["course", "js-101"],
    ["bundle", "js-all"],
    ["subscription", "gold"],
    ["tag", "js"],
    ["space", "js-lounge"],
  ] as const;
  await database(env.DB)
    .insert(vocabulary)
    .values(words.map(([kind, value]) => ({ school, kind, key: value, value })));
  const offered = async (kind: string, q = "") => (await wordsLike(env, school, kind, q)).map(({ value }) => value);
  expect(await offered("course")).toEqual(["js-101"]);
  expect(await offered("product")).toEqual(["js-101", "js-all", "gold"]);
  expect(await offered("product", "JS")).toEqual(["js-101", "js-all"]);
  expect(await offered("space")).toEqual([]);
});
