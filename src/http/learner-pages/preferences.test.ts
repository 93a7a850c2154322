import { SignJWT } from "jose";
import { beforeEach, describe, expect, test } from "vitest";
import { call, makeSchool, PLATFORM, setNow, type TestSchool } from "../../../test/workers/live";

/* The learner's own page and what stands behind it: by a link in a mail, and by a user token. */

const NOW = "2026-01-05T09:00:00.000Z";
const ANNA = { id: "anna", email: "anna@acme.com", username: "Anna", marketing_consent: true };
const TOPICS = [
  { id: "news", name: "The <newsletter>" },
  { id: "tips", name: "Tips" },
];

let school: TestSchool;
beforeEach(async () => {
  setNow(Date.parse(NOW));
  school = await makeSchool("test", { timezone: "UTC", mail: { footer: "Acme", topics: TOPICS } });
});

const mail = (subject: string, more: Record<string, unknown> = {}) => ({
  ...{ type: "email.user", subject, body: "<p>Secret body {{ preferences_url }}</p>" },
  ...more,
});
const automation = (then: Record<string, unknown>[], when: Record<string, unknown> = { type: "course.enrolled" }) =>
  school.automation({ name: "Secret automation", active: true, synchronous: true, when: [when], then });
const deliveries = async () => (await school.ask("GET", "/v1/deliveries?user=anna")).body.data;
const advance = (by: string) => school.ask("POST", "/v1/test-clock", { advance: by });

/** The link that the first mail to anna holds. */
async function link(): Promise<string> {
  const [{ content }] = await deliveries();
  return /\/preferences\/[\w.-]+/.exec(content.html)?.[0] ?? "none";
}
const open = (at: string) => call("GET", at);
const post = (at: string, form: string) =>
  call("POST", at, form, undefined, { "content-type": "application/x-www-form-urlencoded" });

async function begin() {
  await automation([
    mail("Welcome"),
    { type: "wait", for: "P2D" },
    mail("How is it going?", { topic: "tips" }),
    { type: "branch", if: { type: "tags.has", tags: ["secret-tag"] }, yes: [mail("Never")], no: [] },
    { type: "email.collaborators", to: ["teacher@acme.com"], subject: "About Anna", body: "Look." },
  ]);
  await school.event("course.enrolled", ANNA, { course: "js" });
}

