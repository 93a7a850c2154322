import * as z from "zod";
import { ingestAll } from "../../../users/events/batch";
import { eventEnvelope } from "../../../users/events/event";
import { faultsOfEvent, ingest } from "../../../users/events/ingest";
import { appliedOf, wantedBy } from "../../reading/prefer";
import { defineRoute, okText } from "../../route";
import { cloudEventForms, orLacksSpecversion } from "./cloudevents";
import {
  answered,
  BATCH_BYTES,
  batchAnswer,
  eventAnswer,
  MAX_EVENTS,
  refusedIn,
  resultsText,
  senderOf,
} from "./event-answer";

const eventBody = eventEnvelope.meta({ component: "Event" });

/** Events: what the LMS, or a learner's browser, tells us. */
export const eventRoutes = [
  defineRoute({
    method: "POST",
    path: "/v1/events",
    scope: ["events", "user"],
    summary: "Send an event.",
    description:
      "When it is answered, the event, its facts and its runs are durable; synchronous automations have run. " +
      "With `Prefer: return=minimal` the answer has no `user`: of one with much to remember that is half a megabyte.",
    // Not optional: no body at all is no JSON (400).
    body: z.unknown().nonoptional().meta({ documentedAs: eventBody }),
    faultsBeside: ({ env, school, credential }, _, given) => faultsOfEvent(env, school, senderOf(credential), given),
    forms: cloudEventForms,
    takesHeaders: ["Prefer"],
    answers: { 200: eventAnswer },
    handle: async ({ env, school, body, credential, headers, trace }) => {
      const caller = senderOf(credential);
      const wanted = wantedBy(headers, Date.now());
      return answered(
        await ingest(env, school, caller, body, wanted, trace).catch((error: unknown) =>
          orLacksSpecversion(headers, error),
        ),
        wanted,
      );
    },
  }),
  defineRoute({
    method: "POST",
    path: "/v1/events/batch",
    scope: "events",
    summary: "Send up to 500 events; one bad one stops no other.",
    body: z.strictObject({
      events: z
        .array(z.unknown().meta({ documentedAs: eventBody }))
        .min(1, "1 to 500 events")
        .max(MAX_EVENTS, "1 to 500 events"),
    }),
    limitBytes: BATCH_BYTES,
    lenient: { maxDepth: 34 },
    takesHeaders: ["Prefer"],
    answers: { 200: batchAnswer },
    handle: async ({ env, school, body, bodyFaults, headers, trace }) => {
      const refused = refusedIn(bodyFaults, "/events");
      const wanted = wantedBy(headers, Date.now());
      const results = await ingestAll(env, school, body.events, refused, wanted, { trace });
      return okText(resultsText(results), appliedOf(wanted));
    },
  }),
];
