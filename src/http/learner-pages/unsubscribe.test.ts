import { expect, test } from "vitest";
import { call, env, flushLog, liveSchool, makeSchool } from "../../../test/workers/live";
import { signingKey } from "../../connectors/secrets/keys";
import { UNSUBSCRIBE, unsubscribeToken } from "../../connectors/vendors/unsubscribe";

const { school } = liveSchool();

test("who leaves by the link of a mail has spoken in person, and the LMS is told", async () => {
  await school.ask("PUT", "/v1/users/anna", { marketing_consent: true });
  const token = await unsubscribeToken(await signingKey(String(env.SECRET_KEY), UNSUBSCRIBE), {
    school: school.id,
    epoch: 1,
    user: "anna",
  });
  expect((await call("POST", `/unsubscribe/${token}`)).status).toBe(200);
  expect((await school.ask("GET", "/v1/users/anna")).body.marketing_consent).toBe(false);
  await flushLog(school.id, "anna");
  expect((await school.ask("GET", "/v1/changes")).body.data).toMatchObject([
    { type: "user.updated", cause: { type: "learner" }, data: { values: { marketing_consent: false } } },
  ]);
});

test.each([
  ["the learner's language", "de-AT", {}, "Abmelden"],
  ["the learner's language, whatever the browser asks for", "en-GB", { "accept-language": "de" }, "Unsubscribe"],
  ["the browser's, where the learner's is not known", undefined, { "accept-language": "de" }, "Abmelden"],
  ["the browser's, where the learner's is not spoken", "fr", { "accept-language": "de" }, "Abmelden"],
])("the page is in %s", async (_, locale, headers, button) => {
  const user = `reader-${crypto.randomUUID()}`;
  await school.ask("PUT", `/v1/users/${user}`, { marketing_consent: true, ...(locale ? { locale } : {}) });
  const whom = { school: school.id, epoch: 1, user };
  const token = await unsubscribeToken(await signingKey(String(env.SECRET_KEY), UNSUBSCRIBE), whom);
  const { text } = await call("GET", `/unsubscribe/${token}`, undefined, undefined, headers);
  expect(text).toContain(`<html lang="${button === "Abmelden" ? "de" : "en"}">`);
  expect(text).toContain(`<button type="submit">${button}</button>`);
});

test("a link that is nobody's is a page in words, and has the look of the others", async () => {
  await school.ask("PUT", "/v1/users/gone", { marketing_consent: true });
  const whom = { school: school.id, epoch: 1, user: "gone" };
  const token = await unsubscribeToken(await signingKey(String(env.SECRET_KEY), UNSUBSCRIBE), whom);
  const shown = await call("GET", `/unsubscribe/${token}`);
  expect(shown.text).toContain("color-scheme:light dark");
  await school.ask("DELETE", "/v1/users/gone");
  for (const one of [token, `${token}x`, "none"]) {
    const { status, text } = await call("GET", `/unsubscribe/${one}`, undefined, undefined, {
      "accept-language": "de",
    });
    expect([status, text]).toEqual([404, expect.stringContaining("<h1>Dieser Link funktioniert nicht</h1>")]);
  }
});

test("a school that has not set up its mail has the link in marketing, once, and in nothing else", async () => {
  const school = await makeSchool("test");
  const mail = (kind: string, body: string, text?: string) => ({
    ...{ type: "email.user", subject: `${kind} ${body}`, kind, body },
    ...(text === undefined ? {} : { text }),
  });
  await school.automation({
    synchronous: true,
    when: [{ type: "custom", name: "go" }],
    then: [
      mail("marketing", "Hello.", "Hello."),
      mail("marketing", "Hello. {{ unsubscribe_url }}"),
      mail("transactional", "Hello."),
    ],
  });
  await school.event("custom.go", { id: "anna", email: "anna@acme.com", marketing_consent: true });
  const { data } = (await school.ask("GET", "/v1/deliveries?user=anna")).body;
  const links = data.map(({ content }: { content: { html: string; text?: string } }) =>
    [content.html, content.text ?? ""].map((part) => part.match(/\/unsubscribe\/[\w-]+\.[\w-]+/g)?.length ?? 0),
  );
  expect(links).toEqual([
    [1, 1],
    [1, 0],
    [0, 0],
  ]);
  expect(JSON.stringify(data)).not.toContain("/preferences/");
});
