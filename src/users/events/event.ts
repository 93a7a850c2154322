import * as z from "zod";
import { isLongerThan, KIB } from "../../base/bytes";
import { type Fault, invalid, Problem } from "../../base/errors/errors";
import { faultsOf, partOf, together } from "../../base/errors/faults";
import { mayComeAgain, newId } from "../../base/ids";
import { canonical } from "../../base/json";
import type { EventCall } from "../../calls/user";
import { eventOf } from "../../catalogue";
import { attributes, instant } from "../../catalogue/account/attributes";
import { fieldFaults } from "../../catalogue/account/field-values";
import { type Event, withoutNulls } from "../../catalogue/define-event";
import { type SchoolView as CatalogueSchool, LEAD_PREFIX } from "../../catalogue/facts/facts";
import { toldName } from "../../catalogue/facts/told-names";
import { id } from "../../catalogue/options/fields";
import { isRecord } from "../../definition/types";
import type { Sender } from "./caller";

/** The id of a user as the LMS owns it. */
export const userId = id.refine((text) => !text.startsWith(LEAD_PREFIX), `no id begins with ${LEAD_PREFIX}`);

/** An event's envelope (contract §4). What `data` holds depends on the type. */
export const eventEnvelope = z.strictObject({
  id: z.string().min(1, "an id has 1 to 128 characters").max(128, "an id has 1 to 128 characters").optional(),
  type: z.string(),
  user: attributes.extend({ id: userId.nullish() }).optional(),
  data: z.record(z.string(), z.unknown()).optional(),
  occurred_at: instant.optional(),
  fire: z.boolean().optional().meta({
    description: "True: it starts automations though it happened more than a day before they were made active.",
  }),
});
type Envelope = z.infer<typeof eventEnvelope>;
const OPTIONAL = ["id", "user", "data", "occurred_at", "fire"];

/** A checked event and whose it is: a user's id, or the email of somebody known by it alone. */
export interface CheckedEvent {
  user: { id: string } | { email: string };
  call: EventCall;
}

const PROTO = "__proto__";
const MAX_BYTES = 64 * KIB;
const AHEAD_MS = 5 * 60_000;
/** What a learner's own browser may say of the learner. */
const BROWSER_ATTRIBUTES = ["id", "marketing_consent", "cookies_accepted", "timezone", "locale"];
const NOT_OF_BROWSERS = new Set(Object.keys(attributes.shape).filter((name) => !BROWSER_ATTRIBUTES.includes(name)));

/**
 * Checks an event whole.
 * @param raw the body as parsed: what equal ids are compared by
 * @param now the school's time, ms
 * @throws Problem 422 with all faults, 403 for what a user token may not send
 */
export function checkEvent(raw: unknown, school: CatalogueSchool, caller: Sender, now: number): CheckedEvent {
  const bare = isRecord(raw) ? withoutNulls(raw, OPTIONAL) : raw;
  const read = eventEnvelope.safeParse(bare);
  const faults: Fault[] = read.success ? [] : faultsOf(read.error);
  const type = typeOf(raw);
  const event = type === undefined ? undefined : eventOf(type);
  if (type !== undefined && !event)
    faults.push({ path: "/type", message: `there is no event ${JSON.stringify(type)}` });
  const given = read.success ? read.data : undefined;
  let data: Record<string, unknown> = {};
  if (event && (given ? true : isRecord(raw) && isRecord(raw.data ?? {}))) {
    const sent = isRecord(raw) && isRecord(raw.data) ? raw.data : {};
    const parsed = event.read(sent);
    // zod leaves out a key that JSON may well have; written so, it is a key like any other.
    if (parsed.success) data = Object.hasOwn(sent, PROTO) ? { ...parsed.data, [PROTO]: sent[PROTO] } : parsed.data;
    else faults.push(...faultsOf(parsed.error, ["data"]));
  }
  // Of an envelope that does not fit as a whole the rest is looked at too.
  const part = given ?? partOfEnvelope(bare);
  const user = whose(part, event, caller);
  const beside = !isRecord(raw)
    ? []
    : [...(isFault(user) ? [user] : []), ...timeFaults(part, now), ...declaredFaults(part, school)];
  // What a credential may not say is refused as that, whatever else is wrong with it.
  if (isRecord(bare) && event && caller.kind === "user")
    requireBrowser(bare, event, school, { meant: part.user?.id ?? caller.user, own: caller.user });
  if (faults.length || beside.length || !given || isFault(user) || type === undefined)
    throw invalid(together(faults, beside));
  const { id: _, ...own } = given.user ?? {};
  const hash = given.id === undefined && !mayComeAgain() ? null : canonical(raw);
  // A body of one event is held to this by itself.
  if (isLongerThan(hash ?? JSON.stringify(raw), MAX_BYTES))
    throw new Problem("too_large", "An event has at most 64 KiB.");
  return {
    user,
    call: {
      id: given.id ?? newId("evt_"),
      hash,
      type,
      data,
      attributes: own,
      at: given.occurred_at ?? null,
      ...(given.fire ? { fire: true as const } : {}),
      ...(caller.kind === "user" ? { from: "learner" as const } : {}),
      ...(caller.kind === "here" ? { from: "here" as const, method: caller.method } : {}),
      ...(caller.kind === "hand" ? { from: "hand" as const, hand: caller.by.id } : {}),
      // What a learner's own browser says names nothing for others.
      ...(caller.kind === "school" ? namesIn(type, data) : {}),
    },
  };
}