describe("the learner's page", () => {
  test("opens by the link of a mail: what is planned, what was sent and why, and the choices", async () => {
    await begin();
    const { status, text, headers } = await open(await link());
    expect(status).toBe(200);
    for (const told of [
      "Welcome",
      "How is it going?",
      "7 Jan 2026",
      "reason: you joined, or did, something",
      "News and offers",
    ])
      expect(text).toContain(told);
    expect(text).toContain("The &lt;newsletter&gt;");
    for (const secret of ["Secret", "secret-tag", "anna@acme.com", "teacher@acme.com", "About Anna", "Never"])
      expect(text, secret).not.toContain(secret);
    expect(headers.get("content-security-policy")).toContain("default-src 'none'");
    expect(headers.get("content-security-policy")).not.toContain("unsafe");
    expect(headers.get("referrer-policy")).toBe("no-referrer");
    expect(headers.get("cache-control")).toBe("no-store");
    expect(headers.get("x-content-type-options")).toBe("nosniff");
  });

  test("is in the learner's language", async () => {
    await begin();
    await school.ask("PUT", "/v1/users/anna", { locale: "de-DE" });
    const { text } = await open(await link());
    for (const told of [
      '<html lang="de">',
      "Ihre E-Mails von",
      "07.01.2026",
      "Anlass: Sie haben an der Schule etwas begonnen",
    ])
      expect(text).toContain(told);
  });

  test("saves what is ticked, for what is planned too, and GET changes nothing", async () => {
    await begin();
    const at = await link();
    await open(at);
    const saved = await post(at, "topic=news");
    expect(saved).toMatchObject({ status: 200 });
    expect(saved.text).toContain("Saved.");
    expect((await school.ask("GET", "/v1/users/anna")).body.marketing_consent).toBe(false);
    await advance("P3D");
    expect((await deliveries()).map((one: Record<string, unknown>) => [one.status, one.reason])).toEqual([
      ["captured", null],
      ["suppressed", "topic_off"],
      ["captured", null],
    ]);
    // What was not sent stands apart, under a heading that says so.
    const [sent, notSent = ""] = (await open(at)).text.split("<h2>What was not sent</h2>");
    expect(sent).toContain("<h2>What was sent</h2>");
    expect(notSent.match(/<li>/g)).toHaveLength(1);
    await post(at, "marketing=yes&topic=news&topic=tips");
    expect((await school.ask("GET", "/v1/users/anna")).body.marketing_consent).toBe(true);
  });

  test("is good for thirty days", async () => {
    await begin();
    const at = await link();
    await advance("P30D");
    expect((await open(at)).status).toBe(200);
    await advance("PT1S");
    const over = await open(at);
    expect(over).toMatchObject({ status: 404 });
    expect(over.text).toContain("This link has expired");
    expect((await post(at, "")).status).toBe(404);
    expect((await school.ask("GET", "/v1/users/anna")).body.marketing_consent).toBe(true);
  });

  test("is gone with its user, also where somebody of the same id comes later", async () => {
    await begin();
    const at = await link();
    await school.ask("DELETE", "/v1/users/anna");
    expect((await open(at)).status).toBe(404);
    // At the same moment of the school's clock already, which stands.
    setNow(Date.parse(NOW) + 1);
    await school.event("course.enrolled", ANNA, { course: "js" });
    expect((await open(at)).status).toBe(404);
    expect((await open(await link())).status).toBe(200);
    await advance("PT1H");
    expect((await open(at)).status).toBe(404);
    expect((await post(at, "")).status).toBe(404);
    expect((await school.ask("GET", "/v1/users/anna")).body.marketing_consent).toBe(true);
  });

  test("is gone with its school, and follows a merge", async () => {
    await begin();
    const at = await link();
    await school.ask("PUT", "/v1/users/ben", { username: "Ben" });
    await school.ask("POST", "/v1/users/ben/merge", { from: "anna" });
    expect((await open(at)).text).toContain("Welcome");
    expect((await call("DELETE", `/v1/schools/${school.id}`, undefined, PLATFORM)).status).toBe(204);
    expect((await open(at)).status).toBe(404);
  });

  test("opens by nothing but its link", async () => {
    await begin();
    const at = await link();
    const [payload = "", signature = ""] = at.slice("/preferences/".length).split(".");
    const forged = btoa(JSON.stringify([school.id, "ben", 1, Date.parse(NOW)])).replaceAll("=", "");
    for (const token of ["x", `${payload}.`, `${forged}.${signature}`, `${payload}.${signature}.x`, `%00.${signature}`])
      expect((await open(`/preferences/${token}`)).status, token).toBe(404);
    const unsubscribe = (await deliveries())[0].content.html.match(/\/unsubscribe\/([\w.-]+)/)?.[1];
    expect(unsubscribe).toBeUndefined();
    expect((await post(at, `topic=${"x".repeat(20_000)}`)).status).toBe(413);
    expect((await call("PUT", at)).status).not.toBe(200);
  });
});

describe("by a user token", () => {
  const me = async (method: string, path: string, body?: unknown) => {
    const { secret } = (await school.ask("POST", "/v1/signing-secret")).body;
    const token = await new SignJWT({ school: school.id })
      .setProtectedHeader({ alg: "HS256" })
      .setSubject("anna")
      .setAudience("schoolbell")
      .setExpirationTime(Math.floor(Date.now() / 1_000) + 3_600)
      .sign(new TextEncoder().encode(secret));
    return call(method, path, body, token);
  };

  test("what is planned and what was sent are told by subject and time alone", async () => {
    await begin();
    expect((await me("GET", "/v1/me/planned")).body).toEqual({
      data: [{ channel: "email", subject: "How is it going?", at: "2026-01-07T09:00:00.000Z" }],
      next_cursor: null,
    });
    await advance("P3D");
    const { data } = (await me("GET", "/v1/me/deliveries")).body;
    expect(data).toEqual([
      expect.objectContaining({ subject: "Welcome", at: NOW, status: "sent", why: expect.stringContaining("joined") }),
      expect.objectContaining({ subject: "How is it going?", at: "2026-01-07T09:00:00.000Z" }),
    ]);
    expect(Object.keys(data[0]).sort()).toEqual(["at", "channel", "id", "status", "subject", "why"]);
    expect((await me("GET", "/v1/me/planned")).body.data).toEqual([]);
  });

  test("a mail that waits for quiet hours is planned, when it will leave", async () => {
    const quiet = { from: "08:00", to: "20:00" };
    await school.ask("PATCH", "/v1/school", { settings: { mail: { quiet_hours: quiet } } });
    await automation([mail("News", { kind: "marketing" })]);
    await school.event("course.enrolled", ANNA, { course: "js" });
    expect((await me("GET", "/v1/me/planned")).body.data).toMatchObject([
      { subject: "News", at: "2026-01-05T20:00:00.000Z" },
    ]);
    expect((await me("GET", "/v1/me/deliveries")).body.data).toMatchObject([{ status: "waits" }]);
  });

  test("consent is read and changed; what is no kind of mail is refused", async () => {
    await begin();
    expect((await me("GET", "/v1/me/consent")).body).toEqual({
      marketing_consent: true,
      cookies_accepted: false,
      topics: TOPICS.map((one) => ({ ...one, on: true })),
    });
    const changed = await me("PATCH", "/v1/me/consent", { marketing_consent: false, topics: { news: false } });
    expect(changed).toMatchObject({ status: 200, body: { marketing_consent: false } });
    expect(changed.body.topics).toMatchObject([{ on: false }, { on: true }]);
    expect(await me("PATCH", "/v1/me/consent", { topics: { other: false } })).toMatchObject({
      status: 422,
      body: { errors: [{ path: "/topics/other" }] },
    });
    expect((await me("PATCH", "/v1/me/consent", { email: "x@y.com" })).status).toBe(422);
    expect((await school.ask("PATCH", "/v1/me/consent", {})).status).toBe(403);
  });
});

