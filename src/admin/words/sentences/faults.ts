import { heard } from "../../../language/heard";
import { many, say } from "../../../language/say";
import { named } from "../values/values";

/*
 * What is wrong, as a person at a page or in the editor is told it: the API speaks to programs, of types and pointers.
 * Both the Worker and the browser use it.
 */

type Found = readonly string[];

/** What the API's checks say, and what is said for it; `noun` is what is chosen there ("course"). */
const SAID: readonly (readonly [RegExp, (found: Found, noun: string) => string])[] = [
  [/^(?:is missing: it must be a list|name at least one|must be a list of (?:at least )?1 .*)$/, chooseSome],
  [/^is (?:missing|empty): /, () => say("Fill this in")],
  [/^must be a text of at least (\d+) characters?$/, ([n = ""]) => say("At least {n} characters", { n })],
  [/^must be a text of at most (\d+) characters?$/, ([n = ""]) => say("At most {n} characters", { n })],
  [/^must be a text of (\d+) characters?$/, ([n = ""]) => say("Exactly {n} characters", { n })],
  [/^must be a text of 1 to (\d+) characters$/, ([n = ""]) => say("At most {n} characters", { n })],
  [
    /^must be a text of (\d+) to (\d+) characters$/,
    ([n = "", most = ""]) => say("{n} to {most} characters", { n, most }),
  ],
  [/^must be a list of at least (\d+) entr(?:y|ies)$/, ([n = ""]) => say("At least {n} of them", { n })],
  [/^must be a list of at most (\d+) entr(?:y|ies)$/, ([n = ""]) => say("At most {n} of them", { n })],
  [/^must be a list of (\d+) to (\d+) entries$/, ([n = "", most = ""]) => say("{n} to {most} of them", { n, most })],
  [/^must be at least (-?[\d.]+)$/, ([n = ""]) => say("At least {n}", { n })],
  [/^must be more than (-?[\d.]+)$/, ([n = ""]) => say("More than {n}", { n })],
  [/^must be (?:at most|less than) (-?[\d.]+)$/, ([n = ""]) => say("At most {n}", { n })],
  [/^must be a whole number\b/, () => say("Write a whole number")],
  [/^must be a number\b/, () => say("Write a number")],
  [/^must be true or false\b/, () => say("Choose yes or no")],
  [/^must be a text\b/, () => say("Write a text")],
  [/^must be a list\b/, () => say("Write a list")],
  [/^must be an object\b/, () => say("This is not written as it should be")],
  [/^must be one of (.+)$/, ([list = ""]) => say("Choose one of {list}", { list: listText(list) })],
  [/^must be "(.+)"$/, ([value = ""]) => say("Write “{value}”", { value })],
  [/^(?:must be|not) an email address$/, () => say("This is not an email address")],
  [/^must be a web address\b/, () => say("This is not a web address: one begins with https://")],
  [/^must be a (?:date|time), such as /, () => say("Write a date, such as 2026-01-31")],
  [/^must be (?:written as|a UUID|base64)\b/, () => say("This is not written as it should be")],
  [
    /^(?:is not what may stand here|nothing may stand here|fits none of the forms that this may have)$/,
    () => say("This is not written as it should be"),
  ],
  [/^the column "(.+)" is missing$/, ([column = ""]) => say("The file has no column “{column}”", { column })],
  [
    /^"(.+)" has no end: close it with (\S.*?)(?: \(line \d+, column \d+\))?$/s,
    ([text = "", end = ""]) => unclosed(text, end),
  ],
  [/^(\{% \w+ %\}) belongs to nothing before it/, ([what = ""]) => say("There is no “{what}”", { what })],
  [/^(\{% \w+ %\}) cannot be used here/, ([what = ""]) => say("“{what}” cannot be used here", { what })],
  [
    /^there is no filter "(.+)" \(line \d+, column \d+\)$/s,
    ([name = ""]) => say("There is no filter “{name}”", { name }),
  ],
];

function chooseSome(_: Found, noun: string): string {
  return noun === "" ? say("Choose at least one") : say("Choose at least one {noun}", { noun });
}

const MOST_QUOTED = 60;

/** What was written, without the markup that an editor has put behind it. */
function written(text: string): string {
  const line = (/^(.*?)(?:<[/!a-z]|\n|$)/is.exec(text)?.[1] ?? "").trim();
  return line.length > MOST_QUOTED ? `${line.slice(0, MOST_QUOTED)}…` : line;
}

const unclosed = (text: string, end: string): string =>
  say("“{text}” has no end: close it with {end}", { text: written(text), end });

/** `"a", "b"` as "a, b". */
const listText = (list: string): string =>
  list
    .split(", ")
    .map((one) => named(one.trim().replace(/^"|"$/g, "")))
    .join(", ");

/** Where a template cannot be read. */
const PLACE = / \(line (\d+), column \d+\)$/;

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/**
 * A fault's message for the one who filled the field in.
 * @param noun what is chosen there, where something is
 */
export function faultText(message: string, noun = ""): string {
  for (const [pattern, says] of SAID) {
    const found = pattern.exec(message);
    if (found) return says(found.slice(1), noun);
  }
  const place = PLACE.exec(message);
  const line = Number(place?.[1] ?? 1);
  // What is wrong with a template is told to programs, by the names of its parts.
  const fault = place
    ? say("what stands in {output} or in {tag} is not written as it should be", { output: "{{ … }}", tag: "{% … %}" })
    : heard(message);
  return capital(line > 1 ? say("{fault} (in line {line})", { fault, line: String(line) }) : fault);
}

/** What of a place says nothing to a person: where in a body a form's fields stand. */
const SILENT = new Set(["params", "settings", "connectors", "definition"]);

/** Where a fault is: `/where/0/value` is "Where 1, value". "" for a whole. */
export function placeText(pointer: string): string {
  const keys = pointer
    .split("/")
    .slice(1)
    .map((key) => key.replaceAll("~1", "/").replaceAll("~0", "~"))
    .filter((key) => !SILENT.has(key));
  const words: string[] = [];
  for (const key of keys) {
    const n = String(Number(key) + 1);
    if (/^\d+$/.test(key)) words.push(words.length ? `${words.pop()} ${n}` : say("No. {n}", { n }));
    else words.push(named(key));
  }
  return capital(words.join(", "));
}

/** How many faults there are, as the head of what they are. */
export const manyText = (count: number): string =>
  many(count, "One thing needs correcting", "{n} things need correcting");
