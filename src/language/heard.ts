import { figure, language } from "./say";

/*
 * What the API said, in the reader's language. The API stays English, and of a text that came only its words are known:
 * it is looked up as it is, then by the texts with slots that it may have been made of. What nobody has translated is
 * shown as it came. Texts come from outside too, and may be long: each is gone through from left to right, without regular
 * expressions that go back.
 */

type Answers = Readonly<Record<string, string>>;

/** A text with slots, such as `There is no segment {id}.` */
interface Pattern {
  says: string;
  /** What stands before, between and behind the slots: one more than there are slots. */
  pieces: readonly string[];
  slots: readonly string[];
}

interface Known {
  /** The most particular first: the one with the most words of its own. */
  patterns: readonly Pattern[];
  /** Slots that hold one of a few words, with what each is there: `user@missing` is what `user` is in `{missing}`. */
  words: ReadonlyMap<string, ReadonlyMap<string, string>>;
}

const SLOT = /\{(\w+)\}/;
const SLOTS = /\{(\w+)\}/g;
const WORD = /^(.+)@([a-z]+)$/;
/** Slots of numbers, which are written in the reader's way. */
const FIGURES = new Set(["n", "most", "more", "left", "all", "count"]);
const NUMBER = /^(?:\d{1,3}(?:,\d{3}){1,4}|\d{1,15}(?:\.\d{1,6})?)$/;
/** Slots of texts of our own, which are heard in turn. All others hold what a school or a learner wrote, and stay. */
const HEARD = new Set(["said", "card", "channel"]);
/** Slots of texts in quotation marks, and of nothing else. */
const QUOTED = new Set(["quoted", "with", "by", "of"]);
/** A word, a number or a quoted text is no longer than this. */
const LONGEST_VALUE = 300;
/** Texts stand in texts no deeper. */
const DEEPEST = 4;
/** So many parts of a text are heard, one by one. */
const MOST_PARTS = 50;

const known = new WeakMap<Answers, Known>();

function knownOf(answers: Answers): Known {
  const found = known.get(answers);
  if (found) return found;
  const words = new Map<string, Map<string, string>>();
  const patterns: Pattern[] = [];
  for (const [text, says] of Object.entries(answers)) {
    const [, word, slot] = WORD.exec(text) ?? [];
    if (word !== undefined && slot !== undefined) {
      words.set(slot, (words.get(slot) ?? new Map<string, string>()).set(word, says));
    } else if (SLOT.test(text)) {
      const parts = text.split(SLOT);
      const slots = parts.filter((_, index) => index % 2 === 1);
      patterns.push({ says, slots, pieces: parts.filter((_, index) => index % 2 === 0) });
    }
  }
  const lengthOf = ({ pieces }: Pattern): number => pieces.reduce((sum, piece) => sum + piece.length, 0);
  const made = { words, patterns: patterns.sort((a, b) => lengthOf(b) - lengthOf(a)) };
  known.set(answers, made);
  return made;
}

/** Whether a slot may hold this. */
function takes({ words }: Known, slot: string, value: string): boolean {
  const few = words.get(slot);
  if (few) return few.has(value);
  if (FIGURES.has(slot)) return NUMBER.test(value);
  return QUOTED.has(slot) ? quotedIn(value) !== null : value !== "";
}

/** What stands in the slots of a text, if it was made of this pattern: each as little as there may be. */
function valuesIn(text: string, { pieces, slots }: Pattern, all: Known): Record<string, string> | null {
  const first = pieces[0] ?? "";
  const last = pieces.at(-1) ?? "";
  const end = text.length - last.length;
  if (end <= first.length || !text.startsWith(first) || !text.endsWith(last)) return null;
  const values: Record<string, string> = {};
  let at = first.length;
  for (const [index, slot] of slots.entries()) {
    const isLast = index === slots.length - 1;
    const piece = pieces[index + 1] ?? "";
    const isShort = all.words.has(slot) || FIGURES.has(slot) || QUOTED.has(slot);
    let to = isLast ? end : text.indexOf(piece, at + 1);
    while (!isLast && isShort && to >= 0 && to - at <= LONGEST_VALUE && !takes(all, slot, text.slice(at, to)))
      to = text.indexOf(piece, to + 1);
    if (to < at || to > end || (!isLast && to + piece.length > end)) return null;
    const value = text.slice(at, to);
    if (!takes(all, slot, value)) return null;
    values[slot] = value;
    at = to + piece.length;
  }
  return values;
}

