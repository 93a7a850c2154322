import * as z from "zod";
import { defineEvent } from "../define-event";
import { tag as oneTag } from "../options/fields";
import { addTags, removeTags, TAG_ADDED, TAG_REMOVED } from "./change";

const oneOrMore = z.union([oneTag, z.array(oneTag).min(1).max(200)]);
const listOf = (tag: string | string[]): string[] => (Array.isArray(tag) ? tag : [tag]);

export const tagAdded = defineEvent({
  type: TAG_ADDED,
  label: "Tag added",
  description: "The user was given one or several tags. One fact for each tag not held before.",
  data: () => ({ tag: oneOrMore.meta({ picker: "tag" }) }),
  tags: {
    of: ({ tag }) => [tag].flat().filter((one) => typeof one === "string"),
    respelled: (data, tag) => ({ ...data, tag }),
  },
  gives: ({ tag }) => ({ field: "tag", tags: listOf(tag) }),
  apply: (turn, { tag }) => void addTags(turn, listOf(tag)),
});

export const tagRemoved = defineEvent({
  type: TAG_REMOVED,
  label: "Tag removed",
  description: "One or several tags were taken from the user. One fact for each tag that was held.",
  data: () => ({ tag: oneOrMore.meta({ picker: "tag" }) }),
  apply: (turn, { tag }) => void removeTags(turn, listOf(tag)),
});
