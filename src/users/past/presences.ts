import type { Proof, Proven } from "../../catalogue/facts/proven";
import type { Presence } from "../../journal/held/whose";
import type { Collected } from "./proven";

const OF_ENROLMENT: ReadonlySet<string> = new Set<Proven>(["enrolled", "unenrolled", "suspended", "resumed"]);
const IN: ReadonlySet<string> = new Set<Proven>(["enrolled", "suspended", "resumed", "joined"]);

/**
 * When somebody was in each course and segment, from the first moment to the last, and began to go through each
 * automation: what stays of who is erased, so that packs of a time name them where they belong and nowhere else.
 */
export function presencesOf({ learner, proofs }: Pick<Collected, "learner" | "proofs">, now: number): Presence[] {
  const found = new Map<string, Presence>();
  const seen = (kind: Presence["kind"], value: string | undefined, at: number): void => {
    if (value === undefined) return;
    const key = JSON.stringify([kind, value]);
    const { first, last } = found.get(key) ?? { first: at, last: at };
    found.set(key, { kind, value, first: Math.min(first, at), last: Math.max(last, at) });
  };
  const runs = new Map(proofs.flatMap((one) => (one.what === "ran" ? [[one.id, one]] : [])));
  const moves = proofs.filter(({ what, segment }) => segment !== undefined || OF_ENROLMENT.has(what));
  const enrolled = learner.enrolments.filter(({ type }) => type === "course");
  // What somebody had to do with a course before they were enrolled is none of it.
  const entered = new Map<string, number>();
  for (const { course, at } of [...moves, ...enrolled.map((one) => ({ course: one.product, at: one.enrolledAt }))])
    if (course !== undefined) entered.set(course, Math.min(at, entered.get(course) ?? at));
  for (const one of proofs) {
    if (one.what === "ran") seen("automation", one.automation, one.at);
    else {
      seen("segment", one.segment, one.at);
      const course = one.course ?? (one.run === undefined ? undefined : runs.get(one.run)?.course);
      if (one.at >= (entered.get(course ?? "") ?? Number.POSITIVE_INFINITY)) seen("course", course, one.at);
    }
  }
  for (const { product, enrolledAt } of enrolled) for (const at of [enrolledAt, now]) seen("course", product, at);
  // Since when is not known of everybody.
  for (const segment of learner.segments)
    for (const at of [learner.givers.segments[segment]?.at ?? 0, now]) seen("segment", segment, at);
  // What is known no end of lasts.
  for (const { course, segment } of lastOfEach(moves).filter(({ what }) => IN.has(what)))
    seen(segment === undefined ? "course" : "segment", segment ?? course, now);
  return [...found.values()];
}

function lastOfEach(moves: readonly Proof[]): Proof[] {
  const last = new Map<string, Proof>();
  for (const one of moves) {
    const key = JSON.stringify([one.course ?? null, one.segment ?? null]);
    if (one.at >= (last.get(key)?.at ?? one.at)) last.set(key, one);
  }
  return [...last.values()];
}