function namesIn(type: string, data: Record<string, unknown>): Pick<EventCall, "names"> {
  const told = toldName(type, data);
  return told ? { names: [told] } : {};
}

const typeOf = (raw: unknown): string | undefined =>
  isRecord(raw) && typeof raw.type === "string" ? raw.type : undefined;

/** As much of an envelope as fits, of its user too. */
function partOfEnvelope(given: unknown): Partial<Envelope> {
  if (!isRecord(given)) return {};
  const { user, ...part } = partOf(eventEnvelope, given);
  if (user !== undefined || !isRecord(given.user)) return user === undefined ? part : { ...part, user };
  return { ...part, user: partOf(eventEnvelope.shape.user.unwrap(), given.user) };
}

const isFault = (found: CheckedEvent["user"] | Fault): found is Fault => "path" in found;

/** Whose an event is, or what is missing for that. */
function whose(sent: Partial<Envelope>, event: Event | undefined, caller: Sender): CheckedEvent["user"] | Fault {
  const named = sent.user?.id ?? (caller.kind === "user" ? caller.user : undefined);
  if (named !== undefined) return { id: named };
  const email = sent.user?.email;
  const others = Object.entries(sent.user ?? {}).filter(
    ([name, value]) => name !== "email" && (value ?? null) !== null,
  );
  if (event?.forEmailAlone && typeof email === "string" && !others.length) return { email };
  return { path: sent.user ? "/user/id" : "/user", message: "the user's id is needed" };
}

const timeFaults = (event: Partial<Envelope>, now: number): Fault[] =>
  event.occurred_at !== undefined && event.occurred_at > now + AHEAD_MS
    ? [{ path: "/occurred_at", message: "more than 5 minutes ahead of the school's clock" }]
    : [];

const declaredFaults = (event: Partial<Envelope>, school: CatalogueSchool): Fault[] =>
  fieldFaults(school.fields, event.user?.fields ?? {}).map(({ key, message }) => ({
    path: `/user/fields/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`,
    message,
  }));

function requireBrowser(
  sent: Readonly<Record<string, unknown>>,
  event: Event,
  school: CatalogueSchool,
  user: { meant: string; own: string },
): void {
  const refuse = (detail: string) => new Problem("forbidden", detail);
  const allowed = school.settings.browser_events;
  const name = event.allowedAs;
  if (!event.browser || (name !== undefined && !(Array.isArray(allowed) && allowed.includes(name)))) {
    throw refuse(`A user token does not send ${sent.type}.`);
  }
  if (user.meant !== user.own) throw refuse("A user token speaks for its own user.");
  if (sent.fire !== undefined) throw refuse("A user token does not say fire.");
  const other = Object.keys(isRecord(sent.user) ? sent.user : {}).find((name) => NOT_OF_BROWSERS.has(name));
  if (other !== undefined) throw refuse(`A user token does not write ${other}.`);
}
