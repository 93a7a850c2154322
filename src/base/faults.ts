import { safeParse, type z } from "zod";
import { type Fault, pointer } from "./errors";
import { FITS_NOWHERE } from "./wording";

/** The faults of a zod error, each with its own pointer; `prefix` is where the value stood in the body. */
export const faultsOf = (
  error: { issues: readonly z.core.$ZodIssue[] },
  prefix: readonly PropertyKey[] = [],
): Fault[] => error.issues.flatMap((issue) => faultsOfIssue(issue, prefix));

/**
 * The fields of an object that fit, though it does not fit as a whole: what else is wrong with it is told by these. Names
 * that it does not have are left out, defaults are in it.
 */
export function partOf<Shape extends z.core.$ZodLooseShape>(
  schema: { shape: Shape },
  given: Readonly<Record<string, unknown>>,
): { [Name in keyof Shape]?: z.output<Shape[Name]> } {
  const read = Object.entries(schema.shape).flatMap(([name, field]) => {
    const { success, data } = safeParse(field, Object.hasOwn(given, name) ? given[name] : undefined);
    return success && data !== undefined ? [[name, data]] : [];
  });
  // Each is what the schema of its name gave; Object.fromEntries forgets that.
  return Object.fromEntries(read) as { [Name in keyof Shape]?: z.output<Shape[Name]> };
}

/** Faults that were found at several looks, each place with the first that was. */
export function together(...found: readonly (readonly Fault[])[]): Fault[] {
  const [first = [], ...others] = found;
  const all = [...first];
  for (const fault of others.flat()) if (!all.some(({ path }) => path === fault.path)) all.push(fault);
  return all;
}

function faultsOfIssue(issue: z.core.$ZodIssue, prefix: readonly PropertyKey[]): Fault[] {
  const place = [...prefix, ...issue.path];
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map((key) => ({ path: pointer([...place, key]), message: "there is no such field" }));
    case "invalid_union":
      return faultsOfUnion(issue, place);
    case "invalid_key":
    case "invalid_element":
      return issue.issues.map((inner) => ({ path: pointer(place), message: inner.message }));
    default:
      return [{ path: pointer(place), message: issue.message }];
  }
}

/** The faults of the branch that was most likely meant: one whose outer form fits, with the fewest faults. */
function faultsOfUnion(issue: z.core.$ZodIssueInvalidUnion, place: readonly PropertyKey[]): Fault[] {
  const formFits = (branch: z.core.$ZodIssue[]) =>
    branch.every((inner) => inner.path.length > 0 || (inner.code !== "invalid_type" && inner.code !== "invalid_value"));
  const [meant] = issue.errors.filter(formFits).sort((a, b) => a.length - b.length);
  if (meant) return meant.flatMap((inner) => faultsOfIssue(inner, place));
  // A schema that says itself what it wants says it best.
  if (issue.message !== FITS_NOWHERE) return [{ path: pointer(place), message: issue.message }];
  const messages = [...new Set(issue.errors.flat().map((inner) => inner.message))];
  return [{ path: pointer(place), message: asOne(messages) ?? (messages.join(", or ") || issue.message) }];
}

/** "must be a text, a number or null, not an object": what each branch expected, where nothing else is said. */
function asOne(messages: readonly string[]): string | null {
  const parts = messages.map((message) => /^((?:is missing: it )?must be )([a-z ]+)(, not [a-z ]+)?$/.exec(message));
  const around = new Set(parts.map((part) => part && `${part[1]}…${part[3] ?? ""}`));
  const names = parts.flatMap((part) => part?.[2] ?? []);
  const [[, begins = "", , ends = ""] = []] = parts.flatMap((part) => (part ? [part] : []));
  if (messages.length < 2 || around.size !== 1 || names.length !== parts.length) return null;
  return `${begins}${names.slice(0, -1).join(", ")} or ${names.at(-1)}${ends}`;
}
