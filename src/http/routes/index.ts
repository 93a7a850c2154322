import type { Route } from "../route";
import { apiKeysRoutes } from "./api-keys";
import { auditRoutes } from "./audit";
import { autoGroupRoutes } from "./auto-groups";
import { automationRoutes } from "./automations";
import { automationsBulkRoutes } from "./automations-bulk";
import { backtestRoutes } from "./backtest";
import { catalogueRoutes } from "./catalogue";
import { changeRoutes } from "./changes";
import { costRoutes } from "./costs";
import { deadLetterRoutes } from "./dead-letters";
import { definitionRoutes } from "./definitions";
import { deliveryRoutes } from "./deliveries";
import { enrolmentMethodRoutes } from "./enrolment-methods";
import { eventRoutes } from "./events";
import { evidenceRoutes } from "./evidence";
import { graphRoutes } from "./graph";
import { healthRoutes } from "./health";
import { hookRoutes } from "./hooks";
import { importRoutes } from "./imports";
import { jobRoutes } from "./jobs";
import { lmsRoutes } from "./lms";
import { mailHookRoutes } from "./mail-hooks";
import { meRoutes } from "./me";
import { messageRoutes } from "./messages";
import { paymentRoutes } from "./payments";
import { productRoutes } from "./products";
import { profileFieldRoutes } from "./profile-fields";
import { restoredRoutes } from "./restored";
import { runRoutes } from "./runs";
import { schoolRoutes } from "./school";
import { schoolsRoutes } from "./schools";
import { secretKeyRoutes } from "./secret-key";
import { segmentSpecRoutes } from "./segment";
import { segmentRuleRoutes } from "./segment-rules";
import { segmentSyncRoutes } from "./segment-syncs";
import { segmentRoutes } from "./segments";
import { signingSecretRoutes } from "./signing-secret";
import { simulateRoutes } from "./simulate";
import { statsRoutes } from "./stats";
import { suppressionRoutes } from "./suppressions";
import { templateRoutes } from "./templates";
import { testClockRoutes } from "./test-clock";
import { undoRoutes } from "./undo";
import { unmappedRoutes } from "./unmapped";
import { userRoutes } from "./users";
import { webhookRoutes } from "./webhooks";
import { whyRoutes } from "./why";
import { xapiRoutes } from "./xapi";

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
