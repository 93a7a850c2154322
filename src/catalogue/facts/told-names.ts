import { isSeen, oneLine } from "../../base/text/text";
import { triggerValue } from "../kinds";
import { isProductKind, type ProductKind } from "./products";

/*
 * What events call the products they are about.
 */

/** A name that somebody has told: of what, and what it is. */
export type ToldName = [kind: ProductKind, id: string, name: string];

export const MAX_NAME = 255;

/** A name as it is kept: one line, of which something is seen; undefined where it is none. */
export function nameOf(value: unknown): string | undefined {
  if (typeof value !== "string") return undefined;
  const line = oneLine(value);
  return isSeen(line) && [...line].length <= MAX_NAME ? line : undefined;
}

/** What a product is called, as texts of others have it: the first of them that is a name. */
export function calledAs(kind: string, id: unknown, ...names: readonly unknown[]): ToldName[] {
  const name = names.map(nameOf).find((one) => one !== undefined);
  return isProductKind(kind) && isId(id) && name !== undefined ? [[kind, id, name]] : [];
}

/** Of these `name` may be a person's: what was filled in, or what stands on the paper. Their names come as `title`. */
const NAMED_BY_TITLE = new Set<string>(["form", "certificate"]);

/**
 * What an event calls the product it is about, as `title` or `name` beside the id: the product that its type begins
 * with, else the one that was paid for. The keys are open data like any other: what is no name says nothing.
 */
export function toldName(type: string, data: Record<string, unknown>): ToldName | null {
  const told = productOf(type, data);
  if (!told) return null;
  const { kind, id, byTitle } = told;
  const name = nameOf(data.title) ?? (byTitle ? undefined : nameOf(data.name));
  return name === undefined ? null : [kind, id, name];
}

/** The product that an event is about; null: none, or several. */
export function productOf(
  type: string,
  data: Record<string, unknown>,
): { kind: ProductKind; id: string; byTitle: boolean } | null {
  const subject = type.split(".")[0] ?? "";
  const own = isProductKind(subject) ? data[subject] : undefined;
  if (isProductKind(subject) && isId(own)) return { kind: subject, id: own, byTitle: NAMED_BY_TITLE.has(subject) };
  const [sold, ...more] = (["course", "bundle", "subscription"] as const).flatMap((kind) => {
    const id = triggerValue(kind, data);
    return isId(id) ? [{ kind, id, byTitle: true }] : [];
  });
  return sold && !more.length ? sold : null;
}

const isId = (value: unknown): value is string => typeof value === "string" && value !== "" && value.length <= 128;
