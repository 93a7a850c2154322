import { z } from "zod";
import { platformMail } from "../../connectors/platform";
import { defineRoute, ok } from "../route";
import { requireMigrated } from "../set-up";

const NO_MAIL = "PLATFORM_EMAIL is not set: sign-in links are not mailed.";

export const healthRoutes = [
  defineRoute({
    method: "GET",
    path: "/health",
    scope: "none",
    summary: "Whether the Worker is set up.",
    description:
      "503 where it is not, as is then every other request: `detail` names what is missing. `warnings` say what does " +
      "not work for want of something that may be left out.",
    answers: { 200: z.object({ ok: z.literal(true), warnings: z.array(z.string()).optional() }) },
    handle: async ({ env }) => {
      await requireMigrated(env);
      return ok({ ok: true, ...(platformMail(env) ? {} : { warnings: [NO_MAIL] }) });
    },
  }),
];
