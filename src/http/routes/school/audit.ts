import * as z from "zod";
import { mapPage, pageOf, turnableListQuery } from "../../../db/lists/list";
import { type Audited, changedNames, getAudited, listAudit, namesOfWho } from "../../../schools/audit/audit";
import { defineRoute, ok } from "../../route";
import { rfc3339, timeIn, timeOut } from "../../times";

const document = z
  .object({
    id: z.string(),
    at: timeOut,
    who: z.string().meta({ description: "`key:<id>`, `admin:<email>`, `platform`, `system`." }),
    who_name: z.string().nullable().meta({ description: "The key's name, while it is there; the address." }),
    what: z.string().meta({ description: "`<thing>.<verb>`: `automation.changed`." }),
    subject: z.string().meta({ description: "The id of what it was done to; of a user who was erased, a pseudonym." }),
    changed: z.array(z.string()).meta({ description: "The names of what changed." }),
  })
  .meta({ component: "Audited" });

const toDocument = (row: Audited, names: ReadonlyMap<string, string>): z.input<typeof document> => ({
  id: row.id,
  at: rfc3339(row.at),
  who: row.who,
  who_name: names.get(row.who) ?? null,
  what: row.what,
  subject: row.subject,
  changed: changedNames(row),
});

const text = z.string().min(1).max(300).optional();

/** Who changed what. */
export const auditRoutes = [
  defineRoute({
    method: "GET",
    path: "/v1/audit",
    scope: "admin",
    summary: "List who changed what, oldest first.",
    description:
      "Every write of definitions, settings, keys and collaborators, whoever made it, and what was done by hand to runs, " +
      "deliveries, jobs and learners. Not events, nor what a key or a user token says of a user. Kept as long as the log.",
    query: turnableListQuery.extend({
      who: text.meta({ description: "As entries say it: `key:<id>`, `admin:<email>`, `platform`, `system`." }),
      what: text.meta({ description: "A kind of change, `automation.changed`, or a thing, `automation`." }),
      subject: text.meta({
        description: "The id of what it was done to; of a user who was erased the id that they had.",
      }),
      since: timeIn.optional().meta({ description: "Entries from then on." }),
    }),
    answers: () => ({ 200: pageOf(document) }),
    handle: async ({ env, school, query }) => {
      const page = await listAudit(env, school, query);
      const names = await namesOfWho(env, school.id, page.data);
      return ok(mapPage(page, (row) => toDocument(row, names)));
    },
  }),
  defineRoute({
    method: "GET",
    path: "/v1/audit/:id",
    scope: "admin",
    summary: "Get an entry.",
    answers: { 200: document },
    handle: async ({ env, school, params }) => {
      const row = await getAudited(env, school.id, params.id);
      return ok(toDocument(row, await namesOfWho(env, school.id, [row])));
    },
  }),
];
