// Rows 12–26: bodies.
import { gzipSync } from "node:zlib";
import { parsedAnswer } from "../client.mjs";
import { base, JSON_TYPE } from "../hostile.mjs";

const KIB = 1_024;
const text = (differs) => JSON.stringify(base(differs));
const raw = (body, headers = JSON_TYPE) => ({ body, headers });
const nested = (depth) => `${'{"a":'.repeat(depth - 1)}{}${"}".repeat(depth - 1)}`;

/** The base request of exactly so many bytes. */
const sized = (bytes) => {
  const empty = text({ type: "custom.x", data: { pad: "" } });
  return empty.replace('"pad":""', `"pad":"${"x".repeat(bytes - empty.length)}"`);
};

async function* inPieces(whole, bytes) {
  for (let at = 0; at < whole.length; at += bytes) yield Buffer.from(whole.slice(at, at + bytes));
}

export const bodies = {
  12: async ({ refused, taken }) => {
    await refused("text/plain", 415, raw(text(), { "content-type": "text/plain" }));
    await refused("no type", 415, raw(text(), {}));
    for (const type of ["application/json ;", "APPLICATION/JSON; charset=utf-8; x=y"]) {
      await refused(`${type}, validated`, 422, raw(text({ extra: 1 }), { "content-type": type }));
      await taken(type, raw(text(), { "content-type": type }));
    }
  },
  13: async ({ refused }) => {
    await refused(
      "UTF-16",
      415,
      raw(Buffer.from(text(), "utf16le"), { "content-type": "application/json; charset=utf-16le" }),
    );
  },
  14: async ({ refused }) => {
    await refused("empty", 400, raw(""));
    for (const body of ["null", "[]", '"x"', "{}"]) await refused(body, 422, raw(body));
  },
  15: async ({ refused }) => {
    for (const body of [
      '{"id":"a"}{"id":"b"}',
      '{"data":{"n":NaN}}',
      text().replace(/}$/, ",}"),
      `// comment\n${text()}`,
    ])
      await refused(body.slice(0, 30), 400, raw(body));
  },
  16: async ({ refused, taken, client, school, judge }) => {
    const large = sized(64 * KIB + 1);
    await taken("64 KiB", raw(sized(64 * KIB)));
    await refused("64 KiB + 1", 413, raw(large));
    await refused("the same chunked", 413, { body: inPieces(large, 16 * KIB), headers: JSON_TYPE });
    const head = requestHead(client, school, ["Transfer-Encoding: chunked"]);
    const answer = await client.raw(
      [
        head,
        ...[...large]
          .map((letter) => `1\r\n${letter}\r\n`)
          .join("")
          .match(/[\s\S]{1,60000}/g),
        "0\r\n\r\n",
      ],
      { quietMs: 10_000 },
    );
    await judge("in 1-byte chunks", 413, parsedAnswer(answer));
  },
  17: async ({ client, school, unchanged, holds }) => {
    const head = requestHead(client, school, ["Content-Length: 100"]);
    const answer = await client.raw([head, '{"id":"e1","type":"u'], { end: true });
    holds("closed or 400", answer === "" || / 400 /.test(answer.split("\r\n")[0]));
    await unchanged("a body that ends early");
  },
  18: async ({ refused }) => {
    await refused("gzip on events", 415, raw(gzipSync(text()), { ...JSON_TYPE, "content-encoding": "gzip" }));
    const bomb = gzipSync(`{"batch":["${"x".repeat(10 * 1024 * 1024)}"]}`);
    await refused("a gzip bomb", 413, {
      path: "/v1/batch",
      ...raw(bomb, { ...JSON_TYPE, "content-encoding": "gzip" }),
    });
  },
  19: async ({ refused, taken, note }) => {
    // The contract's 32 counts the event's own braces too, so `data` itself holds 31.
    note("nesting: the contract counts from the body, so data nested 31 is the deepest taken, 32 is refused");
    await taken("31 deep", raw(text({ id: "deep", type: "custom.x" }).replace('"data":{}', `"data":${nested(31)}`)));
    for (const depth of [33, 1_000, 10_000])
      await refused(
        `${depth} deep`,
        422,
        raw(text({ id: `deep-${depth}`, type: "custom.x" }).replace('"data":{}', `"data":${nested(depth)}`)),
      );
    const deepest = text({ id: "deepest", type: "custom.x" }).replace(
      '"data":{}',
      `"data":${"[".repeat(32_000)}${"]".repeat(32_000)}`,
    );
    await refused("32,000 deep", 422, raw(deepest));
  },
  20: async ({ taken, refused }) => {
    const keys = Object.fromEntries(Array.from({ length: 5_000 }, (_, n) => [`k${n}`, 1]));
    await taken("5,000 keys", { body: base({ id: "keys", type: "custom.x", data: keys }) });
    await taken("60 KB", { body: base({ id: "long", type: "custom.x", data: { text: "x".repeat(60_000) } }) });
    const batch = `{"events":[${text()}]}`;
    await refused("a batch of 1 MiB + 1", 413, {
      path: "/v1/events/batch",
      ...raw(batch + " ".repeat(KIB * KIB + 1 - batch.length)),
    });
  },
  21: async ({ refused }) => {
    for (const bytes of [
      [0xff, 0xfe],
      [0xc0, 0xaf],
    ]) {
      const [before, after] = text({ id: "HERE" }).split("HERE");
      await refused(
        Buffer.from(bytes).toString("hex"),
        400,
        raw(Buffer.concat([Buffer.from(before), Buffer.from(bytes), Buffer.from(after)])),
      );
    }
  },
  22: async ({ refused }) => {
    await refused("a byte order mark", 400, raw(`\ufeff${text()}`));
  },
  23: async ({ refused }) => {
    await refused("in id", 422, raw(text({ id: "HERE" }).replace("HERE", "\\ud800")));
    await refused("in data", 422, raw(text({ data: { x: "HERE" } }).replace("HERE", "\\udfff")));
    await refused("in user.id", 422, raw(text({ user: { id: "HERE" } }).replace("HERE", "\\ud83d")));
  },
  24: async ({ refused, taken, school, holds }) => {
    await refused("NUL in user.id", 422, { body: base({ user: { id: "a\0b" } }) });
    await refused("NUL in a tag", 422, { body: base({ type: "tag.added", data: { tag: "a\0b" } }) });
    await refused("NUL in data", 422, { body: base({ type: "custom.x", data: { x: "\0" } }) });
    const odd = "a\u0007b\u202ec";
    await taken("bell and bidi", {
      body: base({ id: odd, type: "tag.added", user: { id: odd }, data: { tag: [odd] } }),
    });
    const kept = await school.call("GET", `/v1/users/${encodeURIComponent(odd)}`);
    holds("kept exactly", kept.id === odd && kept.tags[0] === odd);
  },
  25: async ({ refused, taken, school, holds }) => {
    const open = '{"id":"p1",';
    await refused(
      "__proto__ at the top",
      422,
      raw(text({ id: "p1" }).replace(open, `${open}"__proto__":{"admin":true},`)),
    );
    await refused("__proto__ in user", 422, raw(text().replace('"user":{', '"user":{"__proto__":{"admin":true},')));
    await refused("constructor at the top", 422, raw(text({ id: "p1" }).replace(open, `${open}"constructor":{},`)));
    const data = '"data":{"__proto__":{"admin":true},"constructor":{"prototype":1}}';
    await taken("in data", raw(text({ id: "p2", type: "custom.x" }).replace('"data":{}', data)));
    const { data: timeline } = await school.call("GET", "/v1/users/u1/timeline");
    const kept = timeline.find(({ type }) => type === "custom.x")?.data ?? {};
    holds("kept as plain keys", Object.hasOwn(kept, "__proto__") && Object.hasOwn(kept, "constructor"));
    holds("no pollution", !(await school.call("GET", "/v1/users/u1")).admin);
  },
  26: async ({ refused }) => {
    await refused("two ids", 400, raw(text().replace("{", '{"id":"b",')));
    await refused("two users", 400, raw(text().replace("{", '{"user":{"id":"b"},')));
  },
};

/** A request line and headers for the base request, to be followed by what the row wants. */
export const requestHead = (client, school, more) =>
  [
    `POST /v1/events HTTP/1.1`,
    `Host: ${new URL(client.url).host}`,
    `Authorization: Bearer ${school.key}`,
    "Content-Type: application/json",
    ...more,
    "",
    "",
  ].join("\r\n");
