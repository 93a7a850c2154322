import * as z from "zod";
import { kept } from "../calling/http";
import { from } from "../options";
import { defineConnector } from "../ports";
import { letterOf } from "./letter";

/** Refusals of the service that may not be so later; every other `E_…` is final. */
const LATER = new Set([
  "E_RATE_LIMIT_EXCEEDED",
  "E_DAILY_LIMIT_EXCEEDED",
  "E_DELIVERY_FAILED",
  "E_INTERNAL_SERVER_ERROR",
]);

const refusal = z.object({ code: z.string().startsWith("E_") });

export const cloudflare = defineConnector({
  name: "cloudflare",
  channel: "email",
  label: "Cloudflare Email Service",
  description: "Sends mail through the Worker's own send_email binding; the From domain must be set up there.",
  settings: z.strictObject({ from }),
  host: () => null,

  async send(parcel, settings, tools) {
    const service = tools.env.EMAIL;
    if (!service) return { ok: false, error: "this Worker has no send_email binding", retry: false };
    const letter = letterOf(parcel, settings.from);
    try {
      const { messageId } = await service.send({
        from: { name: letter.from.name, email: letter.from.address },
        to: letter.to,
        subject: letter.subject,
        html: letter.html,
        text: letter.text,
        ...(letter.replyTo ? { replyTo: letter.replyTo } : {}),
        // The service makes the Message-ID and refuses ours; headers of the X- kind pass.
        headers: { "X-Schoolbell-Key": parcel.key, ...letter.headers },
      });
      return { ok: true, detail: messageId };
    } catch (error) {
      const code = refusal.safeParse(error).data?.code;
      const message = kept(error instanceof Error ? error.message : String(error));
      return { ok: false, error: code ? `${code}: ${message}` : message, retry: code === undefined || LATER.has(code) };
    }
  },
});
