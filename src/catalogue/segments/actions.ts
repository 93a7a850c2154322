import { type Doing, defineAction, done, type Outcome, StepError, skipped } from "../define";
import { giving, taking } from "../facts/effect";
import { ids } from "../options/fields";
import { gives } from "../undo/things";
import { joinSegment, leaveSegment, SEGMENT_JOINED, SEGMENT_LEFT } from "./change";

/** Only segments kept by hand may be changed by an action; a managed one has its rules, and one that is held takes in nobody. */
function change(
  doing: Doing,
  segments: readonly string[],
  key: string,
  one: (segment: string) => boolean,
  reason: string,
): Outcome {
  for (const segment of segments) {
    const known = doing.school.segments.get(segment);
    if (!known) throw new StepError(`There is no segment ${segment}.`);
    if (known.managed) throw new StepError(`The members of the segment ${segment} follow its rules.`);
  }
  const changed = segments.filter(one);
  return changed.length ? done({ [key]: changed }) : skipped(reason);
}
const about = (type: string, segments: readonly string[]) => segments.map((segment) => ({ type, data: { segment } }));

export const addToSegments = defineAction({
  type: "segment.add",
  label: "Add to a segment",
  also: ["list", "audience"],
  says: "add them to the segment {segments|and}",
  category: "beyond",
  description: "Makes the user a member of segments that are kept by hand.",
  undo: gives("segment", "joined"),
  params: () => ({ segments: ids("segment") }),
  effect: giving,
  makes: [SEGMENT_JOINED],
  mayMake: (params) => about(SEGMENT_JOINED, params.segments),
  perform: (doing, { segments }) => {
    const { segments: known } = doing.school;
    const open = segments.filter((segment) => !known.get(segment)?.held);
    const isHeld = segments.length > 0 && open.length === 0;
    return change(
      doing,
      segments,
      "joined",
      (segment) => open.includes(segment) && joinSegment(doing, segment),
      isHeld ? "held" : "already_member",
    );
  },
});

export const removeFromSegments = defineAction({
  type: "segment.remove",
  label: "Remove from a segment",
  also: ["list", "audience"],
  says: "remove them from the segment {segments|and}",
  category: "beyond",
  description: "Ends the user's membership of segments that are kept by hand.",
  params: () => ({ segments: ids("segment") }),
  effect: taking,
  makes: [SEGMENT_LEFT],
  mayMake: (params) => about(SEGMENT_LEFT, params.segments),
  perform: (doing, { segments }) =>
    change(doing, segments, "left", (segment) => leaveSegment(doing, segment), "not_a_member"),
});
