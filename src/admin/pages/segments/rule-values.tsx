import type { FC } from "hono/jsx";
import type { Word } from "../../../automations/finding/pickers";
import type { AnswerTo } from "../../../http/answering/answers";
import type { Ctx } from "../../visit";
import { knownOf, meantOf, shownOf } from "../../words/meant";
import { COURSE_FIELDS, valueText } from "./rule-words";

/* What the value of a rule's condition may be, where that is known: a field's choices, courses and tags by their names. */

type ProfileField = AnswerTo<"GET /v1/profile-fields/:key">;
type Clause = AnswerTo<"GET /v1/segment-rules/:id">["where"][number];

/** By field. */
export type Offers = ReadonlyMap<string, readonly Word[]>;

export async function offersOf(c: Ctx, fields: readonly ProfileField[]): Promise<Offers> {
  const [courses, tags] = await Promise.all([knownOf(c, "course"), knownOf(c, "tag")]);
  return new Map<string, readonly Word[]>([
    ["tags", tags],
    ...COURSE_FIELDS.map((field) => [field, courses] as const),
    ...fields.flatMap(({ key, choices }) =>
      choices?.length ? [[key, choices.map((value) => ({ value }))] as const] : [],
    ),
  ]);
}

const listId = (field: string): string => `offers-${field.replaceAll(/\W/g, "-")}`;
const ALL = "offers";

/** The list that a value's input offers: of its field, or of all while none is chosen. */
export const listOf = (field: string | undefined, offers: Offers): string | undefined =>
  field === undefined || field === "" ? ALL : offers.has(field) ? listId(field) : undefined;

export const OfferLists: FC<{ offers: Offers; nameOf(field: string): string }> = ({ offers, nameOf }) => (
  <>
    {[...offers].map(([field, words]) => (
      <datalist id={listId(field)}>
        {words.map(({ value }) => (
          <option value={shownOf(words, value)} />
        ))}
      </datalist>
    ))}
    <datalist id={ALL}>
      {[...offers].flatMap(([field, words]) =>
        words.map(({ value }) => <option value={shownOf(words, value)}>{nameOf(field)}</option>),
      )}
    </datalist>
  </>
);

/** A value as it may be typed over. */
export const shownValue = (clause: Clause | undefined, offers: Offers): string => {
  const words = offers.get(clause?.field ?? "") ?? [];
  const value = clause?.value;
  return Array.isArray(value)
    ? value.map((one) => shownOf(words, String(one))).join(", ")
    : shownOf(words, valueText(value));
};

/** A typed text as the value it means: a course by its name is its id. */
export const meantValue = (field: string, text: string, offers: Offers): string =>
  COURSE_FIELDS.includes(field) ? meantOf(offers.get(field) ?? [], text) : text;
