import * as z from "zod";
import { byId, defineChannel, properties, textLine } from "./define";

export const ga4 = defineChannel({
  name: "ga4",
  label: "Google Analytics 4",
  what: "Events by the Measurement Protocol.",
  recipients: byId,
  content: z.object({ name: textLine, params: properties.default({}) }),
  test: { name: "schoolbell_test" },
});
