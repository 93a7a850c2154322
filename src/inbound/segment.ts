import { eventOf } from "../catalogue";
import { attributes } from "../catalogue/account/attributes";
import { id as idOfOurs } from "../catalogue/fields";
import { isDate } from "../catalogue/time";
import { isRecord } from "../definition/types";
import { asUnmapped, eventId, type InboundEvent, type Mapped } from "./mapped";
import { idIn, objectIn } from "./read";
import { namedTrack } from "./segment-tracks";
import type { Places } from "./words";

/*
 * The messages of the Segment spec, as its clients and RudderStack's send them. Of a message only what stays the same when
 * it is sent again is looked at: not `sentAt`, `context` or `_metadata`.
 */

export const SEGMENT_KINDS = ["track", "identify", "group", "page", "screen", "alias"] as const;
export type SegmentKind = (typeof SEGMENT_KINDS)[number];

type Message = Record<string, unknown>;
type Draft = Pick<InboundEvent, "type" | "data" | "user">;

/** Parts of a message that are looked at: what is wrong elsewhere harms nobody. */
export const SEGMENT_PARTS = [
  ...["type", "messageId", "userId", "timestamp", "originalTimestamp"],
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

/** What a message is called where it is counted. */
export function segmentName(message: unknown, kind?: SegmentKind): string {
  if (!isRecord(message)) return "no message";
  const type = kind ?? idIn(message.type) ?? "no type";
  const name = type === "track" ? `track ${idIn(message.event) ?? "without an event"}` : type;
  return name.toWellFormed().replaceAll("\0", "\ufffd");
}

/**
 * The events that a message tells of; one of somebody without a `userId` tells of nobody.
 * @param kind what the path says that it is; else its own `type` does
 */
export async function mapSegment(message: unknown, kind?: SegmentKind): Promise<Mapped> {
  const name = segmentName(message, kind);
  if (!isRecord(message)) return asUnmapped(name);
  const drafts = draftsOf(message, kind ?? message.type);
  if (!drafts) return asUnmapped(name);
  const user = idIn(message.userId);
  if (user === undefined) return asUnmapped(`${name}, of an anonymous user`);
  const id = idIn(message.messageId);
  const at = idIn(message.timestamp) ?? idIn(message.originalTimestamp);
  const events = drafts.map(async (draft, n) => ({
    ...draft,
    ...(id === undefined ? {} : { id: await eventId(n === 0 ? id : `${id}:${draft.type}`) }),
    user: { ...draft.user, id: user },
    ...(at === undefined ? {} : { occurred_at: at }),
  }));
  return { events: await Promise.all(events) };
}

function draftsOf(message: Message, type: unknown): Draft[] | undefined {
  switch (type) {
    case "track":
      return track(message);
    case "identify":
      return identify(objectIn(message.traits));
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
  if (eventOf(name)) return [draft(name, properties)];
  const named = namedTrack(name, properties);
  if (named) return [draft(named.type, named.data)];
  const custom = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9_.]/gu, "_")
    .slice(0, 64);
  // Of a name in other letters nothing would be left: all of them would be one.
  return /[a-z0-9]/.test(custom) ? [draft(`custom.${custom}`, properties)] : undefined;
}

/** What is none of our attributes is a field; a zone, a locale or a time that is none stays a field, too. */
function identify(traits: Message): Draft[] {
  const { email, name, username, tags, ...rest } = traits;
  const user: Message = {};
  if (email !== undefined) user.email = email;
  if ((username ?? name) !== undefined) user.username = username ?? name;
  for (const [trait, attribute] of KNOWN_TRAITS) {
    const value = attribute === "registered_at" ? timeOf(rest[trait]) : rest[trait];
    if (value === undefined || !attributes.shape[attribute].safeParse(value).success) continue;
    user[attribute] = value;
    delete rest[trait];
  }
  // A field holds a text, a number, a boolean or nothing.
  const fields = Object.entries(rest).filter(([, value]) => typeof value !== "object" || value === null);
  if (fields.length) user.fields = Object.fromEntries(fields);
  const updated: Draft = { type: "user.updated", user };
  // Only what cannot be refused, so that no message is taken by half.
  const good = (Array.isArray(tags) ? tags : []).filter((tag) => idOfOurs.safeParse(tag).success).slice(0, 200);
  return good.length ? [updated, draft("tag.added", { tag: good })] : [updated];
}

const KNOWN_TRAITS = [
  ["created_at", "registered_at"],
  ["createdAt", "registered_at"],
  ["timezone", "timezone"],
  ["locale", "locale"],
] as const;

/** A time as it stands; a date alone is its beginning, a number seconds or milliseconds since 1970. */
function timeOf(value: unknown): unknown {
  if (typeof value === "string" && isDate(value)) return `${value}T00:00:00.000Z`;
  if (typeof value !== "number") return value;
  const at = new Date(value < 1e11 ? value * 1000 : value);
  return Number.isNaN(at.getTime()) ? value : at.toISOString();
}
