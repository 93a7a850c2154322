import { z } from "zod";
import { defineRoute, ok } from "../route";

export const healthRoutes = [
  defineRoute({
    method: "GET",
    path: "/health",
    scope: "none",
    summary: "Whether the Worker answers.",
    answers: { 200: z.object({ ok: z.literal(true) }) },
    handle: () => ok({ ok: true }),
  }),
];
