import { z } from "zod";
import { secret, url } from "./options";

/* What a school says of the LMS that its actions are carried out in. */

export const moodleSettings = z.strictObject({ url, token: secret() });

export const learnworldsSettings = z.strictObject({
  url,
  client_id: z.string().min(1).max(200),
  client_secret: secret(),
});
