import { sha256, toBase64Url } from "../base/bytes";
import { canonical } from "../base/json";
import { composed, trimmed } from "../base/text/text";
import { eventOf } from "../catalogue";
import { attributes } from "../catalogue/account/attributes";
import { formatInstant } from "../catalogue/dates/time";
import { fitting } from "../catalogue/options/readings";
import { isRecord } from "../definition/types";
import { asUnmapped, eventId, type InboundEvent, type Mapped } from "./mapped";
import { idIn, listIn, objectIn, textIn, userIdIn } from "./read";
import { namedTracks } from "./segment-tracks";
import type { Format } from "./take";
import { byRightClock, momentIn } from "./times";
import type { Places } from "./words";

/*
 * The messages of the Segment spec, as its clients and RudderStack's send them. Of a message only what stays the same when
 * it is sent again makes the event: not `_metadata`, of `context` the traits alone, and `sentAt` for its time alone.
 */

export const SEGMENT_KINDS = ["track", "identify", "group", "page", "screen", "alias"] as const;
export type SegmentKind = (typeof SEGMENT_KINDS)[number];

type Message = Record<string, unknown>;
type Draft = Pick<InboundEvent, "type" | "data" | "user">;

/** Parts of a message that are looked at: what is wrong elsewhere harms nobody. */
export const SEGMENT_PARTS = [
  ...["type", "messageId", "userId", "timestamp", "originalTimestamp", "sentAt"],
  ...["event", "properties", "traits", "groupId"],
];

/** Where a message has what our event has. */
export const segmentPlaces: Places = [
  ["/id", "/messageId"],
  ["/user", "/traits"],
  ["/user/id", "/userId"],
  ["/user/username", "/traits/name"],
  ["/user/registered_at", "/traits/createdAt"],
  ["/user/fields", "/traits"],
  ["/data", "/properties"],
  ["/data/group", "/groupId"],
  ["/data/tag", "/traits/tags"],
  ["/occurred_at", "/timestamp"],
];

/** How a message came. */
export interface Sent {
  /** What the path says that it is; else its own `type` does. */
  kind?: SegmentKind | undefined;
  /** What the sender's clock showed when it sent the batch. */
  sentAt?: unknown;
  /** The school's time then, ms. */
  receivedAt: number;
  /** How many like it stood before it in the same request; left out: none. */
  nth?: number | undefined;
}

/** What a message says that it is. */
const typeIn = ({ type }: Message): string | undefined => {
  const told = idIn(type);
  return told === undefined ? undefined : trimmed(told).toLowerCase();
};

/** What a message is called where it is counted. */
export function segmentName(message: unknown, kind?: SegmentKind): string {
  if (!isRecord(message)) return "no message";
  const type = kind ?? typeIn(message) ?? "no type";
  const name = type === "track" ? `track ${idIn(message.event) ?? "without an event"}` : type;
  return name.toWellFormed().replaceAll("\0", "\ufffd");
}

/** The events that a message tells of; one of somebody without a `userId` tells of nobody. */
export async function mapSegment(message: unknown, { kind, sentAt, receivedAt, nth }: Sent): Promise<Mapped> {
  const name = segmentName(message, kind);
  if (!isRecord(message)) return asUnmapped(name);
  const drafts = draftsOf(message, kind ?? typeIn(message));
  if (!drafts) return asUnmapped(name);
  const user = userIdIn(message.userId);
  if (user === undefined) return asUnmapped(`${name}, of an anonymous user`);
  const id = idIn(message.messageId) ?? (await madeId(message, kind, nth));
  const time = idIn(message.timestamp) ?? idIn(message.originalTimestamp);
  const at = momentIn(time);
  const sent = momentIn(message.sentAt) ?? momentIn(sentAt);
  const events = drafts.map(async (draft, n) => ({
    ...draft,
    ...(id === undefined ? {} : { id: await eventId(id + suffixOf(drafts, n)) }),
    user: { ...draft.user, id: user },
    ...(at === undefined ? {} : { at: byRightClock(at, sent, receivedAt) }),
    // What is no time is told once.
    ...(time === undefined || at !== undefined || n > 0 ? {} : { occurred_at: time }),
  }));
  return { events: await Promise.all(events) };
}

/** A day alone is no moment: two of one day may be two. */
const IS_MOMENT = /\d:\d|^\d+$/;

/** What copies of a message have in common, as text; null: it has no time, and the next like it may be another. */
export function copyText(message: unknown, kind?: SegmentKind): string | null {
  if (!isRecord(message)) return null;
  const { timestamp, originalTimestamp, userId, event, properties, traits, groupId, context } = message;
  const time = idIn(timestamp) ?? idIn(originalTimestamp);
  if (time === undefined || momentIn(time) === undefined || !IS_MOMENT.test(time)) return null;
  const told = { event, properties, traits, groupId, inContext: objectIn(context).traits };
  return canonical([
    kind ?? typeIn(message) ?? null,
    time,
    userId ?? null,
    Object.fromEntries(Object.entries(told).filter(([, value]) => value !== undefined)),
  ]);
}

