import { trimmed } from "./text";

/*
 * Numbers as people and their programs write them. What may be two numbers is none: "1,234" is a thousand in London and
 * one and a bit in Berlin.
 */

const PLAIN = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i;
/** Digits in groups of three, with one sign between groups; then what follows another sign. */
const GROUPED = /^([+-]?)([1-9]\d{0,2}(?:([.,'’\s])\d{3})(?:\3\d{3})*)(?:([.,])(\d+))?$/u;
const WITH_COMMA = /^([+-]?)(\d*),(\d+)$/;

/** More digits than any number needs that is not lost in rounding. */
const MAX_LENGTH = 64;

/** The number that a text is, or null. */
export function numberOfText(given: string): number | null {
  const text = trimmed(given).replace("\u2212", "-");
  if (text.length > MAX_LENGTH) return null;
  if (PLAIN.test(text)) return finite(Number(text));
  const [, sign = "", whole = "", between = "", point, rest = ""] = GROUPED.exec(text) ?? [];
  if (whole !== "") {
    const groups = whole.split(between).length;
    // A comma between two groups alone may as well begin the fraction.
    const isSure = point === undefined ? groups > 2 || !/[.,]/.test(between) : point !== between;
    return isSure ? finite(Number(`${sign}${whole.replaceAll(between, "")}.${rest || 0}`)) : null;
  }
  const [, minus = "", before = "", after = ""] = WITH_COMMA.exec(text) ?? [];
  return after === "" ? null : finite(Number(`${minus}${before || 0}.${after}`));
}

/** A sign of money before or behind a number, or that of a percentage. */
const SIGNS = /^\p{Sc}|[\p{Sc}%]$/gu;

/** The number that a text is, with such a sign or without, or null. */
export const numberMeant = (text: string): number | null => numberOfText(trimmed(text).replaceAll(SIGNS, ""));

const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);
