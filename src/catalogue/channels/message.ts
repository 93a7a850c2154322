import * as z from "zod";
import { byId, defineChannel, line } from "./define";

export const message = defineChannel({
  name: "message",
  label: "School message",
  what: "Messages in the learner's inbox at the school.",
  recipients: byId,
  isRead: true,
  content: z.object({ subject: line.nullish(), body: z.string() }),
  staysHere: true,
});
