import { beforeEach, describe, expect, test } from "vitest";
import { withDns } from "../../../../test/workers/dns";
import { call, makeSchool, type TestSchool } from "../../../../test/workers/live";
import worker from "../../../index";
import { call as callApp, env } from "../../test-client";

/* What a host's name leads to is looked at when it is saved. */

const ZONE = {
  "good.acme.com": { A: ["93.184.216.34"] },
  "inside.acme.com": { A: ["10.0.0.7"] },
  "mixed.acme.com": { A: ["93.184.216.34"], AAAA: ["fd00::1"] },
  "far.acme.com": "unreachable" as const,
};

let school: TestSchool;
let dns: ReturnType<typeof withDns>;

beforeEach(async () => {
  school = await makeSchool();
  dns = withDns(ZONE);
});

const send = (method: string, path: string, body: unknown, bindings: typeof env = dns.env) =>
  // All that callApp asks of an application is its fetch.
  callApp({ fetch: worker.fetch } as Parameters<typeof callApp>[0], method, path, body, {
    token: school.key,
    env: bindings,
  });

const faults = ({ status, body }: Awaited<ReturnType<typeof send>>) => [
  status,
  body?.errors?.map((fault: { path: string }) => fault.path),
];

const SMTP = { type: "smtp", port: 587, from: "hi@acme.com" };
const connectors = (settings: unknown, bindings?: typeof env) =>
  send("PATCH", "/v1/school", { settings: { connectors: settings } }, bindings);

describe("of a connector", () => {
  test.each([
    ["gtm/server_url", (host: string) => ({ gtm: { server_url: `https://${host}/collect` } })],
    ["push/url", (host: string) => ({ push: { type: "webhook", url: `https://${host}/` } })],
    ["lms/url", (host: string) => ({ lms: { type: "webhook", url: `https://${host}/` } })],
    ["email/host", (host: string) => ({ email: { ...SMTP, host } })],
  ])("%s: one that leads into a private network is refused by its place", async (place, settings) => {
    for (const host of ["inside.acme.com", "INSIDE.acme.com", "mixed.acme.com"]) {
      const refused = await connectors(settings(host));
      expect(faults(refused)).toEqual([422, [`/settings/connectors/${place}`]]);
      expect(refused.body.errors[0].message).toContain("private");
    }
    for (const host of ["good.acme.com", "far.acme.com", "not-yet.acme.com"])
      expect(faults(await connectors(settings(host)))).toEqual([200, undefined]);
  });

  test("that stands there already holds up no change of another", async () => {
    expect((await connectors({ gtm: { server_url: "https://inside.acme.com/" } }, env)).status).toBe(200);
    expect((await connectors({ mixpanel: { token: "t" } })).status).toBe(200);
    expect((await connectors({ gtm: {} })).status).toBe(200);
  });

  test.each(["10.0.0.1", "169.254.169.254", "0x7f.1", "mail.local", "intranet"])(
    "SMTP to %s is refused, under LOCAL too",
    async (host) => {
      for (const bindings of [env, dns.env])
        expect(faults(await connectors({ email: { ...SMTP, host } }, bindings))).toEqual([
          422,
          ["/settings/connectors/email/host"],
        ]);
    },
  );

  test.each([
    ["gtm/server_url", (url: string) => ({ gtm: { server_url: url } })],
    ["lms/url", (url: string) => ({ lms: { type: "webhook", url } })],
    ["lms/url", (url: string) => ({ lms: { type: "moodle", url, token: "0".repeat(32) } })],
    ["lms/url", (url: string) => ({ lms: { type: "learnworlds", url, client_id: "a", client_secret: "b" } })],
  ])("%s: a server on the machine itself is for LOCAL alone, at any port", async (place, settings) => {
    for (const url of ["http://127.0.0.1:9000/", "http://localhost:3000/", "http://[::1]:9000/"]) {
      expect((await connectors(settings(url), env)).status).toBe(200);
      expect(faults(await connectors(settings(url)))).toEqual([422, [`/settings/connectors/${place}`]]);
    }
    for (const url of ["http://10.0.0.1:9000/", "http://[fd00::1]:9000/", "http://169.254.169.254/"])
      expect(faults(await connectors(settings(url), env))).toEqual([422, [`/settings/connectors/${place}`]]);
  });

  test("SMTP to the machine itself is for LOCAL alone", async () => {
    for (const host of ["localhost", "127.0.0.1"]) {
      expect((await connectors({ email: { ...SMTP, host } }, env)).status).toBe(200);
      expect(faults(await connectors({ email: { ...SMTP, host } }))).toEqual([
        422,
        ["/settings/connectors/email/host"],
      ]);
    }
  });
});

