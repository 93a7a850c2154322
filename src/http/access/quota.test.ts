import { SignJWT } from "jose";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { forgetEverything } from "../../base/cache";
import worker from "../../index";
import { QUESTIONS } from "../../world/quota";
import { call, env, PLATFORM } from "../test-client";

/* A school's quota: 24,000 requests a minute here, of which ten are a question to the limiter. */

const TEN = { requests_per_minute: 24_000 };

interface Bound {
  /** How many questions are answered well, from now on. */
  left: number;
  asked: string[];
  /** The same of whether it comes near. */
  near: number;
  env: typeof env;
}

let school: { id: string; key: string };
let bound: Bound;

const ask = (method: string, path: string, body?: unknown, token = school.key, headers: Record<string, string> = {}) =>
  call(worker, method, path, body, { token, headers, env: bound.env });

/** What the platform asks is counted against no school. */
const change = (body: unknown, of = school.id) => ask("PATCH", `/v1/schools/${of}`, body, PLATFORM);

async function made(mode = "live", more: object = TEN): Promise<{ id: string; key: string }> {
  const { body } = await ask("POST", "/v1/schools", { name: "S", mode, ...more }, PLATFORM);
  return { id: body.school.id, key: body.api_key };
}

const event = (user: string) => ({ type: "user.signed_in", user: { id: user } });
const batchOf = (size: number) => ({ events: Array.from({ length: size }, (_, n) => event(`u${n}`)) });
const one = () => ask("GET", "/v1/school");

async function statusesOf(times: number, way: () => Promise<{ status: number }> = one): Promise<number[]> {
  const statuses: number[] = [];
  while (statuses.length < times) statuses.push((await way()).status);
  return statuses;
}

const ok = (times: number): number[] => Array<number>(times).fill(200);

beforeEach(async () => {
  vi.useFakeTimers({ now: Date.now(), toFake: ["Date"] });
  forgetEverything();
  bound = { left: Number.POSITIVE_INFINITY, asked: [], near: Number.POSITIVE_INFINITY, env };
  const limiter = async ({ key }: { key: string }) => {
    // Whether it comes near is asked beside: what each test is about is the quota itself.
    if (key.startsWith("near ")) return { success: bound.near-- > 0 };
    bound.asked.push(key);
    return { success: bound.left-- > 0 };
  };
  bound.env = {
    ...env,
    KEY_LIMIT: { limit: async () => ({ success: true }) },
    USER_LIMIT: { limit: async () => ({ success: true }) },
    SCHOOL_LIMIT: { limit: limiter },
  } as unknown as typeof env;
  school = await made();
});
afterEach(() => vi.useRealTimers());

const asText = import.meta.glob<string>("../../../wrangler.toml", { query: "?raw", import: "default", eager: true });

test("quotas are counted by the limit that wrangler.toml has", () => {
  const [text] = Object.values(asText);
  expect(text).toContain(
    `name = "SCHOOL_LIMIT"\nnamespace_id = "1003"\nsimple = { limit = ${QUESTIONS.most}, period = ${QUESTIONS.seconds} }`,
  );
});

