import * as z from "zod";
import { type Fault, pointer } from "../base/errors/errors";
import { faultsOf } from "../base/errors/faults";
import { textKey, trimmed } from "../base/text/text";
import { eventOf } from "../catalogue";
import { attributes, instant } from "../catalogue/account/attributes";
import { fieldFault, undeclaredFault } from "../catalogue/account/field-values";
import type { Shape } from "../catalogue/card";
import { formatInstant } from "../catalogue/dates/time";
import type { FieldValue, FieldView } from "../catalogue/facts/facts";
import { kinds } from "../catalogue/kinds";
import { pickerOf } from "../catalogue/options/meta";
import { fitting } from "../catalogue/options/readings";
import { isRecord } from "../definition/types";
import type { InboundEvent } from "./mapped";
import { isSlip, type Loose, listIn, objectIn } from "./read";

/*
 * What came in another format, made to fit ours value by value: one that cannot be is left out and told, and costs neither
 * the person nor what else the message says. What an event cannot do without is left for its schema to refuse.
 */

/** What fits, and what was left out, by its place in what was given. */
export interface Fitted<T> {
  value: T;
  leftOut: Fault[];
}

type Schema = Shape[string];

const isOptional = (schema: Schema): boolean => z.safeParse(schema, undefined).success;

function faultOf(schema: Schema, value: unknown, path: readonly PropertyKey[]): Fault {
  const { error } = z.safeParse(schema, value);
  return { path: pointer(path), message: (error && faultsOf(error)[0]?.message) ?? "not valid" };
}

/** Blank text says that there is nothing. */
const isBlank = (value: unknown): boolean => typeof value === "string" && trimmed(value) === "";

/** Without what stands unseen at its ends; of a list, of its texts. */
const withoutEnds = (given: unknown): unknown => {
  if (Array.isArray(given)) return given.map(withoutEnds);
  return typeof given === "string" ? trimmed(given) : given;
};

/** One value as a schema wants it; of a list, the items that fit. */
function fitOne(schema: Schema, told: unknown, path: readonly PropertyKey[]): Fitted<{ value: unknown } | null> {
  const kind = pickerOf(schema);
  const isId = kind !== undefined;
  // An id is compared exactly, unless it is a text to people: a tag, a coupon.
  const given = isId && !kinds.get(kind)?.keyOf ? told : withoutEnds(told);
  const fits = (value: unknown) => !(isId && isSlip(value)) && z.safeParse(schema, value).success;
  const whole = fitting(given, fits);
  if (whole) return { value: whole, leftOut: [] };
  const items = (Array.isArray(given) ? given : []).map((item: unknown) => ({
    item,
    fit: fitting(item, (one) => fits([one])),
  }));
  const good = items.flatMap(({ fit }) => (fit ? [fit.value] : []));
  for (const list of [good, good.slice(0, MAX_LIST)])
    if (list.length && fits(list)) {
      const bad = items.flatMap(({ item, fit }, index) =>
        fit || isBlank(item) ? [] : [faultOf(schema, [item], [...path, index])],
      );
      return { value: { value: list }, leftOut: bad };
    }
  const alone = items.length === 1 ? fitting(items[0]?.item, fits) : undefined;
  if (alone) return { value: alone, leftOut: [] };
  return { value: null, leftOut: isBlank(given) ? [] : [faultOf(schema, given, path)] };
}
const MAX_LIST = 200;

/** Names are cut rather than left out: of a long one the beginning says who it is. */
const CUT = new Set(["username", "source"]);
const MAX_NAME = 256;
const cut = (value: unknown): unknown =>
  typeof value === "string" ? trimmed(value).slice(0, MAX_NAME).toWellFormed() : value;

/**
 * The attributes of a user.
 * @param declared the school's profile fields
 * @param path where they stand, as `leftOut` tells
 */
export function fitUser(
  given: Loose,
  declared: ReadonlyMap<string, FieldView>,
  path: readonly PropertyKey[] = ["user"],
): Fitted<Record<string, unknown>> {
  const value: Record<string, unknown> = {};
  const leftOut: Fault[] = [];
  for (const [name, one] of Object.entries(given)) {
    const schema = (attributes.shape as Shape)[name];
    if (name === "id") value.id = one;
    if (name === "fields") {
      const fields = fitFields(objectIn(one), declared, [...path, name]);
      leftOut.push(...fields.leftOut);
      value.fields = fields.value;
    } else if (schema && one !== undefined && !isBlank(one)) {
      const fitted = fitOne(schema, CUT.has(name) ? cut(one) : one, [...path, name]);
      leftOut.push(...fitted.leftOut);
      if (fitted.value) value[name] = fitted.value.value;
    }
  }
  return { value, leftOut };
}

