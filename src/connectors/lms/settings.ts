import { z } from "zod";
import { secret, url } from "../options";

/* What a school says of its LMS: the one that its actions are carried out in, and the one whose webhooks it takes. */

export const moodleSettings = z.strictObject({ url, token: secret() });

export const learnworldsSettings = z.strictObject({
  url,
  client_id: z.string().min(1).max(200),
  client_secret: secret(),
});

/** The token that LearnWorlds shows under Settings > Developers > Webhooks, and sends with each. */
export const learnworldsWebhookSettings = z.strictObject({ token: secret() });