describe("what counts", () => {
  test("keys, hooks and learners of a school have one quota, and others have theirs", async () => {
    const other = await made();
    const keys = [school.key];
    while (keys.length < 3)
      keys.push((await ask("POST", "/v1/api-keys", { name: "one more", scopes: ["read"] })).body.key);
    const { body: signing } = await ask("POST", "/v1/signing-secret");
    const token = await new SignJWT({ school: school.id })
      .setProtectedHeader({ alg: "HS256" })
      .setSubject("anna")
      .setAudience("schoolbell")
      .setExpirationTime("1h")
      .sign(new TextEncoder().encode(signing.secret));
    const hook = (await ask("GET", "/v1/school")).body.hook_key;
    const ways = [
      ...keys.map((key) => () => ask("GET", "/v1/school", undefined, key)),
      () => ask("GET", "/v1/me", undefined, token),
      () => ask("POST", `/hooks/moodle/${hook}`, {}),
    ];
    // Four were counted above.
    bound.left = 0;
    await ask("PUT", "/v1/users/anna", {});
    await statusesOf(4);
    const refused = await ask("GET", "/v1/school", undefined, keys[2]);
    expect([refused.status, refused.body]).toEqual([
      429,
      {
        type: "https://schoolbell.dev/problems/too_many",
        title: "Too many requests",
        status: 429,
        detail: "Within ten seconds more came than 4,000 requests, a sixth of the quota of 24,000 a minute.",
      },
    ]);
    expect(["retry-after", "ratelimit", "ratelimit-policy"].map((name) => refused.headers.get(name))).toEqual([
      "10",
      '"school";r=0;t=10',
      '"school";q=4000;w=10',
    ]);
    for (const way of ways) expect((await way()).status).toBe(429);
    expect((await ask("GET", "/v1/school", undefined, other.key)).status).toBe(200);
    expect(bound.asked).toEqual([`school ${school.id}`]);
    bound.left = 100;
    vi.setSystemTime(Date.now() + 8_500);
    expect((await one()).headers.get("retry-after")).toBe("2");
    vi.setSystemTime(Date.now() + 1_501);
    for (const way of ways) expect((await way()).status).toBe(200);
  });

  test("each event of a batch, which is taken whole: what it is too many by is refused to whoever comes next", async () => {
    bound.left = 9;
    const batch = await ask("POST", "/v1/events/batch", batchOf(100));
    expect(batch.status).toBe(200);
    expect(batch.body.results).toHaveLength(100);
    for (const result of batch.body.results) expect(result.facts).toHaveLength(1);
    expect(bound.asked).toHaveLength(10);
    const next = await ask("POST", "/v1/events/batch", batchOf(1));
    expect([next.status, next.headers.get("retry-after")]).toEqual([429, "10"]);
    expect(bound.asked).toHaveLength(10);
  });

  test("each event of the other ways in that bring many", async () => {
    const type = "http://adlnet.gov/expapi/activities/course";
    const statement = {
      actor: { account: { homePage: "https://lms.example", name: "anna" } },
      verb: { id: "http://adlnet.gov/expapi/verbs/completed" },
      object: { id: "https://lms.example/courses/js-101", definition: { type } },
    };
    const xapi = { "x-experience-api-version": "1.0.3" };
    expect((await ask("POST", "/xapi/statements", Array(20).fill(statement), school.key, xapi)).status).toBe(200);
    expect(bound.asked).toHaveLength(2);
    const track = { type: "track", userId: "anna", event: "Signed In" };
    expect((await ask("POST", "/v1/batch", { batch: Array(20).fill(track) })).status).toBe(200);
    expect(bound.asked).toHaveLength(4);
  });

  test("a test school's like a live one's; not who is signed in, nor the platform", async () => {
    school = await made("test");
    bound.left = 0;
    expect(await statusesOf(10)).toEqual([...ok(9), 429]);
    expect(await statusesOf(20, () => ask("GET", `/v1/schools/${school.id}`, undefined, PLATFORM))).toEqual(ok(20));
  });
});

