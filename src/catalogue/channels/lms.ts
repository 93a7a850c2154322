import { z } from "zod";
import { byId, defineChannel, properties, textLine } from "./define";

export const lms = defineChannel({
  name: "lms",
  label: "LMS",
  what: "Where changes that actions make are told, such as enrolments and tags.",
  recipients: byId,
  content: z.object({ type: textLine, data: properties.default({}) }),
  test: { type: "action.test" },
});
