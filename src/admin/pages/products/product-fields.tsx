import type { FC } from "hono/jsx";
import type { Word } from "../../../automations/finding/pickers";
import type { Problem } from "../../../base/errors/errors";
import type { Teller } from "../../../catalogue/facts/products";
import type { AnswerTo } from "../../../http/answering/answers";
import { later, say, type Text } from "../../../language/say";
import { FormField, TextField } from "../../components/forms/form";
import { PickField } from "../../components/forms/pick";
import { type FormFields, faultAt, type Visit } from "../../visit";
import { saidDate, shownCourses, shownDate } from "./written";

/* The fields of a product's form: as they are shown, and as they were sent. */

export type Product = AnswerTo<"GET /v1/products/:type/:id">;

/** From whom we know it. */
const TELLER_WORDS = {
  hand: later("by hand"),
  lms: later("by the LMS"),
  event: later("by an event"),
} as const satisfies Readonly<Record<Teller, Text>>;
export const tellerText = (teller: Teller): string => say(TELLER_WORDS[teller]);

export const TEXTS = ["name", "url", "image_url", "parent"] as const;
export const DATES = ["starts_at", "ends_at", "due_at"] as const;
type Key = (typeof TEXTS)[number] | (typeof DATES)[number];

/** What the form holds: as it was sent, or as it is said by hand. The hour of a date stands in a field of its own. */
export type Written = Readonly<Record<string, string>>;
export const hourOf = (date: (typeof DATES)[number]): string => `${date}_hour`;

/** What was said of it by hand, as it is kept. */
export const ownOf = (product: Product | null, key: Key): string =>
  product?.told[key] === "hand" ? String(product[key] ?? "") : "";

/** Only what was said by hand stands in the fields: saved again, what others tell would be ours. */
export const writtenOf = (
  product: Product | null,
  courses: Readonly<Record<string, string>>,
  zone: string,
): Written => ({
  ...Object.fromEntries(TEXTS.map((key) => [key, ownOf(product, key)])),
  ...Object.fromEntries(
    DATES.flatMap((key) => {
      const { day, hour } = shownDate(ownOf(product, key), zone);
      return [
        [key, day],
        [hourOf(key), hour],
      ];
    }),
  ),
  courses: product?.told.courses === "hand" ? shownCourses(product.courses ?? [], courses) : "",
});

export const readForm = (fields: FormFields): Written =>
  Object.fromEntries([...TEXTS, ...DATES, ...DATES.map(hourOf), "courses"].map((key) => [key, fields.text(key)]));

export const LABELS = {
  name: [later("Name"), () => say("As learners know it.")],
  url: [later("Address"), () => say("Where learners find it: {variable} in a mail.", { variable: "{{ course.url }}" })],
  image_url: [later("Address of its image"), () => "https://…"],
  parent: [later("Part of"), () => say("The course it is in, by its name, or the id of what it is in.")],
  starts_at: [later("Starts@begins"), () => say("In the school’s time; the hour may be left out.")],
  ends_at: [later("Ends@closes"), () => ""],
  due_at: [later("Due"), () => ""],
} as const satisfies Readonly<Record<Key, readonly [label: Text, hint: () => string]>>;

interface FieldProps<Name extends Key> {
  name: Name;
  visit: Visit;
  product: Product | null;
  values: Written;
  refused: Problem | null;
}

/** What others have told of it stands beside a field as a hint. */
function hintOf({ name, product, visit }: Pick<FieldProps<Key>, "name" | "product" | "visit">): string {
  const teller = product?.told[name];
  if (!teller || teller === "hand") return LABELS[name][1]();
  const value = saidOf(product, name, visit.timezone);
  return say("Known {how}: {value}. What stands here goes before it.", { how: tellerText(teller), value });
}

const isOfDate = (key: Key): boolean => DATES.some((one) => one === key);

/** A value for people. */
export const saidOf = (product: Product, key: Key, zone: string): string => {
  const value = String(product[key] ?? "");
  return isOfDate(key) ? saidDate(value, zone) : value;
};

export const ProductField: FC<FieldProps<(typeof TEXTS)[number]> & { known: readonly Word[] }> = ({
  known,
  ...props
}) => {
  const { name, values, refused } = props;
  const field = {
    name,
    label: say(LABELS[name][0]),
    optional: name !== "name",
    required: name === "name",
    value: values[name] ?? "",
    hint: hintOf(props),
    fault: faultAt(refused, `/${name}`),
  };
  return name === "parent" ? <PickField {...field} kind="course" known={known} /> : <TextField {...field} />;
};

/** A day is picked, and an hour where one is meant. */
export const DateField: FC<FieldProps<(typeof DATES)[number]>> = (props) => {
  const { name, values, refused } = props;
  const label = say(LABELS[name][0]);
  const id = `f-${name}`;
  return (
    <FormField id={id} label={label} optional hint={hintOf(props)} fault={faultAt(refused, `/${name}`)}>
      <span class="inline">
        <input id={id} class="is-short" name={name} type="date" value={values[name]} aria-describedby={`${id}-says`} />
        <input
          class="is-short"
          name={hourOf(name)}
          type="time"
          value={values[hourOf(name)]}
          aria-label={say("Hour of “{label}”", { label })}
        />
      </span>
    </FormField>
  );
};
