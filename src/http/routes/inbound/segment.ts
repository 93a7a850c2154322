import * as z from "zod";
import { SEGMENT_KINDS, type SegmentKind, segmentPlaces } from "../../../inbound/segment";
import { faultsOfBatch, refusalOf, takeSegment } from "../../../inbound/segment-take";
import { inTheirWords } from "../../../inbound/words";
import { defineRoute, ok } from "../../route";
import { BATCH_BYTES, MAX_EVENTS } from "./event-answer";

/*
 * The Segment spec, as @segment/analytics-node and RudderStack's client speak it. They send a batch again after 429 and
 * 5xx, and drop it for good after any other refusal: so one bad message must not refuse its batch. RudderStack says
 * `application/x-www-form-urlencoded` of its gzipped JSON.
 */

const message = z.looseObject({
  messageId: z.unknown().optional().meta({ description: "The event's id." }),
  userId: z.unknown().optional().meta({ description: "The user's id." }),
  timestamp: z.unknown().optional().meta({ description: "When it happened." }),
});
const success = z.object({ success: z.literal(true) });

/** What is true of all of them; nothing is asked of the content type. */
const segment = {
  method: "POST",
  openQuery: true,
  scope: "events",
  contentTypes: [],
  inflates: true,
  answers: { 200: success },
} as const;

const single = <const Kind extends SegmentKind>(kind: Kind) =>
  defineRoute({
    ...segment,
    path: `/v1/${kind}`,
    summary: `Send one ${kind} of the Segment spec.`,
    body: message,
    lenient: { maxDepth: 32 },
    handle: async ({ env, school, body, bodyFaults, trace }) => {
      const [taken] = await takeSegment(env, school, [body], new Map([[0, bodyFaults]]), { kind }, trace);
      const refusal = taken ? refusalOf(taken) : null;
      if (refusal) throw inTheirWords(refusal, segmentPlaces);
      return ok({ success: true as const });
    },
  });

/** Ways in for clients of the Segment spec. */
export const segmentSpecRoutes = [
  ...SEGMENT_KINDS.map(single),
  defineRoute({
    ...segment,
    path: "/v1/batch",
    summary: "Send messages of the Segment spec.",
    description:
      "What cannot be used of a message is left out and counted, as are messages that say nothing to us: GET /v1/unmapped shows both. Times are put right by sentAt.",
    body: z.looseObject({
      batch: z.array(z.unknown().meta({ documentedAs: message })).max(MAX_EVENTS, `at most ${MAX_EVENTS} messages`),
    }),
    limitBytes: BATCH_BYTES,
    lenient: { maxDepth: 34 },
    handle: async ({ env, school, body, bodyFaults, trace }) => {
      await takeSegment(env, school, body.batch, faultsOfBatch(bodyFaults), { sentAt: body.sentAt }, trace);
      return ok({ success: true as const });
    },
  }),
];
