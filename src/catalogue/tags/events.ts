import { z } from "zod";
import { defineEvent } from "../define";
import { id } from "../fields";
import { addTags, removeTags } from "./change";

const oneOrMore = z.union([id, z.array(id).min(1).max(200)]);
const listOf = (tag: string | string[]): string[] => (Array.isArray(tag) ? tag : [tag]);

export const tagAdded = defineEvent({
  type: "tag.added",
  label: "Tag added",
  description: "The user was given one or several tags. One fact for each tag not held before.",
  data: { tag: oneOrMore.meta({ picker: "tag" }) },
  apply: (turn, { tag }) => void addTags(turn, listOf(tag)),
});

export const tagRemoved = defineEvent({
  type: "tag.removed",
  label: "Tag removed",
  description: "One or several tags were taken from the user. One fact for each tag that was held.",
  data: { tag: oneOrMore.meta({ picker: "tag" }) },
  apply: (turn, { tag }) => void removeTags(turn, listOf(tag)),
});
