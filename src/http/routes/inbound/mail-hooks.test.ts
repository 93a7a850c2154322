import { Webhook } from "standardwebhooks";
import { beforeEach, describe, expect, test, vi } from "vitest";
import sns from "../../../../test/fixtures/sns.json";
import { call, consume, env, flushLog, liveSchool } from "../../../../test/workers/live";
import { troubleByAutomation, troubleOfEach } from "../../../automations/runs/trouble";
import { fromBase64, toBase64 } from "../../../base/bytes";
import { readSes } from "../../../inbound/mail/ses";
import { signedText } from "../../../inbound/mail/sns";
import { loadSchool } from "../../../world/snapshot";

/* What vendors say of bounces and complaints, as they send it. */

const { school, queues } = liveSchool();
const ADDRESS = "anna@acme.com";
const mail = (kind: string) => ({ type: "email.user", subject: `A ${kind} mail`, body: "Hello.", kind });

beforeEach(() => vi.useRealTimers());

async function carry(user = "anna"): Promise<void> {
  for (let n = 0; n < 20 && queues.actions.length; n++) await consume("schoolbell-actions", queues.actions.splice(0));
  await flushLog(school.id, user);
}

/** Has a mail of each kind sent to somebody who agreed to it. */
async function mails(user = "anna", kinds = ["transactional"], email = ADDRESS) {
  await school.automation({ active: true, when: [{ type: "custom", name: "go" }], then: kinds.map(mail) });
  await school.event("custom.go", { id: user, email, marketing_consent: true });
  await carry(user);
  return deliveries(user);
}
const deliveries = async (user = "anna") => (await school.ask("GET", `/v1/deliveries?user=${user}`)).body.data;
const suppressed = async () => (await school.ask("GET", "/v1/suppressions")).body.data;

async function hook(vendor: string, body: unknown, headers: Record<string, string> = {}) {
  const { hook_key: key } = (await school.ask("GET", "/v1/school")).body;
  return call("POST", `/hooks/mail/${vendor}/${key}`, body, undefined, headers);
}

const postmark = (more: Record<string, unknown> = {}) => ({
  RecordType: "Bounce",
  ID: 42,
  Type: "HardBounce",
  TypeCode: 1,
  Name: "Hard bounce",
  MessageID: "00000000-0000-0000-0000-000000000000",
  Description: "The server was unable to deliver your message (ex: unknown user, mailbox not found).",
  Details: "550 5.1.1 no such user",
  Email: ADDRESS,
  BouncedAt: "2026-01-05T16:33:54.9070259Z",
  Inactive: true,
  ...more,
});

