import { lmsLearnworlds } from "./lms/learnworlds";
import { moodle } from "./lms/moodle";
import { lmsNone, lmsWebhook } from "./lms/webhook";
import type { Connector } from "./ports";
import { capture } from "./vendors/capture";
import { cloudflare } from "./vendors/cloudflare";
import { fcm } from "./vendors/fcm";
import { ga4 } from "./vendors/ga4";
import { gtm } from "./vendors/gtm";
import { meta } from "./vendors/meta";
import { mixpanel } from "./vendors/mixpanel";
import { postmark } from "./vendors/postmark";
import { pushWebhook } from "./vendors/push-webhook";
import { resend } from "./vendors/resend";
import { smtp } from "./vendors/smtp";
import { webhook } from "./vendors/webhook";

/** Every way out. */
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
  lmsLearnworlds,
  moodle,
];
