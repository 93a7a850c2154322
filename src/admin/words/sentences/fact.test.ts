import { expect, test } from "vitest";
import { catalogue } from "../names";
import { factSentence } from "./fact";
import { plain, wordsOf } from "./sentence";

const words = wordsOf(catalogue());
const said = (type: string, data: Record<string, unknown> = {}): string => plain(factSentence({ type, data }, words));

test("a fact is said like the trigger that listens to it", () => {
  expect(said("course.enrolled", { course: "js-101" })).toBe("is enrolled in js-101");
  expect(said("tag.added", { tag: "vip" })).toBe("is tagged vip");
  expect(said("user.signed_up")).toBe("signs up");
  expect(said("custom.bought_book", { isbn: "1" })).toContain("bought_book");
});

test("a fact that nothing listens to is said by its type", () => {
  expect(said("automation.enrolled")).toBe("put into the automation by hand");
  expect(said("group.something_new")).toBe("group something new");
});
