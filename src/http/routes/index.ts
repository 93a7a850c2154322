import type { Route } from "../route";
import { automationRoutes } from "./automations/automations";
import { backtestRoutes } from "./automations/backtest";
import { automationsBulkRoutes } from "./automations/bulk";
import { catalogueRoutes } from "./automations/catalogue";
import { definitionRoutes } from "./automations/definitions";
import { graphRoutes } from "./automations/graph";
import { messageRoutes } from "./automations/messages";
import { simulateRoutes } from "./automations/simulate";
import { statsRoutes } from "./automations/stats";
import { templateRoutes } from "./automations/templates";
import { eventRoutes } from "./inbound/events";
import { hookRoutes } from "./inbound/hooks";
import { importRoutes } from "./inbound/imports";
import { mailHookRoutes } from "./inbound/mail-hooks";
import { segmentSpecRoutes } from "./inbound/segment";
import { unmappedRoutes } from "./inbound/unmapped";
import { xapiRoutes } from "./inbound/xapi";
import { evidenceRoutes } from "./learners/evidence";
import { meRoutes } from "./learners/me";
import { paymentRoutes } from "./learners/payments";
import { userRoutes } from "./learners/users";
import { deadLetterRoutes } from "./platform/dead-letters";
import { restoredRoutes } from "./platform/restored";
import { schoolsRoutes } from "./platform/schools";
import { secretKeyRoutes } from "./platform/secret-key";
import { deliveryRoutes } from "./runs/deliveries";
import { runRoutes } from "./runs/runs";
import { undoRoutes } from "./runs/undo";
import { whyRoutes } from "./runs/why";
import { apiKeysRoutes } from "./school/api-keys";
import { auditRoutes } from "./school/audit";
import { changeRoutes } from "./school/changes";
import { costRoutes } from "./school/costs";
import { healthRoutes } from "./school/health";
import { jobRoutes } from "./school/jobs";
import { lmsRoutes } from "./school/lms";
import { schoolRoutes } from "./school/school";
import { signingSecretRoutes } from "./school/signing-secret";
import { suppressionRoutes } from "./school/suppressions";
import { testClockRoutes } from "./school/test-clock";
import { webhookRoutes } from "./school/webhooks";
import { autoGroupRoutes } from "./segments/auto-groups";
import { enrolmentMethodRoutes } from "./segments/enrolment-methods";
import { productRoutes } from "./segments/products";
import { profileFieldRoutes } from "./segments/profile-fields";
import { segmentRuleRoutes } from "./segments/segment-rules";
import { segmentSyncRoutes } from "./segments/segment-syncs";
import { segmentRoutes } from "./segments/segments";

const declared = [
  ...healthRoutes,
  ...schoolsRoutes,
  ...deadLetterRoutes,
  ...costRoutes,
  ...secretKeyRoutes,
  ...restoredRoutes,
  ...auditRoutes,
  ...schoolRoutes,
  ...apiKeysRoutes,
  ...signingSecretRoutes,
  ...webhookRoutes,
  ...testClockRoutes,
  ...eventRoutes,
  ...segmentSpecRoutes,
  ...unmappedRoutes,
  ...userRoutes,
  ...meRoutes,
  ...paymentRoutes,
  ...automationsBulkRoutes,
  ...automationRoutes,
  ...simulateRoutes,
  ...backtestRoutes,
  ...whyRoutes,
  ...statsRoutes,
  ...templateRoutes,
  ...definitionRoutes,
  ...graphRoutes,
  ...runRoutes,
  ...undoRoutes,
  ...deliveryRoutes,
  ...suppressionRoutes,
  ...changeRoutes,
  ...lmsRoutes,
  ...messageRoutes,
  ...catalogueRoutes,
  ...productRoutes,
  ...profileFieldRoutes,
  ...segmentRoutes,
  ...segmentRuleRoutes,
  ...segmentSyncRoutes,
  ...autoGroupRoutes,
  ...enrolmentMethodRoutes,
  ...importRoutes,
  ...jobRoutes,
  ...evidenceRoutes,
  ...xapiRoutes,
  ...hookRoutes,
  ...mailHookRoutes,
];

/** Every route there is: what is not in this list is not reached, documented or tested. */
export const routes: readonly Route[] = declared;

/** The same as types, each with its method, path, schemas and scopes. */
export type Declared = (typeof declared)[number];
