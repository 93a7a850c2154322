import * as z from "zod";
import { id } from "../../../catalogue/options/fields";
import { mapPage, pageOf, turnableListQuery } from "../../../db/lists/list";
import { aboutOfJob, faultsOfTime, listEvidence, makeEvidence, readEvidence } from "../../../evidence/make";
import { jobDocument, jobDocumentOf } from "../../../jobs/document";
import type { JobRow } from "../../../jobs/store";
import { alsoOfFaulty } from "../../reading/body";
import { accepted, defineRoute, ok, streamed } from "../../route";
import { rfc3339, timeIn, timeOut } from "../../times";
import { jobAnswer } from "../flag";

const KINDS = ["course", "segment", "automation"] as const;

const asked = z.lazy(() =>
  z
    .strictObject({
      course: id.optional(),
      segment: id.optional(),
      automation: id.optional(),
      from: timeIn,
      to: timeIn.meta({ description: "Not in it itself; not ahead." }),
    })
    .refine((body) => KINDS.filter((kind) => body[kind] !== undefined).length === 1, {
      message: "one of course, segment and automation",
      path: ["course"],
      when: alsoOfFaulty,
    }),
);

const pack = z
  .object({
    job_id: z.string(),
    about: z.object({
      course: z.string().optional(),
      segment: z.string().optional(),
      automation: z.string().optional(),
    }),
    from: timeOut,
    to: timeOut,
    status: jobDocument.shape.status,
    done: z.int(),
    total: z.int(),
    errors: jobDocument.shape.errors,
    result: jobDocument.shape.result.meta({
      description:
        "Of one that is made: how many learners, messages and events are in it now; how many of the learners were erased since.",
    }),
    created_at: timeOut,
  })
  .meta({ component: "EvidencePack" });

function packOf(row: JobRow): z.input<typeof pack> {
  const { id: job_id, status, done, total, errors, result, created_at } = jobDocumentOf(row);
  const { kind, id, from, to } = aboutOfJob(row);
  const times = { from: rfc3339(from), to: rfc3339(to), created_at };
  return { job_id, about: { [kind]: id }, status, done, total, errors, ...times, ...(result ? { result } : {}) };
}

/** Proof of what became of learners, signed. */
export const evidenceRoutes = [
  defineRoute({
    method: "POST",
    path: "/v1/evidence",
    scope: "admin",
    summary: "Make an evidence pack of a course, a segment or an automation.",
    description:
      "Who was enrolled, reminded, completed and certified, when and by what, and the definitions in force; as a zip with a " +
      "signed manifest, from `GET /v1/evidence/:job` once the job is done. 503 where no EVIDENCE_KEY is set.",
    body: asked,
    faultsBeside: ({ school }, part) => faultsOfTime(school, part),
    audits: { what: "evidence.made", inBatch: true },
    answers: () => ({ 202: jobAnswer }),
    handle: async ({ env, school, body: { from, to, ...one }, entry }) => {
      // The schema lets through exactly one.
      const kind = KINDS.find((name) => one[name] !== undefined) ?? "course";
      return accepted({ job_id: await makeEvidence(env, school, { kind, id: one[kind] ?? "", from, to }, entry) });
    },
  }),
  defineRoute({
    method: "GET",
    path: "/v1/evidence",
    scope: "admin",
    summary: "List the evidence packs, oldest first.",
    description: "They are kept as long as the log; one can be made anew at any time.",
    query: turnableListQuery,
    answers: () => ({ 200: pageOf(pack) }),
    handle: async ({ env, school, query }) => ok(mapPage(await listEvidence(env, school.id, query), packOf)),
  }),
  defineRoute({
    method: "GET",
    path: "/v1/evidence/:job",
    scope: "admin",
    summary: "Get an evidence pack, a zip.",
    description:
      "Put together and signed as it is sent: who was erased since it was made stands in it by a pseudonym alone. 409 " +
      "until its job is done. `npx schoolbell verify FILE` checks it.",
    audits: { what: "evidence.read", subject: "job" },
    answersAs: "application/zip",
    answers: () => ({ 200: z.string().meta({ format: "binary" }) }),
    handle: async ({ env, school, params }) => {
      const { stream, name } = await readEvidence(env, school, params.job);
      return {
        ...streamed(stream),
        headers: { "content-type": "application/zip", "content-disposition": `attachment; filename="${name}"` },
      };
    },
  }),
];
