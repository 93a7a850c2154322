import * as z from "zod";
import { byId, defineChannel, properties, textLine } from "./define";

export const meta = defineChannel({
  name: "meta",
  label: "Meta",
  what: "Events by the Conversions API.",
  recipients: byId,
  content: z.object({ name: textLine, custom_data: properties.default({}) }),
  test: { name: "SchoolbellTest" },
});
