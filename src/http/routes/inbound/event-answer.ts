import * as z from "zod";
import { type Fault, invalid, type Problem } from "../../../base/errors/errors";
import { traceparentOf } from "../../../base/reports/trace";
import type { Sender } from "../../../users/events/caller";
import type { Wanted } from "../../../users/events/carry";
import type { Answered, Ingested } from "../../../users/events/ingest";
import type { Credential } from "../../access/credentials";
import { appliedOf } from "../../reading/prefer";
import { okText, streamed } from "../../route";

/* What all ways in that take events answer by. */

export const BATCH_BYTES = 1024 * 1024;
export const MAX_EVENTS = 500;

/** For whom an event is sent. */
export const senderOf = (credential: Credential): Sender =>
  credential.kind === "user" ? credential : { kind: "school" };

const receipt = z.object({
  step_id: z.string(),
  change: z.string(),
  change_id: z.string(),
  status: z.enum(["done", "late", "failed", "unsupported", "captured"]),
  delivery_id: z.string(),
});

export const eventAnswer = z.object({
  id: z.string(),
  duplicate: z.boolean(),
  facts: z.array(z.object({ type: z.string(), data: z.record(z.string(), z.unknown()) })),
  runs: z.array(
    z.object({
      id: z.string(),
      automation_id: z.string(),
      synchronous: z.boolean(),
      status: z.string(),
      /** Of a synchronous run: what the LMS has of its changes by now. */
      receipts: z.array(receipt).optional(),
    }),
  ),
  user: z.looseObject({ id: z.string() }).nullable(),
});

export const batchAnswer = z.object({ results: z.array(z.unknown()) });

/**
 * What the faults of a batch's text refuse: by the index of the item, its problem.
 * @param list the pointer to the list of items; a fault outside it refuses the whole batch (422)
 */
export function refusedIn(faults: readonly Fault[], list: string): Map<number, Problem> {
  const refused = new Map<number, Problem>();
  for (const fault of faults) {
    const place = fault.path.startsWith(`${list}/`) && /^(\d+)(\/.*|)$/s.exec(fault.path.slice(list.length + 1));
    if (!place) throw invalid([fault]);
    const index = Number(place[1]);
    const before = refused.get(index)?.faults ?? [];
    refused.set(index, invalid([...before, { ...fault, path: place[2] ?? "" }]));
  }
  return refused;
}

/** The answer to one event, with the trace of all that follows from it. */
export const answered = ({ text, trace }: Answered, wanted: Wanted) => {
  const headers = { traceresponse: traceparentOf(trace), ...appliedOf(wanted) };
  return typeof text === "string" ? okText(text, headers) : streamed(text, headers);
};

/** The results of a batch as JSON, in their order. */
export const resultsText = (results: readonly Ingested[]): string =>
  `{"results":[${results.map((one) => ("text" in one ? one.text : JSON.stringify(one.problem.toDocument()))).join()}]}`;
