import { SchoolObject } from "../durable-objects/school";
import { UserObject } from "../durable-objects/user";
import { once } from "./base/cache";
import type { Env } from "./base/env";
import { tick } from "./cron/tick";
import { handInJobKinds } from "./jobs/kinds";
import { consume } from "./queue/consume";
import { JOB_KINDS } from "./queue/kinds";

handInJobKinds(JOB_KINDS);

/**
 * Evaluated, its routes' schemas made, for the first request: an isolate that has a queue's consumers or objects alone
 * needs none of it.
 */
const application = once(async () => (await import("./application")).makeApplication());

export { SchoolObject, UserObject };

export default {
  fetch: async (request, env, context) => (await application()).fetch(request, env, context),
  queue: consume,
  scheduled: (_controller, env, context) => context.waitUntil(tick(env)),
} satisfies ExportedHandler<Env>;
