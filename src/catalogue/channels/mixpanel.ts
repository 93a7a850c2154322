import * as z from "zod";
import { byId, defineChannel, properties, textLine } from "./define";

export const mixpanel = defineChannel({
  name: "mixpanel",
  label: "Mixpanel",
  what: "Events for product analytics.",
  recipients: byId,
  content: z.object({ event: textLine, properties: properties.default({}) }),
  test: { event: "A test from Schoolbell" },
});