describe("a hard bounce", () => {
  test("suppresses the address for all mail, and shows on the mail that bounced", async () => {
    const [sent] = await mails();
    expect(sent.status).toBe("captured");
    const metadata = { delivery: sent.idempotency_key };
    expect((await hook("postmark", postmark({ Metadata: metadata }))).status).toBe(200);
    await carry();
    expect(await suppressed()).toMatchObject([
      { address: ADDRESS, reason: "bounced", source: "postmark", detail: expect.stringContaining("550 5.1.1") },
    ]);
    const attempts = [{ ok: true }, { ok: false, error: expect.stringContaining("no such user") }];
    expect(await deliveries()).toMatchObject([{ status: "failed", reason: "bounced", attempts }]);
    expect((await school.ask("GET", `/v1/deliveries/${sent.id}`)).body).toMatchObject({ reason: "bounced" });

    await school.event("custom.go", "anna");
    await carry();
    expect((await deliveries()).at(-1)).toMatchObject({ status: "suppressed", reason: "bounced", attempts: [] });
    const [, run] = (await school.ask("GET", "/v1/runs?user=anna")).body.data;
    expect(run).toMatchObject({ status: "completed", steps: [{ status: "skipped", detail: { reason: "bounced" } }] });
  });

  test("leaves its mail among those of its day that left, and counts as bounced, not as one that failed", async () => {
    const [sent] = await mails("anna", ["transactional", "marketing"]);
    await hook("postmark", postmark({ Metadata: { delivery: sent.idempotency_key } }));
    await carry();
    const { automation_id: automation } = sent;
    const figures = { mails: 2, failed: 0, bounced: 1 };
    expect((await school.ask("GET", "/v1/health")).body.days.at(-1)).toMatchObject(figures);
    expect((await school.ask("GET", `/v1/automations/${automation}/stats`)).body.days.at(-1)).toMatchObject(figures);
    const known = await loadSchool(env, school.id);
    if (!known) throw new Error("it is there");
    expect(await troubleOfEach(env, school.id, [automation])).toEqual(new Map());
    expect(await troubleByAutomation(env, known)).toEqual(new Map());
  });

  test("told twice is as once; lifted, mail goes again; the same told again suppresses again", async () => {
    await mails();
    for (let n = 0; n < 2; n++) expect((await hook("postmark", postmark())).status).toBe(200);
    const [one] = await suppressed();
    expect(await suppressed()).toHaveLength(1);
    expect((await school.ask("DELETE", `/v1/suppressions/${one.id}`)).status).toBe(204);
    expect((await school.ask("DELETE", `/v1/suppressions/${one.id}`)).status).toBe(404);
    await school.event("custom.go", "anna");
    await carry();
    expect((await deliveries()).at(-1)).toMatchObject({ status: "captured", reason: null });
    await hook("postmark", postmark());
    expect(await suppressed()).toHaveLength(1);
  });

  test("holds for whoever has the address, in any spelling, also who comes to have it later", async () => {
    await hook("postmark", postmark({ Email: "Anna@ACME.com" }));
    expect(await mails("ben", ["transactional"], "ANNA@acme.com")).toMatchObject([{ reason: "bounced" }]);
    await school.event("custom.go", { id: "carl", email: "carl@acme.com" });
    await carry("carl");
    expect(await deliveries("carl")).toMatchObject([{ status: "captured" }]);
    await school.event("custom.go", { id: "carl", email: ADDRESS });
    await carry("carl");
    expect((await deliveries("carl")).at(-1)).toMatchObject({ status: "suppressed", reason: "bounced" });
  });

  test("comes between a mail and its leaving", async () => {
    const when = [{ type: "custom", name: "go" }];
    await school.automation({ active: true, synchronous: true, when, then: [mail("transactional")] });
    await school.event("custom.go", { id: "anna", email: ADDRESS });
    expect(queues.actions).toMatchObject([{ kind: "deliver" }]);
    await hook("postmark", postmark());
    await carry();
    expect(await deliveries()).toMatchObject([{ status: "suppressed", reason: "bounced" }]);
  });

  test("keeps back mail to collaborators too", async () => {
    await hook("postmark", postmark({ Email: "teacher@acme.com" }));
    const then = [{ type: "email.collaborators", to: ["teacher@acme.com"], subject: "Look", body: "Hello." }];
    await school.automation({ active: true, when: [{ type: "custom", name: "go" }], then });
    await school.event("custom.go", "anna");
    await carry();
    expect(await deliveries()).toMatchObject([{ status: "suppressed", reason: "bounced" }]);
  });

  test("of however many mails is no fault of their automation, which goes on", async () => {
    const id = await school.automation({
      active: true,
      when: [{ type: "custom", name: "go" }],
      then: [mail("transactional")],
    });
    const users = Array.from({ length: 21 }, (_, n) => `user-${n}`);
    for (const user of users) await school.event("custom.go", { id: user, email: `${user}@acme.com` });
    for (const user of users) await carry(user);
    for (const user of users) {
      const [{ idempotency_key: delivery, to }] = await deliveries(user);
      await hook("postmark", postmark({ Email: to[0], Metadata: { delivery } }));
    }
    for (const user of users) await carry(user);
    const failed = await school.ask("GET", `/v1/deliveries?automation=${id}&status=failed&limit=100`);
    expect(failed.body.data).toHaveLength(users.length);
    expect((await school.ask("GET", `/v1/automations/${id}`)).body).toMatchObject({ active: true, stopped_by: null });
  });

  test("of another school suppresses nothing here", async () => {
    expect((await call("POST", `/hooks/mail/postmark/${school.id}.wrong`, postmark())).status).toBe(404);
    expect(await suppressed()).toEqual([]);
  });
});

test("a complaint keeps back marketing, and what they did themselves is still answered", async () => {
  const before = await mails("anna", ["marketing", "transactional"]);
  const about = {
    RecordType: "SpamComplaint",
    Type: "SpamComplaint",
    Metadata: { delivery: before[0].idempotency_key },
  };
  await hook("postmark", postmark(about));
  await carry();
  expect((await deliveries())[0]).toMatchObject({ status: "captured", reason: "complained" });
  await school.event("custom.go", "anna");
  await carry();
  expect((await deliveries()).slice(2)).toMatchObject([
    { status: "suppressed", reason: "complained" },
    { status: "captured", reason: null },
  ]);
});

