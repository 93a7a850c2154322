import { say } from "../../../language/say";
import { durationBehind } from "./durations";

/* Days counted from now, as people write them: "30 days ago" of -P30D, "in 2 weeks" of P2W. */

/** Both languages are taken whatever the page is in: a value may have been written by somebody else. */
const UNITS = [
  ["D", /^(?:days?|tage?n?)$/],
  ["W", /^(?:weeks?|wochen?)$/],
  ["M", /^(?:months?|monate?n?)$/],
  ["Y", /^(?:years?|jahre?n?)$/],
] as const;
const WRITTEN = /^(vor |in )?(\d{1,4}) (\p{L}+)( ago)?$/u;
const SHIFT = /^-?P(?=[\dT])/;

/** "30 days ago" → "-P30D"; what is no such text stays. */
export function shiftMeant(typed: string): string {
  const [, before = "", amount = "", unit = "", behind = ""] = WRITTEN.exec(typed.trim().toLowerCase()) ?? [];
  const letter = UNITS.find(([, called]) => called.test(unit))?.[0];
  const isAgo = before === "vor " || behind !== "";
  if (letter === undefined || isAgo === (before === "in ")) return typed;
  return `${isAgo ? "-" : ""}P${Number(amount)}${letter}`;
}

/** "-P30D" → "30 days ago"; what is no duration stays. */
export function shiftSaid(value: string): string {
  if (!SHIFT.test(value)) return value;
  return value.startsWith("-")
    ? say("{duration} ago", { duration: durationBehind(value.slice(1)) })
    : say("in {duration}", { duration: durationBehind(value) });
}
