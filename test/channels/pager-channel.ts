import { z } from "zod";
import { byId, defineChannel, textLine } from "../../src/catalogue/channels/define";

export const pager = defineChannel({
  name: "pager",
  label: "Pager of the night watch",
  what: "Where the night watch is woken.",
  recipients: byId,
  content: z.object({ text: textLine }),
  test: { text: "Wake up, this is a test" },
});
