import { afterEach, describe, expect, test } from "vitest";
import { getTemplate, TEMPLATE_THEMES } from "../../automations/templates";
import { textsOf } from "../../automations/templates/define";
import { catalogueDocument } from "../../catalogue/document";
import { jsonSchemaOf } from "../../catalogue/options/json-schema";
import type { CatalogueEntry, OptionSchema } from "../../definition/catalogue";
import { isRecord } from "../../definition/types";
import { german } from "../../language/german";
import { ENGLISH, speakBy } from "../../language/say";
import { catalogue } from "./names";
import { optionLabel, valueLabel } from "./sentences/options";
import { OPERATORS, VALUES } from "./sentences/sentences";
import { translated } from "./translated";

const texts: Readonly<Record<string, string>> = german;
const inGerman = (text: string): string => (Object.hasOwn(texts, text) ? (texts[text] ?? text) : text);
const english = catalogueDocument();

afterEach(() => speakBy(() => ENGLISH));
const speakGerman = () => speakBy(() => ({ code: "de", locale: "de-DE", texts }));

const entries = (from: typeof english): CatalogueEntry[] => [
  ...from.events,
  ...from.triggers,
  ...from.listeners,
  ...from.conditions,
  ...from.actions,
  ...from.steps,
];

/** All that people read of the catalogue. */
function readIn(from: typeof english): string[] {
  const read: string[] = [];
  translated(from, (text) => {
    read.push(text);
    return text;
  });
  return [...new Set(read)].filter((text) => text !== "");
}

/** Every option of some schemas with its name, and every value that may be chosen. */
function askedIn(schemas: readonly OptionSchema[]): { options: [string, OptionSchema][]; values: string[] } {
  const options: [string, OptionSchema][] = [];
  const values = new Set<string>();
  const look = (schema: OptionSchema): void => {
    for (const [key, one] of Object.entries(schema.properties ?? {})) {
      if (key !== "type" && key !== "id") options.push([key, one]);
      look(one);
    }
    for (const one of [...(schema.anyOf ?? []), ...(schema.oneOf ?? []), ...(schema.items ? [schema.items] : [])])
      look(one);
    for (const value of [...(schema.enum ?? []), ...(schema.examples ?? []), schema.const])
      if (typeof value === "string") values.add(value);
  };
  schemas.forEach(look);
  return { options, values: [...values] };
}

