import * as z from "zod";
import { defineTrigger } from "../define";
import { tags } from "../options/fields";
import { TAG_ADDED, TAG_REMOVED } from "./change";
import { tagKey } from "./key";

const match = z.enum(["all", "any"]).default("all");
const names = (list: readonly string[], data: Record<string, unknown>): boolean =>
  typeof data.tag !== "string" || list.map(tagKey).includes(tagKey(data.tag));

export const tagAdded = defineTrigger({
  type: TAG_ADDED,
  label: "Tag Added",
  also: ["label", "tagged", "gets a tag"],
  says: "is tagged {tags|match}",
  category: "tags",
  description:
    "All of the tags are held: it fires when the last of them is added, however long ago the others were, and again only after one of them was removed and added again. Or any of them is added.",
  params: () => ({ tags, match }),
  example: (params) => ({ tag: params.tags }),
  subject: { option: "tags", data: "tag", lasts: true, keyOf: tagKey },
  accepts: (params, data) => names(params.tags, data),
  holds: (params, fact) =>
    params.match === "any" || params.tags.every((tag) => fact.tagsThen?.includes(tagKey(tag)) ?? false),
});

export const tagRemoved = defineTrigger({
  type: TAG_REMOVED,
  label: "Tag Removed",
  also: ["label", "untagged", "loses a tag"],
  says: "loses the tag {tags|match}",
  category: "tags",
  description:
    "None of the tags is held any more, each having been held at some time: it fires when the last of them is removed. Or any of them is removed.",
  params: () => ({ tags, match }),
  example: (params) => ({ tag: params.tags }),
  subject: { option: "tags", data: "tag", keyOf: tagKey },
  accepts: (params, data) => names(params.tags, data),
  holds: (params, fact, learner) => {
    const past = fact.pastTagsThen ?? learner.pastTags;
    return (
      params.match === "any" ||
      params.tags.every((tag) => !fact.tagsThen?.includes(tagKey(tag)) && past.includes(tagKey(tag)))
    );
  },
});
