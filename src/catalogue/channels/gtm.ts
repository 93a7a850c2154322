import * as z from "zod";
import { byId, defineChannel, properties, textLine } from "./define";

export const gtm = defineChannel({
  name: "gtm",
  label: "Google Tag Manager",
  what: "Events for the page's data layer, or a server container.",
  recipients: byId,
  content: z.object({ name: textLine, data: properties.default({}) }),
  waitsForPage: (chosen) => !chosen?.server_url,
});
