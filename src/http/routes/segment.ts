import { z } from "zod";
import type { Env } from "../../base/env";
import { type Fault, invalid, type Problem } from "../../base/errors";
import { countUnmapped } from "../../db/unmapped";
import { asUnmapped } from "../../inbound/mapped";
import {
  mapSegment,
  SEGMENT_KINDS,
  SEGMENT_PARTS,
  type SegmentKind,
  segmentName,
  segmentPlaces,
} from "../../inbound/segment";
import { takeMapped } from "../../inbound/take";
import { inTheirWords } from "../../inbound/words";
import type { School } from "../../world/snapshot";
import { defineRoute, ok } from "../route";
import { BATCH_BYTES, MAX_EVENTS } from "./event-answer";

/*
 * The Segment spec, as @segment/analytics-node and RudderStack's client speak it. They send a batch again after 429 and
 * 5xx, and drop it for good after any other refusal: so one bad message must not refuse its batch. RudderStack says
 * `application/x-www-form-urlencoded` of its gzipped JSON.
 */

const FORMAT = "segment";

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
    handle: async ({ env, school, body }) => {
      const [results = []] = await takeMapped(env, school, FORMAT, [await mapSegment(body, kind)]);
      for (const result of results) if ("problem" in result) throw inTheirWords(result.problem, segmentPlaces);
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
    description: "Messages that are refused or say nothing to us are counted: GET /v1/unmapped shows them.",
    body: z.looseObject({
      batch: z.array(z.unknown().meta({ documentedAs: message })).max(MAX_EVENTS, `at most ${MAX_EVENTS} messages`),
    }),
    limitBytes: BATCH_BYTES,
    lenient: { maxDepth: 34 },
    handle: async ({ env, school, body, bodyFaults }) => {
      await takeBatch(env, school, body.batch, faultsIn(bodyFaults));
      return ok({ success: true as const });
    },
  }),
];

/** Takes each message that can be taken and counts the others; throws 503 where sending the batch again would help. */
async function takeBatch(env: Env, school: School, batch: readonly unknown[], faults: ReadonlyMap<number, Fault>) {
  const messages = await Promise.all(
    batch.map((one, index) => {
      const fault = faults.get(index);
      return fault ? asUnmapped(refusalOf(one, invalid([fault]))) : mapSegment(one);
    }),
  );
  const refused: string[] = [];
  for (const [index, results] of (await takeMapped(env, school, FORMAT, messages)).entries()) {
    const problem = results.flatMap((result) => ("problem" in result ? result.problem : []))[0];
    if (problem?.kind === "unavailable") throw problem;
    if (problem) refused.push(refusalOf(batch[index], inTheirWords(problem, segmentPlaces)));
  }
  await countUnmapped(env, school.id, FORMAT, refused);
}

/** What a refused message is counted as: what it is, and the first thing that is wrong with it. */
const refusalOf = (message: unknown, { faults: [fault] = [], detail }: Problem): string =>
  `${segmentName(message)}: ${fault ? `${fault.path} ${fault.message}` : detail}`;

/** By the index of its message, the first fault in a part that is looked at. */
function faultsIn(faults: readonly Fault[]): Map<number, Fault> {
  const found = new Map<number, Fault>();
  for (const { path, message } of faults) {
    const [, list, index, part = ""] = path.split("/");
    if (list !== "batch" || (part !== "" && !SEGMENT_PARTS.includes(part)) || found.has(Number(index))) continue;
    found.set(Number(index), { path: path.slice(`/batch/${index}`.length), message });
  }
  return found;
}