describe("the catalogue in German", () => {
  test("says everything that people read of it", () => {
    expect(readIn(english).filter((text) => !Object.hasOwn(texts, text))).toEqual([]);
  });

  test("names every option and every value of cards", () => {
    const cards = [english.triggers, english.listeners, english.conditions, english.actions, english.steps].flat();
    const { options, values } = askedIn(cards.map(({ params }) => params));
    const wordsOf = (value: string) => OPERATORS[value] ?? VALUES[value] ?? value.replaceAll("_", " ");
    const known = new Set(Object.keys(texts).map((text) => text.replace(/@[a-z]+$/, "")));
    const missing = [...options.map(([key, schema]) => optionLabel(key, schema.title)), ...values.map(wordsOf)].filter(
      (text) => !known.has(text),
    );
    // Names in HTTP.
    expect([...new Set(missing)].sort()).toEqual(["PATCH", "POST", "PUT"]);
  });

  test("says what templates are called and ask for", () => {
    const templates = TEMPLATE_THEMES.flatMap((theme) => theme.templates);
    // Zod's JSON Schema; the UI's own type names the part that is used.
    const schemas = templates.map(({ params }) => jsonSchemaOf(params, "input") as OptionSchema);
    const asked = askedIn(schemas).options.flatMap(([, { title, description }]) => [title ?? "", description ?? ""]);
    const said = [
      ...TEMPLATE_THEMES.map(({ name }) => name),
      ...templates.flatMap(({ name, description }) => [name, description]),
      ...asked.filter((text) => text !== ""),
    ];
    expect(said.filter((text) => !Object.hasOwn(texts, text))).toEqual([]);
  });

  test("has what the mails of templates say, and a template made in German says it", () => {
    const templates = TEMPLATE_THEMES.flatMap((theme) => theme.templates);
    const said = new Set(templates.flatMap((template) => Object.values(textsOf(template))));
    expect([...said].filter((text) => !/^(?:PT?\d|[a-z_]+$)/.test(text) && !Object.hasOwn(texts, text))).toEqual([]);
    const made = () =>
      JSON.stringify(getTemplate("onboarding-drip")?.build({ courses: ["js"], tips_subject: "Tips!" }));
    expect(made()).toContain("How is it going?");
    speakGerman();
    expect(made()).toContain("Wie läuft es?");
    expect(made()).toContain("Tips!");
    expect(made()).not.toContain("How is it going?");
  });

  test("fills the same slots of a sentence, by the same filters", () => {
    const slots = (says: string) =>
      [...says.matchAll(/\{([^}]*)\}/g)].map(([, inside = ""]) => {
        const [head = "", filter = ""] = inside.split("|");
        return { key: head.split(": ")[0] ?? "", filter };
      });
    const shown = (says: string) =>
      [...new Set(slots(says).flatMap(({ key, filter }) => (/[!?]/.test(key) ? [] : [`${key}|${filter}`])))].sort();
    const asked = (says: string) => new Set(slots(says).map(({ key }) => key.replace(/^!|\?$/g, "")));
    const shape = (says: string) => ({
      slots: shown(says),
      turns: says.match(/<[^>]*\|[^>]*>/g)?.length ?? 0,
      isWhole: says.split("[").length === says.split("]").length && says.split("{").length === says.split("}").length,
    });
    for (const { says } of entries(english)) {
      if (says === undefined) continue;
      const other = inGerman(says);
      // A condition may turn in German where English turns twice or once: what counts is that it turns.
      expect({ says, ...shape(other), turns: shape(other).turns > 0 }).toEqual({
        says,
        ...shape(says),
        turns: shape(says).turns > 0,
      });
      expect([...asked(other)].filter((key) => !asked(says).has(key))).toEqual([]);
    }
  });

  test("leaves values, types and keys as they are", () => {
    const READ = ["label", "also", "description", "says", "counted", "name", "lead", "title", "message"];
    const rest = (value: unknown, isNames = false): unknown =>
      Array.isArray(value)
        ? value.map((one) => rest(one))
        : isRecord(value)
          ? Object.fromEntries(
              Object.entries(value)
                .filter(([key]) => isNames || !READ.includes(key))
                .map(([key, one]) => [key, rest(one, key === "properties" && !isNames)]),
            )
          : value;
    expect(rest(translated(english, () => "✓"))).toEqual(rest(english));
  });

  test("is found by English words too", () => {
    const also = translated(english, inGerman).steps.find(({ type }) => type === "wait")?.also;
    expect(also).toEqual(expect.arrayContaining(["delay", "pause", "Verzögerung"]));
    expect(also?.filter((one) => one.toLowerCase() === "pause")).toEqual(["pause"]);
  });
});

describe("the catalogue", () => {
  test("is the contract's own in English, and made once for each language", () => {
    const first = catalogue();
    expect(first).toEqual(english);
    expect(catalogue()).toBe(first);
    speakGerman();
    const other = catalogue();
    expect(other.kinds.find(({ type }) => type === "course")?.label).toBe("Kurs");
    expect(catalogue()).toBe(other);
    speakBy(() => ENGLISH);
    expect(catalogue()).toBe(first);
  });
});

describe("a name of the contract", () => {
  test("is read as words, in the reader's language", () => {
    const said = () => [
      optionLabel("on_event"),
      optionLabel("x", "At most"),
      valueLabel("plan_changed"),
      valueLabel("app_course"),
    ];
    expect(said()).toEqual(["On event", "At most", "plan changed", "course in the app"]);
    speakGerman();
    expect(said()).toEqual(["Wenn es geschieht", "Höchstens", "Tarif gewechselt", "Kurs in der App"]);
  });
});
