import * as z from "zod";
import type { Event } from "../define-event";

/** The names a custom event may have: custom.<name>. */
export const CUSTOM_NAME = /^[a-z0-9_.]{1,64}$/;
export const CUSTOM_PREFIX = "custom.";

const OPEN = z.record(z.string(), z.unknown());

/** The one event of open data: its type says its name. */
export const custom: Event = {
  kind: "event",
  type: "custom.<name>",
  label: "Custom event",
  description: "Anything else the LMS wants to tell. A user token sends only the names that the school allows.",
  browser: true,
  data: OPEN,
  shape: null,
  read: (sent) => OPEN.safeParse(sent),
  apply: () => {},
};

/** A custom event of a name, or undefined where the type is none. */
export function customEvent(type: string): Event | undefined {
  if (!type.startsWith(CUSTOM_PREFIX)) return undefined;
  const allowedAs = type.slice(CUSTOM_PREFIX.length);
  return CUSTOM_NAME.test(allowedAs)
    ? { ...custom, allowedAs, apply: (turn, data) => turn.make(type, data) }
    : undefined;
}
