import { SchoolObject } from "../durable-objects/school";
import { UserObject } from "../durable-objects/user";
import { mountAdmin } from "./admin/app";
import type { Env } from "./base/env";
import { catalogueDocument } from "./catalogue/document";
import { tick } from "./cron/tick";
import { createApp } from "./http/app";
import { mountPageClient } from "./http/page-client";
import { mountReference } from "./http/reference";
import { routes } from "./http/routes";
import { mountUnsubscribe } from "./http/unsubscribe";
import { handInJobKinds } from "./jobs/kinds";
import { consume } from "./queue/consume";
import { JOB_KINDS } from "./queue/kinds";

handInJobKinds(JOB_KINDS);

const app = createApp(routes);
mountReference(app, routes, catalogueDocument);
mountPageClient(app);
mountUnsubscribe(app);
mountAdmin(app, routes);

export { SchoolObject, UserObject };

export default {
  fetch: app.fetch,
  queue: consume,
  scheduled: (_controller, env, context) => context.waitUntil(tick(env)),
} satisfies ExportedHandler<Env>;
