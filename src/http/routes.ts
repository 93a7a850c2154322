import { apiKeysRoutes } from "./api-keys";
import { automationRoutes } from "./automations";
import { catalogueRoutes } from "./catalogue";
import { deliveryRoutes } from "./deliveries";
import { eventRoutes } from "./events";
import { healthRoutes } from "./health";
import { messageRoutes } from "./messages";
import type { Route } from "./route";
import { runRoutes } from "./runs";
import { schoolRoutes } from "./school";
import { schoolsRoutes } from "./schools";
import { signingSecretRoutes } from "./signing-secret";
import { testClockRoutes } from "./test-clock";
import { userRoutes } from "./users";

/** Every route there is: what is not in this list is not reached, documented or tested. */
export const routes: readonly Route[] = [
  ...healthRoutes,
  ...schoolsRoutes,
  ...schoolRoutes,
  ...apiKeysRoutes,
  ...signingSecretRoutes,
  ...testClockRoutes,
  ...eventRoutes,
  ...userRoutes,
  ...automationRoutes,
  ...runRoutes,
  ...deliveryRoutes,
  ...messageRoutes,
  ...catalogueRoutes,
];
