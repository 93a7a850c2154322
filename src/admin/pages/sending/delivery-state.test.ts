import { expect, test, vi } from "vitest";
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

test("a mail that was opened says so in the list and on its page, and the funnel counts it of those who were mailed", async () => {
  vi.spyOn(globalThis, "fetch").mockImplementation(async () => Response.json({ id: "m_1" }));
  await school.ask("PATCH", "/v1/school", { settings: { mail: { track: true } } });
  const automation = await school.automation({
    when: [{ type: "custom", name: "look" }],
    name: "Looked at",
    then: [{ type: "email.user", subject: "Look", body: "Hello" }],
  });
  for (const user of [{ id: "ben", email: "ben@x.com" }, { id: "cleo", email: "cleo@x.com" }, { id: "dora" }]) {
    await school.event("custom.look", user);
    while (queues.actions.length) await consume("schoolbell-actions", queues.actions.splice(0));
    await flushLog(school.id, user.id);
  }
  // As a vendor has it told.
  const opened = Date.UTC(2026, 0, 5, 10);
  await env.DB.batch([
    env.DB.prepare(
      "update deliveries set opened_at = ?2, clicked_at = ?2 + 60000 where school = ?1 and user = 'ben'",
    ).bind(school.id, opened),
    env.DB.prepare(
      "insert into run_counts (school, automation, step, status, n) values (?1, ?2, 's1', 'opened', 1)",
    ).bind(school.id, automation),
  ]);
  const list = await page("/deliveries");
  expect(list).toContain("opened, a link followed");
  const id = /\/deliveries\/(dlv_\w+)"[^>]*>Look</.exec(await page("/deliveries?user=ben"))?.[1];
  expect(await page(`/deliveries/${id}`)).toMatch(
    /Opened <time[^>]*>5 Jan 2026, 10:00:00<\/time>; a link was followed <time[^>]*>5 Jan 2026, 10:01:00/,
  );
  expect(await page(`/automations/${automation}`)).toContain("1 (50 %)");
});

test("where nobody tells of opens they are not said to be none, in the API and on the page", async () => {
  vi.spyOn(globalThis, "fetch").mockImplementation(async () => Response.json({ id: "m_1" }));
  const automation = await school.automation({
    when: [{ type: "custom", name: "tell" }],
    name: "Told",
    then: [{ type: "email.user", subject: "Told", body: "Hello" }],
  });
  await school.event("custom.tell", { id: "emil", email: "emil@x.com" });
  while (queues.actions.length) await consume("schoolbell-actions", queues.actions.splice(0));
  await flushLog(school.id, "emil");
  const of = async (connectors: Record<string, unknown>, track = true) => {
    await school.ask("PATCH", "/v1/school", { settings: { mail: { track }, connectors } });
    const { steps, opens } = (await school.ask("GET", `/v1/automations/${automation}/stats`)).body;
    const text = await page(`/automations/${automation}`);
    return [
      opens,
      steps[0].opened,
      steps[0].clicked,
      text.includes(">Opened<") || text.includes("> Opened <"),
      text.includes("is not known"),
    ];
  };
  const smtp = { type: "smtp", host: "mail.acme.com", port: 587, user: "u", pass: "p", from: "a@acme.com" };
  const postmark = { type: "postmark", server_token: "t", from: "a@acme.com" };
  // Postmark too tells nobody who has not asked it to.
  expect(await of({ email: postmark })).toEqual(["not_told", undefined, undefined, false, true]);
  expect(await of({ email: postmark, mail_webhooks: { postmark_auth: "u:p" } })).toEqual([
    "counted",
    0,
    0,
    true,
    false,
  ]);
  expect(await of({ email: smtp, mail_webhooks: null })).toEqual(["not_told", undefined, undefined, false, true]);
  expect(await of({ email: smtp }, false)).toEqual(["off", undefined, undefined, false, false]);
  // A mail server of a vendor that reports.
  const ses_topic = "arn:aws:sns:eu-west-1:123456789012:mails";
  expect(await of({ email: smtp, mail_webhooks: { ses_topic } })).toEqual(["counted", 0, 0, true, false]);
});

test("a newsletter that nobody has agreed to says in words why it did nothing, and what brings that along", async () => {
  const then = [{ type: "email.user", subject: "News", body: "Hello", kind: "marketing" }];
  const when = [{ type: "custom", name: "news" }];
  const automation = await school.automation({ when, name: "News", then });
  for (const user of [{ id: "fritz", email: "fritz@x.com" }, { id: "gerda", email: "gerda@x.com" }, { id: "hans" }]) {
    await school.event("custom.news", user);
    while (queues.actions.length) await consume("schoolbell-actions", queues.actions.splice(0));
    await flushLog(school.id, user.id);
  }
  const [step] = (await school.ask("GET", `/v1/automations/${automation}/stats`)).body.steps;
  expect(step).toMatchObject({ skipped: 3, skipped_for: { no_consent: 2, no_email: 1 } });
  const text = await page(`/automations/${automation}`);
  expect(text).toContain("did nothing: no consent to marketing (2), no email address (1)");
  expect(text).toContain("in the column marketing_consent");
});
