import { z } from "zod";
import { Problem } from "../../base/errors";
import { badStatement, readStatements, statementDocument } from "../../inbound/xapi/statement";
import { takeStatements } from "../../inbound/xapi/take";
import { defineRoute, noContent, ok } from "../route";

const BATCH_BYTES = 1024 * 1024;
const MAX_STATEMENTS = 500;
/** A statement may be nested as an event may, within a list. */
const LENIENT = { maxDepth: 34 };

const VERSION = { "x-experience-api-version": "1.0.3" };
const VERSIONS = ["1.0.3", "1.0.2", "1.0.1", "1.0.0"] as const;

function requireVersion(headers: Headers): void {
  const version = headers.get("x-experience-api-version");
  if (version === null || !/^1\.0(\.\d{1,3})?$/.test(version))
    throw badStatement(`Send X-Experience-API-Version: ${VERSIONS[0]}; any 1.0.x is taken.`);
}

const json = (document: z.ZodType) => z.unknown().nonoptional().meta({ documentedAs: document });

/** xAPI 1.0.3: a record store that keeps nothing but what our events say. */
export const xapiRoutes = [
  defineRoute({
    method: "POST",
    path: "/xapi/statements",
    openQuery: true,
    scope: "events",
    summary: "Send xAPI statements, one or a list of up to 500.",
    description:
      "X-Experience-API-Version: 1.0.x is asked for. Each becomes events by its verb and object; one that says nothing to us is answered alike and counted. One bad statement refuses all. An actor's account.name is the user's id; an mbox finds the user with that email, else makes one whose id it is.",
    body: json(z.union([statementDocument, z.array(statementDocument)])),
    lenient: LENIENT,
    limitBytes: BATCH_BYTES,
    answers: { 200: z.array(z.uuid()) },
    handle: async ({ env, school, headers, body, bodyFaults }) => {
      requireVersion(headers);
      const bodies: readonly unknown[] = Array.isArray(body) ? body : [body];
      if (bodies.length > MAX_STATEMENTS) throw new Problem("too_large", `Send up to ${MAX_STATEMENTS} statements.`);
      return ok(
        await takeStatements(env, school, readStatements(bodies, bodyFaults, { isList: Array.isArray(body) })),
        VERSION,
      );
    },
  }),
  defineRoute({
    method: "PUT",
    path: "/xapi/statements",
    openQuery: true,
    scope: "events",
    summary: "Send one xAPI statement under its id.",
    query: z.object({ statementId: z.string().optional() }),
    body: json(statementDocument),
    lenient: LENIENT,
    answers: { 204: null },
    handle: async ({ env, school, headers, query, body, bodyFaults }) => {
      requireVersion(headers);
      const id = query.statementId;
      if (id === undefined) throw badStatement("Name the statement: ?statementId=<uuid>.");
      const own = typeof body === "object" && body !== null && "id" in body ? body.id : undefined;
      if (own !== undefined && String(own).toLowerCase() !== id.toLowerCase())
        throw badStatement("The statement's id is not statementId.");
      const named = typeof body === "object" && body !== null && !Array.isArray(body) ? { ...body, id } : body;
      await takeStatements(env, school, readStatements([named], bodyFaults));
      return noContent(VERSION);
    },
  }),
  defineRoute({
    method: "GET",
    path: "/xapi/about",
    scope: "none",
    summary: "The versions of xAPI that are spoken.",
    answers: { 200: z.object({ version: z.array(z.string()) }) },
    handle: () => ok({ version: VERSIONS }, VERSION),
  }),
];
