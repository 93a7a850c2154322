import * as z from "zod";
import { type ChannelName, toLearner } from "../channels";
import { atSave } from "../checking/at-save";
import { formatInstant } from "../dates/time";
import { type Doing, defineAction, done, StepError } from "../define";
import { type Renders, rendersFor } from "../messages/rendering";
import { checkHeader, headersVariableFault, normalUrl } from "../options/address";
import { data, line, url } from "../options/fields";
import { presentLearner } from "../shown/present";
import { TemplateError } from "../text/template";
import { ga4Faults } from "./ga4-rules";

const category = "integrations";
const name = z.string().min(1).max(128);

function send(doing: Doing, channel: ChannelName, content: (render: Renders) => Record<string, unknown>) {
  try {
    doing.send({ channel, to: toLearner(channel, doing.learner), content: content(rendersFor(doing)) });
  } catch (error) {
    if (error instanceof TemplateError) throw new StepError(error.message);
    throw error;
  }
  return done();
}

export const mixpanelEvent = defineAction({
  type: "mixpanel.event",
  label: "Send mixpanel event (BETA)",
  also: ["tracking", "analytics"],
  says: "tell Mixpanel {event: (no event yet)|quote}",
  category,
  description: "Tells Mixpanel of an event of the user.",
  params: () => ({ event: line.min(1), properties: data }),
  makes: [],
  sends: "mixpanel",
  forLeads: true,
  perform: (doing, params) =>
    send(doing, "mixpanel", (render) => ({
      event: render.line(params.event),
      properties: render.data(params.properties),
    })),
});

export const ga4Event = defineAction({
  type: "ga4.event",
  label: "Send GA4 event (BETA)",
  also: ["google analytics", "tracking"],
  says: "tell Google Analytics {name: (no event yet)|quote}",
  category,
  description: "Tells Google Analytics 4 of an event of the user.",
  params: () => ({
    name: z.string().regex(/^[A-Za-z][A-Za-z0-9_]{0,39}$/, "a GA4 name has 1 to 40 letters, digits and _"),
    params: data,
  }),
  makes: [],
  sends: "ga4",
  forLeads: true,
  vendorFaults: ga4Faults,
  perform: (doing, params) =>
    send(doing, "ga4", (render) => ({ name: params.name, params: render.data(params.params) })),
});

export const gtmEvent = defineAction({
  type: "gtm.event",
  label: "Send GTM event (BETA)",
  also: ["google tag manager", "tracking", "data layer"],
  says: "tell Tag Manager {name: (no event yet)|quote}",
  category,
  description: "Tells Google Tag Manager: the school's server container, else the page when it next asks.",
  params: () => ({ name, data: data }),
  makes: [],
  sends: "gtm",
  forLeads: true,
  perform: (doing, params) => send(doing, "gtm", (render) => ({ name: params.name, data: render.data(params.data) })),
});

export const metaEvent = defineAction({
  type: "meta.event",
  label: "Send Meta event (BETA)",
  also: ["facebook", "conversion", "tracking"],
  says: "tell Meta {name: (no event yet)|quote}",
  category,
  description: "Tells Meta's Conversions API; the user's email and id go hashed.",
  params: () => ({ name, custom_data: data }),
  makes: [],
  sends: "meta",
  forLeads: true,
  perform: (doing, params) =>
    send(doing, "meta", (render) => ({ name: params.name, custom_data: render.data(params.custom_data) })),
});

const headers = atSave(
  z.record(z.string(), z.string()).superRefine((given, context) => {
    for (const [key, value] of Object.entries(given)) {
      const message = checkHeader(key, value);
      if (message !== null) context.addIssue({ code: "custom", message, path: [key] });
    }
  }),
  headersVariableFault,
);

export const sendWebhook = defineAction({
  type: "webhook.send",
  label: "Send a webhook",
  also: ["http request", "api", "call a url", "zapier", "make", "integration"],
  says: "call {url: (no address yet)|address}",
  counted: ["webhook", "webhooks"],
  category,
  description:
    "Calls an address with JSON, signed by Standard Webhooks. Without a body: the run, the user and the fact.",
  params: () => ({
    url,
    method: z.enum(["POST", "PUT", "PATCH"]).default("POST"),
    headers: headers.optional(),
    body: data.optional(),
  }),
  makes: [],
  sends: "webhook",
  forLeads: true,
  perform: (doing, params) =>
    send(doing, "webhook", (render) => ({
      url: normalUrl(params.url) ?? params.url,
      method: params.method,
      headers: params.headers ?? {},
      body: params.body
        ? render.data(params.body)
        : {
            run: { id: doing.run.id, automation_id: doing.run.automation, step_id: doing.step.id },
            user: presentLearner(doing.learner, doing.school),
            fact: { type: doing.fact.type, data: doing.fact.data, at: formatInstant(doing.fact.at) },
          },
    })),
});