test.each(["SoftBounce", "Transient", "AutoResponder"])("%s suppresses nothing", async (type) => {
  const [sent] = await mails();
  await hook("postmark", postmark({ Type: type, Metadata: { delivery: sent.idempotency_key } }));
  expect(await suppressed()).toEqual([]);
  await carry();
  const reason = type === "AutoResponder" ? null : "bounced_softly";
  expect(await deliveries()).toMatchObject([{ status: "captured", reason }]);
});

test("a bounce for good stays the reason when a complaint follows", async () => {
  await hook("postmark", postmark());
  await hook("postmark", postmark({ Type: "SpamComplaint" }));
  expect(await suppressed()).toMatchObject([{ reason: "bounced" }]);
});

test("an address suppressed by hand gets no mail, and erasing its user erases that", async () => {
  const asked = await school.ask("POST", "/v1/suppressions", { address: ADDRESS, detail: "asked by phone" });
  expect(asked).toMatchObject({ status: 201, body: { reason: "by_hand", detail: "asked by phone" } });
  expect((await school.ask("POST", "/v1/suppressions", { address: ADDRESS })).status).toBe(200);
  expect((await school.ask("GET", `/v1/suppressions/${ADDRESS}`)).body.id).toBe(asked.body.id);
  expect(await mails()).toMatchObject([{ status: "suppressed", reason: "by_hand" }]);
  await school.ask("DELETE", "/v1/users/anna");
  expect(await suppressed()).toEqual([]);
});

describe("whoever sends", () => {
  const set = (mail_webhooks: Record<string, string>) =>
    school.ask("PATCH", "/v1/school", { settings: { connectors: { mail_webhooks } } });

  test("must know Postmark's user and password, where they are set up", async () => {
    expect((await set({ postmark_auth: "bell:s3cret" })).status).toBe(200);
    for (const authorization of ["", "Basic !!!", `Basic ${btoa("bell:wrong")}`])
      expect((await hook("postmark", postmark(), { authorization })).status).toBe(401);
    expect(await suppressed()).toEqual([]);
    expect((await hook("postmark", postmark(), { authorization: `Basic ${btoa("bell:s3cret")}` })).status).toBe(200);
    const { settings } = (await school.ask("GET", "/v1/school")).body;
    expect(JSON.stringify(settings)).not.toContain("s3cret");
  });

  test("must sign as Svix does for Resend, where its secret is set up", async () => {
    const secret = `whsec_${"A".repeat(32)}`;
    const [sent] = await mails();
    const bounce = { message: "no such user", type: "Permanent", subType: "Suppressed" };
    const data = { to: [ADDRESS], email_id: "e1", bounce, tags: { delivery: sent.idempotency_key } };
    const body = { type: "email.bounced", created_at: "2026-01-05T10:00:00.000Z", data };
    await set({ resend_secret: secret });
    const at = new Date();
    const signature = new Webhook(secret).sign("msg_1", at, JSON.stringify(body));
    const headers = { "svix-id": "msg_1", "svix-timestamp": String(Math.floor(at.getTime() / 1_000)) };
    const signed = { ...headers, "svix-signature": signature };
    expect((await hook("resend", body, headers)).status).toBe(401);
    expect((await hook("resend", { ...body, type: "email.complained" }, signed)).status).toBe(401);
    expect((await hook("resend", body, { ...signed, "svix-timestamp": "1" })).status).toBe(401);
    expect(await suppressed()).toEqual([]);
    expect((await hook("resend", body, signed)).status).toBe(200);
    await carry();
    expect(await deliveries()).toMatchObject([{ status: "failed", reason: "bounced" }]);
  });

  test("of Resend may say what is neither: it is answered, and nothing follows", async () => {
    for (const body of [{ type: "email.opened", data: {} }, { type: "email.bounced", data: {} }, []])
      expect((await hook("resend", body)).status).toBe(200);
    const data = { to: [ADDRESS], bounce: { type: "Transient" } };
    expect((await hook("resend", { type: "email.bounced", data })).status).toBe(200);
    expect(await suppressed()).toEqual([]);
  });
});

