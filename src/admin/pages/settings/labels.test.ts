import { expect, test } from "vitest";
import { channels } from "../../../catalogue/channels";
import { jsonSchemaOf } from "../../../catalogue/options/json-schema";
import { connectorSettings, ways } from "../../../connectors";
import type { OptionSchema } from "../../../definition/catalogue";
import { german } from "../../../language/german";
import { choicesOf } from "../../components/forms/schema-form";

/* What connectors and channels call themselves comes from below the UI, where nothing asks for its German. */

/** As a form shows an option: by its title, or by its name. */
const shown = (name: string, { title = name.replaceAll("_", " "), description = "" }: OptionSchema): string[] => [
  title,
  description,
];

test("whatever the settings show of connectors and channels has its German", () => {
  const whole = jsonSchemaOf(connectorSettings, "output") as OptionSchema;
  const options = ways
    .flatMap(({ name }) => choicesOf(whole.properties?.[name]))
    .flatMap(({ properties = {} }) => Object.entries(properties))
    .filter(([, option]) => option.const === undefined);
  const texts = [
    ...ways.flatMap(({ label, what, vendors }) => [
      label,
      what,
      ...vendors.flatMap((vendor) => [vendor.label ?? "", vendor.description ?? ""]),
    ]),
    ...channels.flatMap(({ name, label }) => [name, label, label.toLowerCase()]),
    ...options.flatMap(([name, option]) => shown(name, option)),
  ];
  expect(texts.filter((text) => text !== "" && !Object.hasOwn(german, text))).toEqual([]);
});
