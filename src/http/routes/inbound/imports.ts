import * as z from "zod";
import { startRoster } from "../../../inbound/oneroster/start";
import { charsetOf } from "../../../jobs/files/dialect";
import type { FileKind } from "../../../jobs/files/lines";
import { startImport } from "../../../jobs/files/upload";
import { productsImport } from "../../../products/import";
import { membersImport, segmentsImport } from "../../../segments/imports";
import { usersImport } from "../../../users/import/import";
import { previewUsers } from "../../../users/import/preview";
import { whoOf } from "../../access/credentials";
import { isContentType, MIB } from "../../reading/body";
import { accepted, defineRoute, type Forms, ok } from "../../route";
import { fireQuery, flag, jobAnswer } from "../flag";

const LIMIT_BYTES = 32 * MIB;

const file = (columns: string) =>
  z.string().meta({
    description: `CSV with a header: ${columns} UTF-8, UTF-16 with a byte order mark, or Windows-1252 where the Content-Type says so.`,
  });

/** How every file of CSV is taken. */
const csvFile = { bodyKind: "pieces", contentTypes: ["text/csv"], limitBytes: LIMIT_BYTES } as const;

const importRoute = <const Path extends string>(
  path: Path,
  kind: FileKind,
  summary: string,
  description: string,
  columns: string,
) =>
  defineRoute({
    method: "POST",
    path,
    scope: "write",
    summary,
    description,
    query: fireQuery,
    body: file(columns),
    ...csvFile,
    answers: { 202: jobAnswer },
    handle: async ({ env, school, body, query, credential, headers, trace }) => {
      const charset = charsetOf(headers.get("content-type"));
      const options = { charset, fire: query.fire, who: whoOf(credential), trace };
      return accepted({ job_id: await startImport(env, school, kind, body, options) });
    },
  });

/** The second as Windows calls it. */
const ZIPS = ["application/zip", "application/x-zip-compressed"];

const rosterRoute = defineRoute({
  method: "POST",
  path: "/v1/users/import",
  scope: "write",
  summary: "Import users and enrolments from a OneRoster 1.1 or 1.2 set of CSV.",
  description:
    "Users are made and merged, enrolments given and, where `tobedeleted`, ended. Users that are `tobedeleted` or not enabled, " +
    "and enrolments in the set's classes that a bulk file lacks, are reported and left. Passwords are never taken.",
  query: fireQuery,
  body: z
    .string()
    .meta({ description: "A zip with its files at the root; 32 MiB at most, inflated too.", format: "binary" }),
  bodyKind: "bytes",
  contentTypes: ZIPS,
  limitBytes: LIMIT_BYTES,
  answers: { 202: jobAnswer },
  handle: async ({ env, school, body, query, credential, trace }) => {
    const options = { fire: query.fire, who: whoOf(credential), trace };
    return accepted({ job_id: await startRoster(env, school, body, options) });
  },
});

const rosterForms: Forms = {
  routes: [rosterRoute],
  of: (headers) => (isContentType(headers.get("content-type"), ZIPS) ? rosterRoute : undefined),
};

const dryRun = flag.meta({
  description: "Answers the first 20 lines as they would be taken, and writes nothing; of CSV alone. Takes `read`.",
});

const preview = z.object({
  columns: z.array(z.string()),
  rows: z
    .array(z.array(z.union([z.string(), z.number(), z.boolean()])))
    .meta({ description: "Cells in the order of `columns`; an empty one leaves what is there." }),
  errors: z.array(z.object({ line: z.int(), message: z.string() })),
});

const usersRoute = defineRoute({
  method: "POST",
  path: "/v1/users/import",
  scope: "write",
  summary: "Import users from CSV.",
  description:
    "Makes users and merges into those that are there; an empty cell leaves what is there. Starts no automation unless `fire`. " +
    "Dates may be written as `2026-01-31`, or `31/01/2026` or `01/31/2026` where those of the column show which.",
  query: fireQuery.extend({ dry_run: dryRun }),
  body: file(
    "`id`, and any of `email, username` (or `firstname`, `lastname`), `registered_at, source, timezone, locale, tags` (`|` between them), `marketing_consent, cookies_accepted, unsubscribed` (yes or no), `fields.<name>` (or `profile_field_<name>`; `|` between the texts of a list).",
  ),
  ...csvFile,
  forms: rosterForms,
  answers: { 200: preview, 202: jobAnswer },
  handle: async ({ env, school, body, query, credential, headers, trace }) => {
    const charset = charsetOf(headers.get("content-type"));
    if (query.dry_run) return ok(await previewUsers(env, school, body, charset));
    const options = { charset, fire: query.fire, who: whoOf(credential), trace };
    return accepted({ job_id: await startImport(env, school, usersImport, body, options) });
  },
});

/** Files of CSV. Bad lines are reported by the job and passed over. */
export const importRoutes = [
  usersRoute,
  importRoute(
    "/v1/segments/import",
    segmentsImport,
    "Import segments from CSV.",
    "Makes segments that are kept by hand, and renames those that are there. One without an id is a new one.",
    "`name`, and `id`.",
  ),
  importRoute(
    "/v1/segments/members/import",
    membersImport,
    "Import members of segments from CSV.",
    "Puts users into segments that are kept by hand, and takes them out. Quiet unless `fire`.",
    "`segment`, one of `user` (the id), `email` and `username`, and `action`: `add`, the default, or `remove`.",
  ),
  importRoute(
    "/v1/products/import",
    productsImport,
    "Import names of products from CSV.",
    "Says of products what they are called, where they are and what they hold, as by hand; an empty cell leaves what is there.",
    "`type,id`, and any of `name, url, image_url, parent, courses` (`|` between them), `starts_at, ends_at, due_at`.",
  ),
];
