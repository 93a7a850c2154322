import { defineCondition } from "../define";
import { ids } from "../options/fields";

export const isSegmentMember = defineCondition({
  type: "segment.is_member",
  label: "Is in a segment",
  also: ["list", "audience"],
  says: "<are|are not> in the segment {segments}",
  category: "beyond",
  description: "The user is in any of these segments.",
  params: () => ({ segments: ids("segment") }),
  test: ({ segments }, { learner }) => segments.some((one) => learner.segments.includes(one)),
  seen: ({ learner }) => learner.segments,
});

export const isNotSegmentMember = defineCondition({
  type: "segment.is_not_member",
  label: "Is not in a segment",
  also: ["list", "audience"],
  says: "<are not|are> in the segment {segments}",
  category: "beyond",
  description: "The user is in none of these segments.",
  denies: ["segment.is_member"],
  params: () => ({ segments: ids("segment") }),
  test: ({ segments }, { learner }) => !segments.some((one) => learner.segments.includes(one)),
  seen: ({ learner }) => learner.segments,
});