describe("the frame", () => {
  test("stands around mails of a school that has set up its mail, and marketing can be ended by it", async () => {
    const settings = { footer: "Acme, Main Street", logo: "https://acme.com/l.png", from_name: "The Bell" };
    await school.ask("PATCH", "/v1/school", { settings: { mail: { ...settings, reply_to: "help@acme.com" } } });
    const plain = { body: "<p>Hi</p>", text: "Hi" };
    await automation([
      { ...mail("News", { kind: "marketing" }), ...plain },
      { ...mail("Done"), ...plain, from_name: "Mia" },
      { type: "email.collaborators", to: ["t@acme.com"], subject: "Look", body: "<p>See {{ preferences_url }}</p>" },
    ]);
    await school.event("course.enrolled", ANNA, { course: "js" });
    const [news, done, look] = (await deliveries()).map((one: Record<string, unknown>) => one.content);
    expect(news).toMatchObject({ from_name: "The Bell", reply_to: "help@acme.com" });
    expect(done).toMatchObject({ from_name: "Mia", reply_to: "help@acme.com" });
    for (const content of [news, done, look]) expect(content.html).toContain("Acme, Main Street");
    expect(news.text).toContain("Unsubscribe: http");
    expect(done.html).not.toContain("/unsubscribe/");
    expect(done.html).toContain("/preferences/");
    expect(look.html).not.toContain("/preferences/");
    const at = /\/unsubscribe\/[\w.-]+/.exec(news.html)?.[0] ?? "none";
    expect((await call("POST", at)).status).toBe(200);
    expect((await school.ask("GET", "/v1/users/anna")).body.marketing_consent).toBe(false);
  });

  test("has the school's signature where that is wished, and its links in the learner's language, else the school's", async () => {
    const mailed = async (user: Record<string, unknown>): Promise<string> => {
      await school.event("course.enrolled", user, { course: "js" });
      const { data } = (await school.ask("GET", `/v1/deliveries?user=${user.id}`)).body;
      return data[0].content.html;
    };
    const settings = { mail_signature: "Kind regards, Mia", locale: "de-DE", mail: { signature: true } };
    await school.ask("PATCH", "/v1/school", { settings });
    await automation([{ ...mail("Done"), body: "<p>Hi</p>" }]);
    const german = await mailed({ id: "g1", email: "g1@acme.com" });
    expect(german).toContain("Kind regards, Mia");
    expect(german).toContain(">Ihre E-Mails von uns</a>");
    expect(await mailed({ id: "g2", email: "g2@acme.com", locale: "en-GB" })).toContain(">Your mail from us</a>");
    await school.ask("PATCH", "/v1/school", { settings: { mail: { footer: "Acme" } } });
    expect(await mailed({ id: "g3", email: "g3@acme.com" })).not.toContain("Kind regards");
  });

  test("is none of a school that has set nothing up", async () => {
    await school.ask("PATCH", "/v1/school", { settings: { mail: null } });
    await automation([{ ...mail("Hi", { kind: "marketing" }), body: "<p>Hi {{ unsubscribe_url }}</p>" }]);
    await school.event("course.enrolled", ANNA, { course: "js" });
    expect((await deliveries())[0].content.html).toMatch(/^<p>Hi https?:\/\/\S+\/unsubscribe\/[\w.-]+<\/p>$/);
  });
});
