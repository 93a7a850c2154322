import * as z from "zod";
import { secret } from "../options";

/** The webhooks of LearnWorlds are a way in; what is set up is how their sender is known. */
export const learnworldsWebhook = {
  name: "learnworlds_webhook",
  label: "LearnWorlds webhooks",
  what: "By these LearnWorlds reports what learners do there. Their token proves who sends them.",
  hooks: [{ name: "LearnWorlds", path: "/hooks/learnworlds" }],
  vendors: [
    {
      name: "learnworlds_webhook",
      /** The token that LearnWorlds shows under Settings > Developers > Webhooks, and sends with each. */
      settings: z.strictObject({ token: secret() }),
    },
  ],
} as const;
