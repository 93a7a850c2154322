import { expect, test } from "vitest";
import { call, holdQueues, PLATFORM } from "../../../test/workers/live";

const TEMPLATE = "{{ 'now' | date: '%Y-%m-%d %H:%M %z' }}, {{ 'today' | date: '%A' }}";
/** 29 March, 23:30 UTC: in Athens a day later, and the first of summer time. */
const SAID = "2026-03-30 02:30 +0300, Monday";

test("“now” and “today” in a message are the school's own, moved clock in its zone, sent and previewed alike", async () => {
  holdQueues();
  const made = await call(
    "POST",
    "/v1/schools",
    { name: "S", mode: "test", now: "2026-03-01T12:00:00.000Z", settings: { timezone: "Europe/Athens" } },
    PLATFORM,
  );
  const ask = (method: string, path: string, body?: unknown) => call(method, `/v1${path}`, body, made.body.api_key);
  await ask("POST", "/automations", {
    name: "Dated",
    when: [{ type: "user.signed_in" }],
    then: [
      { type: "user.set_field", field: "seen", value: TEMPLATE },
      { type: "email.user", subject: TEMPLATE, body: `<p>${TEMPLATE}</p>`, text: TEMPLATE },
      { type: "webhook.send", url: "https://hooks.example.com/", body: { at: TEMPLATE } },
    ],
    synchronous: true,
  });
  await ask("POST", "/test-clock", { to: "2026-03-29T23:30:00.000Z" });
  const { body: answer } = await ask("POST", "/events", {
    type: "user.signed_in",
    user: { id: "anna", email: "anna@acme.com" },
  });
  expect(answer.user.fields.seen).toBe(SAID);
  const { body: deliveries } = await ask("GET", "/deliveries");
  expect(deliveries.data.map((one: { content: unknown }) => one.content)).toMatchObject([
    { subject: SAID, html: `<p>${SAID}</p>`, text: SAID },
    { body: { at: SAID } },
  ]);
  const preview = await ask("POST", "/messages/preview", {
    subject: TEMPLATE,
    body: `<p>${TEMPLATE}</p>`,
    user: "anna",
  });
  expect(preview.body).toMatchObject({ subject: SAID, body: `<p>${SAID}</p>`, unknown_variables: [] });

  // Without a learner an example; a mail in its frame, and no link of it acts for anybody.
  await ask("PATCH", "/school", { settings: { mail: { footer: "Acme & Co", logo: "https://acme.com/l.png" } } });
  const draft = { body: "<p>Hi {{ user.username }} {{ unsubscribe_url }}</p>" };
  expect((await ask("POST", "/messages/preview", draft)).body.body).toBe(
    "<p>Hi Anna Example https://example.com/unsubscribe</p>",
  );
  const framed = async (kind: string) =>
    (await ask("POST", "/messages/preview", { body: "<p>Hi</p>", kind })).body.body;
  expect(await framed("marketing")).toMatch(/l\.png.*Acme &amp; Co.*example\.com\/unsubscribe.*preferences/s);
  expect(await framed("transactional")).not.toContain("unsubscribe");
  expect(await framed("collaborators")).not.toContain("preferences");
});
