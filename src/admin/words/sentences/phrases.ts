import type { CatalogueEntry, OptionSchema, PartKind } from "../../../definition/catalogue";
import { type CardUse, type Condition, isRecord } from "../../../definition/types";
import { groupOf } from "../../../definition/walk";
import { inWords, many, say } from "../../../language/say";
import { type Part, partsOf } from "../templates";
import { durationBehind, durationText, shiftText } from "../values/durations";
import { roleWord } from "../values/roles";
import {
  DATE,
  dateText,
  fieldName,
  named,
  numberText,
  readable,
  scopeText,
  shortened,
  windowText,
} from "../values/values";
import { called, joined, type Span, said, text, verb, type Words, within, woven } from "../words";
import { operatorText, wordFor } from "./sentences";

interface Saying {
  card: CardUse;
  schema: OptionSchema;
  words: Words;
  inverted: boolean;
}

const isEmpty = (value: unknown): boolean =>
  value === undefined ||
  value === null ||
  value === "" ||
  value === false ||
  (Array.isArray(value) && value.length === 0);

const fieldSchema = (schema: OptionSchema, key: string): OptionSchema => schema.properties?.[key] ?? {};
const pickerOf = (schema: OptionSchema): string | undefined => schema.picker ?? schema.items?.picker;

/** "everybody with the role owner" of `role:owner`, which stands for all collaborators who have it. */
export function roleText(value: string): string | undefined {
  const role = /^role:(.+)$/.exec(value)?.[1];
  return role === undefined
    ? undefined
    : say("everybody with the role {role}", { role: wordFor(role) ?? inWords(role) });
}

function one(value: unknown, schema: OptionSchema, words: Words): Span {
  const picker = pickerOf(schema);
  if (value === "$trigger") return said(startedText(picker, words));
  if (typeof value === "number") return said(numberText(value));
  if (typeof value !== "string") return said(isRecord(value) ? JSON.stringify(value) : String(value));
  if (picker === undefined && /^P[\dT]/.test(value)) return said(durationText(value));
  if (DATE.test(value)) return said(dateText(value));
  const role = roleText(value);
  if (role !== undefined) return said(role);
  if (picker === "attribute") return called(words.nameOf("field", fieldName(value)));
  if (picker !== undefined) return called(words.nameOf(picker, value));
  const isFixed = schema.enum !== undefined || schema.items?.enum !== undefined || schema.const !== undefined;
  const word = wordFor(value) ?? (isFixed ? named(value) : undefined);
  return word === undefined ? called(value) : said(word);
}

/** What stands for the one in the fact that started a run. */
export const startedText = (picker: string | undefined, words: Words): string =>
  say("the {noun} that started it", { noun: words.nounOf(picker) });

const listed = (value: unknown, schema: OptionSchema, words: Words, word: "and" | "or"): Span[] =>
  joined(
    (Array.isArray(value) ? value : [value]).map((item) => [one(item, schema, words)]),
    word,
  );

/** What compares with what: "Department is Sales and Country is one of GR, CY". */
const clauses = (value: unknown, words: Words): Span[] =>
  joined(
    (Array.isArray(value) ? value : [])
      .filter(isRecord)
      .map((clause) => [
        said(words.nameOf("field", fieldName(clause.field ?? clause.path ?? "")) || "…"),
        text(` ${operatorText(String(clause.op ?? "is"))} `),
        ...(isEmpty(clause.value) ? [] : listed(clause.value, {}, words, "or")),
      ]),
    "and",
  );

type Filter = (value: unknown, saying: Saying, schema: OptionSchema) => Span[];

