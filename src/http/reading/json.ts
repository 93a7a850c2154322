import { type Fault, Problem, pointer } from "../../base/errors/errors";

/*
 * JSON as bodies may have it: what JSON.parse takes, without what it hides (keys named twice) and what cannot be kept
 * (NUL, half surrogate pairs, numbers that lose digits, nesting without end). One pass over the text besides
 * JSON.parse.
 */

/** How many objects and lists may stand around a value. */
export const MAX_DEPTH = 32;

const MAX_NUMBER = 2 ** 53;

export interface ParsedJson {
  value: unknown;
  /** NUL, half surrogate pairs, numbers beyond ±2^53, nesting too deep: each with its place. */
  faults: Fault[];
  /** Something is nested too deep to be walked by recursion. */
  tooDeep: boolean;
}

/** Parses JSON; 400 when it is not JSON or an object names a key twice. */
export function parseJson(text: string, maxDepth = MAX_DEPTH): ParsedJson {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const place = error instanceof Error ? /at (line \d+ column \d+|position \d+)/.exec(error.message)?.[1] : undefined;
    throw new Problem(
      "malformed",
      text === "" ? "There is no body." : `The body is not JSON${place ? ` (${place})` : ""}.`,
    );
  }
  const { faults, tooDeep } = scan(text, maxDepth);
  return { value, faults, tooDeep };
}

const QUOTE = 34;
const COMMA = 44;
const MINUS = 45;
const OPEN_LIST = 91;
const BACKSLASH = 92;
const CLOSE_LIST = 93;
const OPEN_OBJECT = 123;
const CLOSE_OBJECT = 125;

const isDigit = (code: number) => code >= 48 && code <= 57;

/** Finds what JSON.parse takes and we do not. The text must have passed JSON.parse: its grammar is relied on. */
function scan(text: string, maxDepth: number): { faults: Fault[]; tooDeep: boolean } {
  const faults: Fault[] = [];
  let tooDeep = false;
  /** For each open object its keys so far, for each open list null. */
  const open: (string[] | Set<string> | null)[] = [];
  /** Where we are: the key or index within each of them. */
  const path: (string | number)[] = [];
  let keys: string[] | Set<string> | null = null;
  let expectKey = false;
  /** Escapes stand in strings only; most bodies have none, and their strings end at the next quote. */
  let nextEscape = text.indexOf("\\");

  const fault = (message: string) => faults.push({ path: pointer(path), message });

  /** The place of the quote that ends a string with escapes; `from` is its first backslash. */
  const endOfEscaped = (from: number): number => {
    let at = from;
    for (;;) {
      const code = text.charCodeAt(at);
      if (code === QUOTE) break;
      at += code === BACKSLASH ? 2 : 1;
    }
    nextEscape = text.indexOf("\\", at);
    return at;
  };

  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) {
      let end = text.indexOf('"', at + 1);
      let string: string | undefined;
      if (nextEscape !== -1 && nextEscape < end) {
        end = endOfEscaped(nextEscape);
        // A quoted piece of text that JSON.parse has already taken.
        string = JSON.parse(text.slice(at, end + 1)) as string;
      }
      if (expectKey && keys) {
        const key = string ?? text.slice(at + 1, end);
        path[path.length - 1] = key;
        keys = withKey(keys, key, path);
        open[open.length - 1] = keys;
        expectKey = false;
      }
      if (string !== undefined) {
        if (string.includes("\0")) fault("text may not hold NUL");
        if (!string.isWellFormed()) fault("text may not hold half of a surrogate pair");
      }
      at = end;
    } else if (code === COMMA) {
      if (keys) expectKey = true;
      else path[path.length - 1] = Number(path[path.length - 1]) + 1;
    } else if (code === OPEN_OBJECT || code === OPEN_LIST) {
      if (open.length > maxDepth) {
        fault(`nested more than ${maxDepth} deep`);
        tooDeep = true;
        at = skip(at);
        continue;
      }
      keys = code === OPEN_OBJECT ? [] : null;
      expectKey = keys !== null;
      open.push(keys);
      path.push(0);
    } else if (code === CLOSE_OBJECT || code === CLOSE_LIST) {
      open.pop();
      path.pop();
      keys = open[open.length - 1] ?? null;
      expectKey = false;
    } else if (code === MINUS || isDigit(code)) {
      const start = at;
      let exponent = false;
      for (;;) {
        const next = text.charCodeAt(at + 1);
        if (next === 101 || next === 69) exponent = true;
        else if (!isDigit(next) && next !== 46 && next !== 43 && next !== MINUS) break;
        at++;
      }
      if ((exponent || at - start >= 15) && losesDigits(text.slice(start, at + 1))) {
        fault("a number beyond ±2^53 loses digits: send it as text");
      }
    }
  }
  return { faults, tooDeep };

  /** The place of the bracket that closes the one at `start`. */
  function skip(start: number): number {
    let depth = 0;
    for (let at = start; ; at++) {
      const code = text.charCodeAt(at);
      if (code === OPEN_OBJECT || code === OPEN_LIST) depth++;
      else if (code === CLOSE_OBJECT || code === CLOSE_LIST) {
        if (--depth === 0) return at;
      } else if (code === QUOTE) {
        const end = text.indexOf('"', at + 1);
        at = nextEscape !== -1 && nextEscape < end ? endOfEscaped(nextEscape) : end;
      }
    }
  }
}

/** A list is faster for the usual handful of keys; a body of thousands wants a set. */
function withKey(
  keys: string[] | Set<string>,
  key: string,
  path: readonly (string | number)[],
): string[] | Set<string> {
  if (Array.isArray(keys) ? keys.includes(key) : keys.has(key)) {
    throw new Problem("malformed", `The body names ${pointer(path)} twice.`);
  }
  if (!Array.isArray(keys)) return keys.add(key);
  keys.push(key);
  return keys.length > 16 ? new Set(keys) : keys;
}

function losesDigits(token: string): boolean {
  const size = Math.abs(Number(token));
  if (size !== MAX_NUMBER) return size > MAX_NUMBER;
  // 2^53 + 1 reads as 2^53.
  return /^-?\d+$/.test(token) && BigInt(token) !== BigInt(Number(token));
}
