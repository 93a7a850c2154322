import * as z from "zod";
import type { Env } from "../../../base/env";
import { notFound } from "../../../base/errors/errors";
import { listQuery, mapPage, pageOf } from "../../../db/lists/list";
import { findUnmapped, keptMessages, listUnmapped, type UnusedRow, unusedId } from "../../../db/unmapped";
import { tryAgain } from "../../../inbound/again";
import { defineRoute, ok } from "../../route";
import { rfc3339, timeOut } from "../../times";

export const unmappedDocument = z
  .object({
    id: z.string(),
    format: z.string().meta({ description: "The way in: cloudevents, segment, xapi …" }),
    name: z.string().meta({ description: "What the message was, and why it, or a part of it, could not be used." }),
    path: z.string().nullable().meta({ description: "The part that was left out, a JSON pointer; null: all of it." }),
    message: z.string().nullable().meta({ description: "What is wrong with that part." }),
    count: z.number(),
    last_at: timeOut,
  })
  .meta({ component: "Unmapped" });

const withMessages = unmappedDocument.extend({
  messages: z
    .array(z.object({ at: timeOut, user: z.string().nullable(), message: z.unknown() }))
    .meta({ description: "The last that came, oldest first, kept for 7 days." }),
});

const toDocument = (row: UnusedRow) => {
  const { format, name, path, message, count } = row;
  return { id: unusedId(row), format, name, path, message, count, last_at: rfc3339(row.lastAt) };
};

async function requireRow(env: Env, school: string, id: string): Promise<UnusedRow> {
  const row = await findUnmapped(env, school, id);
  if (!row) throw notFound("count");
  return row;
}

const params = z.object({ id: z.string() });

/** Messages that came in other formats and could not be used, whole or in part, counted by name. */
export const unmappedRoutes = [
  defineRoute({
    method: "GET",
    path: "/v1/unmapped",
    scope: "read",
    summary: "List what could not be used of messages in other formats, the most frequent first.",
    description: "Pages come by powers of two of the count, and on each page the most frequent stand first.",
    query: listQuery,
    answers: () => ({ 200: pageOf(unmappedDocument) }),
    handle: async ({ env, school, query }) => {
      return ok(mapPage(await listUnmapped(env, school.id, query), toDocument));
    },
  }),
  defineRoute({
    method: "GET",
    path: "/v1/unmapped/:id",
    scope: "read",
    params,
    summary: "Get one, with the last messages of it.",
    answers: { 200: withMessages },
    handle: async ({ env, school, params: { id } }) => {
      const row = await requireRow(env, school.id, id);
      const kept = await keptMessages(env, school.id, row);
      const messages = kept.map(({ at, user, body }) => ({
        at: rfc3339(at),
        user: user === "" ? null : user,
        message: z.object({ message: z.unknown() }).parse(JSON.parse(body)).message,
      }));
      return ok({ ...toDocument(row), messages });
    },
  }),
  defineRoute({
    method: "POST",
    path: "/v1/unmapped/:id/replay",
    scope: "write",
    params,
    summary: "Try the messages kept of one again, once what they need is there.",
    description:
      "What was taken of them when they came is not taken twice. Messages that are used whole leave the list.",
    audits: { what: "unmapped.replayed" },
    answers: () => ({ 200: z.object({ tried: z.number(), used: z.number() }) }),
    handle: async ({ env, school, params: { id } }) =>
      ok(await tryAgain(env, school, await requireRow(env, school.id, id))),
  }),
];
