import * as z from "zod";
import { formatInstant, parseInstant } from "../catalogue/dates/time";

/** RFC 3339 with milliseconds, UTC: how times leave us. */
export const rfc3339 = formatInstant;

export const rfc3339OrNull = (ms: number | null): string | null => (ms === null ? null : formatInstant(ms));

/** A time in an answer. */
export const timeOut = z.string().meta({ format: "date-time", example: "2026-01-01T09:00:00.000Z" });

/** A time in a request, RFC 3339 with a zone; comes out as ms. */
export const timeIn = z
  .string()
  .meta({ format: "date-time", example: "2026-01-01T09:00:00.000Z" })
  .transform((text, context) => {
    const ms = parseInstant(text);
    if (ms !== null) return ms;
    context.addIssue({ code: "custom", message: "not a time, such as 2026-01-01T09:00:00.000Z" });
    return z.NEVER;
  });
