import * as z from "zod";
import { invalid } from "../../../base/errors/errors";
import { TELLERS } from "../../../catalogue/facts/products";
import { id } from "../../../catalogue/options/fields";
import { listQuery, pageOf } from "../../../db/lists/list";
import { PRODUCT_COLUMNS } from "../../../db/products";
import { coursesFault, productBody, productKind } from "../../../products/fields";
import { getProduct, idOfProduct, listProducts, ourIdOf } from "../../../products/find";
import { deleteProduct, putProduct } from "../../../products/write";
import { whoOf } from "../../access/credentials";
import { accepted, defineRoute, noContent, ok } from "../../route";
import { jobAnswer } from "../flag";

const document = z
  .object({
    type: productKind,
    id: z.string(),
    name: z.string().nullable(),
    url: z.string().nullable(),
    image_url: z.string().nullable(),
    parent: z.string().nullable(),
    courses: z.array(z.string()).nullable(),
    starts_at: z.string().nullable(),
    ends_at: z.string().nullable(),
    due_at: z.string().nullable(),
    told: z
      .partialRecord(z.enum(PRODUCT_COLUMNS), z.enum(TELLERS))
      .meta({ description: "Who said each: `hand` over `lms` over `event`." }),
  })
  .meta({ component: "Product" });

const jobId = z
  .string()
  .optional()
  .meta({ description: "The job that gives holders the courses that it holds now, and takes those it holds no more." });

const which = z.object({ type: productKind, id });

/** What courses, bundles, groups and the like are called, and what else is known of them. */
export const productRoutes = [
  defineRoute({
    method: "GET",
    path: "/v1/products",
    scope: "read",
    summary: "List the products of which something is known, by type and id.",
    query: listQuery.extend({
      type: productKind.optional(),
      q: z.string().max(255).optional().meta({ description: "Part of the name or the id." }),
    }),
    answers: () => ({ 200: pageOf(document) }),
    handle: async ({ env, school, query }) => ok(await listProducts(env, school.id, query)),
  }),
  defineRoute({
    method: "GET",
    path: "/v1/products/:type/:id",
    scope: "read",
    summary: "Get what is known of a product.",
    params: which,
    answers: { 200: document },
    handle: async ({ env, school, params }) =>
      ok(await getProduct(env, school.id, params.type, await idOfProduct(env, school, params))),
  }),
  defineRoute({
    method: "PUT",
    path: "/v1/products/:type/:id",
    scope: "write",
    summary: "Say what a product is called, where it is, and what it holds.",
    description:
      "What is left out is taken back where it was said by hand, and stays where the LMS or an event told it. " +
      "Whoever holds a bundle, subscription or seat holds its courses. Waits and automations that go by a course's dates follow them, by a job.",
    params: which,
    makes: true,
    body: productBody,
    answers: () => ({ 200: document.extend({ job_id: jobId }) }),
    handle: async ({ env, school, params, body, credential }) => {
      const fault = coursesFault(params.type, body);
      if (fault !== null) throw invalid([{ path: "/courses", message: fault }]);
      const put = await putProduct(
        env,
        school,
        { ...params, id: await ourIdOf(env, school, params), ...body },
        whoOf(credential),
      );
      return ok({ ...put.product, ...(put.jobId ? { job_id: put.jobId } : {}) });
    },
  }),
  defineRoute({
    method: "DELETE",
    path: "/v1/products/:type/:id",
    scope: "write",
    summary: "Forget what is known of a product.",
    description:
      "Where it held courses, a job takes them from whoever holds it; where a course had dates that waits go by, a job sees to these: 202 with the job.",
    params: which,
    answers: { 202: jobAnswer, 204: null },
    handle: async ({ env, school, params, credential }) => {
      const id = await idOfProduct(env, school, params);
      const jobId = await deleteProduct(env, school, params.type, id, whoOf(credential));
      return jobId === undefined ? noContent() : accepted({ job_id: jobId });
    },
  }),
];
