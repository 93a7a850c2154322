// What may become of a good request on its way: fields dropped, doubled, retyped, stretched; odd paths, queries and
// headers; bytes that were never JSON. A recipe is a few numbers, so that a seed repeats it.
import fc from "fast-check";
import { QUERY_NAMES, TEXTS, TYPES, VALUES } from "./mutate/values.mjs";

const DEEP = 40;

/** From 0 up to 1, evenly: fast-check's own doubles lie close to 0. */
const number = fc.integer({ min: 0, max: 2 ** 30 - 1 }).map((n) => n / 2 ** 30);
/** Where, and with what. */
const spot = fc.tuple(number, number);
const KINDS = {
  drop: 4,
  double: 2,
  retype: 5,
  stretch: 3,
  text: 5,
  unknown: 2,
  deepen: 1,
  twice: 1,
  cut: 1,
  bytes: 2,
  path: 3,
  query: 3,
  type: 1,
  header: 2,
  nothing: 1,
};
const kind = fc.oneof(...Object.entries(KINDS).map(([value, weight]) => ({ weight, arbitrary: fc.constant(value) })));

/** A route by its share of the table, and one to three things done to its request. */
export const recipe = fc.record({
  route: number,
  changes: fc.array(fc.tuple(kind, spot), { minLength: 1, maxLength: 3 }),
});

const pick = (list, share) => list[Math.floor(share * list.length)];

/** Every place in a JSON value, as the path of keys to it. */
function places(value, at = []) {
  const inner =
    value !== null && typeof value === "object"
      ? Object.entries(value).flatMap(([key, one]) => places(one, [...at, key]))
      : [];
  return at.length ? [at, ...inner] : inner;
}

const holderOf = (body, place) => place.slice(0, -1).reduce((value, key) => value[key], body);

/** Sets a key, `__proto__` too. */
const put = (holder, key, value) =>
  Object.defineProperty(holder, key, { value, enumerable: true, configurable: true, writable: true });

/** A text stretched again and again stays one that can be sent. */
const MAX_LENGTH = 2 ** 21;
const longer = (text, times) => text.repeat(copies(text, times));
const copies = (value, times) => Math.min(times, Math.ceil(MAX_LENGTH / (JSON.stringify(value) ?? "null").length));

/** Changes of the body as JSON; each is given the holder of a place, its key, and a number to choose by. */
const OF_JSON = {
  drop: (holder, key) => (Array.isArray(holder) ? holder.splice(Number(key), 1) : delete holder[key]),
  double: (holder, key) => {
    if (Array.isArray(holder)) holder.push(structuredClone(holder[Number(key)]));
    else put(holder, `${key}2`, structuredClone(holder[key]));
  },
  retype: (holder, key, share) => {
    // A copy: a later change may be made within it.
    put(holder, key, structuredClone(pick(VALUES, share)));
  },
  text: (holder, key, share) => {
    put(holder, key, pick(TEXTS, share));
  },
  stretch: (holder, key, share) => {
    const value = holder[key];
    const times = Math.ceil(10 ** (share * 4));
    if (typeof value === "string") put(holder, key, longer(value || "x", times));
    else if (typeof value === "number") put(holder, key, value * times);
    else if (Array.isArray(value))
      put(
        holder,
        key,
        Array.from({ length: copies(value[0], Math.min(times, 600)) }, () => structuredClone(value[0] ?? null)),
      );
    else put(holder, key, Object.fromEntries(Array.from({ length: Math.min(times, 600) }, (_, n) => [`k${n}`, n])));
  },
  unknown: (holder, _, share) => {
    if (!Array.isArray(holder)) put(holder, pick(TEXTS, share), 1);
  },
  deepen: (holder, key) => {
    for (let n = 0; n < DEEP; n++) put(holder, key, n % 2 ? [holder[key]] : { a: holder[key] });
  },
};

/** Changes of the body as it goes over the wire; each answers the new bytes. */
const OF_BYTES = {
  cut: (bytes, at) => bytes.subarray(0, Math.floor(at * bytes.length)),
  twice: (bytes) =>
    Buffer.from(bytes.toString("utf8").replace(/\{("[^"]+":(?:"[^"]*"|\d+|true|false|null))/, "{$1,$1")),
  bytes: (bytes, at, share) => {
    const place = Math.floor(at * bytes.length);
    const odd = Array.from({ length: 1 + Math.floor(share * 8) }, (_, n) => Math.floor(share * 997 * (n + 3)) % 256);
    return Buffer.concat([bytes.subarray(0, place), Buffer.from(odd), bytes.subarray(place + Math.floor(share * 4))]);
  },
};

const safeUri = (text) => encodeURIComponent(text.toWellFormed());

/** Changes of the request around its body. */
const OF_REQUEST = {
  path: (asked, at, share) => {
    const [path, query] = asked.path.split("?");
    const parts = path.split("/");
    const odd = [
      safeUri(pick(TEXTS, share)),
      "%ff",
      "%00",
      "..%2f",
      "",
      ".",
      "%2e%2e",
      "x".repeat(3_000),
      "%F0%9F%98%80",
    ];
    parts[2 + Math.floor(at * (parts.length - 1))] = pick(odd, (share * 7) % 1);
    asked.path = parts.map((part) => part ?? "").join("/") + (query ? `?${query}` : "");
  },
  query: (asked, at, share) => {
    const value = pick(
      [
        ...TEXTS.map(safeUri),
        "100",
        "101",
        "0",
        "-1",
        "1.5",
        "true",
        "maybe",
        "eyJhIjoxfQ",
        "WzEsMl0",
        "W251bGxd",
        "%ff",
      ],
      share,
    );
    asked.path += `${asked.path.includes("?") ? "&" : "?"}${pick(QUERY_NAMES, at)}=${value}`;
  },
  type: (asked, at) => {
    asked.headers["content-type"] = pick(TYPES, at);
    if (!asked.headers["content-type"]) delete asked.headers["content-type"];
  },
  header: (asked, at, share) => {
    const name = pick(
      [
        "idempotency-key",
        "if-match",
        "origin",
        "content-encoding",
        "accept",
        "x-http-method-override",
        "cookie",
        "range",
      ],
      at,
    );
    const value = pick(
      [
        '"1"',
        "*",
        'W/"1"',
        "null",
        "gzip",
        "x".repeat(300),
        "DELETE",
        "é",
        "schoolbell=x",
        "bytes=0-1",
        "https://evil.example",
      ],
      share,
    );
    asked.headers[name] = Buffer.from(value).toString("latin1");
  },
};

/**
 * The request of a recipe: `asked` {method, path, headers, body?} is the good one, its body JSON, text or nothing.
 * Answers the same with bytes as its body.
 */
export function changed(asked, changes) {
  const request = { ...asked, headers: { ...asked.headers } };
  const body = structuredClone(asked.body);
  for (const [what, [at, share]] of changes) {
    OF_REQUEST[what]?.(request, at, share);
    if (!OF_JSON[what] || body === null || typeof body !== "object") continue;
    const place = pick(places(body), at);
    if (place) OF_JSON[what](holderOf(body, place), place.at(-1), share);
  }
  if (body === undefined) return request;
  let bytes = Buffer.from(typeof body === "string" ? body : JSON.stringify(body));
  for (const [what, [at, share]] of changes) bytes = OF_BYTES[what]?.(bytes, at, share) ?? bytes;
  return { ...request, body: bytes };
}
