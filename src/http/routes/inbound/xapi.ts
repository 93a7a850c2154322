import * as z from "zod";
import { notFound, Problem } from "../../../base/errors/errors";
import { badStatement, readStatements, statementDocument } from "../../../inbound/xapi/statement";
import { takeStatements } from "../../../inbound/xapi/take";
import { requireVersion, XAPI_VERSIONS } from "../../reading/xapi-dialect";
import { defineRoute, noContent, ok } from "../../route";

const BATCH_BYTES = 1024 * 1024;
const MAX_STATEMENTS = 500;
/** A statement may be nested as an event may, within a list. */
const LENIENT = { maxDepth: 34 };

/** What is true of all of them: content in a page calls them, with a school's key. */
const xapi = { openQuery: true, scope: "events", fromPages: true } as const;

/** Statements: JSON, whatever the content type says. A page that can send no headers calls it text. */
const statements = { ...xapi, path: "/xapi/statements", contentTypes: [], lenient: LENIENT } as const;

const json = (document: z.ZodType) => z.unknown().nonoptional().meta({ documentedAs: document });

/** Where content keeps documents of its own, as in a record store that has none: it goes on without. */
const documents = <const Path extends string, const Id extends string>(path: Path, id: Id) => {
  const put = <const M extends "PUT" | "POST" | "DELETE">(method: M, summary: string) =>
    defineRoute({
      ...xapi,
      method,
      path,
      summary,
      bodyKind: "unread",
      answers: { 204: null },
      handle: () => noContent(),
    });
  return [
    defineRoute({
      ...xapi,
      method: "GET",
      path,
      summary: `Read a document of xAPI content: none is kept, so there is no ${id}, and the list of them is empty.`,
      query: z.object({ [id]: z.string().optional() }),
      answers: () => ({ 200: z.array(z.string()) }),
      handle: ({ query }) => {
        if (query[id] !== undefined) throw notFound("document");
        return ok([]);
      },
    }),
    put("PUT", "Write a document of xAPI content: it is taken, and not kept."),
    put("POST", "Add to a document of xAPI content: it is taken, and not kept."),
    put("DELETE", "Delete a document of xAPI content."),
  ];
};

/** xAPI 1.0.3: a record store that keeps nothing but what our events say. */
export const xapiRoutes = [
  defineRoute({
    ...statements,
    method: "POST",
    summary: "Send xAPI statements, one or a list of up to 500.",
    description:
      "X-Experience-API-Version: 1.0.x is asked for. Each becomes events by its verb and object; one that says nothing to us is answered alike and counted. One bad statement refuses all. An actor's account.name is the user's id; an mbox finds the user with that email, else makes one whose id it is.",
    body: json(z.union([statementDocument, z.array(statementDocument)])),
    limitBytes: BATCH_BYTES,
    answers: () => ({ 200: z.array(z.uuid()) }),
    handle: async ({ env, school, headers, body, bodyFaults, trace }) => {
      requireVersion(headers);
      const bodies: readonly unknown[] = Array.isArray(body) ? body : [body];
      if (bodies.length > MAX_STATEMENTS) throw new Problem("too_large", `Send up to ${MAX_STATEMENTS} statements.`);
      const read = readStatements(bodies, bodyFaults, { isList: Array.isArray(body) });
      return ok(await takeStatements(env, school, read, trace));
    },
  }),
  defineRoute({
    ...statements,
    method: "PUT",
    summary: "Send one xAPI statement under its id.",
    query: z.object({ statementId: z.string().optional() }),
    body: json(statementDocument),
    answers: { 204: null },
    handle: async ({ env, school, headers, query, body, bodyFaults, trace }) => {
      requireVersion(headers);
      const id = query.statementId;
      if (id === undefined) throw badStatement("Name the statement: ?statementId=<uuid>.");
      const own = typeof body === "object" && body !== null && "id" in body ? body.id : undefined;
      if (own !== undefined && String(own).toLowerCase() !== id.toLowerCase())
        throw badStatement("The statement's id is not statementId.");
      const named = typeof body === "object" && body !== null && !Array.isArray(body) ? { ...body, id } : body;
      await takeStatements(env, school, readStatements([named], bodyFaults), trace);
      return noContent();
    },
  }),
  ...documents("/xapi/activities/state", "stateId"),
  ...documents("/xapi/activities/profile", "profileId"),
  ...documents("/xapi/agents/profile", "profileId"),
  defineRoute({
    method: "GET",
    path: "/xapi/about",
    scope: "none",
    fromPages: true,
    summary: "The versions of xAPI that are spoken.",
    answers: () => ({ 200: z.object({ version: z.array(z.string()) }) }),
    handle: () => ok({ version: XAPI_VERSIONS }),
  }),
];
