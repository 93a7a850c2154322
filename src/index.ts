import { UserObject } from "../durable-objects/user";
import { mountAdmin } from "./admin/app";
import { tick } from "./cron/tick";
import type { Env } from "./env";
import { createApp } from "./http/app";
import { mountReference } from "./http/reference";
import { routes } from "./http/routes";
import { catalogue } from "./http/routes/catalogue";
import { mountUnsubscribe } from "./http/unsubscribe";
import { consume } from "./queue/consume";

const app = createApp(routes);
mountReference(app, routes, catalogue);
mountUnsubscribe(app);
mountAdmin(app, routes);

export { UserObject };

export default {
  fetch: app.fetch,
  queue: consume,
  scheduled: (_controller, env, context) => context.waitUntil(tick(env)),
} satisfies ExportedHandler<Env>;
