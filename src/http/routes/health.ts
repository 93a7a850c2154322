import { z } from "zod";
import { platformMail } from "../../connectors/platform";
import { defineRoute, ok } from "../route";

const NO_MAIL = "PLATFORM_EMAIL is not set: sign-in links are not mailed.";

export const healthRoutes = [
  defineRoute({
    method: "GET",
    path: "/health",
    scope: "none",
    summary: "Whether the Worker answers.",
    description: "`warnings` say what is not set up, and what does not work for want of it.",
    answers: { 200: z.object({ ok: z.literal(true), warnings: z.array(z.string()).optional() }) },
    handle: ({ env }) => ok({ ok: true, ...(platformMail(env) ? {} : { warnings: [NO_MAIL] }) }),
  }),
];
