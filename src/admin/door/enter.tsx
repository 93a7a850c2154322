import type { MiddlewareHandler } from "hono";
import { Problem } from "../../base/errors/errors";
import type { App } from "../../http/app";
import { say } from "../../language/say";
import { addressIn, outside, pathOfBefore } from "../address";
import { type AdminEnv, type Ctx, seeOther, visitOf } from "../visit";
import { identityOf } from "./access";
import { internalPath, signedIn } from "./guard";
import { OPERATOR, schoolFor, schoolsOf } from "./session";
import { SignInPage, signIn } from "./sign-in";

/* Who is signed in stands in the session, in which school they are in the address: what somebody is there is asked anew. */

const isRead = (c: Ctx): boolean => c.req.method === "GET" || c.req.method === "HEAD";

const hereOf = (c: Ctx): string => {
  const { pathname, search } = new URL(c.req.url);
  return pathname + search;
};

/** For nobody: the page to sign in on, and back to what was asked for; who is known by Access is signed in at once. */
async function askWho(c: Ctx): Promise<Response> {
  const identity = await identityOf(c.env, c.req.raw);
  if (identity.kind === "somebody" && isRead(c)) {
    await signIn(c, identity.email);
    return seeOther(c, internalPath(hereOf(c)));
  }
  return c.html(<SignInPage c={c} next={isRead(c) ? hereOf(c) : outside("")} />, 401);
}

/** Lets in who is something in the school of the address; 404 for all others who are signed in. */
export const enter =
  (app: Pick<App, "fetch">): MiddlewareHandler<AdminEnv> =>
  async (c, next) => {
    const session = await signedIn(c.env, c.req.raw);
    if (!session) return askWho(c);
    c.set("session", session);
    const { school, role } = await schoolFor(c.env, session.email, c.req.param("school") ?? "");
    c.set("visit", visitOf(c, app, session, school, role));
    if (school.suspended)
      throw new Problem(
        "forbidden",
        say("The school is suspended: nothing happens in it until the platform lets it go on."),
      );
    return next();
  };

/** From an address without a school to the same page of the only one somebody has, else to where they choose one. */
export async function leadOn(c: Ctx): Promise<Response> {
  const session = await signedIn(c.env, c.req.raw);
  if (!session) return askWho(c);
  c.set("session", session);
  if (!isRead(c))
    throw new Problem(
      "conflict",
      say("This form does not say which school it is for. Reload the page. Nothing was changed."),
    );
  const [school, another] = session.email === OPERATOR ? [] : await schoolsOf(c.env, session.email);
  const here = hereOf(c);
  return school && !another
    ? seeOther(c, addressIn(school.id, pathOfBefore(here)))
    : seeOther(c, outside("/schools"), { next: here });
}
