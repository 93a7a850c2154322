/*
 * What is wrong, as a person at a page or in the editor is told it: the API speaks to programs, of types and pointers.
 * Both the Worker and the browser use it.
 */

type Found = readonly string[];

/** What the API's checks say, and what is said for it; `noun` is what is chosen there ("course"). */
const SAID: readonly (readonly [RegExp, (found: Found, noun: string) => string])[] = [
  [/^(?:expected array, nothing given|name at least one|Too small: expected array to have >=1 items)$/, chooseSome],
  [/nothing given$/, () => "Fill this in"],
  [/^Too small: expected string to have >=1 characters$/, () => "Fill this in"],
  [/^Too small: expected string to have >=(\d+) characters$/, ([n]) => `At least ${n} characters`],
  [/^Too big: expected string to have <=(\d+) characters$/, ([n]) => `At most ${n} characters`],
  [/^Too small: expected array to have >=(\d+) items$/, ([n]) => `At least ${n} of them`],
  [/^Too big: expected array to have <=(\d+) items$/, ([n]) => `At most ${n} of them`],
  [/^Too small: expected \w+ to be >=(-?[\d.]+)$/, ([n]) => `At least ${n}`],
  [/^Too small: expected \w+ to be >(-?[\d.]+)$/, ([n]) => `More than ${n}`],
  [/^Too big: expected \w+ to be <=?(-?[\d.]+)$/, ([n]) => `At most ${n}`],
  [/^expected int\b/, () => "Write a whole number"],
  [/^expected number\b/, () => "Write a number"],
  [/^expected boolean\b/, () => "Choose yes or no"],
  [/^expected string\b/, () => "Write a text"],
  [/^expected array\b/, () => "Write a list"],
  [/^expected (?:object|record)\b/, () => "This is not written as it should be"],
  [/^Invalid (?:option: expected one of|input: expected) (.+)$/, ([list]) => `Choose ${oneOf(list ?? "")}`],
  [/^expected "(.+)"$/, ([value]) => `Write “${value}”`],
  [/^(?:Invalid|not an) email address$/, () => "This is not an email address"],
  [/^Invalid (?:URL|url)$/, () => "This is not a web address: one begins with https://"],
  [/^Invalid ISO date(?:time)?$/, () => "Write a date, such as 2026-01-31"],
  [/^Invalid string: must match pattern .+$/, () => "This is not written as it should be"],
  [/^the column "(.+)" is missing$/, ([column]) => `The file has no column “${column}”`],
  // Liquid, as its library says it.
  [/^output "?(.+?)"? not closed.*$/s, ([text]) => `“${text?.trim()}” has no end: close it with }}`],
  [
    /^tag "?(\{%-? *(\w+).*?)"? not closed.*$/s,
    ([text, name]) => `“${text}” has no end: close it with {% end${name} %}`,
  ],
  [/^tag "(\w+)" not found.*$/s, ([name]) => `There is no “{% ${name} %}”`],
  [/^tag "?(\w+)"? is not .*$/s, ([name]) => `“{% ${name} %}” cannot be used here`],
  [/^undefined filter: (\w+).*$/s, ([name]) => `There is no filter “${name}”`],
];

function chooseSome(_: Found, noun: string): string {
  return noun === "" ? "Choose at least one" : `Choose at least one ${noun}`;
}

/** `"a"|"b"` as "one of a, b". */
const oneOf = (list: string): string =>
  `one of ${list
    .split("|")
    .map((one) => one.trim().replace(/^"|"$/g, "").replaceAll("_", " "))
    .join(", ")}`;

/** Where a text breaks off, as Liquid's library counts it. */
const PLACE = /,? line: ?(\d+), col: ?\d+$/;

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
  const line = Number(PLACE.exec(message)?.[1] ?? 1);
  return capital(message.replace(PLACE, line > 1 ? ` (in line ${line})` : ""));
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
    if (/^\d+$/.test(key)) words.push(words.length ? `${words.pop()} ${Number(key) + 1}` : `No. ${Number(key) + 1}`);
    else words.push(key.replaceAll("_", " "));
  }
  return capital(words.join(", "));
}

/** How many faults there are, as the head of what they are. */
export const manyText = (count: number): string =>
  count === 1 ? "One thing needs correcting" : `${count} things need correcting`;
