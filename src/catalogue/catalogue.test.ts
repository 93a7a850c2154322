import { expect, test } from "vitest";
import * as z from "zod";
import promised from "../../docs/catalogue.json";
import { actions, conditions, eventOf, events, triggers } from ".";
import type { Event } from "./define-event";
import { kinds } from "./kinds";
import { pickerOf } from "./options/meta";

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

test("what an option holds ids of is a kind", () => {
  const cards = [...triggers.values(), ...conditions.values(), ...actions.values()];
  const pickers = cards.flatMap(({ params }) => Object.values(params.shape).flatMap((field) => pickerOf(field) ?? []));
  expect([...kinds.keys()]).toEqual(expect.arrayContaining(pickers));
});

test.each([
  ["inactivity.school", {}, { scope: "school", direction: "after", includeAlready: false }],
  ["inactivity.app", { include_already_inactive: true }, { scope: "app", direction: "after", includeAlready: true }],
  ["inactivity.course", { courses: ["js"] }, { scope: "course", direction: "after", courses: ["js"] }],
  ["inactivity.app_course", {}, { scope: "app_course", direction: "after" }],
  ["trial.ending", {}, { scope: "trial", direction: "before", includeAlready: false }],
])("the trigger %s says what it watches", (type, params, watch) => {
  expect(triggers.get(type)?.bind({ days: 7, ...params }).watches).toMatchObject({ days: 7, ...watch });
});

test("what is brought about by events alone watches nothing", () => {
  expect(triggers.get("user.signed_in")?.bind({}).watches).toBeNull();
});

test("an event says what it asks of its sender and tells the school", () => {
  const says = (is: (event: Event) => unknown) => [...events.values()].filter(is).map(({ type }) => type);
  expect(says((one) => one.forEmailAlone)).toEqual(["form.submitted"]);
  expect(says((one) => one.signsUp)).toEqual(["user.signed_up"]);
  expect(events.get("tag.added")?.tags?.of({ tag: ["a", "b"] })).toEqual(["a", "b"]);
  expect(events.get("tag.added")?.tags?.of({})).toEqual([]);
  expect(events.get("bundle.enrolled")?.holds?.({ bundle: "b", courses: ["c"] })).toEqual({
    bundle: "b",
    courses: ["c"],
  });
  expect(events.get("bundle.enrolled")?.holds?.({ bundle: "b" })).toBeNull();
  expect(eventOf("custom.bought_book")?.allowedAs).toBe("bought_book");
});

test("the data of an event is open: what an LMS tells besides is kept", () => {
  expect(events.get("user.signed_up")?.data.parse({ auth_method: "sso", campaign: { id: 7 } })).toEqual({
    auth_method: "sso",
    campaign: { id: 7 },
  });
});
