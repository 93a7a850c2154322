import { defineCondition } from "../define";
import { tags } from "../options/fields";
import { hasTag } from "./change";

export const hasTags = defineCondition({
  type: "tags.has",
  label: "Has a Specific Tag",
  also: ["label", "tagged"],
  says: "<have|do not have> the tag {tags|and}",
  category: "tags",
  description: "The user holds all of these tags.",
  params: () => ({ tags }),
  test: ({ tags }, { learner }) => tags.every((tag) => hasTag(learner, tag)),
  seen: ({ learner }) => learner.tags,
});

export const hasAnyTag = defineCondition({
  type: "tags.has_any",
  label: "Has any of the tags",
  also: ["label", "tagged"],
  says: "<have|do not have> the tag {tags}",
  category: "tags",
  description: "The user holds at least one of these tags.",
  params: () => ({ tags }),
  test: ({ tags }, { learner }) => tags.some((tag) => hasTag(learner, tag)),
  seen: ({ learner }) => learner.tags,
});

export const hasNoTag = defineCondition({
  type: "tags.has_none",
  label: "Doesn't Have Specific Tags",
  also: ["label", "not tagged", "without tag"],
  says: "<do not have|have> the tag {tags}",
  category: "tags",
  description: "The user holds none of these tags.",
  denies: ["tags.has", "tags.has_any"],
  params: () => ({ tags }),
  test: ({ tags }, { learner }) => !tags.some((tag) => hasTag(learner, tag)),
  seen: ({ learner }) => learner.tags,
});