describe("Amazon SES, by SNS", () => {
  const HOST = "https://sns.eu-west-1.amazonaws.com";
  const asked: string[] = [];

  beforeEach(() => {
    asked.length = 0;
    vi.spyOn(globalThis, "fetch").mockImplementation(async (url) => {
      asked.push(String(url));
      return new Response(sns.certificate);
    });
  });

  const message = (more: Record<string, unknown> = {}) => ({
    Type: "Notification",
    MessageId: "22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324",
    TopicArn: "arn:aws:sns:eu-west-1:123456789012:bounces",
    Subject: "Amazon SES Email Event Notification",
    Message: "",
    Timestamp: "2026-01-05T10:00:00.000Z",
    SignatureVersion: "2",
    SigningCertURL: `${HOST}/SimpleNotificationService-0.pem`,
    ...more,
  });

  async function signed(more: Record<string, unknown>) {
    const one = message(more);
    const der = fromBase64(sns.key.replaceAll(/-----[^-]+-----|\s/g, ""));
    const hash = one.SignatureVersion === "1" ? "SHA-1" : "SHA-256";
    const key = await crypto.subtle.importKey("pkcs8", der, { name: "RSASSA-PKCS1-v1_5", hash }, false, ["sign"]);
    const text = new TextEncoder().encode(signedText({ ...one, Signature: "" } as Parameters<typeof signedText>[0]));
    const signature = await crypto.subtle.sign("RSASSA-PKCS1-v1_5", key, text);
    return { ...one, Signature: toBase64(new Uint8Array(signature)) };
  }

  const bounce = (key: string, type = "Permanent") =>
    JSON.stringify({
      notificationType: "Bounce",
      bounce: {
        bounceType: type,
        bounceSubType: "General",
        bouncedRecipients: [{ emailAddress: ADDRESS, action: "failed", status: "5.1.1", diagnosticCode: "smtp; 550" }],
      },
      mail: { messageId: "0100", headers: [{ name: "Message-ID", value: `<${key}@school.com>` }] },
    });

  const send = (body: unknown) => hook("ses", body, { "content-type": "text/plain; charset=UTF-8" });

  test.each(["1", "2"])("signed by version %s suppresses the address, and its mail says so", async (version) => {
    const [sent] = await mails();
    const body = await signed({ SignatureVersion: version, Message: bounce(sent.idempotency_key) });
    expect(await send(body)).toMatchObject({ status: 200 });
    await carry();
    expect(await suppressed()).toMatchObject([{ source: "ses", detail: "General: smtp; 550" }]);
    expect(await deliveries()).toMatchObject([{ status: "failed", reason: "bounced" }]);
    expect(asked).toEqual([`${HOST}/SimpleNotificationService-0.pem`]);
  });

  test("a bounce that is not for good suppresses nothing", async () => {
    expect((await send(await signed({ Message: bounce("run_1-s1", "Transient") }))).status).toBe(200);
    expect(await suppressed()).toEqual([]);
  });

  test("what is not signed so is refused", async () => {
    const good = await signed({ Message: bounce("run_1-s1") });
    const bad = [
      { ...good, Message: bounce("run_1-s1", "Undetermined") },
      { ...good, Subject: undefined },
      { ...good, Signature: "!!!" },
      { ...good, Signature: undefined },
      { ...good, SignatureVersion: "1" },
      { ...good, SignatureVersion: "3" },
      {},
    ];
    for (const one of bad) expect((await send(one)).status).toBe(401);
    expect(await suppressed()).toEqual([]);
  });

  test.each([
    "http://sns.eu-west-1.amazonaws.com/x.pem",
    "https://sns.eu-west-1.amazonaws.com.evil.com/x.pem",
    "https://evil.com/sns.eu-west-1.amazonaws.com/x.pem",
    "https://sns.eu-west-1.amazonaws.com@evil.com/x.pem",
    "https://sns.eu-west-1.amazonaws.com:8443/x.pem",
    "https://s3.eu-west-1.amazonaws.com/evil/x.pem",
    "https://evilsns.amazonaws.com/x.pem",
    "https://sns.eu-west-1.amazonaws.com/?Action=x",
    "not a url",
  ])("a certificate at %s is not fetched, and proves nothing", async (SigningCertURL) => {
    expect((await send(await signed({ SigningCertURL, Message: bounce("run_1-s1") }))).status).toBe(401);
    expect(asked).toEqual([]);
  });

  test("a subscription is confirmed, at Amazon alone", async () => {
    const at = `${HOST}/?Action=ConfirmSubscription&TopicArn=t&Token=2336412f`;
    const ask = {
      Type: "SubscriptionConfirmation",
      Token: "2336412f",
      Subject: undefined,
      Message: "You have chosen …",
    };
    expect((await send(await signed({ ...ask, SubscribeURL: at }))).status).toBe(200);
    expect(asked).toEqual([expect.stringMatching(/\.pem$/), at]);
    asked.length = 0;
    for (const SubscribeURL of ["https://evil.com/?Action=ConfirmSubscription", undefined])
      expect((await send(await signed({ ...ask, SubscribeURL }))).status).toBe(401);
    expect(asked.filter((url) => !url.endsWith(".pem"))).toEqual([]);
  });

  test("another's topic may not post, where the school has named its own", async () => {
    const mail_webhooks = { ses_topic: "arn:aws:sns:eu-west-1:123456789012:others" };
    await school.ask("PATCH", "/v1/school", { settings: { connectors: { mail_webhooks } } });
    expect((await send(await signed({ Message: bounce("run_1-s1") }))).status).toBe(401);
    expect(asked).toEqual([]);
  });
});

