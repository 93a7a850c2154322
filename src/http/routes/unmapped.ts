import { z } from "zod";
import { listQuery, pageOf, pageOfArray } from "../../db/list";
import { listUnmapped } from "../../db/unmapped";
import { defineRoute, ok } from "../route";
import { rfc3339, timeOut } from "../times";

export const unmappedDocument = z
  .object({
    format: z.string().meta({ description: "The way in: cloudevents, segment, xapi …" }),
    name: z.string().meta({ description: "What the message was, and why it could not be used." }),
    count: z.number(),
    last_at: timeOut,
  })
  .meta({ component: "Unmapped" });

/** Messages that came in other formats and could not be used, counted by name. */
export const unmappedRoutes = [
  defineRoute({
    method: "GET",
    path: "/v1/unmapped",
    scope: "read",
    summary: "List messages in other formats that could not be used, the most frequent first.",
    query: listQuery,
    answers: { 200: pageOf(unmappedDocument) },
    handle: async ({ env, school, query }) => {
      const rows = await listUnmapped(env, school.id);
      const all = rows.map(({ lastAt, ...rest }) => ({ ...rest, last_at: rfc3339(lastAt) }));
      return ok(pageOfArray(query, all, ({ format, name }) => `${format} ${name}`));
    },
  }),
];
