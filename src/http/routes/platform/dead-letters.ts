import * as z from "zod";
import { listQuery, mapPage, pageOf } from "../../../db/lists/list";
import {
  type DeadLetterRow,
  getDeadLetter,
  listDeadLetters,
  retryDeadLetter,
} from "../../../schools/platform/dead-letters";
import { whoOf } from "../../access/credentials";
import { accepted, defineRoute, ok } from "../../route";
import { rfc3339, timeOut } from "../../times";

const document = z
  .object({
    id: z.string(),
    school_id: z.string().nullable().meta({ description: "Null: it is of no school in particular." }),
    kind: z.string().meta({ description: "What was to be done: `deliver`, `wake`, `job`, `log` …" }),
    user_id: z.string().nullable(),
    subject: z.string().nullable().meta({ description: "The delivery, job or automation it is about." }),
    reason: z.string().nullable().meta({ description: "Why the last attempt failed; null: it was cut off." }),
    attempts: z.number(),
    since: timeOut.meta({ description: "When it was given up first." }),
    at: timeOut.meta({ description: "And last." }),
  })
  .meta({ component: "DeadLetter" });

const orNull = (text: string): string | null => (text === "" ? null : text);

const toDocument = (row: DeadLetterRow): z.input<typeof document> => ({
  id: row.id,
  school_id: orNull(row.school),
  kind: row.kind,
  user_id: orNull(row.user),
  subject: orNull(row.subject),
  reason: row.reason,
  attempts: row.attempts,
  since: rfc3339(row.since),
  at: rfc3339(row.at),
});

/** What no queue got done, for the platform token. */
export const deadLetterRoutes = [
  defineRoute({
    method: "GET",
    path: "/v1/dead-letters",
    scope: "platform",
    summary: "List what was given up after many tries, oldest first.",
    description: "Kept for 30 days, or for as long as its school keeps its log where that is shorter.",
    query: listQuery.extend({ school: z.string().max(64).optional() }),
    answers: () => ({ 200: pageOf(document) }),
    handle: async ({ env, query }) => ok(mapPage(await listDeadLetters(env, query), toDocument)),
  }),
  defineRoute({
    method: "GET",
    path: "/v1/dead-letters/:id",
    scope: "platform",
    summary: "Get one.",
    answers: { 200: document },
    handle: async ({ env, params }) => ok(toDocument(await getDeadLetter(env, params.id))),
  }),
  defineRoute({
    method: "POST",
    path: "/v1/dead-letters/:id/retry",
    scope: "platform",
    summary: "Have one tried again.",
    description: "It leaves the list; if it is given up again, it comes back. 409 where the message could not be read.",
    answers: { 202: document },
    handle: async ({ env, params, credential }) => {
      const letter = toDocument(await getDeadLetter(env, params.id));
      await retryDeadLetter(env, params.id, whoOf(credential));
      return accepted(letter);
    },
  }),
];
