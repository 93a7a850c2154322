import * as z from "zod";
import { fromBase64 } from "../base/bytes";
import { invalid } from "../base/errors/errors";
import { eventOf } from "../catalogue";
import { isRecord } from "../definition/types";
import { asUnmapped, eventId, type Mapped } from "./mapped";
import type { Places } from "./words";

/*
 * CloudEvents 1.0: the envelope is its spec's, `type`, `subject` and `data` are ours.
 * https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md
 */

const required = (name: string) => {
  const error = `a CloudEvent has the attribute ${name}, a text that is not empty`;
  return z.string({ error }).min(1, error);
};

/** An event in structured form. Extensions are ignored: they are the sender's own. */
export const cloudEvent = z.object({
  id: required("id"),
  source: required("source"),
  specversion: z.literal("1.0", { error: 'CloudEvents of specversion "1.0" are taken' }),
  type: required("type"),
  time: z.string().nullish(),
  subject: z.string().nullish(),
  data: z.unknown().optional(),
  data_base64: z.string().nullish(),
});
export type CloudEvent = z.output<typeof cloudEvent>;

/** Where a CloudEvent has what our event has. */
export const cloudEventPlaces: Places = [
  ["/user", "/subject"],
  ["/user/id", "/subject"],
  ...["email", "username", "registered_at", "source", "fields", "timezone", "locale"].map(place),
  ...["marketing_consent", "cookies_accepted", "push_tokens"].map(place),
  ["/occurred_at", "/time"],
];

function place(attribute: string): [string, string] {
  return [`/user/${attribute}`, `/data/user/${attribute}`];
}

/**
 * The event that a CloudEvent tells of.
 * @param readJson makes the JSON of a body out of bytes; throws Problem 422
 * @throws Problem 422 where `data` is no object
 */
export async function mapCloudEvent(event: CloudEvent, readJson: (bytes: Uint8Array) => unknown): Promise<Mapped> {
  const type = ownType(event.type);
  if (type === undefined) return asUnmapped(event.type);
  const { user: attributes, ...rest } = dataOf(event, readJson);
  const isOfUser = isRecord(attributes);
  const subject = event.subject ?? undefined;
  return {
    events: [
      {
        // A source is a URI, in which no blank can stand: two pairs make no equal text.
        id: await eventId(`${event.source.replaceAll(" ", "%20")} ${event.id}`),
        type,
        user: { ...(isOfUser ? attributes : {}), ...(subject === undefined ? {} : { id: userOf(subject) }) },
        data: isOfUser || attributes === undefined ? rest : { ...rest, user: attributes },
        ...(typeof event.time === "string" ? { occurred_at: event.time } : {}),
      },
    ],
  };
}

/** No type of ours is longer; a longer suffix is not even looked at, so that many dots cost nothing. */
const MAX_TYPE_LENGTH = 128;

/** The type of ours that a type is or ends with: `com.school.course.enrolled`. */
function ownType(type: string): string | undefined {
  for (let from = 0; ; ) {
    const suffix = type.slice(from);
    if (suffix.length <= MAX_TYPE_LENGTH && eventOf(suffix)) return suffix;
    const dot = type.indexOf(".", from);
    if (dot === -1) return undefined;
    from = dot + 1;
  }
}

/** `users/u1` is u1; any other subject is an id as it stands. */
const userOf = (subject: string): string => /^(?:.*\/)?users\/(.+)$/s.exec(subject)?.[1] ?? subject;

function dataOf(event: CloudEvent, readJson: (bytes: Uint8Array) => unknown): Record<string, unknown> {
  const encoded = event.data_base64 ?? undefined;
  if (encoded !== undefined && (event.data ?? null) !== null)
    throw invalid([{ path: "/data_base64", message: "either data or data_base64" }]);
  const data = encoded === undefined ? (event.data ?? {}) : readJson(bytesOf(encoded));
  if (isRecord(data)) return data;
  throw invalid([{ path: encoded === undefined ? "/data" : "/data_base64", message: "the data is a JSON object" }]);
}

function bytesOf(base64: string): Uint8Array {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(base64) || base64.length % 4 !== 0)
    throw invalid([{ path: "/data_base64", message: "not base64" }]);
  return fromBase64(base64);
}

/** The value of a `ce-…` header: percent-encoded UTF-8, perhaps in quotes (HTTP binding 1.0.2, 3.1.3.2). */
export function headerValue(text: string): string {
  const quoted = /^"((?:[^"\\]|\\.)*)"$/.exec(text)?.[1];
  const plain = quoted === undefined ? text : quoted.replaceAll(/\\(.)/g, "$1");
  return plain.replaceAll(/(?:%[0-9a-f]{2})+/gi, (encoded) => {
    try {
      return decodeURIComponent(encoded);
    } catch {
      // No UTF-8: it was meant as it stands.
      return encoded;
    }
  });
}
