import { type Fault, Problem } from "../base/errors/errors";

/** Pointers into our event and where a format has the same: `["/user/email", "/traits/email"]`. */
export type Places = readonly (readonly [ours: string, theirs: string])[];

/** A refusal of an event with its places in the sender's message; the longest of ours wins. */
export function inTheirWords(problem: Problem, places: Places): Problem {
  if (!problem.faults) return problem;
  const moved = (fault: Fault): Fault => {
    const [found] = places
      .filter(([ours]) => fault.path === ours || fault.path.startsWith(`${ours}/`))
      .sort(([a], [b]) => b.length - a.length);
    return found ? { ...fault, path: found[1] + fault.path.slice(found[0].length) } : fault;
  };
  return new Problem(problem.kind, problem.detail, problem.faults.map(moved), problem.retryAfterSeconds);
}