function fitFields(
  given: Loose,
  declared: ReadonlyMap<string, FieldView>,
  path: readonly PropertyKey[],
): Fitted<Record<string, unknown>> {
  const kept: [string, unknown][] = [];
  const leftOut: Fault[] = [];
  for (const [key, one] of Object.entries(given)) {
    const field = declared.get(key);
    if (one === undefined) continue;
    if (field?.type === "list" && one !== null) {
      const list = fitList(field, isRecord(one) ? listIn(one) : one, [...path, key]);
      leftOut.push(...list.leftOut);
      if (list.value) kept.push([key, list.value]);
      continue;
    }
    const asField = (value: unknown) => z.safeParse(attributes.shape.fields, Object.fromEntries([[key, value]]));
    // What has passed is a value of a field.
    const faultOfField = (value: FieldValue | null) => (field ? fieldFault(field, value) : undeclaredFault(value));
    const fits = (value: unknown) => asField(value).success && faultOfField(value as FieldValue | null) === null;
    const meant = (value: unknown) => fitting(withoutEnds(value), fits) ?? choiceIn(field, value);
    const found = meant(one) ?? (field && Array.isArray(one) && one.length === 1 ? meant(one[0]) : undefined);
    if (found) kept.push([key, found.value]);
    else {
      const { error } = asField(one);
      const message = error ? faultsOf(error)[0]?.message : faultOfField(one as FieldValue);
      leftOut.push({ path: pointer([...path, key]), message: message ?? "not valid" });
    }
  }
  return { value: Object.fromEntries(kept), leftOut };
}

/** Of a list the texts that fit, one by one, and anything else as a list of one; null: there is none that does. */
function fitList(field: FieldView, given: unknown, path: readonly PropertyKey[]): Fitted<string[] | null> {
  const parts: readonly unknown[] = Array.isArray(given) ? given : [given];
  const list: string[] = [];
  const leftOut: Fault[] = [];
  for (const [index, part] of parts.entries()) {
    if (isBlank(part)) continue;
    const isText = typeof part === "string" || typeof part === "number" || typeof part === "boolean";
    const text = trimmed(String(part));
    const meant = choiceIn(field, text)?.value ?? text;
    const message = isText ? fieldFault(field, [...new Set([...list, meant])]) : "not a text";
    if (message === null) list.push(meant);
    else leftOut.push({ path: pointer(Array.isArray(given) ? [...path, index] : path), message });
  }
  return { value: list.length || !leftOut.length ? list : null, leftOut };
}

/** The choice that is meant, whatever its case. */
function choiceIn(field: FieldView | undefined, given: unknown): { value: string } | undefined {
  const key = (text: string) => textKey(trimmed(text));
  if ((field?.type !== "choice" && field?.type !== "list") || typeof given !== "string") return undefined;
  const value = field.choices.find((choice) => key(choice) === key(given));
  return value === undefined ? undefined : { value };
}

/** The data of an event of a type: what is optional and does not fit is left out. */
function fitData(type: string, given: Loose): Fitted<Record<string, unknown>> {
  const value: Record<string, unknown> = { ...given };
  const leftOut: Fault[] = [];
  for (const [name, schema] of Object.entries(eventOf(type)?.shape ?? {})) {
    const one = given[name];
    if (one === undefined || one === null) continue;
    const fitted = fitOne(schema, one, ["data", name]);
    if (fitted.value) value[name] = fitted.value.value;
    else if (!isOptional(schema)) continue;
    else delete value[name];
    leftOut.push(...fitted.leftOut);
  }
  return { value, leftOut };
}

const AHEAD_MS = 5 * 60_000;

/** When it happened; left out where the sender's clock runs ahead of the school's: it then happened now. */
function fitTime(given: unknown, now: number): Fitted<string | undefined> {
  const found = fitting(given, (value) => z.safeParse(instant, value).success);
  if (!found) return { value: undefined, leftOut: [{ path: "/occurred_at", message: "not a time" }] };
  const at = z.safeParse(instant, found.value).data ?? 0;
  return { value: at > now + AHEAD_MS ? undefined : formatInstant(at), leftOut: [] };
}

/**
 * The events of a message. One that cannot be is told and left out, unless the message has no other: then it is left for
 * its schema to refuse.
 * @param now the school's time, ms
 */
export function fitEvents(
  events: readonly InboundEvent[],
  declared: ReadonlyMap<string, FieldView>,
  now: number,
): Fitted<InboundEvent[]> {
  const leftOut: Fault[] = [];
  const fitted = events.map((event) => {
    const user = fitUser(event.user, declared);
    const data = fitData(event.type, event.data ?? {});
    const { occurred_at: given, at: ownTime, ...rest } = event;
    const at = given === undefined ? { value: undefined, leftOut: [] } : fitTime(given, now);
    leftOut.push(...user.leftOut, ...data.leftOut, ...at.leftOut);
    const made: InboundEvent = { ...rest, user: user.value, ...(event.data ? { data: data.value } : {}) };
    return {
      ...made,
      ...(at.value === undefined ? {} : { occurred_at: at.value }),
      ...(ownTime === undefined || ownTime > now + AHEAD_MS ? {} : { at: ownTime }),
    };
  });
  const faults = fitted.map(({ type, data = {} }) => {
    const read = eventOf(type)?.read(data);
    return read?.error ? faultsOf(read.error, ["data"]) : [];
  });
  const good = fitted.filter((_, index) => faults[index]?.length === 0);
  const isLost = good.length > 0 && good.length < fitted.length;
  const told = isLost ? [...leftOut, ...faults.flat()] : leftOut;
  return { value: isLost ? good : fitted, leftOut: distinct(told) };
}

/** Of a message's events each may lack the same. */
const distinct = (faults: readonly Fault[]): Fault[] => [
  ...new Map(faults.map((fault) => [`${fault.path} ${fault.message}`, fault])).values(),
];
