import { readFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { SMTPServer } from "smtp-server";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startWorker } from "../../scripts/started.mjs";
import { certificate } from "../connectors/harness";
import { makeSchool } from "./client.mjs";
import { segments } from "./segments.mjs";
import { year } from "./year.mjs";

/* What is seen only from outside, as time goes by: all of it waits most of the time, so it waits together on one Worker. */

const START_MS = 60_000;
const ARRIVES_MS = 20_000;
const LOGIN = { user: "bell", pass: "pässwörd" };

interface Mail {
  encrypted: boolean;
  from: string;
  to: string[];
  headers: Record<string, string>;
  raw: string;
}

/** Header name → value, unfolded. */
const headersOf = (raw: string): Record<string, string> =>
  Object.fromEntries(
    (raw.split("\r\n\r\n")[0] ?? "")
      .replaceAll(/\r\n[ \t]+/g, " ")
      .split("\r\n")
      .map((line) => [line.slice(0, line.indexOf(":")).toLowerCase(), line.slice(line.indexOf(":") + 2)]),
  );

/** Whom the mail server puts off once. */
const LATE = "late@example.com";

/** A mail server with STARTTLS and sign-in on loopback: what it took, and what it put off. */
async function startMailServer() {
  const mails: Mail[] = [];
  const putOff: string[] = [];
  const server = new SMTPServer({
    cert: readFileSync(certificate("localhost.crt")),
    key: readFileSync(certificate("localhost.key")),
    onAuth: ({ username, password }, _session, done) =>
      username === LOGIN.user && password === LOGIN.pass ? done(null, { user: username }) : done(new Error("no")),
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("end", () => {
        const { mailFrom, rcptTo } = session.envelope;
        const to = rcptTo.map((one) => one.address);
        const raw = Buffer.concat(chunks).toString();
        const headers = headersOf(raw);
        if (to.includes(LATE) && !putOff.length) {
          putOff.push(headers["message-id"] ?? "");
          return done(Object.assign(new Error("later, please"), { responseCode: 451 }));
        }
        mails.push({ encrypted: session.secure === true, from: mailFrom ? mailFrom.address : "", to, headers, raw });
        done();
      });
    },
  });
  server.on("error", () => {});
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
  return {
    mails,
    putOff,
    // An address of a listening TCP server is never a string or null.
    port: (server.server.address() as AddressInfo).port,
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}

let smtp: Awaited<ReturnType<typeof startMailServer>>;
let worker: Awaited<ReturnType<typeof startWorker>>;
let call: Awaited<ReturnType<typeof makeSchool>>["call"];

/** Asks again until there is an answer. */
async function eventually<T>(what: string, ask: () => T | undefined | Promise<T | undefined>): Promise<T> {
  for (const end = Date.now() + ARRIVES_MS; Date.now() < end; await sleep(50)) {
    const found = await ask();
    if (found !== undefined) return found;
  }
  throw new Error(`${what} did not come. The Worker said:\n${worker.said()}`);
}

const mailTo = (address: string, nth = 1) =>
  eventually(`mail ${nth} to ${address}`, () => smtp.mails.filter(({ to }) => to[0] === address)[nth - 1]);

interface Shown {
  status: string;
  idempotency_key: string;
  attempts: { ok: boolean; code?: number }[];
}

const deliveriesOf = async (user: string): Promise<Shown[]> =>
  (await call("GET", `/v1/deliveries?user=${user}&channel=email`)).data;

const settled = (user: string, count: number) =>
  eventually(`${count} settled deliveries of ${user}`, async () => {
    const found = await deliveriesOf(user);
    return found.length === count && found.every(({ status }) => status !== "queued") ? found : undefined;
  });

const signIn = (id: string, more: object = {}) =>
  call("POST", "/v1/events", {
    type: "user.signed_in",
    user: { id, email: `${id}@example.com`, username: "Zoë", ...more },
  });

beforeAll(async () => {
  smtp = await startMailServer();
  // Handed down to the runtime, which trusts it.
  process.env.NODE_EXTRA_CA_CERTS = certificate("trusted.crt");
  worker = await startWorker();
  const email = { type: "smtp", host: "localhost", port: smtp.port, from: "hi@acme.com", ...LOGIN };
  const school = { id: "acme", name: "Acme", mode: "live", settings: { connectors: { email } } };
  ({ call } = await makeSchool(worker, school));
  const when = [{ type: "user.signed_in" }];
  const mail = (user: string, kind: string, body: string) => ({
    name: kind,
    active: true,
    when,
    only_if: { type: "tags.has", tags: [user] },
    then: [{ type: "email.user", subject: "Hi {{ user.username }}", body, kind }],
  });
  await call(
    "POST",
    "/v1/automations",
    mail("plain", "transactional", "<p>Ünits &amp; <b>{{ user.username }}</b></p>"),
  );
  await call("POST", "/v1/automations", mail("fan", "marketing", "<p>Buy</p>"));
  for (const [user, tag] of Object.entries({ anna: "plain", late: "plain", fan: "fan", nobody: "fan" }))
    await call("POST", "/v1/events", { type: "tag.added", user: { id: user }, data: { tag } });
}, START_MS);

