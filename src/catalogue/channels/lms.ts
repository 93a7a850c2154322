import * as z from "zod";
import { cause } from "../facts/changes";
import { byId, defineChannel, properties, textLine } from "./define";

/** A change as it leaves; what a release before posted has its type and data alone. */
const change = z.object({
  type: textLine,
  data: properties.default({}),
  id: z.string().optional(),
  user: z.string().optional(),
  seq: z.number().optional(),
  at: z.string().optional(),
  cause: cause.optional(),
});

export const lms = defineChannel({
  name: "lms",
  label: "LMS",
  what: "Where every change that we make ourselves is told, such as enrolments and tags.",
  recipients: byId,
  /** `more`: further changes of the user, in their order, that go in the same call. */
  content: change.extend({ more: z.array(change).optional() }),
  staysOwn: true,
  test: { type: "test" },
});
