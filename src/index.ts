import { SchoolObject } from "../durable-objects/school";
import { UserObject } from "../durable-objects/user";
import { mountAdmin } from "./admin/app";
import { once } from "./base/cache";
import type { Env } from "./base/env";
import { catalogueDocument } from "./catalogue/document";
import { tick } from "./cron/tick";
import { createApp } from "./http/app";
import { mountPageClient } from "./http/page-client";
import { mountPreferences } from "./http/preferences";
import { mountReference } from "./http/reference";
import { routes } from "./http/routes";
import { mountEvidenceKeys } from "./http/trust/evidence-keys";
import { mountPrivacy } from "./http/trust/privacy";
import { mountSecurityTxt } from "./http/trust/security-txt";
import { mountUnsubscribe } from "./http/unsubscribe";
import { handInJobKinds } from "./jobs/kinds";
import { consume } from "./queue/consume";
import { JOB_KINDS } from "./queue/kinds";

handInJobKinds(JOB_KINDS);

/** Made for the first request: an isolate that has a queue's consumers or objects alone needs none. */
const application = once(() => {
  const app = createApp(routes);
  mountReference(app, routes, catalogueDocument);
  mountPageClient(app);
  mountUnsubscribe(app);
  mountPrivacy(app);
  mountSecurityTxt(app);
  mountEvidenceKeys(app);
  mountPreferences(app);
  mountAdmin(app, routes);
  return app;
});

export { SchoolObject, UserObject };

export default {
  fetch: (request, env, context) => application().fetch(request, env, context),
  queue: consume,
  scheduled: (_controller, env, context) => context.waitUntil(tick(env)),
} satisfies ExportedHandler<Env>;
