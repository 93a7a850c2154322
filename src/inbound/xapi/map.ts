import { sha256Hex } from "../../base/bytes";
import { canonical } from "../../base/json";
import { formatInstant } from "../../catalogue/dates/time";
import { PRODUCT_KINDS } from "../../catalogue/facts/products";
import { calledAs } from "../../catalogue/facts/told-names";
import { asUnmapped, eventId, type InboundEvent, type Mapped } from "../mapped";
import { isMoodlesNobody } from "../moodle";
import { objectIn, userIdIn } from "../read";
import { momentIn } from "../times";
import { courseIn, courseOf, idOf, kindOf } from "./activity";
import { type Activity, isActivity, mailOf, type Statement } from "./statement";
import { makerOf, progressed, type StatementEvent } from "./verbs";

/** A statement by its id, given or made, and what it says to us. */
export interface MappedStatement {
  /** A UUID: what the sender is answered. */
  id: string;
  mapped: Mapped;
}

/** Users that are known by an email, by that email in lower case. */
export type KnownUsers = ReadonlyMap<string, string>;

/** Maps a statement by the table of verbs. */
export async function mapStatement(statement: Statement, known: KnownUsers): Promise<MappedStatement> {
  const id = statement.id ?? (await makeId(statement));
  return { id, mapped: await mapped(statement, id.toLowerCase(), known) };
}

async function mapped(statement: Statement, id: string, known: KnownUsers): Promise<Mapped> {
  const { actor, verb, object, result, timestamp } = statement;
  const user = await userOf(actor, known);
  if (!user) return asUnmapped(`${verb.id} (actor without account and mbox)`);
  if (isNobody(user.id, statement)) return asUnmapped(`${verb.id} (nobody)`);
  if (!isActivity(object)) return asUnmapped(`${verb.id} (object is no activity)`);
  const kind = kindOf(object);
  const objectId = await idOf(object);
  const course = kind === "course" ? objectId : await courseOf(statement);
  const told = { id: objectId, course, result };
  const make = makerOf(verb.id, kind);
  const main = make?.(told) ?? null;
  const progress = kind === "course" && main?.type !== "course.completed" ? progressed(told) : null;
  const drafts = [main, progress].filter((draft) => draft !== null);
  const [first] = drafts;
  if (!first) return asUnmapped(`${verb.id} (${kind}${make ? " that says too little" : ""})`);
  const at = momentIn(timestamp);
  const event = ({ type, data }: StatementEvent, index: number): InboundEvent => ({
    id: index === 0 ? id : `${id}:${type}`,
    type,
    user: { ...user, ...(type === "user.signed_up" ? nameOf(actor) : {}) },
    data,
    ...(at === undefined ? {} : { occurred_at: formatInstant(at) }),
  });
  const differing = drafts.filter((draft, index) => index === 0 || draft.type !== first.type);
  const names = [
    ...PRODUCT_KINDS.filter((kind) => first.data[kind] === objectId).flatMap((kind) =>
      calledAs(kind, objectId, nameIn(object)),
    ),
    ...(kind === "course" ? [] : calledAs("course", course, nameIn(courseIn(statement)))),
  ];
  return { events: differing.map(event), ...(names.length ? { names } : {}) };
}

/** What an activity is called: English where it is in several languages, else whatever comes first. Some give no language. */
function nameIn(activity: Activity | undefined): unknown {
  const given = activity?.definition?.name;
  if (typeof given === "string") return given;
  const names = objectIn(given);
  const english = Object.keys(names).find((language) => /^en\b/i.test(language));
  return names[english ?? Object.keys(names)[0] ?? ""];
}

/**
 * The user an actor is; null for who is known by neither account nor mbox. One who is known by an address alone has it
 * as id, and is told of alike by every copy: found by it meanwhile or not.
 */
async function userOf(actor: Statement["actor"], known: KnownUsers): Promise<InboundEvent["user"] | null> {
  if (actor.objectType === "Group") return null;
  const { account } = actor;
  const named = account?.name === undefined ? undefined : userIdIn(account.name);
  if (named !== undefined) return { id: named };
  const mail = mailOf(actor);
  // A name that means nobody ("undefined") is no reason to pass over a good address.
  if (mail === null) return account?.name === undefined ? null : { id: undefined };
  const own = await eventId(mail);
  const found = known.get(mail.toLowerCase()) ?? own;
  return found === own ? { id: own, email: mail } : { id: found };
}

const nameOf = ({ name }: Statement["actor"]) => (name ? { username: name.slice(0, 256) } : {});

const isNobody = (id: unknown, statement: Statement): boolean =>
  id === undefined || (moodleEventOf(statement) !== undefined && typeof id === "string" && isMoodlesNobody(id));

const INFO = "http://lrs.learninglocker.net/define/extensions/info";

/** The name of Moodle's event that logstore_xapi made a statement of. */
function moodleEventOf({ context }: Statement): unknown {
  const info = context?.extensions?.[INFO];
  return typeof info === "object" && info !== null && "event_name" in info ? info.event_name : undefined;
}

/**
 * The id of a statement that came without one: from what copies have in common where it has a time, else by chance.
 * Moodle's `registration` is of a session, and so not of the statement.
 */
async function makeId(statement: Statement): Promise<string> {
  const { actor, verb, object, result, context, timestamp } = statement;
  if (timestamp === undefined) return crypto.randomUUID();
  const moodleEvent = moodleEventOf(statement);
  const stable = [
    actor.account?.name ?? actor.mbox ?? actor.mbox_sha1sum ?? actor.openid ?? null,
    verb.id,
    isActivity(object) ? object.id : object,
    timestamp,
    result ?? null,
    moodleEvent ?? null,
    moodleEvent === undefined ? (context?.registration ?? null) : null,
  ];
  const hex = await sha256Hex(canonical(stable));
  // RFC 9562, version 8: bits of our own choice.
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
