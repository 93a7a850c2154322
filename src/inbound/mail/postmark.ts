import { z } from "zod";
import { detailOf, type VendorReport } from "./report";

/*
 * The bounce and spam complaint webhooks of Postmark. It says of a bounce what kind it is; the kinds below are those for
 * which it sends nothing more to the address itself.
 */

const message = z.object({
  RecordType: z.string().optional(),
  Type: z.string(),
  Email: z.string(),
  Description: z.string().optional(),
  Details: z.string().optional(),
  Metadata: z.record(z.string(), z.unknown()).nullish(),
});

const FOR_GOOD = new Set(["HardBounce", "BadEmailAddress"]);
const FOR_NOW = new Set(["SoftBounce", "Transient", "DnsError", "Blocked"]);
const COMPLAINT = "SpamComplaint";

export function readPostmark(given: unknown): VendorReport[] {
  const { data } = message.safeParse(given);
  if (!data) return [];
  const { Type: type, RecordType: record } = data;
  const what =
    type === COMPLAINT || record === COMPLAINT
      ? "complained"
      : FOR_GOOD.has(type)
        ? "bounced"
        : FOR_NOW.has(type)
          ? "bounced_softly"
          : null;
  if (what === null) return [];
  const key = data.Metadata?.delivery;
  return [
    {
      what,
      address: data.Email,
      key: typeof key === "string" ? key : null,
      detail: detailOf(data.Description, data.Details),
    },
  ];
}
