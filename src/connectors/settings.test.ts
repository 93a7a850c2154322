import { describe, expect, test } from "vitest";
import * as z from "zod";
import type { OptionSchema } from "../definition/catalogue";
import {
  connectorFor,
  connectorSettings,
  connectors,
  secretPaths,
  splitSecrets,
  stillOffered,
  ways,
  withSecrets,
} from "./index";

const faultsOf = (value: unknown) =>
  connectorSettings.safeParse(value).error?.issues.map((issue) => issue.path.join("/")) ?? [];

const smtp = { type: "smtp", host: "mail.acme.com", port: 587, user: "u", pass: "hunter2", from: "hi@acme.com" };

describe("settings.connectors", () => {
  test("takes every vendor", () => {
    const all = {
      email: smtp,
      push: { type: "webhook", url: "https://push.acme.com/in" },
      webhook: { secret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLKSw" },
      mixpanel: { token: "t" },
      ga4: { measurement_id: "G-TEST000001", api_secret: "s" },
      gtm: { server_url: "https://gtm.acme.com/" },
      meta: { pixel_id: "1234567890", access_token: "t" },
      lms: { type: "webhook", url: "https://lms.acme.com/" },
      learnworlds_webhook: { token: "t" },
    };
    expect(faultsOf(all)).toEqual([]);
    expect(faultsOf({ email: { type: "postmark", server_token: "t", from: "a@b.co" } })).toEqual([]);
    expect(faultsOf({ email: { type: "resend", api_key: "t", from: "a@b.co" } })).toEqual([]);
    expect(faultsOf({ email: { type: "cloudflare", from: "a@b.co" } })).toEqual([]);
    expect(faultsOf({ lms: { type: "moodle", url: "https://moodle.acme.com", token: "t" } })).toEqual([]);
    const learnworlds = { url: "https://school.acme.com/admin/api", client_id: "i", client_secret: "s" };
    expect(faultsOf({ lms: { type: "learnworlds", ...learnworlds } })).toEqual([]);
    expect(faultsOf({ gtm: {}, mixpanel: null })).toEqual([]);
  });

  test("a vendor without options may be named alone", () => {
    expect(connectorSettings.parse({ email: "capture", lms: "none" })).toEqual({
      email: { type: "capture" },
      lms: { type: "none" },
    });
  });

  test.each([
    [{ sms: {} }, ""],
    [{ message: {} }, ""],
    [{ email: { type: "carrier-pigeon" } }, "email/type"],
    [{ email: "smtp" }, "email/host"],
    [{ email: { ...smtp, prot: 1 } }, "email"],
    [{ email: { ...smtp, port: 0 } }, "email/port"],
    [{ email: { ...smtp, from: "Evil <a@b.c>" } }, "email/from"],
    [{ email: { ...smtp, host: "a b\r\n" } }, "email/host"],
    [{ push: { type: "webhook", url: "https://127.0.0.2/" } }, "push/url"],
    [{ push: { type: "fcm", service_account: "{}" } }, "push/service_account"],
    [{ webhook: { secret: "whsec_short" } }, "webhook/secret"],
    [{ ga4: { measurement_id: "UA-1", api_secret: "s" } }, "ga4/measurement_id"],
    [{ mixpanel: {} }, "mixpanel/token"],
    [{ lms: { type: "webhook", url: "https://intranet/" } }, "lms/url"],
    [{ lms: { type: "moodle", url: "https://intranet/", token: "t" } }, "lms/url"],
    [{ lms: { type: "moodle", url: "https://moodle.acme.com", token: "t", ids: "email" } }, "lms/ids"],
    [{ lms: { type: "moodle", url: "https://moodle.acme.com", token: "t", student_role: "5" } }, "lms/student_role"],
    [{ lms: "moodle" }, "lms/url"],
    [{ lms: { type: "learnworlds", url: "https://10.0.0.1", client_id: "i", client_secret: "s" } }, "lms/url"],
    [{ lms: { type: "learnworlds", url: "https://a.co", client_id: "i" } }, "lms/client_secret"],
    [{ lms: {} }, "lms/type"],
  ])("refuses %j at %j", (value, path) => {
    expect(faultsOf(value)).toContain(path);
  });

  test("says which types there are, to whoever names another", () => {
    const { error } = connectorSettings.safeParse({ lms: { type: "canvas", url: "https://a.co", token: "t" } });
    expect(error?.issues.map(({ message }) => message)).toEqual([
      'there is no such type: it must be "none" or "webhook" or "learnworlds" or "moodle"',
    ]);
  });

  test("stored with a vendor that is not offered any more read as not set up, and all else as it stands", () => {
    const kept = { email: { type: "smtp", host: "mail.acme.com" }, gtm: {}, mixpanel: null };
    const stored = { ...kept, lms: { type: "canvas", url: "https://canvas.acme.com" } };
    expect(stillOffered(stored)).toEqual(kept);
  });

  test("what is copied from a vendor's page is taken without the blanks around it, a password as it is", () => {
    const blank = (text: string) => ` \t${text}\u200b\n`;
    const moodle = { type: "moodle", url: blank("https://moodle.acme.com"), token: blank("t") };
    expect(connectorSettings.parse({ lms: moodle }).lms).toMatchObject({ url: "https://moodle.acme.com", token: "t" });
    const learnworlds = { type: "learnworlds", url: "https://a.learnworlds.com", client_id: blank("i") };
    const { lms } = connectorSettings.parse({ lms: { ...learnworlds, client_secret: blank("s") } });
    expect(lms).toMatchObject({ client_id: "i", client_secret: "s" });
    const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLKSw";
    expect(connectorSettings.parse({ webhook: { secret: blank(secret) } }).webhook).toEqual({ secret });
    expect(connectorSettings.parse({ email: { ...smtp, pass: " a b " } }).email).toMatchObject({ pass: " a b " });
    expect(faultsOf({ mixpanel: { token: blank("") } })).toEqual(["mixpanel/token"]);
  });

  test("has a JSON Schema for the API document", () => {
    const schema = z.toJSONSchema(connectorSettings, { io: "input" });
    expect(Object.keys(schema.properties ?? {}).toSorted()).toEqual(
      [
        "email",
        "ga4",
        "gtm",
        "learnworlds_webhook",
        "lms",
        "mail_webhooks",
        "meta",
        "mixpanel",
        "push",
        "webhook",
      ].toSorted(),
    );
    expect(JSON.stringify(schema)).toContain('"secret":true');
  });
});

describe("secrets", () => {
  test("are known for every vendor", () => {
    expect([...secretPaths].toSorted()).toEqual([
      "email.api_key",
      "email.pass",
      "email.server_token",
      "ga4.api_secret",
      "learnworlds_webhook.token",
      "lms.client_secret",
      "lms.secret",
      "lms.token",
      "mail_webhooks.postmark_auth",
      "mail_webhooks.resend_secret",
      "meta.access_token",
      "mixpanel.token",
      "push.service_account",
      "webhook.previous_secret",
      "webhook.secret",
    ]);
  });

  test("are parted from what may be read back, and put back for use", () => {
    const settings = connectorSettings.parse({ email: smtp, mixpanel: { token: "t" }, ga4: null, gtm: {} });
    const { open, secrets } = splitSecrets(settings);
    expect(secrets).toEqual({ email: { pass: "hunter2" }, mixpanel: { token: "t" } });
    expect(JSON.stringify(open)).not.toContain("hunter2");
    expect(open).toMatchObject({ email: { host: "mail.acme.com" }, mixpanel: { region: "us" }, ga4: null, gtm: {} });
    expect(withSecrets(open, open, secrets)).toEqual(settings);
  });

  test("need not be written anew with an edit, unless it sends them elsewhere", () => {
    const { open, secrets } = splitSecrets({ email: smtp });
    const { pass: _, ...edit } = { ...smtp, from: "new@acme.com" };
    expect(withSecrets({ email: edit }, open, secrets)).toMatchObject({ email: { pass: "hunter2" } });
    const others = [{ host: "evil.com" }, { port: 2525 }, { tls: "none" }, { type: "resend" }, { user: "v" }];
    for (const elsewhere of others)
      expect(JSON.stringify(withSecrets({ email: { ...edit, ...elsewhere } }, open, secrets))).not.toContain("hunter2");
  });

  test("nothing that is put in breaks them", () => {
    for (const odd of [null, 5, "x", [], { email: 5 }, { __proto__: null, email: null }, { toString: {} }])
      expect(() => withSecrets(odd, {}, {})).not.toThrow();
  });
});

test("each choice of each vendor is called something that people say, and so is to choose none", () => {
  const unnamed = ways.flatMap(({ vendors }) =>
    vendors.flatMap(({ name, settings }) =>
      Object.entries(settings.shape).flatMap(([option, schema]) => {
        // The library's JSON Schema; the UI's own type names the part that is used.
        const {
          enum: values,
          choices = {},
          default: first,
        } = z.toJSONSchema(schema as z.ZodType, { io: "input" }) as OptionSchema;
        const all = values ? [...values.map(String), ...(first === undefined ? [""] : [])] : [];
        return all.filter((one) => !choices[one]).map((one) => `${name}.${option}: ${one}`);
      }),
    ),
  );
  expect(unnamed).toEqual([]);
});

describe("the connector of a channel", () => {
  const named = (channel: Parameters<typeof connectorFor>[0], settings: Parameters<typeof connectorFor>[1]) =>
    connectorFor(channel, settings)?.connector.name;

  test("is the one the school chose", () => {
    expect(connectorFor("email", { email: smtp })).toMatchObject({
      connector: { name: "smtp" },
      settings: { host: "mail.acme.com" },
    });
    expect(connectorFor("email", { email: smtp })?.settings).not.toHaveProperty("type");
    expect(named("mixpanel", { mixpanel: { token: "t" } })).toBe("mixpanel");
    expect(named("lms", { lms: { type: "webhook", url: "https://a.co/" } })).toBe("webhook");
    expect(named("lms", { lms: { type: "learnworlds", url: "https://a.co/" } })).toBe("learnworlds");
  });

  test("sends webhooks where the school chose none, and nothing else", () => {
    expect(named("webhook", {})).toBe("webhook");
    expect(named("lms", {})).toBe("none");
    for (const channel of ["email", "push", "mixpanel", "ga4", "meta", "message"] as const)
      expect(connectorFor(channel, {})).toBeNull();
  });

  test("each has a name of its own in its channel", () => {
    const names = connectors.map((one) => `${one.channel}/${one.name}`);
    expect(new Set(names).size).toBe(names.length);
  });
});
