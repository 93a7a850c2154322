import { textKey, trimmed } from "../../src/base/text/text";
import { isStored, type Stored, storedIn } from "../../src/base/upgrades";

/*
 * What was stored before one text was one thing: tags that differ in how a letter is composed, coupons that differ by
 * case, addresses with what nobody sees at their ends.
 */

const texts = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];

/** The entries of a record by other keys; of several that get one key, what `merge` makes. */
function rekeyed(
  record: unknown,
  keyOf: (key: string) => string,
  merge: (one: unknown, other: unknown) => unknown,
): Record<string, unknown> | undefined {
  if (!isStored(record)) return undefined;
  const found = new Map<string, unknown>();
  for (const [key, value] of Object.entries(record)) {
    const now = keyOf(key);
    found.set(now, found.has(now) ? merge(found.get(now), value) : value);
  }
  return Object.fromEntries(found);
}

/** A subject with what it names of a kind as that is compared now. */
function subjectNow(subject: string, of: string, now: (id: string) => string): string {
  if (!subject.includes(`["${of}",`)) return subject;
  const pairs: unknown = JSON.parse(subject);
  if (!Array.isArray(pairs)) return subject;
  return JSON.stringify(pairs.map(([kind, id]) => [kind, kind === of ? now(String(id)) : id]));
}

/** How often and when last, of two that are one. */
function startsOfBoth(one: unknown, other: unknown): unknown {
  if (!isStored(one) || !isStored(other)) return other;
  return { count: Number(one.count) + Number(other.count), last: Math.max(Number(one.last), Number(other.last)) };
}

/** @param state of a user, as it was stored */
export function textsAsComparedNow(state: Stored): void {
  const { learner } = state;
  if (isStored(learner)) {
    if (typeof learner.email === "string") learner.email = trimmed(learner.email);
    const held = new Map(
      texts(learner.tags)
        .toReversed()
        .map((tag) => [textKey(tag), tag]),
    );
    learner.tags = texts(learner.tags).filter((tag) => held.get(textKey(tag)) === tag);
    learner.pastTags = [...new Set(texts(learner.pastTags).map(textKey))].filter((key) => !held.has(key));
    const { givers } = learner;
    const tags = isStored(givers) ? rekeyed(givers.tags, textKey, (_, later) => later) : undefined;
    if (isStored(givers) && tags) givers.tags = tags;
  }
  subjectsNow(state, "coupon", textKey);
}

/** Of a state: what its runs and its memory of starts are about. */
function subjectsNow(state: Stored, of: string, now: (id: string) => string): void {
  const keyNow = (key: string): string => {
    const at = key.indexOf(" ") + 1;
    return at === 0 ? key : key.slice(0, at) + subjectNow(key.slice(at), of, now);
  };
  const starts = rekeyed(state.starts, keyNow, startsOfBoth);
  if (starts) state.starts = starts;
  for (const run of storedIn(state.runs))
    if (typeof run.subject === "string") run.subject = subjectNow(run.subject, of, now);
}

/** Of a state: its tags without what nobody sees at their ends, each once, as it was first written. */
export function tagsTrimmed(state: Stored): void {
  const { learner } = state;
  const keyOf = (tag: string): string => textKey(trimmed(tag));
  if (isStored(learner)) {
    const held = new Map<string, string>();
    // A tag of which nothing is seen could be given once: it stays as it is.
    for (const tag of texts(learner.tags)) {
      const key = keyOf(tag) || tag;
      if (!held.has(key)) held.set(key, trimmed(tag) || tag);
    }
    learner.tags = [...held.values()];
    learner.pastTags = [...new Set(texts(learner.pastTags).map(keyOf))].filter((key) => !held.has(key));
    const { givers } = learner;
    const tags = isStored(givers) ? rekeyed(givers.tags, keyOf, (_, later) => later) : undefined;
    if (isStored(givers) && tags) givers.tags = tags;
  }
  subjectsNow(state, "tag", trimmed);
}
