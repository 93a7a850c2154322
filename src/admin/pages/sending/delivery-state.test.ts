import { expect, test } from "vitest";
import { consume, flushLog, liveSchool } from "../../../../test/workers/live";
import { createApp } from "../../../http/app";
import { routes } from "../../../http/routes";
import { call, env } from "../../../http/test-client";
import { startSession } from "../../../schools/sign-in/sessions";
import { addressIn } from "../../address";
import { mountAdmin } from "../../app";

const app = createApp(routes);
mountAdmin(app, routes);

const EMAIL = "viewer@school.com";
const { school, queues } = liveSchool("live", {
  collaborators: [{ email: EMAIL, role: "viewer" }],
  connectors: { email: { type: "resend", api_key: "re_1", from: "a@acme.com" } },
});

async function page(path: string): Promise<string> {
  const headers = { cookie: `__Host-schoolbell=${await startSession(env, EMAIL)}` };
  const { status, text } = await call(app, "GET", addressIn(school.id, path), undefined, { headers });
  expect(status).toBe(200);
  return text.replaceAll(/\s+/g, " ");
}

test("why a suppressed address got no mail is said among the deliveries and on the run", async () => {
  await school.ask("POST", "/v1/suppressions", { address: "anna@x.com" });
  const when = [{ type: "custom", name: "go" }];
  await school.automation({ when, name: "Letters", then: [{ type: "email.user", subject: "Hi", body: "Hello" }] });
  const { runs } = await school.event("custom.go", { id: "anna", email: "anna@x.com" });
  while (queues.actions.length) await consume("schoolbell-actions", queues.actions.splice(0));
  await flushLog(school.id, "anna");
  const reason = "the address was put on the suppression list by hand";
  expect(await page("/deliveries")).toContain(reason);
  expect(await page(`/runs/${runs[0]?.id}`)).toContain(reason);
});
