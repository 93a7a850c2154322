import { expect, test, vi } from "vitest";
import { createApp } from "../../http/app";
import { routes } from "../../http/routes";
import { call, env, newSchool } from "../../http/test-client";
import { mountAdmin } from "../app";

const app = createApp(routes);
mountAdmin(app, routes);

const LINK = /\/admin\/sign-in\/[\w-]{43}/;

const ask = (email: string, more: Record<string, unknown> = {}, headers: Record<string, string> = {}) =>
  call(app, "POST", "/admin/sign-in", new URLSearchParams({ email }).toString(), {
    headers: {
      "content-type": "application/x-www-form-urlencoded",
      origin: "https://schoolbell.test",
      // Tries are counted by address.
      "cf-connecting-ip": email,
      ...headers,
    },
    env: { ...env, ...more },
  });

/** A platform whose own mail leaves by the EMAIL binding, and all that left by it. */
function platformMail() {
  const sent: unknown[] = [];
  const EMAIL = {
    send: async (letter: unknown) => {
      sent.push(letter);
      return { messageId: "m1" };
    },
  };
  return { sent, variables: { EMAIL, PLATFORM_EMAIL: '{"type": "cloudflare", "from": "sign-in@schoolbell.test"}' } };
}

/** Somebody who owns one school, and is listed by another that has all its mail go through a server of its own. */
async function listedByAnother(): Promise<string> {
  const email = `head-${crypto.randomUUID()}@victim.com`;
  await newSchool(app, { collaborators: [{ email, role: "owner" }] });
  await newSchool(app, {
    collaborators: [{ email, role: "viewer" }],
    connectors: { email: { type: "resend", api_key: "re_1", from: "no-reply@attacker.com" } },
    url: "https://attacker.com",
    support_email: "help@attacker.com",
  });
  return email;
}

test("a sign-in link is mailed by the platform's connector, and nothing of it by a school that lists the address", async () => {
  const called = vi.spyOn(globalThis, "fetch").mockImplementation(async () => Response.json({ id: "1" }));
  const email = await listedByAnother();
  const { sent, variables } = platformMail();
  await ask(email, variables);
  expect(sent).toMatchObject([
    { to: email, from: { name: "Schoolbell", email: "sign-in@schoolbell.test" }, text: expect.stringMatching(LINK) },
  ]);
  expect(JSON.stringify(sent)).not.toContain("attacker");
  await ask(email);
  expect(called).not.toHaveBeenCalled();
});

test("it is in the language of the page on which it is asked for", async () => {
  const email = await listedByAnother();
  const { sent, variables } = platformMail();
  await ask(email, variables, { cookie: "schoolbell-language=de" });
  expect(sent).toMatchObject([{ subject: "Anmeldung bei Schoolbell", text: expect.stringMatching(LINK) }]);
});

test("nobody is mailed a link whom no school lists", async () => {
  const { sent, variables } = platformMail();
  await ask(`nobody-${crypto.randomUUID()}@school.com`, variables);
  expect(sent).toEqual([]);
});

test("without mail the page says so, to an address that is known and to one that is not", async () => {
  const emails = [await listedByAnother(), `nobody-${crypto.randomUUID()}@school.com`];
  const pages = await Promise.all(emails.map(async (email) => (await ask(email)).text.replaceAll(email, "")));
  expect(pages[0]).toContain("Mail is not set up");
  expect(pages[0]).not.toMatch(LINK);
  expect(pages[1]).toBe(pages[0]);
  expect((await call(app, "GET", "/admin/sign-in")).text).toContain("Mail is not set up");
  expect((await ask(emails[0] ?? "", platformMail().variables)).text).not.toContain("Mail is not set up");
});

test("health names what sign-in mail wants, as long as it is not there", async () => {
  const health = async (more: Record<string, unknown>) => {
    const { status, body } = await call(app, "GET", "/health", undefined, { env: { ...env, ...more } });
    return [status, body];
  };
  expect(await health({})).toEqual([200, { ok: true, warnings: [expect.stringContaining("PLATFORM_EMAIL")] }]);
  expect(await health(platformMail().variables)).toEqual([200, { ok: true }]);
});
