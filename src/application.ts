import { mountAdmin } from "./admin/app";
import { catalogueDocument } from "./catalogue/document";
import { createApp, refuseOtherMethods } from "./http/app";
import { mountReference } from "./http/docs/reference";
import { mountPreferences } from "./http/learner-pages/preferences";
import { mountUnsubscribe } from "./http/learner-pages/unsubscribe";
import { mountPageClient } from "./http/page-client";
import { routes } from "./http/routes";
import { mountEvidenceKeys } from "./http/trust/evidence-keys";
import { mountPrivacy } from "./http/trust/privacy";
import { mountSecurityTxt } from "./http/trust/security-txt";
import { handInJobKinds } from "./jobs/kinds";
import { JOB_KINDS } from "./queue/kinds";

// A job is answered for by its kind, whether it may be cancelled.
handInJobKinds(JOB_KINDS);

/** All that answers requests. */
export function makeApplication() {
  const app = createApp(routes);
  mountReference(app, routes, catalogueDocument);
  mountPageClient(app);
  mountUnsubscribe(app);
  mountPrivacy(app);
  mountSecurityTxt(app);
  mountEvidenceKeys(app);
  mountPreferences(app);
  // Pages of the UI say it in HTML.
  refuseOtherMethods(app);
  mountAdmin(app, routes);
  return app;
}
