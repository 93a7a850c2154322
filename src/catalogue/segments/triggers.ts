import { defineTrigger } from "../define";
import { ids } from "../fields";

const ofSegment = (type: string, label: string, description: string) =>
  defineTrigger({
    type,
    label,
    category: "beyond",
    description,
    params: { segments: ids("segment").optional() },
    accepts: (params, data) =>
      !params.segments || (typeof data.segment === "string" && params.segments.includes(data.segment)),
  });

export const segmentJoined = ofSegment(
  "segment.joined",
  "User joined a segment",
  "The user becomes a member of a segment: any, or one of these.",
);
export const segmentLeft = ofSegment(
  "segment.left",
  "User left a segment",
  "The user ceases to be a member of a segment: any, or one of these.",
);
