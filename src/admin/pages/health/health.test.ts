import { expect, test } from "vitest";
import { consume, flushLog, liveSchool, standIn } from "../../../../test/workers/live";
import { createApp } from "../../../http/app";
import { routes } from "../../../http/routes";
import { call, env } from "../../../http/test-client";
import { startSession } from "../../../schools/sign-in/sessions";
import { addressIn } from "../../address";
import { mountAdmin } from "../../app";

const app = createApp(routes);
mountAdmin(app, routes);

const MAIL = { type: "resend", api_key: "re_1", from: "a@acme.com" };
const EMAIL = "viewer@school.com";
const EDITOR = "editor@school.com";
const { school, queues } = liveSchool("live", {
  collaborators: [
    { email: EMAIL, role: "viewer" },
    { email: EDITOR, role: "editor" },
  ],
  connectors: { email: null },
});

async function page(email = EMAIL): Promise<string> {
  const headers = { cookie: `__Host-schoolbell=${await startSession(env, email)}` };
  const { status, text } = await call(app, "GET", addressIn(school.id, "/health"), undefined, { headers });
  expect(status).toBe(200);
  return text.replaceAll(/\s+/g, " ");
}
async function happens(type: string, user: Record<string, unknown>): Promise<void> {
  await school.event(type, user);
  while (queues.actions.length) await consume("schoolbell-actions", queues.actions.splice(0));
  await flushLog(school.id, String(user.id));
}

test("the home of a school that does nothing yet says what is not set up and where to begin, and that owners are not mailed where they are not", async () => {
  const text = await page();
  expect(text).toContain("Mail is not set up");
  expect(text).toContain("No automations yet");
  expect(text).toContain("PLATFORM_EMAIL");
  await school.ask("PATCH", "/v1/school", { settings: { connectors: { email: MAIL } } });
  expect(await page()).toContain("All is well.");
});

test("it leads from each problem to where it is mended, and says what happened today and what goes out next", async () => {
  const go = { when: [{ type: "custom", name: "go" }] };
  await school.automation({ ...go, name: "Letters", then: [{ type: "email.user", subject: "Hi", body: "Hello" }] });
  const waiting = await school.automation({
    ...go,
    name: "Follow up",
    then: [
      { type: "wait", for: "P2D" },
      { type: "tags.add", tags: ["x"] },
      { type: "email.user", subject: "How is it going?", body: "Hello" },
    ],
  });
  const ringing = await school.automation({
    when: [{ type: "custom", name: "ring" }],
    name: "Ring",
    then: [{ type: "webhook.send", url: "https://hooks.acme.com/in" }],
  });
  standIn("https://hooks.acme.com/in", () => new Response(null, { status: 410 }));
  await happens("custom.go", { id: "anna", email: "anna@acme.com" });
  for (let n = 0; n < 20; n++) await happens("custom.ring", { id: `u${n}` });
  // The last failure sends word of itself.
  await consume("schoolbell-actions", queues.actions.splice(0));
  const text = await page();
  expect(text).not.toContain("All is well.");
  expect(text).toContain("“Ring” has stopped itself");
  // Whoever may change it may also say that it is known.
  expect(text).not.toContain("I know");
  expect(await page(EDITOR)).toContain(`action="${addressIn(school.id, `/automations/${ringing}/dismiss`)}"`);
  await school.ask("POST", `/v1/automations/${ringing}/dismiss`);
  expect(await page(EDITOR)).not.toContain("has stopped itself");
  expect(text).toContain(`href="${addressIn(school.id, `/automations/${ringing}`)}"`);
  expect(text).toContain(`href="${addressIn(school.id, "/settings/connectors/email")}"`);
  expect(text).toContain(`href="${addressIn(school.id, "/deliveries?channel=email&amp;status=not_sent")}"`);
  // How many were kept, not sent.
  expect(text).toContain("Mail is not set up: 1 message was kept, not sent.");
  // What goes out next, by what it is called, and for how many.
  expect(text).toContain(`href="${addressIn(school.id, `/automations/${waiting}`)}">Follow up</a>`);
  expect(text).toContain("sends “How is it going?” to");
  expect(text).toContain("1 learner</a>");
  // What happened: 22 runs, and no mail, as none could leave.
  expect(text).toMatch(/>22<\/a> ?<span>runs started/);
  expect(text).toContain('aria-label="Runs over 14 days. started: 22."');
});

test("it does not say that all is well beside mail that failed or is tried again, and names it", async () => {
  await school.ask("PATCH", "/v1/school", { settings: { connectors: { email: MAIL } } });
  const id = await school.automation({
    when: [{ type: "custom", name: "go" }],
    name: "Letters",
    then: [{ type: "email.user", subject: "Hi", body: "Hello" }],
  });
  let status = 503;
  standIn("https://api.resend.com", () => Response.json({ message: "no" }, { status }));
  await happens("custom.go", { id: "anna", email: "anna@acme.com" });
  const retrying = await page();
  expect(retrying).not.toContain("All is well.");
  expect(retrying).toContain("1 message is being tried again.");
  expect(retrying).toContain(`href="${addressIn(school.id, `/automations/${id}`)}">Letters</a>`);
  status = 422;
  await happens("custom.go", { id: "ben", email: "ben@acme.com" });
  const failed = await page();
  expect(failed).toContain("1 message failed since yesterday; 1 message is being tried again.");
  expect(failed).toContain(`href="${addressIn(school.id, `/deliveries?automation=${id}&amp;status=failed`)}"`);
});
