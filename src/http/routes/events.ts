import { z } from "zod";
import { invalid, type Problem } from "../../errors";
import { eventEnvelope } from "../../users/event";
import { ingest, ingestBatch } from "../../users/ingest";
import { defineRoute, okText } from "../route";

const BATCH_BYTES = 1024 * 1024;
const MAX_EVENTS = 500;

const answer = z.object({
  id: z.string(),
  duplicate: z.boolean(),
  facts: z.array(z.object({ type: z.string(), data: z.record(z.string(), z.unknown()) })),
  runs: z.array(z.object({ id: z.string(), automation_id: z.string(), synchronous: z.boolean(), status: z.string() })),
  user: z.looseObject({ id: z.string() }).nullable(),
});

/** Events: what the LMS, or a learner's browser, tells us. */
export const eventRoutes = [
  defineRoute({
    method: "POST",
    path: "/v1/events",
    scope: ["events", "user"],
    summary: "Send an event.",
    description:
      "When it is answered, the event, its facts and its runs are durable; synchronous automations have run.",
    // Not optional: no body at all is no JSON (400).
    body: z.unknown().nonoptional().meta({ documentedAs: eventEnvelope }),
    answers: { 200: answer },
    handle: async ({ env, school, body, credential }) =>
      okText(await ingest(env, school, credential.kind === "user" ? credential : { kind: "school" }, body)),
  }),
  defineRoute({
    method: "POST",
    path: "/v1/events/batch",
    scope: "events",
    summary: "Send up to 500 events; one bad one stops no other.",
    body: z.strictObject({
      events: z
        .array(z.unknown().meta({ documentedAs: eventEnvelope }))
        .min(1, "1 to 500 events")
        .max(MAX_EVENTS, "1 to 500 events"),
    }),
    limitBytes: BATCH_BYTES,
    lenient: { maxDepth: 34 },
    answers: { 200: z.object({ results: z.array(z.unknown()) }) },
    handle: async ({ env, school, body, bodyFaults }) => {
      const refused = new Map<number, Problem>();
      for (const fault of bodyFaults) {
        const place = /^\/events\/(\d+)(\/.*|)$/.exec(fault.path);
        if (!place) throw invalid([fault]);
        const index = Number(place[1]);
        const before = refused.get(index)?.faults ?? [];
        refused.set(index, invalid([...before, { ...fault, path: place[2] ?? "" }]));
      }
      const results = await ingestBatch(env, school, body.events, refused);
      const texts = results.map((one) => ("text" in one ? one.text : JSON.stringify(one.problem.toDocument())));
      return okText(`{"results":[${texts.join()}]}`);
    },
  }),
];
