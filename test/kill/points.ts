import { env } from "cloudflare:workers";
import worker, { UserObject as Real } from "../../src/index";

/*
 * The Worker with named points on its way, for the kill tests alone: each says where it is and waits to be let on, so
 * that it can be killed right there. What is deployed has none of this.
 */

const url: unknown = Reflect.get(env, "POINTS_URL");

/** Resolves when the kill test lets the Worker on; when it kills it, never. */
async function at(point: string): Promise<void> {
  const { body } = await fetch(`${String(url)}/${point}`);
  await body?.cancel();
}

/** Ways into a user's object, with the points right before one and right after its commit. */
const WAYS = ["events", "fetch", "advance", "claim", "settle", "untold", "alarm"] as const;

export { SchoolObject } from "../../src/index";

export class UserObject extends Real {}

for (const way of WAYS) {
  // Every way is a method; what it takes and gives passes through untouched.
  const real = Real.prototype[way] as (...args: unknown[]) => unknown;
  Reflect.set(UserObject.prototype, way, async function (this: UserObject, ...args: unknown[]) {
    await at(`${way}.before`);
    const result = await real.apply(this, args);
    await at(`${way}.after`);
    return result;
  });
}

export default {
  ...worker,
  queue: async (batch, bindings, context) => {
    await at("queue.before");
    await worker.queue(batch, bindings, context);
    await at("queue.after");
  },
} satisfies typeof worker;
