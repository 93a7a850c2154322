import type { z } from "zod";
import { type Fault, pointer } from "./errors";
import { FITS_NOWHERE } from "./wording";

/** The faults of a zod error, each with its own pointer; `prefix` is where the value stood in the body. */
export const faultsOf = (
  error: { issues: readonly z.core.$ZodIssue[] },
  prefix: readonly PropertyKey[] = [],
): Fault[] => error.issues.flatMap((issue) => faultsOfIssue(issue, prefix));

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
