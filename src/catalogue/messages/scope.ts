import { entry } from "../../base/record";
import type { ListedVariable } from "../../definition/variables";
import { currentYear, formatInstant } from "../dates/time";
import type { View } from "../facts/facts";
import { PRODUCT_KINDS, type ProductKind } from "../facts/products";
import { kinds, triggerValue } from "../kinds";
import { type Piece, pieceVariable } from "./pieces";

/** The settings of the school that messages may name, as `school.<name>`. */
export const SCHOOL_VARIABLES = [
  "url",
  "support_email",
  "account_link",
  "company_name",
  "contact_email",
  "inbox_link",
  "mail_signature",
  "address",
  "sales_email",
  "logo_url",
  "description",
  "currency",
] as const;

const moment = (at: number | null | undefined): string | null =>
  at === null || at === undefined ? null : formatInstant(at);

const NAMES_PRODUCT = new RegExp(`\\b(?:${PRODUCT_KINDS.join("|")})\\b`);
/** Brackets may hold a name that is known only when it is rendered. */
const NAMES_ITS_NAME = /\b(?:name|url)\b|\[/;

/** Whether a template may say what a product is called or where it is; where it may not, nothing has to be read for it. */
export const mayName = (template: string): boolean => NAMES_PRODUCT.test(template) && NAMES_ITS_NAME.test(template);

/** The products of the fact, by their kinds: without a name an id stands in its place. */
function productsOf({ school, fact }: Pick<View, "school" | "fact">) {
  return Object.fromEntries(
    PRODUCT_KINDS.flatMap((kind) => {
      const id = triggerValue(kind, fact.data);
      if (id === undefined) return [];
      const { name, url } = school.names.of(kind, id) ?? { name: null, url: null };
      return [[kind, { id, name: name ?? id, url }]];
    }),
  );
}

/** What a template may name, as plain JSON: a copy, so that nothing of ours is within its reach. */
export function scopeOf(view: Pick<View, "learner" | "school" | "fact" | "now">): Record<string, unknown> {
  const { learner, school, fact, now } = view;
  const products = productsOf(view);
  const course = products.course?.id;
  const record = course === undefined ? undefined : entry(learner.courses, course);
  return structuredClone({
    user: {
      id: learner.id,
      username: learner.username,
      email: learner.email,
      fields: learner.fields,
    },
    school: {
      name: school.name,
      ...Object.fromEntries(SCHOOL_VARIABLES.map((name) => [name, school.settings[name]])),
    },
    event: fact.data,
    current_year: currentYear(now, school.settings.timezone),
    ...products,
    course:
      course === undefined
        ? undefined
        : {
            ...products.course,
            percent: record?.percent ?? 0,
            started_at: moment(record?.startedAt),
            completed_at: moment(record?.completedAt),
          },
  });
}

const nounOf = (kind: ProductKind): string => kinds.get(kind)?.noun ?? kind;

const FIELD_OF_USER = "user.fields.<name>";

const PIECE = pieceVariable("<id>");

/** The variables that a message editor offers. */
export const VARIABLES: readonly ListedVariable[] = [
  { type: "user.username", label: "The user's name" },
  { type: "user.email", label: "The user's email" },
  { type: "user.id", label: "The user's id" },
  { type: FIELD_OF_USER, label: "A field of the user" },
  { type: "school.name", label: "The school's name" },
  ...SCHOOL_VARIABLES.map((name) => ({ type: `school.${name}`, label: `The school's ${name.replaceAll("_", " ")}` })),
  { type: "current_year", label: "The year" },
  { type: "unsubscribe_url", label: "A link that ends marketing mail" },
  { type: "preferences_url", label: "A link to the learner's own page, good for 30 days" },
  { type: PIECE, label: "A piece of text that the school has written" },
  { type: "event.<data>", label: "What the event brought" },
  { type: "course.name", label: "The name of the event's course" },
  { type: "course.url", label: "The address of that course" },
  { type: "course.id", label: "The course of the event" },
  { type: "course.percent", label: "The progress in that course" },
  { type: "course.started_at", label: "When that course was started" },
  { type: "course.completed_at", label: "When that course was completed" },
  ...PRODUCT_KINDS.filter((kind) => kind !== "course").flatMap((kind) => [
    { type: `${kind}.name`, label: `The name of the event's ${nounOf(kind)}` },
    { type: `${kind}.url`, label: `The address of that ${nounOf(kind)}` },
    { type: `${kind}.id`, label: `The ${nounOf(kind)} of the event` },
  ]),
];

const OF_EVENT: ReadonlySet<string> = new Set(["event", ...PRODUCT_KINDS]);

/** Whether a variable has a value only where an event leads to the message: its data, or the product that it is about. */
export const isOfEvent = (name: string): boolean => OF_EVENT.has(name.split(/[.[]/, 1)[0] ?? "");

/**
 * The same of a school, with the fields that it has declared and the pieces that it has written.
 * @param fields their names, by their keys
 */
export const variablesOf = (
  fields: ReadonlyMap<string, string>,
  pieces: readonly Pick<Piece, "id" | "name">[],
): ListedVariable[] =>
  VARIABLES.flatMap((one) => {
    if (one.type === FIELD_OF_USER)
      return [...fields].map(([key, label]) => ({ type: FIELD_OF_USER.replace("<name>", key), label }));
    if (one.type === PIECE) return pieces.map(({ id, name }) => ({ type: pieceVariable(id), label: name }));
    return [one];
  });
