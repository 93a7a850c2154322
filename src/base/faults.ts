import type { z } from "zod";
import { type Fault, pointer } from "./errors";

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
      return issue.issues.map((inner) => ({ path: pointer(place), message: sayable(inner) }));
    default:
      return [{ path: pointer(place), message: sayable(issue) }];
  }
}

/** The faults of the branch that was most likely meant: one whose outer form fits, with the fewest faults. */
function faultsOfUnion(issue: z.core.$ZodIssueInvalidUnion, place: readonly PropertyKey[]): Fault[] {
  const formFits = (branch: z.core.$ZodIssue[]) =>
    branch.every((inner) => inner.path.length > 0 || (inner.code !== "invalid_type" && inner.code !== "invalid_value"));
  const [meant] = issue.errors.filter(formFits).sort((a, b) => a.length - b.length);
  if (meant) return meant.flatMap((inner) => faultsOfIssue(inner, place));
  // A schema that says itself what it wants says it best.
  if (issue.message !== "Invalid input") return [{ path: pointer(place), message: sayable(issue) }];
  const messages = [...new Set(issue.errors.flat().map(sayable))];
  return [{ path: pointer(place), message: asOne(messages) ?? (messages.join(", or ") || sayable(issue)) }];
}

/** "expected string, number or null, received object": what each branch expected, where nothing else is said. */
function asOne(messages: readonly string[]): string | null {
  const parts = messages.map((message) => /^expected ([a-z]+)(, received [a-z]+|, nothing given)$/.exec(message));
  const ends = new Set(parts.map((part) => part?.[2]));
  const names = parts.flatMap((part) => part?.[1] ?? []);
  if (messages.length < 2 || ends.size !== 1 || names.length !== parts.length) return null;
  return `expected ${names.slice(0, -1).join(", ")} or ${names.at(-1)}${[...ends][0]}`;
}

/** zod's sentence, without its "Invalid input:". */
const sayable = (issue: z.core.$ZodIssue): string =>
  issue.message.replace(/^Invalid input: /, "").replace(/, received undefined$/, ", nothing given") || "not valid";