/** Texts in quotation marks, as JSON writes them; null: it is something else. */
function quotedIn(value: string): string[] | null {
  if (!value.startsWith('"') || !value.endsWith('"')) return null;
  try {
    const found: unknown = JSON.parse(`[${value}]`);
    return Array.isArray(found) && found.every((one) => typeof one === "string") ? found : null;
  } catch {
    return null;
  }
}

/** A text as it is in the dictionary of answers, or by a pattern; null: it is not known. */
function looked(text: string, answers: Answers, depth: number): string | null {
  if (Object.hasOwn(answers, text)) return answers[text] ?? text;
  const all = knownOf(answers);
  for (const pattern of all.patterns) {
    const values = valuesIn(text, pattern, all);
    if (!values) continue;
    return pattern.says.replace(SLOTS, (slot, name: string) => {
      const value = values[name];
      return value === undefined ? slot : saidOf(name, value, answers, depth);
    });
  }
  return null;
}

function saidOf(slot: string, value: string, answers: Answers, depth: number): string {
  const word = knownOf(answers).words.get(slot)?.get(value);
  if (word !== undefined) return word;
  if (FIGURES.has(slot)) return figure(Number(value.replaceAll(",", "")));
  if (HEARD.has(slot)) {
    const { texts } = language();
    return Object.hasOwn(texts, value) ? (texts[value] ?? value) : (within(value, answers, depth + 1) ?? value);
  }
  const quoted = quotedIn(value);
  return quoted ? quoted.map((one) => (answers["“{quoted}”"] ?? "").replace("{quoted}", () => one)).join(", ") : value;
}

/** The same, or, where it is not known whole, with those of its parts that are. */
function within(text: string, answers: Answers, depth: number): string | null {
  // A list stands within a sentence: none of what it lists holds the others.
  const found = (depth > 0 ? listed(text, answers, depth) : null) ?? looked(text, answers, depth);
  if (found !== null || depth >= DEEPEST) return found;
  return (
    joined(text.split("; "), "; ", answers, depth) ??
    joined(text.split(/(?<=\.) (?=\p{Lu})/u), " ", answers, depth) ??
    behindPlace(text, answers, depth) ??
    beforeCode(text, answers, depth)
  );
}

/** Several, of which each is known. */
function listed(text: string, answers: Answers, depth: number): string | null {
  const parts = text.split("; ");
  if (parts.length < 2 || parts.length > MOST_PARTS) return null;
  const said = parts.map((part) => looked(part, answers, depth));
  return said.every((one) => one !== null) ? said.join("; ") : null;
}

function joined(parts: readonly string[], by: string, answers: Answers, depth: number): string | null {
  if (parts.length < 2 || parts.length > MOST_PARTS) return null;
  const said = parts.map((part) => within(part, answers, depth + 1));
  return said.some((one) => one !== null) ? said.map((one, index) => one ?? parts[index]).join(by) : null;
}

/** `users.csv: …`, `Moodle: …`, `403: …`: where something is, or who says it. */
function behindPlace(text: string, answers: Answers, depth: number): string | null {
  const at = text.indexOf(": ");
  const said = at > 0 ? within(text.slice(at + 2), answers, depth + 1) : null;
  return said === null ? null : `${text.slice(0, at)}: ${said}`;
}

/** `… (core_user_get_users)`: what it was said to. */
function beforeCode(text: string, answers: Answers, depth: number): string | null {
  const at = text.endsWith(")") ? text.lastIndexOf(" (") : -1;
  const said = at > 0 ? within(text.slice(0, at), answers, depth + 1) : null;
  return said === null ? null : said + text.slice(at);
}

/** What the API answered, in the reader's language; as it came where that is not known. */
export function heard(text: string): string {
  const { texts, answers } = language();
  if (!answers) return text;
  if (Object.hasOwn(texts, text)) return texts[text] ?? text;
  return within(text, answers, 0) ?? text;
}