describe("a mail that is looked at", () => {
  const open = (delivery: string) => ({
    RecordType: "Open",
    FirstOpen: true,
    Recipient: ADDRESS,
    Metadata: { delivery },
  });
  const click = (delivery: string) => ({
    RecordType: "Click",
    OriginalLink: "https://acme.com",
    Recipient: ADDRESS,
    Metadata: { delivery },
  });
  const track = (on: boolean) => school.ask("PATCH", "/v1/school", { settings: { mail: { track: on } } });
  const statsOf = async ({ automation_id: id }: { automation_id: string }) =>
    (await school.ask("GET", `/v1/automations/${id}/stats`)).body.steps;

  test("is counted once, however often the vendor tells it, and says when it was opened and clicked", async () => {
    await track(true);
    const [sent] = await mails();
    // In a test school nobody tells of any, before somebody does.
    expect((await statsOf(sent))[0]).not.toHaveProperty("opened");
    for (let n = 0; n < 2; n++) {
      expect((await hook("postmark", open(sent.idempotency_key))).status).toBe(200);
      await carry();
    }
    expect(await statsOf(sent)).toMatchObject([{ opened: 1, clicked: 0 }]);
    for (let n = 0; n < 2; n++) await hook("postmark", click(sent.idempotency_key));
    await carry();
    expect(await statsOf(sent)).toMatchObject([{ done: 1, opened: 1, clicked: 1 }]);
    const seen = { status: "captured", opened_at: expect.any(String), clicked_at: expect.any(String) };
    expect(await deliveries()).toMatchObject([seen]);
    expect((await school.ask("GET", `/v1/deliveries/${sent.id}`)).body).toMatchObject(seen);
    expect(await suppressed()).toEqual([]);
  });

  test("by a link alone was opened too, as Resend and SES tell it", async () => {
    await track(true);
    const [one, other] = await mails("anna", ["transactional", "marketing"]);
    await hook("resend", {
      type: "email.clicked",
      data: { to: [ADDRESS], tags: { delivery: one.idempotency_key }, click: { link: "https://acme.com" } },
    });
    await carry();
    expect(await statsOf(one)).toMatchObject([{ opened: 1, clicked: 1 }, { opened: 0 }]);
    expect((await deliveries()).find(({ id }: { id: string }) => id === other.id)).not.toHaveProperty("opened_at");
  });

  test("is passed over in a school that does not track", async () => {
    const [sent] = await mails();
    await hook("postmark", open(sent.idempotency_key));
    await carry();
    expect((await deliveries())[0]).not.toHaveProperty("opened_at");
    expect((await statsOf(sent))[0]).not.toHaveProperty("opened");
  });

  test.each(["Open", "Click"])("is told by SES as an event of kind %s, with our Message-ID", (eventType) => {
    const mail = { headers: [{ name: "Message-ID", value: "<run_01-s1@acme.com>" }], destination: [ADDRESS] };
    expect(readSes({ eventType, mail })).toEqual([
      { what: eventType === "Open" ? "opened" : "clicked", key: "run_01-s1" },
    ]);
  });

  test("of an unknown delivery is nothing", async () => {
    await track(true);
    expect((await hook("postmark", open("run_unknown-s1"))).status).toBe(200);
  });
});
