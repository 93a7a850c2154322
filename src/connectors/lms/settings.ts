import { z } from "zod";
import { secret } from "../options";

/** The token that LearnWorlds shows under Settings > Developers > Webhooks, and sends with each. */
export const learnworldsWebhookSettings = z.strictObject({ token: secret() });
