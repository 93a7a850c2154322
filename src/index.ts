import { SchoolObject, UserObject } from "../durable-objects/doors";
import { once } from "./base/cache";
import type { Env } from "./base/env";

/*
 * Each is evaluated when first used, a module of its own (scripts/pieces.mjs): an isolate that has objects alone needs
 * neither, and one that has a queue's consumers no routes, nor their schemas.
 */
const application = once(async () => (await import("./application")).makeApplication());
const background = once(() => import("./background"));

export { SchoolObject, UserObject };

export default {
  fetch: async (request, env, context) => (await application()).fetch(request, env, context),
  queue: async (batch, env, context) => (await background()).consume(batch, env, context),
  scheduled: async (_controller, env, context) => context.waitUntil((await background()).tick(env)),
} satisfies ExportedHandler<Env>;
