import type { Learner, Turn } from "../facts/facts";
import { forgetGiver, noteAgain, noteGiver } from "../facts/givers";
import { tagKey } from "./key";

export const TAG_ADDED = "tag.added";
export const TAG_REMOVED = "tag.removed";

/** Whether facts of a type are judged by the tags held when they were made: they remember them. */
export const remembersTags = (type: string): boolean => type === TAG_ADDED || type === TAG_REMOVED;

const tagKeys = (learner: Learner): string[] => learner.tags.map(tagKey);

export function hasTag(learner: Learner, tag: string): boolean {
  const key = tagKey(tag);
  return learner.tags.some((held) => tagKey(held) === key);
}

/**
 * Adds the tags not held yet, a fact for each; answers with those.
 * @param tags as the school spells them, unless said otherwise
 */
export function addTags(turn: Turn, tags: readonly string[], { areSpelled = true } = {}): string[] {
  const { learner, school } = turn;
  const added: string[] = [];
  for (const tag of tags) {
    if (hasTag(learner, tag)) {
      noteAgain(turn, "tags", tagKey(tag));
      continue;
    }
    const spelled = areSpelled ? tag : (school.spellings.get(tagKey(tag)) ?? tag);
    learner.tags = [...learner.tags, spelled];
    noteGiver(turn, "tags", tagKey(spelled));
    learner.pastTags = learner.pastTags.filter((key) => key !== tagKey(tag));
    added.push(spelled);
    turn.make(TAG_ADDED, { tag: spelled });
    turn.tell("tag.added", { tag: spelled });
  }
  return added;
}

/** Removes the tags that are held, a fact for each; answers with those. */
export function removeTags(turn: Turn, tags: readonly string[]): string[] {
  const { learner } = turn;
  const removed: string[] = [];
  for (const tag of tags) {
    const held = learner.tags.find((one) => tagKey(one) === tagKey(tag));
    if (held === undefined) continue;
    learner.tags = learner.tags.filter((one) => one !== held);
    forgetGiver(turn, "tags", tagKey(held));
    learner.pastTags = [...learner.pastTags, tagKey(held)];
    removed.push(held);
    turn.make(TAG_REMOVED, { tag: held });
    turn.tell("tag.removed", { tag: held });
  }
  return removed;
}

/** The keys of the tags held now, for facts that are judged by them later. */
export const tagsNow = (learner: Learner): readonly string[] => tagKeys(learner);
