import * as z from "zod";
import { byId, defineChannel } from "./define";

// No test: calls go where each automation says.
export const webhook = defineChannel({
  name: "webhook",
  label: "Webhooks",
  what: "Calls that steps make, signed after Standard Webhooks.",
  recipients: byId,
  sendsInTest: (chosen) => chosen?.send_in_test === true,
  content: z.object({
    url: z.string(),
    method: z.enum(["POST", "PUT", "PATCH"]).default("POST"),
    headers: z.record(z.string(), z.string()).default({}),
    body: z.unknown(),
  }),
});
