import { describe, expect, test } from "vitest";
import type { ChannelName } from "../../catalogue/channels";
import type { ConnectorSettings } from "../settings";
import { destinationOf } from "./destination";

describe("a destination", () => {
  test.each<[string, ChannelName, Record<string, unknown>, ConnectorSettings, string]>([
    [
      "of a webhook is the step's host",
      "webhook",
      { url: "https://Hooks.acme.com/in?x=1" },
      {},
      "webhook hooks.acme.com",
    ],
    ["has its port", "webhook", { url: "https://acme.com:8443/" }, {}, "webhook acme.com:8443"],
    ["of mail kept here is one", "email", {}, {}, "email "],
    ["of SMTP is the server", "email", {}, { email: { type: "smtp", host: "Mail.acme.com" } }, "email mail.acme.com"],
    ["of a vendor is its API", "email", {}, { email: { type: "resend" } }, "email api.resend.com"],
    ["of Postmark is another", "email", {}, { email: { type: "postmark" } }, "email api.postmarkapp.com"],
    ["of a push service is its host", "push", {}, { push: { type: "webhook", url: "https://a.com/p" } }, "push a.com"],
    ["of FCM is Google's", "push", {}, { push: { type: "fcm" } }, "push fcm.googleapis.com"],
    ["of an LMS is its host", "lms", {}, { lms: { type: "webhook", url: "https://lms.a.com/" } }, "lms lms.a.com"],
    ["of a Moodle is its host", "lms", {}, { lms: { type: "moodle", url: "https://m.a.com/x" } }, "lms m.a.com"],
    ["of a tag manager is its server", "gtm", {}, { gtm: { server_url: "https://gtm.a.com/" } }, "gtm gtm.a.com"],
    ["of what is not set up is one", "push", {}, {}, "push "],
    ["of what is no address is one", "webhook", { url: 7 }, {}, "webhook "],
  ])("%s", (_, channel, content, settings, destination) => {
    expect(destinationOf(channel, content, settings)).toBe(destination);
  });
});
