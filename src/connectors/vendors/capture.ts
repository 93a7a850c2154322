import * as z from "zod";
import { defineConnector } from "../ports";

export const capture = defineConnector({
  name: "capture",
  channel: "email",
  label: "Keep, do not send",
  description: "Mail is rendered and kept to be read under Deliveries; nothing is sent.",
  settings: z.strictObject({}),
  host: () => null,
  send: async () => ({ ok: true, captured: true }),
});