describe("of a webhook step", () => {
  const step = (host: string) => ({ type: "webhook.send", url: `https://${host}/in` });
  const automation = (...hosts: string[]) => ({
    name: "A",
    when: [{ type: "user.signed_in" }],
    then: [{ type: "branch", if: { type: "user.is_paying" }, yes: hosts.map(step), no: [] }],
  });

  test("one that leads into a private network is refused by its place", async () => {
    const refused = await send("POST", "/v1/automations", automation("good.acme.com", "inside.acme.com"));
    expect(faults(refused)).toEqual([422, ["/then/0/yes/1/url"]]);
    const made = await send("POST", "/v1/automations", automation("good.acme.com", "far.acme.com"));
    expect(made.status).toBe(201);
    const path = `/v1/automations/${made.body.id}`;
    expect(faults(await send("PUT", path, automation("inside.acme.com")))).toEqual([422, ["/then/0/yes/0/url"]]);
    expect((await send("GET", path, undefined)).body.version).toBe(1);
  });

  test("a server on the machine itself is for live schools under LOCAL alone", async () => {
    const definition = { ...automation(), then: [{ type: "webhook.send", url: "http://127.0.0.1:9000/in" }] };
    const save = (bindings?: typeof env) => send("POST", "/v1/automations", definition, bindings);
    expect((await save(env)).status).toBe(201);
    expect(faults(await save())).toEqual([422, ["/then/0/url"]]);
    school = await makeSchool("test");
    expect(faults(await save(env))).toEqual([422, ["/then/0/url"]]);
  });

  test("one that came to lead there holds up nobody who switches the automation off", async () => {
    const id = await school.automation(automation("inside.acme.com"));
    expect((await send("PATCH", `/v1/automations/${id}`, { active: false })).status).toBe(200);
  });

  test("of an import is refused by its place, and what was there before is not", async () => {
    const id = await school.automation(automation("inside.acme.com"));
    const { body } = await send("GET", "/v1/export", undefined);
    const old = body.automations.find((one: { id: string }) => one.id === id);
    const added = (host: string) => ({ automations: [old, { id: "more", ...automation(host) }] });
    expect(faults(await send("PUT", "/v1/import", added("mixed.acme.com")))).toEqual([
      422,
      ["/automations/1/then/0/yes/0/url"],
    ]);
    expect((await send("PUT", "/v1/import", added("good.acme.com"))).status).toBe(200);
  });

  test("a link in a push is the learner's to follow: it may lead into the school's own network, or into an app", async () => {
    const push = (url: string) => ({ ...automation(), then: [{ type: "push.user", title: "Hi", body: "x", url }] });
    for (const url of ["https://inside.acme.com/", "app://lesson/1"])
      expect((await send("POST", "/v1/automations", push(url))).status).toBe(201);
    expect(faults(await send("POST", "/v1/automations", push("javascript:alert(1)")))).toEqual([422, ["/then/0/url"]]);
    expect(dns.fetch).not.toHaveBeenCalled();
  });
});

test("under LOCAL no name is looked up", async () => {
  const local = { ...dns.env, LOCAL: "true" };
  expect((await connectors({ gtm: { server_url: "https://inside.acme.com/" } }, local)).status).toBe(200);
  expect(dns.fetch).not.toHaveBeenCalled();
  expect((await call("GET", "/v1/school", undefined, school.key)).status).toBe(200);
});
