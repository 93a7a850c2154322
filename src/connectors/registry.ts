import { capture } from "./capture";
import { cloudflare } from "./cloudflare";
import { fcm } from "./fcm";
import { ga4 } from "./ga4";
import { gtm } from "./gtm";
import { lmsNone, lmsWebhook } from "./lms-webhook";
import { meta } from "./meta";
import { mixpanel } from "./mixpanel";
import type { Connector } from "./ports";
import { postmark } from "./postmark";
import { pushWebhook } from "./push-webhook";
import { resend } from "./resend";
import { smtp } from "./smtp";
import { webhook } from "./webhook";

/** Every way out. The first of a channel serves a school that chose none, where it needs no settings. */
export const connectors: readonly Connector[] = [
  capture,
  smtp,
  cloudflare,
  resend,
  postmark,
  pushWebhook,
  fcm,
  webhook,
  mixpanel,
  ga4,
  gtm,
  meta,
  lmsNone,
  lmsWebhook,
];