/** The id of a message that came without one: of what copies have in common where it has a time. */
async function madeId(message: Message, kind: SegmentKind | undefined, nth = 0): Promise<string | undefined> {
  const text = copyText(message, kind);
  return text === null ? undefined : `segment:${toBase64Url(await sha256(`${nth} ${text}`))}`;
}

/** Tells the events of a message apart. */
function suffixOf(drafts: readonly Draft[], n: number): string {
  if (n === 0) return "";
  const type = drafts[n]?.type;
  const same = drafts.slice(1, n).filter((one) => one.type === type).length;
  return `:${type}${same === 0 ? "" : `:${same + 1}`}`;
}

/** How it is told what of a message was not used. */
export const segmentFormat: Format = {
  name: "segment",
  places: segmentPlaces,
  called: (message) => segmentName(message),
  tellsConflicts: true,
};

function draftsOf(message: Message, type: unknown): Draft[] | undefined {
  switch (type) {
    case "track":
      return track(message);
    case "identify":
      // RudderStack's clients in pages have them in the context alone.
      return identify({ ...objectIn(objectIn(message.context).traits), ...objectIn(message.traits) });
    case "group":
      return [draft("group.joined", { group: idIn(message.groupId) })];
    case "page":
      return [draft("school.visited", { channel: "web" })];
    case "screen":
      return [draft("school.visited", { channel: "app" })];
    default:
      return undefined;
  }
}

const draft = (type: string, data: Message): Draft => ({ type, data, user: {} });

/** A type of ours by its name or by a usual one, else the custom event of that name. */
function track(message: Message): Draft[] | undefined {
  const name = idIn(message.event);
  const properties = objectIn(message.properties);
  if (name === undefined) return undefined;
  const plain = composed(trimmed(name)).toLowerCase();
  if (eventOf(plain)) return [draft(plain, properties)];
  const named = namedTracks(name, properties);
  if (named?.length) return named.map(({ type, data }) => draft(type, data));
  const custom = plain.replaceAll(/[^a-z0-9_.]/gu, "_").slice(0, 64);
  // Of a name in other letters nothing would be left: all of them would be one.
  return /[a-z0-9]/.test(custom) ? [draft(`custom.${custom}`, properties)] : undefined;
}

/** What is none of our attributes is a field; a zone, a locale or a time that is none stays a field, too. */
function identify(traits: Message): Draft[] {
  const { email, name, username, tags, ...rest } = traits;
  const user: Message = {};
  const address = email ?? traitNamed(rest, "email");
  if (address !== undefined) user.email = address;
  const called = username ?? name ?? traitNamed(rest, "username") ?? traitNamed(rest, "name") ?? nameOf(rest);
  if (called !== undefined) user.username = called;
  for (const [trait, attribute] of KNOWN_TRAITS) {
    const value = attribute === "registered_at" ? momentText(rest[trait]) : rest[trait];
    const found = fitting(value, (one) => attributes.shape[attribute].safeParse(one).success);
    if (value === undefined || !found) continue;
    user[attribute] = found.value;
    delete rest[trait];
  }
  if (Object.keys(rest).length) user.fields = rest;
  const updated: Draft = { type: "user.updated", user };
  const told = typeof tags === "string" ? tags : listIn(tags);
  return told.length ? [updated, draft("tag.added", { tag: told })] : [updated];
}

/** A trait under another spelling of its name ("Email", "user_name"); it stays a field, too. */
const traitNamed = (traits: Message, name: string): unknown =>
  Object.entries(traits).find(([trait]) => trait.replaceAll(/[\s_-]/g, "").toLowerCase() === name)?.[1];

/** A name in two traits, as the spec has it; they stay fields, too. */
function nameOf(traits: Message): string | undefined {
  const parts = ["first", "last"].map(
    (part) => textIn(traits[`${part}Name`]) ?? textIn(traits[`${part}_name`]) ?? textIn(traits[`${part}name`]),
  );
  const name = parts
    .flatMap((part) => part ?? [])
    .map(trimmed)
    .join(" ")
    .trim();
  return name === "" ? undefined : name;
}

const KNOWN_TRAITS = [
  ["created_at", "registered_at"],
  ["createdAt", "registered_at"],
  ["timezone", "timezone"],
  ["locale", "locale"],
] as const;

const momentText = (value: unknown): string | undefined => {
  const at = momentIn(value);
  return at === undefined ? undefined : formatInstant(at);
};
