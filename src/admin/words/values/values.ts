import { dateIn, figure, inWords, later, say } from "../../../language/say";
import { wordFor } from "../sentences/sentences";

/* Single values as people say them. */

export const DATE = /^(\d{4})-(\d{2})-(\d{2})$/;
export const dateText = (value: string): string =>
  dateIn(new Date(`${value}T00:00:00Z`), { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });

/** A number as one writes it in a form. */
export const numberText = (value: number): string => figure(value, { useGrouping: false, maximumFractionDigits: 20 });

/** What is known by a name of the API only. */
export const named = (value: string): string => inWords(value.replaceAll("_", " "));

export const shortened = (value: string, length = 48): string =>
  value.length > length ? `${value.slice(0, length - 1).trimEnd()}…` : value;

/** A template as a reader takes it in: no markup, `{{ user.username }}` as ‹username›. */
export const readable = (template: string): string =>
  template
    .replace(/<[^>]*>|\{%[^%]*%\}/g, " ")
    .replace(/\{\{-?\s*([\w.]+)[^}]*\}\}/g, (_, name: string) => `‹${name.split(".").at(-1) ?? name}›`)
    .replace(/\s+/g, " ")
    .trim();

/** The days of the week, said small; a text of each. */
export const DAYS = [
  later("mon"),
  later("tue"),
  later("wed"),
  later("thu"),
  later("fri"),
  later("sat"),
  later("sun"),
] as const;
type Day = (typeof DAYS)[number];

/** "Mon–Fri 09:00–17:00" */
export function windowText(window: Record<string, unknown>): string {
  const days = Array.isArray(window.days)
    ? DAYS.filter((day) => Array.isArray(window.days) && window.days.includes(day))
    : [];
  const name = (day: Day): string => say(day).charAt(0).toUpperCase() + say(day).slice(1);
  const [first] = days;
  const last = days.at(-1);
  const together = days.length > 2 && first && last && DAYS.indexOf(last) - DAYS.indexOf(first) === days.length - 1;
  const spoken =
    days.length === 7 || days.length === 0 ? "" : together ? `${name(first)}–${name(last)}` : days.map(name).join(", ");
  const hours = window.from || window.to ? `${window.from ?? "00:00"}–${window.to ?? "24:00"}` : "";
  return [spoken, hours].filter(Boolean).join(" ") || say("any time");
}

export const fieldName = (value: unknown): string => {
  const key = String(value).replace(/^fields\./, "");
  return wordFor(key) ?? key;
};

/** What was visited, behind "visited the"; what is none of these is said as it is. */
export function scopeText(scope: string): string {
  switch (scope) {
    case "school":
      return say("school@visited");
    case "course":
      return say("course@visited");
    case "app":
      return say("mobile app@visited");
    case "app_course":
      return say("course in the app@visited");
    default:
      return wordFor(scope) ?? scope;
  }
}
