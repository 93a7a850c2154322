// Two releases at one instant, as a gradual deploy has them: requests, batches and rounds come to either by chance, each
// object is one release's by its id, and any calls any. `env.SHARE` of all is today's. The bundles lie beside this one.
import { DurableObject } from "cloudflare:workers";
import * as last from "./last.js";
import * as today from "./today.js";

const met = { requests: [0, 0], batches: [0, 0], objects: [0, 0] };

/** @param at from 0 to 1: below the share it is today's */
function releaseOf(env, what, at = Math.random()) {
  const isToday = at < Number(env.SHARE);
  met[what][Number(isToday)]++;
  return isToday ? today : last;
}
const placeOf = (id) => Number.parseInt(id.toString().slice(0, 8), 16) / 2 ** 32;

const objectOf = (name) =>
  class extends DurableObject {
    constructor(ctx, env) {
      super(ctx, env);
      // biome-ignore lint/correctness/noConstructorReturn: the object is one of the class of its release
      return new (releaseOf(env, "objects", placeOf(ctx.id))[name])(ctx, env);
    }
  };
export const UserObject = objectOf("UserObject");
export const SchoolObject = objectOf("SchoolObject");

export default {
  fetch(request, env, context) {
    if (new URL(request.url).pathname === "/met") return Response.json(met);
    return releaseOf(env, "requests").default.fetch(request, env, context);
  },
  queue: (batch, env, context) => releaseOf(env, "batches").default.queue(batch, env, context),
  scheduled: (controller, env, context) => releaseOf(env, "batches").default.scheduled(controller, env, context),
};
