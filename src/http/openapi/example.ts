import { addTagsAction } from "../../catalogue/tags/actions";
import { TAG_ADDED } from "../../catalogue/tags/change";
import { hasTags } from "../../catalogue/tags/conditions";
import type { OptionSchema } from "../../definition/catalogue";

/*
 * An example of each card to copy: made of its options, so that none is ever out of date. A test has each of them checked
 * as a definition is.
 */

/** By what ids are ids of. */
const IDS: Record<string, string> = {
  course: "js-101",
  bundle: "frontend",
  subscription: "pro",
  tag: "vip",
  group: "class-a",
  segment: "seg_sales",
  field: "department",
  collaborator: "team@acme.com",
};

/** By the name of the option: values that say what it is for. */
const NAMED: Record<string, unknown> = {
  url: "https://hooks.example.com/in",
  subject: "Welcome {{ user.username }}",
  body: "Hello {{ user.username }}",
  title: "News",
  email: "anna@acme.com",
  pattern: "@acme\\.com$",
  domain: "acme.com",
  name: "badge_earned",
  currency: "EUR",
  to: "team@acme.com",
  timezone: "Europe/Athens",
  at: "09:00",
  from: "2026-01-01",
  for: "P2D",
  until: "2026-02-01T09:00",
  timeout: "P7D",
};

const FORMATS: Record<string, string> = {
  "date-time": "2026-01-01T09:00:00.000Z",
  date: "2026-01-01",
  duration: "P2D",
  email: "anna@acme.com",
  uri: "https://hooks.example.com/in",
};

const TRIGGER = { type: TAG_ADDED, tags: ["vip"] };
const CONDITION = { type: hasTags.type, tags: ["vip"] };
const STEP = { type: addTagsAction.type, tags: ["vip"] };

/** Options as a person might give them: those that are needed, and lists that narrow. */
export function exampleOf(params: OptionSchema): Record<string, unknown> {
  const { properties = {}, required = [], exactly_one: one } = params;
  const wanted = new Set([...required, ...(one ? one.of.slice(0, 1) : []), ...("op" in properties ? ["value"] : [])]);
  return Object.fromEntries(
    Object.entries(properties).flatMap(([name, option]) => {
      const isWanted =
        wanted.has(name) || (option.picker !== undefined && !one?.of.includes(name)) || "widget" in option;
      // With no examples of its own it goes with another option.
      if (!isWanted || option.widget === "window" || option.examples?.length === 0) return [];
      return [[name, valueFor(name, option)]];
    }),
  );
}

function valueFor(name: string, option: OptionSchema): unknown {
  if (option.const !== undefined) return option.const;
  if (option.enum?.length) return option.enum[0];
  if (option.examples?.length) return option.examples[0];
  switch (option.widget) {
    case "trigger":
      return TRIGGER;
    case "condition":
      return CONDITION;
    case "steps":
      return [STEP];
    case "shares":
      return [
        { percent: 50, steps: [STEP] },
        { percent: 50, steps: [] },
      ];
  }
  if (option.type === "array") return [valueFor(singular(name), { ...option.items, ...pickerOf(option) })];
  const chosen = option.anyOf ?? option.oneOf;
  if (chosen?.[0]) return valueFor(name, { ...chosen[0], ...pickerOf(option) });
  if (option.picker) return IDS[option.picker] ?? `${option.picker}-1`;
  if (option.type === "object") return option.properties ? exampleOf(option) : {};
  if (option.type === "boolean") return true;
  if (option.type === "integer" || option.type === "number")
    return option.minimum ?? (option.exclusiveMinimum ?? 0) + 3;
  if (name.endsWith("_at")) return FORMATS["date-time"];
  const named = NAMED[name];
  if (typeof named === "string") return named;
  return FORMATS[option.format ?? ""] ?? IDS[name] ?? "text";
}

const pickerOf = ({ picker }: OptionSchema) => (picker ? { picker } : {});
const singular = (name: string) => (name.endsWith("s") ? name.slice(0, -1) : name);
