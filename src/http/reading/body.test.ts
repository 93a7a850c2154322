import { describe, expect, test } from "vitest";
import * as z from "zod";
import { Problem } from "../../base/errors/errors";
import { faultsOf } from "../../base/errors/faults";
import { checkBody, decodeText, isContentType, readBytes } from "./body";
import { parseJson } from "./json";

const refusalOf = (act: () => unknown): Problem => {
  try {
    act();
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
  throw new Error("was not refused");
};
const parseStatus = (text: string) => refusalOf(() => parseJson(text)).status;
const faultsIn = (text: string) => parseJson(text).faults.map((fault) => fault.path);
const nested = (depth: number) => `${'{"a":'.repeat(depth)}1${"}".repeat(depth)}`;

describe("JSON", () => {
  test("plain bodies come through without faults", () => {
    for (const value of [
      {},
      [],
      null,
      "x",
      -0.5e-3,
      { a: [{ b: 'q"uo\\te', "c\\": [1, [2]] }, {}], d: { "": "é🔔" } },
      { __proto__: null, "a/b~c": "\u0007\u202e" },
      [Number.MAX_SAFE_INTEGER, -(2 ** 53)],
      Object.fromEntries(Array.from({ length: 5_000 }, (_, n) => [`key${n}`, n])),
    ]) {
      for (const space of [0, 2]) {
        const parsed = parseJson(JSON.stringify(value, null, space));
        expect(parsed.faults).toEqual([]);
        expect(parsed.value).toEqual(JSON.parse(JSON.stringify(value)));
      }
    }
  });

  test.each([
    "",
    "{",
    '{"id":"a"}{"id":"b"}',
    '{"data":{"n":NaN}}',
    '{"a":1,}',
    "{} // comment",
    "{'a':1}",
    '"a\u0007"',
  ])("what is no JSON is a 400: %j", (text) => expect(parseStatus(text)).toBe(400));

  test.each([
    '{"id":"a","id":"b"}',
    '{"user":{},"user":{}}',
    '{"a":[{"b":{"c":1,"d":2,"c":3}}]}',
    '{"a":1,"\\u0061":2}',
    '{"\\\\":1,"\\\\":2}',
    `{${Array.from({ length: 40 }, (_, n) => `"k${n}":${n}`)},"k3":0}`,
  ])("a key named twice is a 400: %s", (text) => expect(parseStatus(text)).toBe(400));

  test("the same key in other objects is no repetition", () => {
    expect(faultsIn('{"a":{"a":1},"b":[{"a":1},{"a":2}],"c":"a"}')).toEqual([]);
  });

  test("32 objects may stand around a value, and no more", () => {
    const at = (depth: number) => parseJson(`{"data":${nested(depth)},"x":"\\u0000"}`);
    expect(at(32).faults.map((fault) => fault.path)).toEqual(["/x"]);
    for (const depth of [33, 1_000, 32_000]) {
      const { faults, tooDeep } = at(depth);
      expect(tooDeep).toBe(true);
      expect(faults.map((fault) => fault.path)).toEqual([`/data${"/a".repeat(32)}`, "/x"]);
    }
    expect(parseJson("[".repeat(500_000) + "]".repeat(500_000)).tooDeep).toBe(true);
  });

  test("quotes and brackets in text that is too deep are not counted", () => {
    const inner = `{"t":"}]\\"}","u":"\\\\"}`;
    expect(faultsIn(`[${'{"a":'.repeat(33)}${inner}${"}".repeat(33)},"\\u0000"]`)).toHaveLength(2);
  });

  test.each([
    ['{"id":"\\ud800"}', "/id"],
    ['{"data":{"x":"\\udfff"}}', "/data/x"],
    ['{"user":{"id":"\\ud83d"},"a":"\\ud83d\\udd14"}', "/user/id"],
    ['{"user":{"id":"a\\u0000b"}}', "/user/id"],
    ['{"tags":["a","b\\u0000"]}', "/tags/1"],
    ['{"a/b":{"~":"\\u0000"}}', "/a~1b/~0"],
    ['{"data":{"k\\u0000":1}}', "/data/k\0"],
    ['{"n":9007199254740993}', "/n"],
    ['{"a":[[1],[2,-9007199254740993]]}', "/a/1/1"],
    ['{"n":1152921504606846976}', "/n"],
    ['{"n":1e400}', "/n"],
    ['{"n":-1E+300}', "/n"],
  ])("what JSON can say and we cannot keep is found at its place: %s", (text, path) =>
    expect(faultsIn(text)).toEqual([path]),
  );

  test("numbers that can be kept are no fault", () => {
    expect(faultsIn("[9007199254740992, 1e15, 0.1234567890123456789, -0, 1.5e-300, 123456789012345.75]")).toEqual([]);
  });

  test("all faults come at once", () => {
    const schema = z.strictObject({ id: z.string(), n: z.number() });
    const problem = refusalOf(() => checkBody(schema, parseJson('{"id":"\\u0000","n":"x","extra":1,"more":2}')));
    expect(problem.status).toBe(422);
    expect(problem.faults?.map((fault) => fault.path).sort()).toEqual(["/extra", "/id", "/more", "/n"]);
  });

  test("what is too deep is not shown to a schema, which would overflow", () => {
    const recursive: z.ZodType = z.lazy(() => z.record(z.string(), z.union([recursive, z.number()])));
    expect(refusalOf(() => checkBody(recursive, parseJson(nested(30_000)))).status).toBe(422);
  });

  test("__proto__ is a key as any other, and changes nothing", () => {
    const strict = z.strictObject({ data: z.record(z.string(), z.unknown()) });
    expect(
      refusalOf(() => checkBody(strict, parseJson('{"data":{},"__proto__":{"admin":true}}'))).faults?.[0]?.path,
    ).toBe("/__proto__");
    expect(refusalOf(() => checkBody(strict, parseJson('{"data":{},"constructor":{}}'))).status).toBe(422);
    expect(Object.keys(Object(parseJson('{"__proto__":{"admin":true}}').value))).toEqual(["__proto__"]);
    expect(({} as { admin?: boolean }).admin).toBeUndefined();
  });
});

describe("text", () => {
  test.each([
    ["ff fe in a string", [0x22, 0xff, 0xfe, 0x22]],
    ["an overlong form", [0x22, 0xc0, 0xaf, 0x22]],
    ["half a surrogate in UTF-8", [0x22, 0xed, 0xa0, 0x80, 0x22]],
    ["a byte order mark", [0xef, 0xbb, 0xbf, 0x7b, 0x7d]],
  ])("%s is a 400", (_, bytes) => {
    expect(refusalOf(() => decodeText(Uint8Array.from(bytes))).status).toBe(400);
  });

  test.each([
    ["application/json", true],
    ["application/json ;", true],
    ["APPLICATION/JSON; charset=utf-8; x=y", true],
    ['application/json;charset="UTF8"', true],
    ["application/json; charset=utf-16le", false],
    ["text/plain", false],
    ["application/jsonp", false],
    ["", false],
    [null, false],
  ])("content type %j: %s", (header, taken) => expect(isContentType(header, ["application/json"])).toBe(taken));
});

describe("bytes", () => {
  const post = (body: BodyInit, headers: HeadersInit = {}) =>
    new Request("https://x.test/", { method: "POST", body, headers });
  const pieces = (total: number, size: number) => {
    let left = total;
    let pulled = 0;
    const stream = new ReadableStream<Uint8Array>({
      pull(controller) {
        if (left <= 0) return controller.close();
        controller.enqueue(new Uint8Array(Math.min(size, left)).fill(32));
        left -= size;
        pulled++;
      },
    });
    return { stream, pulled: () => pulled };
  };

  test("a body is read to its last byte, whatever its pieces", async () => {
    for (const size of [1, 1_000, 65_536]) {
      expect((await readBytes(post(pieces(65_536, size).stream), 65_536)).length).toBe(65_536);
    }
    expect(new TextDecoder().decode(await readBytes(post("héllo"), 100))).toBe("héllo");
    expect((await readBytes(new Request("https://x.test/"), 100)).length).toBe(0);
  });

  test("one byte more is a 413, by its announcement or while it comes, and the rest is not read", async () => {
    await expect(readBytes(post("x", { "content-length": "65537" }), 65_536)).rejects.toMatchObject({ status: 413 });
    for (const size of [1, 1_000])
      await expect(readBytes(post(pieces(65_537, size).stream), 65_536)).rejects.toMatchObject({ status: 413 });
    const endless = pieces(1e9, 1_000);
    await expect(readBytes(post(endless.stream), 65_536)).rejects.toMatchObject({ status: 413 });
    expect(endless.pulled()).toBeLessThan(200);
  });

  test("gzip is inflated where it is taken, up to the limit and no further", async () => {
    const gzipped = (body: string) =>
      post(new Response(body).body?.pipeThrough(new CompressionStream("gzip")) ?? "", { "content-encoding": "gzip" });
    expect(decodeText(await readBytes(gzipped("héllo"), 100, true))).toBe("héllo");
    await expect(readBytes(gzipped(" ".repeat(10_000_000)), 1_000_000, true)).rejects.toMatchObject({ status: 413 });
    const garbage = post("no gzip at all", { "content-encoding": "gzip" });
    await expect(readBytes(garbage, 100, true)).rejects.toMatchObject({ status: 400 });
    await expect(readBytes(gzipped("x"), 100)).rejects.toMatchObject({ status: 415 });
  });

  test("an encoded body is a 415, one that breaks off a 400", async () => {
    await expect(readBytes(post("x", { "content-encoding": "gzip" }), 100)).rejects.toMatchObject({ status: 415 });
    const broken = new ReadableStream({
      start: (controller) => controller.error(new Error("gone")),
    });
    await expect(readBytes(post(broken), 100)).rejects.toMatchObject({ status: 400 });
  });
});

describe("faults", () => {
  const paths = (schema: z.ZodType, value: unknown, prefix?: PropertyKey[]) =>
    faultsOf(schema.safeParse(value).error ?? { issues: [] }, prefix).map((fault) => fault.path);

  test("unknown fields have a fault each, at their own place", () => {
    const schema = z.strictObject({ user: z.strictObject({ id: z.string() }) });
    expect(paths(schema, { user: { id: "a", emial: 1 }, occured_at: 2 })).toEqual(["/user/emial", "/occured_at"]);
    expect(paths(schema, { user: 1 }, ["events", 3])).toEqual(["/events/3/user"]);
  });

  test("of a union the branch that was meant is told", () => {
    const union = z.union([z.string(), z.strictObject({ a: z.number(), b: z.number() }), z.array(z.number())]);
    expect(paths(union, { a: 1, b: "x" })).toEqual(["/b"]);
    expect(paths(union, [1, "x"])).toEqual(["/1"]);
    expect(faultsOf(union.safeParse(7).error ?? { issues: [] })).toEqual([
      { path: "", message: expect.stringMatching(/a text, an object or a list/) },
    ]);
  });

  test("a discriminated union tells of its branch, or of the discriminator", () => {
    const union = z.discriminatedUnion("type", [
      z.strictObject({ type: z.literal("a"), n: z.number() }),
      z.strictObject({ type: z.literal("b") }),
    ]);
    expect(paths(union, { type: "a", n: "x", m: 1 })).toEqual(["/n", "/m"]);
    expect(paths(union, { type: "c" })).toEqual(["/type"]);
    expect(paths(union, {})).toEqual(["/type"]);
  });

  test("keys of a record are told at their place", () => {
    expect(paths(z.record(z.string().max(2), z.number()), { abc: 1, a: "x" })).toEqual(["/abc", "/a"]);
  });

  test("every fault has words", () => {
    const [fault] = faultsOf(z.strictObject({ name: z.string() }).safeParse({}).error ?? { issues: [] });
    expect(fault).toEqual({ path: "/name", message: "is missing: it must be a text" });
  });
});

test("a body of an event is read within some 10 µs", () => {
  const bytes = new TextEncoder().encode(
    JSON.stringify({
      id: "evt-0123456789",
      type: "course.enrolled",
      user: { id: "anna", email: "anna@example.com", username: "Anna" },
      data: { course: "js-101" },
      occurred_at: "2026-01-01T09:00:00.000Z",
    }),
  );
  const rounds = 20_000;
  const run = () => {
    const start = performance.now();
    for (let n = 0; n < rounds; n++) parseJson(decodeText(bytes));
    return ((performance.now() - start) * 1_000) / rounds;
  };
  run();
  const us = Math.min(run(), run(), run());
  console.info(`${bytes.length} bytes: ${us.toFixed(2)} µs`);
  expect(us).toBeLessThan(50);
});