afterAll(async () => {
  await worker?.stop();
  await smtp?.close();
});

const none = (faults: Record<string, number>) => Object.fromEntries(Object.keys(faults).map((what) => [what, 0]));

// The short form of `npm run test:segments` and `npm run test:year`.
describe("a plain recount agrees", { concurrent: true, timeout: 120_000 }, () => {
  test("with the members of a segment whose rule was made while events came in", async () => {
    const { faults, figures } = await segments(worker, { users: 300, clients: 2 });
    expect(figures.members).toBeGreaterThan(10);
    expect(faults).toEqual(none(faults));
  });

  test("with the runs, steps and deliveries of a term of the demo school", async () => {
    const { faults, figures } = await year(worker, { learners: 40, days: 120, step: 5 });
    expect(figures.waits).toBeGreaterThan(100);
    expect(faults).toEqual(none(faults));
  });
});

describe("a live school's mail", { concurrent: true, timeout: ARRIVES_MS + 10_000 }, () => {
  test("arrives by SMTP under TLS, with subject, HTML and text", async () => {
    await signIn("anna");
    const { encrypted, from, to, headers, raw } = await mailTo("anna@example.com");
    expect({ encrypted, from, to }).toEqual({ encrypted: true, from: "hi@acme.com", to: ["anna@example.com"] });
    const [delivery] = await settled("anna", 1);
    expect(delivery).toMatchObject({ status: "sent", attempts: [{ ok: true, code: 250 }] });
    expect(headers).toMatchObject({
      to: "anna@example.com",
      from: "Acme <hi@acme.com>",
      subject: "=?UTF-8?Q?Hi_Zo=C3=AB?=",
      "message-id": `<${delivery?.idempotency_key}@acme.com>`,
      "content-type": expect.stringContaining("multipart/alternative"),
    });
    expect(raw).toContain("Content-Type: text/plain");
    expect(raw).toContain("=C3=9Cnits & Zo=C3=AB");
    expect(raw).toContain("<b>Zo=C3=AB</b>");
    expect(headers["list-unsubscribe"]).toBeUndefined();
  });

  test("for marketing goes to who agreed, and one click in the mail client ends that", async () => {
    await signIn("fan", { marketing_consent: true });
    const { headers } = await mailTo("fan@example.com");
    expect(headers["list-unsubscribe-post"]).toBe("List-Unsubscribe=One-Click");
    const link = /^<(http[^>]+)>$/.exec(headers["list-unsubscribe"] ?? "")?.[1] ?? "";

    // Looking at the link, as mail scanners do, changes nothing.
    expect((await fetch(link)).status).toBe(200);
    expect((await call("GET", "/v1/users/fan")).marketing_consent).toBe(true);
    const clicked = await fetch(link, { method: "POST", body: new URLSearchParams("List-Unsubscribe=One-Click") });
    expect(clicked.status).toBe(200);
    expect((await call("GET", "/v1/users/fan")).marketing_consent).toBe(false);

    await signIn("fan");
    expect(await settled("fan", 2)).toMatchObject([{ status: "sent" }, { status: "suppressed", attempts: [] }]);
    expect(smtp.mails.filter(({ to }) => to[0] === "fan@example.com")).toHaveLength(1);
    expect((await fetch(`${link.slice(0, -2)}AA`, { method: "POST" })).status).toBe(404);
  });

  test("for marketing does not go to who never said yes", async () => {
    await signIn("nobody");
    expect(await settled("nobody", 1)).toMatchObject([{ status: "suppressed" }]);
    expect(smtp.mails.some(({ to }) => to[0] === "nobody@example.com")).toBe(false);
  });

  test("that the server puts off comes once, by itself, as the same mail", async () => {
    await signIn("late");
    const { headers } = await mailTo(LATE);
    const [delivery] = await settled("late", 1);
    expect(delivery).toMatchObject({
      status: "sent",
      attempts: [
        { ok: false, code: 451 },
        { ok: true, code: 250 },
      ],
    });
    expect([headers["message-id"], ...smtp.putOff]).toEqual(Array(2).fill(`<${delivery?.idempotency_key}@acme.com>`));
    expect(smtp.mails.filter(({ to }) => to[0] === LATE)).toHaveLength(1);
  });
});
