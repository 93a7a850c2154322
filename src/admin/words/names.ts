import type { Env } from "../../base/env";
import { catalogueDocument as makeCatalogue } from "../../catalogue/document";
import type { Catalogue } from "../../definition/catalogue";
import { segmentNames } from "../../segments/find";
import { type Words, wordsOf } from "./sentence";

/* What ids are called, for people. */

let made: Catalogue | undefined;

/** The catalogue as the contract answers it, made once. */
export function catalogue(): Catalogue {
  // The same cards that the route answers; the UI's own type names the part of JSON Schema that they use.
  made ??= makeCatalogue();
  return made;
}

/** What sentences are made from in a school. */
export const schoolWords = async (env: Env, school: string): Promise<Words> =>
  wordsOf(catalogue(), { segment: Object.fromEntries(await segmentNames(env, school)) });

/** `admin:mia@school.com` → "mia@school.com"; `key:…` → "a key". */
export function whoText(who: string | null): string {
  if (who === null) return "";
  const [kind, ...rest] = who.split(":");
  if (kind === "admin") return rest.join(":") === "operator" ? "platform operator" : rest.join(":");
  if (kind === "key") return "a key";
  return kind ?? "";
}