/** What a slot of a sentence may name behind `|`. */
export const FILTERS: Readonly<Record<string, Filter>> = {
  and: (value, { words }, schema) => listed(value, schema, words, "and"),
  /** A list joined as the card's `match` says, all being the default. */
  match: (value, { words, card }, schema) => listed(value, schema, words, card.match === "any" ? "or" : "and"),
  days: (value) => [said(many(Number(value), "{n} day", "{n} days"))],
  times: (value) => [said(many(Number(value), "once", "{n} times"))],
  percent: (value) => [said(`${typeof value === "number" ? numberText(value) : String(value)} %`)],
  quote: (value) =>
    joined(
      [value]
        .flat()
        .map((part) => [
          said(say("“{text}”", { text: shortened(typeof part === "string" ? readable(part) : JSON.stringify(part)) })),
        ]),
      "and",
    ),
  address: (value) => [said(shortened(String(value).replace(/^https?:\/\//, "")))],
  moment: (value) => [
    said(
      String(value).replace(/^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2}).*$/, (_, date: string, time: string) =>
        say("{day}, {time}", { day: dateText(date), time }),
      ),
    ),
  ],
  window: (value) => [said(isRecord(value) ? windowText(value) : say("any time"))],
  shift: (value) => [said(shiftText(String(value)))],
  field: (value, { words }) => {
    const ofEvent = /^event\.(.+)$/.exec(String(value))?.[1];
    return [
      ofEvent === undefined
        ? called(words.nameOf("field", fieldName(value)))
        : said(say("the event's {field}", { field: named(ofEvent) })),
    ];
  },
  role: (value) => [said(roleWord(String(value)))],
  op: (value) => [verb(operatorText(String(value)))],
  scope: (value) => [said(scopeText(String(value)))],
  since: (value) => [
    value === "trigger"
      ? verb(say("this started@since"))
      : said(say("{duration} ago@since", { duration: durationBehind(String(value)) })),
  ],
  trigger: (value, { words }) =>
    isRecord(value) && typeof value.type === "string"
      ? triggerSentence({ ...value, type: value.type }, words)
      : [said("…")],
  // A condition, or a tree of them, is the only record that such a place holds.
  condition: (value, { words }) =>
    isRecord(value) ? conditionSentence(value as unknown as Condition, words) : [said("…")],
  ways: (_, { words, card }) => [
    said(
      words
        .lanesOf(card)
        .map(({ name }) => name)
        .join(" / "),
    ),
  ],
  clauses: (value, { words }) => clauses(value, words),
  map: (value, { words }) =>
    joined(
      (Array.isArray(value) ? value : []).filter(isRecord).map((row) => {
        const { tags, ...from } = row;
        return [
          ...listed(Object.values(from)[0] ?? [], {}, words, "or"),
          text(" → "),
          ...listed(tags ?? [], {}, words, "and"),
        ];
      }),
      "and",
    ),
};

/** Renders parts; `complete` is false when one of the options named in them is empty and has no fallback. */
function render(parts: readonly Part[], saying: Saying, optional = false): { spans: Span[]; complete: boolean } {
  const spans: Span[] = [];
  let complete = true;
  for (const part of parts) {
    if ("text" in part) spans.push(verb(part.text));
    else if ("positive" in part) spans.push(verb(saying.inverted ? part.negative : part.positive));
    else if ("optional" in part) {
      const inner = render(part.optional, saying, true);
      if (inner.complete) spans.push(...inner.spans);
    } else {
      const schema = fieldSchema(saying.schema, part.key);
      const given = Object.hasOwn(saying.card, part.key) ? saying.card[part.key] : undefined;
      const value = isEmpty(given) && given !== false ? schema.default : given;
      const missing = isEmpty(value) || (optional && value === schema.default);
      if (part.shows !== "value") complete = complete && missing === (part.shows === "absence");
      else if (missing) {
        complete = complete && part.fallback !== undefined;
        spans.push(part.fallback === undefined ? said("…") : verb(part.fallback));
      } else {
        const filter = part.filter === undefined ? undefined : FILTERS[part.filter];
        spans.push(...(filter ? filter(value, saying, schema) : listed(value, schema, saying.words, "or")));
      }
    }
  }
  return { spans, complete };
}

/** From the label and the options that are set, for a card without a sentence of its own. */
function fallback({ card, schema, words, inverted }: Saying, entry: CatalogueEntry | undefined): Span[] {
  const label = entry?.label ?? card.type;
  const options = Object.entries(card).filter(([key, value]) => key !== "type" && key !== "id" && !isEmpty(value));
  const details = options.map(([key, value]) => [
    text(`${named(key)} `),
    ...listed(value, fieldSchema(schema, key), words, "or"),
  ]);
  const what = within(label);
  return [
    verb(inverted ? say("not: {what}", { what }) : what),
    ...(details.length === 0 ? [] : [text(" ("), ...joined(details, "and"), text(")")]),
  ];
}

/** What a card says by itself: by its template, else from its label and options. */
export function cardSentence(kind: PartKind, card: CardUse, words: Words, inverted = false): Span[] {
  const entry = words.entry(kind, card.type);
  const saying: Saying = { card, schema: entry?.params ?? {}, words, inverted };
  return entry?.says === undefined ? fallback(saying, entry) : merged(render(partsOf(entry.says), saying).spans);
}

/** "das Schlagwort" before "„Schlagwort des Auslösers“": where a language begins the one with its noun, it stands once. */
function withoutNoun(span: Span, before: string): Span {
  const noun = /(\p{L}+) $/u.exec(before)?.[1];
  const bare = span.text.replaceAll(/^[„“”]|[„“”]$/g, "");
  if (noun === undefined || !bare.startsWith(`${noun} `)) return span;
  const ones = [
    say("the {noun} that started it", { noun }),
    say("the {noun} you choose", { noun }),
    say("the next {noun}", { noun }),
  ];
  return ones.includes(span.text) ? { ...span, text: bare.slice(noun.length + 1) } : span;
}

/** Neighbours of one kind as one span, without doubled blanks at their seams. */
function merged(spans: readonly Span[]): Span[] {
  const out: Span[] = [];
  for (const span of spans) {
    const last = out.at(-1);
    if (span.text === "") continue;
    if (last && last.as === span.as && span.as !== "value" && span.as !== "name")
      out[out.length - 1] = { ...last, text: last.text + span.text };
    else out.push(last ? withoutNoun(span, last.text) : span);
  }
  const end = out.at(-1);
  if (end) out[out.length - 1] = { ...end, text: end.text.replace(/[;,]?\s+$/, "") };
  return out;
}

/** What follows "a learner": "is tagged vip and parent". */
export const triggerSentence = (card: CardUse, words: Words): Span[] => cardSentence("trigger", card, words);

/** What follows "they": "have the tag vip and (own the subscription gold or …)". */
export function conditionSentence(condition: Condition, words: Words, inverted = false, nested = false): Span[] {
  const group = groupOf(condition);
  if (!group) return cardSentence("condition", condition as CardUse, words, inverted); // no group: a leaf
  const [first] = group.parts;
  if (group.join === "not" && first) return conditionSentence(first, words, !inverted, nested);
  if (group.parts.length === 0) return [said("…")];
  if (group.parts.length === 1 && first) return conditionSentence(first, words, inverted, nested);
  const parts = joined(
    group.parts.map((part) => conditionSentence(part, words, false, true)),
    group.join === "any" ? "or" : "and",
  );
  if (inverted) return woven("not ({conditions})", { conditions: parts });
  return nested ? [text("("), ...parts, text(")")] : parts;
}
