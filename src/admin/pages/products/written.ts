import { isDate, localDate } from "../../../catalogue/dates/time";
import { productNames } from "../../../products/find";
import { dateText, minuteText } from "../../components/moment";
import type { Ctx } from "../../visit";
import { meantId } from "../../words/meant";

/* Dates and courses of a product, as its form has them: picked, and by their names. */

/** A day, and an hour where one is told, by the school's clock. */
export interface DayAndHour {
  day: string;
  hour: string;
}

const LOCAL = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?$/;

const hourOf = (atMs: number, zone: string): string =>
  new Date(atMs).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: zone });

/** A date as products keep it, as a form shows it. */
export function shownDate(kept: string, zone: string): DayAndHour {
  if (isDate(kept)) return { day: kept, hour: "" };
  if (LOCAL.test(kept)) return { day: kept.slice(0, 10), hour: kept.slice(11, 16) };
  const atMs = Date.parse(kept);
  if (Number.isNaN(atMs)) return { day: "", hour: "" };
  return { day: localDate(atMs, zone), hour: hourOf(atMs, zone) };
}

/** What a form says, as products keep it; what was not touched stays as it was kept, to the second. */
export function meantDate({ day, hour }: DayAndHour, kept: string, zone: string): string {
  const shown = shownDate(kept, zone);
  if (shown.day === day && shown.hour === hour) return kept;
  return hour === "" ? day : `${day}T${hour}`;
}

/** The same for people: "31 Jan 2026", "31 Jan 2026, 09:30". */
export function saidDate(kept: string, zone: string): string {
  if (isDate(kept)) return dateText(Date.parse(kept), "UTC");
  if (LOCAL.test(kept)) return minuteText(Date.parse(`${kept.replace(/[t ]/, "T")}Z`), "UTC");
  const atMs = Date.parse(kept);
  return Number.isNaN(atMs) ? kept : minuteText(atMs, zone);
}

const NAMED = /^(.*) \(([^()]+)\)$/;

/** Courses a line each, as a form shows them: "JavaScript 101 (js-101)". */
export const shownCourses = (ids: readonly string[], names: Readonly<Record<string, string>> = {}): string =>
  ids.map((id) => (Object.hasOwn(names, id) ? `${names[id]} (${id})` : id)).join("\n");

/** The ids that lines mean: of a name with its id, of a name, or ids themselves. */
export async function meantCourses(c: Ctx, text: string): Promise<string[]> {
  const lines = text.split("\n").flatMap((line) => (line.trim() === "" ? [] : [line.trim()]));
  const said = lines.map((line) => NAMED.exec(line));
  const { course = {} } = await productNames(
    c.env,
    c.var.visit.school.id,
    said.flatMap((found) => found?.[2] ?? []),
  );
  return Promise.all(
    lines.map((line, index) => {
      const [, name = "", id = ""] = said[index] ?? [];
      return id !== "" && Object.hasOwn(course, id) && course[id] === name ? id : meantId(c, "course", line);
    }),
  );
}
