import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { TRIES } from "../src/calls/messages";

const text = readFileSync("wrangler.toml", "utf8");
const consumers = text.split("[[queues.consumers]]").slice(1);
const optionOf = (consumer: string, name: string) => new RegExp(`^${name} = "?([^"\\n]+)"?$`, "m").exec(consumer)?.[1];

test("each queue gives a message up after as many tries as the code counts, and what it gives up has a consumer", () => {
  const names = consumers.map((one) => optionOf(one, "queue"));
  const working = consumers.filter((one) => !optionOf(one, "queue")?.endsWith("-dead"));
  expect(working.length).toBeGreaterThan(0);
  for (const one of working) {
    expect(Number(optionOf(one, "max_retries")) + 1, optionOf(one, "queue")).toBe(TRIES);
    expect(names).toContain(optionOf(one, "dead_letter_queue"));
  }
});
