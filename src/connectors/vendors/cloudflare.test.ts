import { describe, expect, test } from "vitest";
import type { Parcel } from "../ports";
import { cloudflare } from "./cloudflare";

const parcel: Parcel = {
  key: "run_01-s1",
  deliveryId: "dlv_01",
  channel: "email",
  to: ["anna@example.com"],
  content: { subject: "Hi", html: "<b>Hi</b>", text: "Hi", kind: "marketing" },
  at: 0,
  mode: "live",
  school: { id: "acme", name: "Acme", webhookSecrets: [] },
  user: { id: "anna", email: "anna@example.com", pushTokens: [] },
  unsubscribeUrl: "https://bell.acme.com/u",
};

const send = (EMAIL: SendEmail | undefined) =>
  cloudflare.send(
    parcel,
    { from: "hi@acme.com" },
    { fetch, now: () => 0, env: { EMAIL }, ownHosts: [], resolve: null },
  );

describe("mail by the Worker's binding", () => {
  test("sets no header that the service refuses", async () => {
    const sent: unknown[] = [];
    const sending = await send({
      send: async (message) => {
        sent.push(message);
        return { messageId: "m1" };
      },
    });
    expect(sending).toEqual({ ok: true, detail: "m1" });
    expect(sent).toEqual([
      {
        from: { name: "Acme", email: "hi@acme.com" },
        to: "anna@example.com",
        subject: "Hi",
        html: "<b>Hi</b>",
        text: "Hi",
        headers: {
          "X-Schoolbell-Key": "run_01-s1",
          "List-Unsubscribe": "<https://bell.acme.com/u>",
          "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
      },
    ]);
  });

  test.each([
    ["E_RATE_LIMIT_EXCEEDED", true],
    ["E_DAILY_LIMIT_EXCEEDED", true],
    ["E_INTERNAL_SERVER_ERROR", true],
    ["E_SENDER_NOT_VERIFIED", false],
    ["E_RECIPIENT_SUPPRESSED", false],
    [undefined, true],
  ])("%s: tried again %s", async (code, retry) => {
    const failing: SendEmail = {
      send: () => Promise.reject(Object.assign(new Error("refused"), code ? { code } : {})),
    };
    expect(await send(failing)).toEqual({ ok: false, error: code ? `${code}: refused` : "refused", retry });
  });

  test("without a binding is final", async () => {
    expect(await send(undefined)).toMatchObject({ ok: false, retry: false });
  });
});