describe("a quota of its own", () => {
  test("is the platform's to give and to take back, at the making too, and the school sees it", async () => {
    const usual = await made("live", {});
    const shown = async (key = usual.key) => (await ask("GET", "/v1/school", undefined, key)).body.requests_per_minute;
    expect(await shown()).toBe(600_000);
    expect(await shown(school.key)).toBe(24_000);
    expect((await change({ requests_per_minute: 90_000 }, usual.id)).body.requests_per_minute).toBe(90_000);
    expect(await shown()).toBe(90_000);
    expect((await change({ name: "T" }, usual.id)).body.requests_per_minute).toBe(90_000);
    expect((await change({ requests_per_minute: null }, usual.id)).body.requests_per_minute).toBe(600_000);
    bound.env = { ...bound.env, SCHOOL_QUOTA: "30000" };
    expect(await shown()).toBe(30_000);
    const own = await ask("PATCH", "/v1/school", TEN);
    expect([own.status, own.body.errors?.[0]?.path]).toEqual([422, "/requests_per_minute"]);
    const audit = await ask("GET", "/v1/audit?what=school.changed", undefined, usual.key);
    expect(audit.body.data.map(({ changed }: { changed: string[] }) => changed)).toEqual([
      ["requests_per_minute"],
      ["name"],
      ["requests_per_minute"],
    ]);
  });

  test("that is lowered below what is sent holds from the next requests on, one that is raised lets them through", async () => {
    await change({ requests_per_minute: 240_000 });
    expect(await statusesOf(99)).toEqual(ok(99));
    await change({ requests_per_minute: 6_000 });
    bound.left = 0;
    // Ninety-nine were counted, and asked of nobody yet.
    expect(await statusesOf(1)).toEqual([429]);
    await change({ requests_per_minute: 240_000 });
    vi.setSystemTime(Date.now() + 10_001);
    expect(await statusesOf(90)).toEqual(ok(90));
  });

  test.each([5_999, 60_000_001, 24_000.5, "24000"])("is no %s", async (requests_per_minute) => {
    const { status, body } = await change({ requests_per_minute });
    expect([status, body.errors?.[0]?.path]).toEqual([422, "/requests_per_minute"]);
  });

  test("is refused where nothing would count it; there a school has none", async () => {
    const { SCHOOL_LIMIT: _, ...none } = bound.env;
    bound.env = none as typeof env;
    const { status, body } = await change(TEN);
    expect([status, body.errors]).toEqual([
      422,
      [{ path: "/requests_per_minute", message: "nothing counts it here: SCHOOL_LIMIT is not bound" }],
    ]);
    expect((await one()).body.requests_per_minute).toBeNull();
    expect(await statusesOf(30)).toEqual(ok(30));
    expect((await change({ requests_per_minute: null })).status).toBe(200);
  });
});

describe("owners", () => {
  const told = async () =>
    (await ask("GET", "/v1/health")).body.problems.filter(({ code }: { code: string }) => code === "quota_used_up");

  test("are told once that it was used up, until it is another", async () => {
    bound.left = 0;
    expect(await statusesOf(30)).toEqual([...ok(9), ...Array(21).fill(429)]);
    bound.left = 100;
    vi.setSystemTime(Date.now() + 10_001);
    // Reading it counts, too.
    expect(
      (await told()).map(({ message, count }: { message: string; count: number }) => ({ message, count })),
    ).toEqual([
      {
        message:
          "Within ten seconds more came than 4,000 requests, a sixth of the quota of 24,000 a minute: " +
          "what was beyond them was refused, to be sent again.",
        count: 21,
      },
    ]);
    await change({ requests_per_minute: 48_000 });
    expect(await told()).toEqual([]);
  });

  test("hear for a day that most of it was used, while nothing is refused and nothing is wrong", async () => {
    const nearly = async () => {
      const { body } = await ask("GET", "/v1/health");
      expect(body.problems.filter(({ code }: { code: string }) => code.startsWith("quota"))).toEqual([]);
      return body.warnings.filter((text: string) => text.includes("four fifths"));
    };
    bound.near = 1;
    expect(await statusesOf(12)).toEqual(ok(12));
    expect(await nearly()).toEqual([]);
    expect(await statusesOf(12)).toEqual(ok(12));
    expect(await nearly()).toEqual([expect.stringContaining("the 4,000 requests that its quota of 24,000 a minute")]);
    vi.setSystemTime(Date.now() + 23 * 3_600_000);
    expect(await nearly()).toHaveLength(1);
    bound.near = 100;
    vi.setSystemTime(Date.now() + 2 * 3_600_000);
    expect(await nearly()).toEqual([]);
  });

  test("hear that it is over once nothing was refused for a while", async () => {
    bound.left = 0;
    await statusesOf(10);
    bound.left = 100;
    vi.setSystemTime(Date.now() + 60_001);
    expect(await told()).toHaveLength(1);
    vi.setSystemTime(Date.now() + 10 * 60_000);
    expect(await told()).toEqual([]);
  });
});
