import type { Env } from "../../base/env";
import { bareRecord } from "../../base/record";
import { catalogueDocument as makeCatalogue } from "../../catalogue/document";
import type { Catalogue } from "../../definition/catalogue";
import { inWords, language, say } from "../../language/say";
import { autoGroupName, partsOfGroup } from "../../products/auto-group";
import { thingsNamed } from "../../products/things-named";
import { type Names, type Words, wordsOf } from "./sentences/sentence";
import { translated } from "./translated";

/* What ids are called, for people. */

let made: Catalogue | undefined;
/** By language, each made once. */
const others = new Map<string, Catalogue>();

/** The catalogue as the contract answers it, in the reader's language. */
export function catalogue(): Catalogue {
  // The same cards that the route answers; the UI's own type names the part of JSON Schema that they use.
  made ??= makeCatalogue();
  const { code } = language();
  if (code === "en") return made;
  const other = others.get(code) ?? translated(made, inWords);
  others.set(code, other);
  return other;
}

/**
 * What sentences are made from in a school.
 * @param about what they speak of, as routes answer it: what is named are things whose ids stand in it, for a school may have
 * thousands
 */
export const schoolWords = async (env: Env, school: string, ...about: unknown[]): Promise<Words> =>
  wordsOf(catalogue(), await namesFor(env, school, about));

/** Names by kind, then id: of the segments, profile fields, products and auto groups whose ids stand in something. */
export async function namesFor(env: Env, school: string, about: unknown): Promise<Names> {
  const ids = [...idsIn(about)];
  const courses = new Set(ids.flatMap((id) => partsOfGroup(id)?.course ?? []));
  const names: Record<string, Record<string, string>> = { segment: bareRecord(), field: bareRecord() };
  const note = (kind: string, id: string, name: string | null): void => {
    if (name === null) return;
    names[kind] ??= bareRecord();
    names[kind][id] = name;
  };
  for (const { id, segment, field, type, product, course } of await thingsNamed(env, school, [...ids, ...courses])) {
    note("segment", id, segment);
    note("field", id, field);
    if (type !== null) note(type, id, product);
    // What is another id of a course is called as the course is.
    note("course", id, course);
  }
  const { course, bundle, subscription } = names;
  return {
    ...names,
    group: { ...autoGroups(ids, course ?? {}), ...names.group },
    product: { ...subscription, ...bundle, ...course },
  };
}

/** What auto groups are called. @param courses the names of courses, by their ids */
const autoGroups = (ids: readonly string[], courses: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(
    ids.flatMap((id) => {
      const name = autoGroupName(id, courses);
      return name === undefined ? [] : [[id, name]];
    }),
  );

const MAX_ID = 128;
/** More are not looked for: those behind are shown by their ids. */
const MAX_IDS = 5_000;

/** Most texts beside ids are moments. */
const MOMENT = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/;

/** All texts that may be ids, keys too. */
function idsIn(value: unknown, ids = new Set<string>()): Set<string> {
  if (ids.size >= MAX_IDS) return ids;
  if (typeof value === "string") {
    if (value !== "" && value.length <= MAX_ID && !MOMENT.test(value)) ids.add(value);
  } else if (Array.isArray(value)) for (const one of value) idsIn(one, ids);
  else if (typeof value === "object" && value !== null)
    for (const [key, one] of Object.entries(value)) {
      idsIn(key, ids);
      idsIn(one, ids);
    }
  return ids;
}

/** `admin:mia@school.com` → "mia@school.com"; `key:…` → what it is called among `names`, else "a key". */
export function whoText(who: string | null, names: ReadonlyMap<string, string> = new Map()): string {
  if (who === null) return "";
  const name = names.get(who);
  if (name !== undefined) return name;
  const [kind, ...rest] = who.split(":");
  if (kind === "admin") return rest.join(":") === "operator" ? say("platform operator") : rest.join(":");
  if (kind === "key") return say("a key");
  return inWords(kind ?? "");
}
