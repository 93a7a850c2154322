import { DurableObject } from "cloudflare:workers";
import type { Env } from "../src/base/env";
import { type Repeatable, SCHOOL_CALLS, saidOutside, USER_CALLS } from "../src/calls/reaching/again";

/*
 * The classes that the platform makes objects of, each a door: what is behind it is evaluated with the first object of its
 * kind. An isolate that answers requests alone has none, and starts without.
 */

type Behind<Remote> = Remote & { alarm(called?: AlarmInvocationInfo): Promise<void> };

/** A class whose objects pass each of `calls`, and their alarm, on to what `open` makes. */
function doorTo<Remote extends object, Opened extends Behind<Remote>>(
  open: (ctx: DurableObjectState, env: Env) => Promise<Opened>,
  calls: Repeatable<Remote>,
) {
  class Door extends DurableObject<Env> {
    /** The platform keeps calls and alarm waiting until it is there. */
    declare behind: Opened;

    constructor(ctx: DurableObjectState, env: Env) {
      super(ctx, env);
      ctx.blockConcurrencyWhile(async () => {
        this.behind = await open(ctx, env);
      });
    }

    override alarm(called?: AlarmInvocationInfo): Promise<void> {
      return this.behind.alarm(called);
    }
  }
  // What may be called from outside has to lie on the prototype.
  for (const call of Object.keys(calls))
    Object.defineProperty(Door.prototype, call, {
      value: function (this: Door, ...given: unknown[]): unknown {
        // The table has the methods of `Remote` and no others.
        const answer = (this.behind[call as keyof Opened] as (...given: unknown[]) => unknown)(...given);
        if (!(answer instanceof Promise)) return answer;
        return answer.catch((error: unknown) => {
          throw saidOutside(error);
        });
      },
    });
  // So it has each method of `Remote` too.
  return Door as unknown as new (
    ctx: DurableObjectState,
    env: Env,
  ) => Door & Remote;
}

/** Evaluates when first asked. Each caller has a promise of its own: one object does not wait for another's. */
function evaluated<Module>(load: () => Promise<Module>): () => Promise<Module> {
  let module: Module | undefined;
  return async () => (module ??= await load());
}

/** What is behind the doors. */
export const behind = { user: evaluated(() => import("./user")), school: evaluated(() => import("./school/school")) };

export class UserObject extends doorTo(
  async (ctx, env) => new (await behind.user()).User(ctx, env).open(),
  USER_CALLS,
) {}

export class SchoolObject extends doorTo(async (ctx) => new (await behind.school()).School(ctx).open(), SCHOOL_CALLS) {}
