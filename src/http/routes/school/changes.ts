import * as z from "zod";
import { CHANGES, cause, changeTypes } from "../../../catalogue/facts/changes";
import { readFeed } from "../../../schools/feed";
import { defineRoute, okText } from "../../route";
import { timeOut } from "../../times";

const MAX_WAIT_S = 25;

/** A change as the contract shows one (§12). */
const changeDocument = z.lazy(() =>
  z
    .discriminatedUnion(
      "type",
      changeTypes.map(
        (type) =>
          z.object({
            type: z.literal(type),
            data: CHANGES[type],
            id: z.string(),
            user: z.string(),
            seq: z.number().int().meta({ description: "Grows with each change of the user." }),
            at: timeOut,
            cause,
          }),
        // An object with its own `type` for each of them, and there are some.
      ) as unknown as [z.ZodObject, ...z.ZodObject[]],
    )
    .meta({ component: "ToldChange" }),
);

const wholeNumber = z.coerce.number("not a number").int("not a whole number");

/** What we changed ourselves, for who pulls it. */
export const changeRoutes = [
  defineRoute({
    method: "GET",
    path: "/v1/changes",
    scope: "read",
    summary: "What was changed here of users, for the LMS to follow: pull it, and go on behind `next_cursor`.",
    description:
      "Each user's changes come in order, at least once: drop what is not above the last `seq` of its user. They are kept " +
      "for 7 days; a cursor older than that is a 410.",
    query: z.object({
      after: z.string().max(1_024).optional().meta({
        description: "`next_cursor` of the answer before; without it, from the oldest change that is kept.",
      }),
      wait: wholeNumber.min(0, "at least 0").max(MAX_WAIT_S, `at most ${MAX_WAIT_S}`).default(0).meta({
        description: "Seconds to wait for a change where there is none.",
      }),
      limit: wholeNumber.min(1, "at least 1").max(1_000, "at most 1,000").default(50).meta({
        description: "How many at most.",
      }),
    }),
    refuses: ["gone"],
    answers: () => ({ 200: z.object({ data: z.array(changeDocument), next_cursor: z.string() }) }),
    handle: async ({ env, school, query, request }) => {
      const { after, wait, limit } = query;
      const { changes, cursor } = await readFeed(env, school, {
        after,
        limit,
        waitMs: wait * 1_000,
        signal: request.signal,
      });
      return okText(`{"data":[${changes.join()}],"next_cursor":${JSON.stringify(cursor)}}`);
    },
  }),
];
