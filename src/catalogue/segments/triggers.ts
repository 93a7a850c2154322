import { defineTrigger } from "../define";
import { ids } from "../options/fields";
import { SEGMENT_JOINED, SEGMENT_LEFT } from "./change";

const ofSegment = (type: string, label: string, says: string, description: string) =>
  defineTrigger({
    type,
    label,
    says,
    category: "beyond",
    description,
    params: () => ({ segments: ids("segment").optional() }),
    subject: { option: "segments", data: "segment" },
    accepts: (params, data) =>
      !params.segments || (typeof data.segment === "string" && params.segments.includes(data.segment)),
  });

export const segmentJoined = ofSegment(
  SEGMENT_JOINED,
  "User joined a segment",
  "joins [the segment {segments}][any segment{!segments}]",
  "The user becomes a member of a segment: any, or one of these.",
);
export const segmentLeft = ofSegment(
  SEGMENT_LEFT,
  "User left a segment",
  "leaves [the segment {segments}][any segment{!segments}]",
  "The user ceases to be a member of a segment: any, or one of these.",
);
