import { describe, expect, test, vi } from "vitest";
import { makeSchool, type TestSchool } from "../../../../test/workers/live";

/* One mail to a collaborator, as a learner would get it. */

const MIA = "mia@school.com";
const settings = {
  collaborators: [{ email: MIA, role: "owner" }],
  mail: { footer: "Acme, Main Street", from: "bell@acme.com" },
};
const RESEND = { email: { type: "resend", api_key: "re_1", from: "hi@acme.com" } };
const message = { to: MIA, subject: "Hi {{ user.username }}", body: "<p>Hello</p>", kind: "marketing" };
const ask = (school: TestSchool, more: Record<string, unknown> = {}) =>
  school.ask("POST", "/v1/messages/test", { ...message, ...more });

describe("a test mail", () => {
  test("leaves in its frame, for a learner or an example of one, and no link of it acts for anybody", async () => {
    const school = await makeSchool("live", { ...settings, connectors: RESEND });
    const fetches = vi.spyOn(globalThis, "fetch").mockImplementation(async () => Response.json({ id: "1" }));
    await school.ask("PUT", "/v1/users/anna", { username: "Änna" });
    expect(await ask(school, { user: "anna" })).toMatchObject({
      status: 200,
      body: { status: "sent", to: MIA, subject: "Hi Änna", html: expect.stringContaining("Acme, Main Street") },
    });
    expect((await ask(school)).body).toMatchObject({ status: "sent", subject: "Hi Anna Example" });
    const sent = JSON.parse(String(fetches.mock.calls.at(-1)?.[1]?.body));
    expect(sent).toMatchObject({ to: [MIA], from: expect.stringContaining("<bell@acme.com>") });
    expect(sent.html).not.toMatch(/\/(?:unsubscribe|preferences)\/[\w-]+\./);
    expect((await school.ask("GET", "/v1/deliveries")).body.data).toEqual([]);
  });

  test("holds the pieces that it names, rendered for who reads it", async () => {
    const mail_pieces = [
      { id: "signature", name: "Signature", body: "Yours, {{ school.name }}, to {{ user.username }}" },
    ];
    const school = await makeSchool("test", { ...settings, mail_pieces });
    const { body } = await ask(school, { subject: "Hi", body: "Hello\n\n{{ pieces.signature }}" });
    expect(body.html).toMatch(/<p>Hello<\/p>\s*<p>Yours, [^<{]+, to Anna Example<\/p>/);
  });

  test("goes to nobody but a collaborator, and for nobody unknown", async () => {
    const school = await makeSchool("live", { ...settings, connectors: RESEND });
    const fetches = vi.spyOn(globalThis, "fetch");
    expect(await ask(school, { to: "anna@acme.com" })).toMatchObject({
      status: 422,
      body: { errors: [{ path: "/to" }] },
    });
    expect(await ask(school, { user: "nobody" })).toMatchObject({ status: 422, body: { errors: [{ path: "/user" }] } });
    expect(await ask(school, { subject: "{{ user.fields.none }}" })).toMatchObject({
      status: 422,
      body: { errors: [{ path: "/subject" }] },
    });
    expect(fetches).not.toHaveBeenCalled();
  });

  test("is kept in a test school, not sent without a connector, and goes to no suppressed address", async () => {
    expect((await ask(await makeSchool("test", settings))).body.status).toBe("captured");
    const school = await makeSchool("live", { ...settings, connectors: { email: null } });
    expect((await ask(school)).body).toMatchObject({ status: "not_sent", error: expect.any(String) });
    await school.ask("POST", "/v1/suppressions", { address: MIA });
    expect((await ask(school)).body.status).toBe("suppressed");
  });
});

test("a message that turns out to say nothing is not sent, and its step says so", async () => {
  const school = await makeSchool("test");
  const empty = "{{ event.none }}";
  await school.automation({
    synchronous: true,
    when: [{ type: "custom", name: "go" }],
    then: [
      { type: "email.user", subject: "Hi", body: `<p>${empty}</p>` },
      { type: "email.user", subject: empty, body: "Hello" },
      { type: "message.user", body: empty },
      { type: "email.user", subject: "Hi", body: "Hello" },
    ],
  });
  await school.event("custom.go", { id: "ann", email: "ann@acme.com" });
  const [run] = (await school.ask("GET", "/v1/runs?user=ann")).body.data;
  const { steps } = (await school.ask("GET", `/v1/runs/${run.id}`)).body;
  const skipped = { status: "skipped", detail: { reason: "empty" } };
  expect(steps).toMatchObject([skipped, skipped, skipped, { status: "done" }]);
  expect((await school.ask("GET", "/v1/deliveries?user=ann")).body.data).toHaveLength(1);
});
