import * as z from "zod";
import { once } from "../../base/cache";
import { detailOf, type VendorReport } from "./report";

/*
 * The bounce, spam complaint, open and click webhooks of Postmark. It says of a bounce what kind it is; the kinds below
 * are those for which it sends nothing more to the address itself.
 */

const message = once(() =>
  z.object({
    RecordType: z.string().optional(),
    Type: z.string(),
    Email: z.string(),
    Description: z.string().optional(),
    Details: z.string().optional(),
    Metadata: z.record(z.string(), z.unknown()).nullish(),
  }),
);

const look = once(() =>
  z.object({
    RecordType: z.enum(["Open", "Click"]),
    Metadata: z.record(z.string(), z.unknown()).nullish(),
  }),
);

const keyIn = (metadata: Record<string, unknown> | null | undefined): string | null =>
  typeof metadata?.delivery === "string" ? metadata.delivery : null;

const FOR_GOOD = new Set(["HardBounce", "BadEmailAddress"]);
const FOR_NOW = new Set(["SoftBounce", "Transient", "DnsError", "Blocked"]);
const COMPLAINT = "SpamComplaint";

export function readPostmark(given: unknown): VendorReport[] {
  const seen = look().safeParse(given).data;
  if (seen) return [{ what: seen.RecordType === "Open" ? "opened" : "clicked", key: keyIn(seen.Metadata) }];
  const { data } = message().safeParse(given);
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
  const detail = detailOf(data.Description, data.Details);
  return [{ what, address: data.Email, key: keyIn(data.Metadata), detail }];
}
