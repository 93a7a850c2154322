import { variablesOf } from "../../base/env";
import type { JsonSchema } from "../../catalogue/options/json-schema";

/** That a route, or a parameter of its query, is on its way out: see docs/versioning.md. */
export interface Deprecation {
  /** From which day on it is warned of: `2026-12-01`. */
  since: string;
  /** The day before which it does not go, at least `WARNED_DAYS` after `since`. */
  sunset: string;
  /** What to do instead, a sentence. */
  instead: string;
}

/** Of a route, what is on its way out: itself, or parameters of its query by their names. */
export interface Deprecated {
  deprecated?: Deprecation;
  deprecatedQuery?: Readonly<Record<string, Deprecation>>;
}

/** For how long what goes is warned of, at least. */
export const WARNED_DAYS = 183;

const DAY_MS = 86_400_000;
const startOf = (day: string): number => {
  const at = Date.parse(`${day}T00:00:00Z`);
  if (Number.isNaN(at)) throw new Error(`${day} is no day`);
  return at;
};

/** Throws where a warning would be shorter than promised. */
export function requireWarning({ since, sunset }: Deprecation, what: string): void {
  if (startOf(sunset) - startOf(since) < WARNED_DAYS * DAY_MS)
    throw new Error(`${what} is warned of for less than ${WARNED_DAYS} days`);
}

/** All that is on its way out of a route, by the parameter's name; "" is the route itself. */
export const deprecationsOf = ({ deprecated, deprecatedQuery }: Deprecated): [string, Deprecation][] => [
  ...(deprecated ? [["", deprecated] as [string, Deprecation]] : []),
  ...Object.entries(deprecatedQuery ?? {}),
];

/** What of it a call uses; null: nothing that is on its way out. */
function usedBy(route: Deprecated, url: string): Deprecation[] | null {
  if (!route.deprecated && !route.deprecatedQuery) return null;
  const asked = new URL(url).searchParams;
  const used = deprecationsOf(route).filter(([name]) => name === "" || asked.has(name));
  return used.length ? used.map(([, one]) => one) : null;
}

/**
 * The headers by which a call learns that it uses what is on its way out: `Deprecation` (RFC 9745) since when, `Sunset`
 * (RFC 8594) the day before which nothing changes, `Link` where it is told. Of several the earliest days.
 */
export function deprecationHeaders(env: object, route: Deprecated, url: string): Record<string, string> | null {
  const used = usedBy(route, url);
  if (!used) return null;
  const earliest = (days: string[]): number => Math.min(...days.map(startOf));
  return {
    deprecation: `@${earliest(used.map(({ since }) => since)) / 1_000}`,
    sunset: new Date(earliest(used.map(({ sunset }) => sunset))).toUTCString(),
    link: `<${variablesOf(env).PUBLIC_URL}/docs/guides/versioning>; rel="deprecation"; type="text/html"`,
  };
}

/** How the OpenAPI document says it, beside what else it says of an operation or a parameter. */
export const deprecationIn = (
  one: Deprecation | undefined,
): { deprecated: true; "x-deprecated-since": string; "x-sunset": string } | Record<string, never> =>
  one ? { deprecated: true, "x-deprecated-since": one.since, "x-sunset": one.sunset } : {};

/** The sentence for people, in the document and on the reference pages. */
export const deprecationText = ({ since, sunset, instead }: Deprecation): string =>
  `Deprecated since ${since}, there until ${sunset} at least. ${instead}`;

/** A parameter's schema with its sentence. */
export const deprecatedSchema = (schema: JsonSchema, one: Deprecation | undefined): JsonSchema =>
  one ? { ...schema, description: [schema.description ?? [], deprecationText(one)].flat().join(" ") } : schema;
