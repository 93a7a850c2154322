import * as z from "zod";
import { byId, defineChannel, textLine } from "./define";

// No test: it needs a learner's device.
export const push = defineChannel({
  name: "push",
  label: "Push",
  what: "How notifications reach the mobile app.",
  recipients: byId,
  isRead: true,
  // Google's service is told which devices; whoever else is chosen knows the learner's themselves.
  reaches: ({ pushTokens }, chosen) => chosen?.type !== "fcm" || pushTokens.length > 0,
  content: z.object({ title: textLine, body: z.string(), url: z.string().nullish() }),
});
