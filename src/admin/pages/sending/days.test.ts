import { expect, test } from "vitest";
import { createApp } from "../../../http/app";
import { routes } from "../../../http/routes";
import { call, env, newSchool } from "../../../http/test-client";
import { startSession } from "../../../schools/sign-in/sessions";
import { addressIn } from "../../address";
import { mountAdmin } from "../../app";

const app = createApp(routes);
mountAdmin(app, routes);

test.each(["/deliveries?from=", "/deliveries?to=", "/executions?since=", "/settings/audit?since="])(
  "a page that lists from a day on, as %s, is shown whatever its address says",
  async (path) => {
    const email = "owner@days.com";
    const { id } = await newSchool(app, { collaborators: [{ email, role: "owner" }] });
    const headers = { cookie: `__Host-schoolbell=${await startSession(env, email)}` };
    for (const day of ["2026-99-99", "2026-02-30", "0000-01-01", "yesterday", "2026-02-28"])
      expect([day, (await call(app, "GET", addressIn(id, path + day), undefined, { headers })).status]).toEqual([
        day,
        200,
      ]);
  },
);
