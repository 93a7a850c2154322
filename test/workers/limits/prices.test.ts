import { expect, test, vi } from "vitest";
import { ENTRIES_A_ROW } from "../../../durable-objects/store/store";
import { PRICE } from "../../../src/schools/costs/prices";
import { liveSchool } from "../live";
import { LEARNERS, PRICED, priceOf } from "../priced";

/*
 * What a million events cost by the platform's list prices (August 2026), processor time and duration left out: see
 * docs/performance.md, which has these figures.
 */

const { school, queues } = liveSchool();

test.each(PRICED)("an event $what costs at most $$most a million", async ({ most, automation, sent }) => {
  if (automation) await school.automation(automation);
  const { dollars, told } = await priceOf(school, queues, sent);
  expect(dollars).toBeLessThanOrEqual(most);
  // What the operator is told it costs is what was counted, within a tenth.
  expect(Math.abs(told / dollars - 1)).toBeLessThan(0.1);
});

test("a change adds at most $1.30 a million where it is carried out before the answer, and $0.30 in the feed", async () => {
  await school.automation({
    synchronous: true,
    when: [{ type: "custom", name: "go" }],
    then: [{ type: "user.set_field", field: "note", value: "{{ event.n }}" }],
  });
  const told = vi.spyOn(globalThis, "fetch").mockImplementation(async () => new Response());
  const { dollars, counted } = await priceOf(school, queues, { numbered: true });
  expect(counted.blocks).toBeGreaterThan(0);
  // A block is a call and a row of the school's object.
  expect(counted.blocks * (PRICE.objectRequest + PRICE.objectRow)).toBeLessThanOrEqual(0.3);
  expect(told).not.toHaveBeenCalled();
  const lms = { type: "webhook", url: "https://lms.acme.com/hook" };
  await school.ask("PATCH", "/v1/school", { settings: { connectors: { lms } } });
  const carried = await priceOf(school, queues, { numbered: true });
  expect(told.mock.calls.length).toBe(2 * ENTRIES_A_ROW * LEARNERS);
  expect(carried.dollars - dollars).toBeLessThanOrEqual(1.3);
});
