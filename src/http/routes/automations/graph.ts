import * as z from "zod";
import { graphOf, PAGE_EDGES } from "../../../automations/graph/graph";
import { NODE_KINDS } from "../../../automations/graph/things";
import { defineRoute, ok } from "../../route";

const node = () =>
  z.object({
    id: z.string().meta({ description: "`<kind>:<id>`, of a product `<type>:<id>`: always the same." }),
    kind: z.enum(NODE_KINDS),
    name: z.string(),
    type: z.string().optional().meta({ description: "Of a product: `course`, `bundle`, `form` … ; `product`: any." }),
    active: z.boolean().optional().meta({ description: "Of what can be switched off." }),
  });

const edge = () =>
  z.object({
    from: z.string(),
    to: z.string(),
    kind: z.enum(["starts", "needs", "gives", "takes", "ends"]),
    paths: z.array(z.string()).meta({ description: "JSON pointers into the definition at one end of it." }),
  });

const graphDocument = z.lazy(() =>
  z
    .object({
      about: z.string().optional().meta({ description: "The id of the node that was asked about." }),
      nodes: z.array(node()),
      edges: z.array(edge()),
      next_cursor: z.string().nullable(),
    })
    .meta({ component: "Graph" }),
);

/** What touches what. */
export const graphRoutes = [
  defineRoute({
    method: "GET",
    path: "/v1/graph",
    scope: "read",
    summary: "The school as one graph: what starts, needs, gives, takes and ends what.",
    description:
      "Automations, rules, syncs and auto groups, and whatever they name. An edge leads from what starts, is needed or ends to " +
      "the definition, and from the definition to what it gives or takes; `paths` are the places that name it, of a message that " +
      "names a field its text. `about` is one node: then only what is at most `depth` edges away, with the edges between. Each " +
      `definition of the school is read once, whatever is asked for. A page ends after ${PAGE_EDGES.toLocaleString("en")} edges or ` +
      "definitions, with the edges of a definition whole; a node that edges of two pages name stands on both.",
    query: z.object({
      about: z.string().max(300).optional().meta({ description: "`course:js-101`, `automation:aut_…`, `tag:vip` …" }),
      depth: z.coerce.number().int().min(1).max(5).default(1),
      cursor: z.string().max(2_000).optional(),
    }),
    refuses: ["not_found"],
    answers: { 200: graphDocument },
    handle: async ({ env, school, query }) => ok(await graphOf(env, school, query)),
  }),
];
