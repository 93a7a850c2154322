import { RE2JS, RE2JSException } from "re2js";
import { remembering } from "../../base/cache";
import { composed } from "../../base/text/text";

/*
 * Regular expressions of people we do not know: RE2 alone, which takes time in proportion to the text. Native
 * expressions take seconds over `^(a+)+$`.
 */

const MAX_PATTERN = 256;
const MAX_PROGRAM = 1_500;
const MAX_INPUT = 320;
/** What one pattern may have worked through (program size by characters) before its memory of states is let go. */
const MAX_WORK = 250_000;

/** As other languages write them: what stands around it would be looked for in the text. */
const DELIMITED = /^\s*([/#~])(?:.+)\1[a-z]*\s*$/isu;

const compile = (pattern: string, ignoreCase: boolean): RE2JS =>
  RE2JS.compile(pattern, ignoreCase ? RE2JS.CASE_INSENSITIVE : 0);

/**
 * Whether a pattern can be saved: RE2 (no look-around, no back-references), without delimiters, 256 characters, of
 * bounded size.
 * @returns what is wrong with it, or null
 */
export function checkPattern(pattern: string): string | null {
  if (pattern.length > MAX_PATTERN) return `a pattern has at most ${MAX_PATTERN} characters`;
  const delimiter = DELIMITED.exec(pattern)?.[1];
  if (delimiter !== undefined) return `write the pattern alone, without ${delimiter} around it and letters behind`;
  try {
    return compile(pattern, false).programSize() > MAX_PROGRAM ? "the pattern is too large" : null;
  } catch (error) {
    if (error instanceof RE2JSException) return inOwnWords(error.message);
    throw error;
  }
}

const noEnd = (what: string, end: string): string => `${JSON.stringify(what)} has no end: close it with ${end}`;

/** What the engine says of a pattern, and what we say of the piece that it names. */
const SAID: Readonly<Record<string, (piece: string) => string>> = {
  "missing closing )": () => noEnd("(", ")"),
  "missing closing ]": () => noEnd("[", "]"),
  "unexpected )": () => '")" ends nothing',
  "invalid nested repetition operator": (piece) => `${piece} repeats what is repeated already`,
  "missing argument to repetition operator": (piece) => `before ${piece} stands nothing that it could repeat`,
  "invalid repeat count": (piece) => `${piece} repeats too often: 1000 times at most`,
  "invalid named capture": (piece) => `${piece} names no group`,
  "duplicate capture group name": (piece) => `two groups are called ${piece}`,
  "invalid or unsupported Perl syntax": (piece) => `${piece} cannot be used: a pattern looks neither ahead nor back`,
  "invalid escape sequence": (piece) => `${piece} stands for nothing`,
  "invalid character class range": (piece) => `${piece} is no range of characters`,
  "invalid character class": (piece) => `${piece} is no class of characters`,
  "trailing backslash at end of expression": () => "a backslash stands at the end, before nothing",
  "expression nests too deeply": () => "its groups nest too deep",
  "regular expression too large": () => "the pattern is too large",
};

function inOwnWords(message: string): string {
  const [, what = "", piece = ""] = /^error parsing regexp: ([^:]+)(?:: `(.*)`)?$/s.exec(message) ?? [];
  return SAID[what]?.(JSON.stringify(piece)) ?? "this is no pattern of RE2";
}

function tester(pattern: string, ignoreCase: boolean): (text: string) => boolean {
  let program = compile(composed(pattern), ignoreCase);
  const size = program.programSize();
  let work = 0;
  return (text) => {
    const input = composed(text).slice(0, MAX_INPUT);
    work += size * input.length;
    // The states a program has met are kept, to some MB, and only a new program is without them.
    if (work > MAX_WORK) {
      program = compile(composed(pattern), ignoreCase);
      work = size * input.length;
    }
    return program.test(input);
  };
}

const limits = { entries: 50 };
const exact = remembering((pattern) => tester(pattern, false), limits);
const caseless = remembering((pattern) => tester(pattern, true), limits);

/**
 * A test whether a pattern is found anywhere in a text, of which the first 320 characters are looked at.
 * @throws RE2JSException when `checkPattern` has something against it
 */
export const compilePattern = (pattern: string, options: { ignoreCase: boolean }): ((text: string) => boolean) =>
  (options.ignoreCase ? caseless : exact)(pattern);
