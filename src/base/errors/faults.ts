import { safeParse, type z } from "zod";
import { type Fault, isGeneral, mostTelling, Problem, pointer } from "./errors";
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

/** Faults that were found at several looks: of a place those of the first that had more to say than a schema. */
export function together(...found: readonly (readonly Fault[])[]): Fault[] {
  const all: Fault[] = [];
  for (const look of found) {
    const told = new Set(all.flatMap((fault) => (isGeneral(fault) ? [] : fault.path)));
    all.push(...look.filter(({ path }) => !told.has(path)));
  }
  return mostTelling(all);
}

/** What is there of what a body names at `path`; in place of its 404, what is wrong with that. */
export async function namedAt<T>(
  path: string,
  finding: Promise<T>,
): Promise<{ found: T; faults: [] } | { found?: undefined; faults: Fault[] }> {
  try {
    return { found: await finding, faults: [] };
  } catch (error) {
    if (!(error instanceof Problem && error.kind === "not_found")) throw error;
    return { faults: [{ path, message: error.detail }] };
  }
}

function faultsOfIssue(issue: z.core.$ZodIssue, prefix: readonly PropertyKey[]): Fault[] {
  const place = [...prefix, ...issue.path];
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map((key) => ({ path: pointer([...place, key]), message: NO_SUCH_FIELD }));
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
  if (meant) return faultsOfBranch(meant, issue.errors.filter(formFits), place);
  // A schema that says itself what it wants says it best.
  if (issue.message !== FITS_NOWHERE) return [{ path: pointer(place), message: issue.message }];
  const messages = [...new Set(issue.errors.flat().map((inner) => inner.message))];
  return [{ path: pointer(place), message: asOne(messages) ?? (messages.join(", or ") || issue.message) }];
}

const keysOf = (branch: readonly z.core.$ZodIssue[]): readonly string[] =>
  branch.flatMap((issue) => (issue.code === "unrecognized_keys" && !issue.path.length ? issue.keys : []));

const isMissing = ({ path, message }: z.core.$ZodIssue): boolean =>
  path.length === 1 && message.startsWith("is missing");

/** The faults of the branch that was meant, of which the others hold what may stand in its place: one of them is needed. */
function faultsOfBranch(
  meant: readonly z.core.$ZodIssue[],
  branches: readonly (readonly z.core.$ZodIssue[])[],
  place: readonly PropertyKey[],
): Fault[] {
  const lacked = branches.map((branch) => (branch.length === 1 ? branch.filter(isMissing) : []));
  const names = lacked.flat().map(({ path: [name] }) => String(name));
  if (names.length > 1 && names.length === branches.length)
    return [{ path: pointer([...place, names[0] ?? ""]), message: `one of ${listOf(names)} is needed` }];
  const own = keysOf(meant);
  // What each of two forms has and the other has not.
  const clashes = branches.filter((branch) => keysOf(branch).some((key) => !own.includes(key)));
  const instead = (key: string): readonly string[] =>
    clashes
      .filter((branch) => !keysOf(branch).includes(key))
      .flatMap((branch) => keysOf(branch).filter((one) => !own.includes(one)));
  return meant.flatMap((inner) => {
    if (inner.code !== "unrecognized_keys" || inner.path.length) return faultsOfIssue(inner, place);
    return inner.keys.map((key) => {
      const others = [...new Set(instead(key))];
      const message = others.length ? `one of ${listOf([...others, key])}, not more than one` : NO_SUCH_FIELD;
      return { path: pointer([...place, key]), message };
    });
  });
}

const NO_SUCH_FIELD = "there is no such field";

const listOf = (names: readonly string[]): string =>
  names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;

/** "must be a text, a number or null, not an object": what each branch expected, where nothing else is said. */
function asOne(messages: readonly string[]): string | null {
  const parts = messages.map((message) => /^((?:is missing: it )?must be )([a-z ]+)(, not [a-z ]+)?$/.exec(message));
  const around = new Set(parts.map((part) => part && `${part[1]}…${part[3] ?? ""}`));
  const names = parts.flatMap((part) => part?.[2] ?? []);
  const [[, begins = "", , ends = ""] = []] = parts.flatMap((part) => (part ? [part] : []));
  if (messages.length < 2 || around.size !== 1 || names.length !== parts.length) return null;
  return `${begins}${names.slice(0, -1).join(", ")} or ${names.at(-1)}${ends}`;
}
