import type { Role } from "../http/access/credentials";
import { createApp } from "../http/app";
import { routes } from "../http/routes";
import { call, env, newSchool } from "../http/test-client";
import { startSession } from "../schools/sign-in/sessions";
import { addressIn } from "./address";
import { mountAdmin } from "./app";
import { formOf } from "./test-forms";

const app = createApp(routes);
mountAdmin(app, routes);

/** For tests: a school, its API by the key, and its pages for somebody of a role who is signed in to it. */
export async function signedIn(role: Role) {
  const email = `${role}@school.com`;
  const school = await newSchool(app, { collaborators: [{ email, role }] });
  const headers = { cookie: `__Host-schoolbell=${await startSession(env, email)}` };
  const at = (path: string) => addressIn(school.id, path);
  return {
    at,
    ask: (method: string, path: string, body?: unknown) => call(app, method, path, body, { token: school.key }),
    get: (path: string) => call(app, "GET", at(path), undefined, { headers }),
    /** Sends a form; `more`: fields that stand in it several times. */
    post: (
      path: string,
      fields: Readonly<Record<string, string>>,
      more: readonly (readonly [string, string])[] = [],
    ) => {
      const form = new URLSearchParams(formOf(at(path), fields));
      for (const [name, value] of more) form.append(name, value);
      return call(app, "POST", at(path), form.toString(), {
        headers: { ...headers, origin: "https://schoolbell.test", "content-type": "application/x-www-form-urlencoded" },
      });
    },
  };
}
