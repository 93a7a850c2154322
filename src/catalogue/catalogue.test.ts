import { expect, test } from "vitest";
import { z } from "zod";
import promised from "../../docs/catalogue.json";
import { actions, conditions, eventOf, events, triggers } from ".";

const named = z.object({
  type: z.string(),
  label: z.string(),
  category: z.string(),
  params: z.record(z.string(), z.string()),
  only_with: z.array(z.string()).optional(),
  makes: z.array(z.string()).optional(),
});

const optional = (text: string) =>
  /\?|=/.test(text.split("—")[0] ?? "") || text.includes("(default)") || /\? any$/.test(text);

for (const [kind, registry] of Object.entries({
  triggers: [...triggers.values()].filter((one) => !one.listening),
  conditions: [...conditions.values()],
  actions: [...actions.values()],
})) {
  const list = z.array(named).parse(promised[kind as "triggers" | "conditions" | "actions"]);

  test(`every one of the ${kind} that are promised is there, and no other`, () => {
    expect(registry.map((one) => one.type).sort()).toEqual(list.map((one) => one.type).sort());
  });

  test.each(list)(`${kind} $type: label, category, params and what it goes with are as promised`, (entry) => {
    const card = registry.find((one) => one.type === entry.type);
    expect([card?.label, card?.category]).toEqual([entry.label, entry.category]);
    expect(Object.keys(card?.params.shape ?? {}).sort()).toEqual(Object.keys(entry.params).sort());
    const needed = Object.entries(card?.params.shape ?? {}).flatMap(([name, field]) =>
      z.safeParse(field, undefined).success ? [] : [name],
    );
    const promisedNeeded = Object.entries(entry.params).flatMap(([name, text]) => (optional(text) ? [] : [name]));
    // Anything is a value, nothing included: its operator decides whether it must be there.
    expect(needed.sort()).toEqual(promisedNeeded.filter((name) => entry.params[name] !== "any").sort());
    if (card && "onlyWith" in card) expect(card.onlyWith).toEqual(entry.only_with);
    else expect(entry.only_with).toBeUndefined();
    if (card && "makes" in card) expect(card.makes).toEqual(entry.makes);
    expect(card?.description).toMatch(/\.$/);
  });
}

test("every event that is promised is there, those of a browser marked", () => {
  const list = Object.entries(promised.events);
  expect([...events.keys()].sort()).toEqual(list.map(([type]) => type).sort());
  for (const [type, entry] of list) expect(events.get(type)?.browser, type).toBe("browser" in entry);
  expect(eventOf("custom.any_name.v2")?.type).toBe("custom.<name>");
  for (const none of ["custom.<name>", "custom.", "custom.A", `custom.${"a".repeat(65)}`, "constructor"]) {
    expect(eventOf(none), none).toBeUndefined();
  }
});

test("the promised counts: 41 triggers, 32 conditions, 28 actions", () => {
  const own = (cards: Iterable<{ category: string; listening?: boolean }>) =>
    [...cards].filter((one) => one.category !== "beyond" && !one.listening).length;
  expect({
    triggers: own(triggers.values()),
    conditions: own(conditions.values()),
    actions: own(actions.values()),
  }).toEqual(promised.counts);
});

test("the data of an event is open: what an LMS tells besides is kept", () => {
  expect(events.get("user.signed_up")?.data.parse({ auth_method: "sso", campaign: { id: 7 } })).toEqual({
    auth_method: "sso",
    campaign: { id: 7 },
  });
});
