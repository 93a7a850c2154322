import * as z from "zod";
import { once } from "../../base/cache";
import { detailOf, type VendorReport } from "./report";

/* The webhooks `email.bounced`, `email.complained`, `email.opened` and `email.clicked` of Resend. */

/** By name where they were read back, or as they were given. */
const tags = once(() =>
  z.union([z.record(z.string(), z.string()), z.array(z.object({ name: z.string(), value: z.string() }))]),
);

const message = once(() =>
  z.object({
    type: z.enum(["email.bounced", "email.complained", "email.opened", "email.clicked"]),
    data: z.object({
      to: z.union([z.string(), z.array(z.string())]),
      tags: tags().nullish().catch(null),
      bounce: z
        .object({ type: z.string().optional(), subType: z.string().optional(), message: z.string().optional() })
        .nullish(),
    }),
  }),
);

/** What a bounce says of itself where it is not for good. */
const FOR_NOW = new Set(["Transient", "Temporary", "Undetermined"]);

function keyIn(given: z.output<ReturnType<typeof tags>> | null | undefined): string | null {
  if (!given) return null;
  const found = Array.isArray(given) ? given.find(({ name }) => name === "delivery")?.value : given.delivery;
  return found ?? null;
}

export function readResend(given: unknown): VendorReport[] {
  const { data: read } = message().safeParse(given);
  if (!read) return [];
  const { type, data } = read;
  const key = keyIn(data.tags);
  if (type === "email.opened" || type === "email.clicked")
    return [{ what: type === "email.opened" ? "opened" : "clicked", key }];
  const { bounce } = data;
  const what =
    type === "email.complained" ? "complained" : FOR_NOW.has(bounce?.type ?? "") ? "bounced_softly" : "bounced";
  const detail = detailOf(bounce?.subType, bounce?.message);
  return [data.to].flat().map((address) => ({ address, what, key, detail }));
}
