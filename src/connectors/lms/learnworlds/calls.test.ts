import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { CLIENT, type FakeLearnworlds } from "../../../../test/fakes/learnworlds";
import { ANNA, FakeSchool, SETTINGS } from "../../../../test/fakes/learnworlds-school";
import { forgetEverything } from "../../../base/cache";
import type { Change } from "../../../catalogue/facts/changes";
import { lmsLearnworlds } from "../learnworlds";
import { apiOf } from "./settings";
import { LATE_MS } from "./turns";

let school: FakeSchool;
beforeEach(() => {
  forgetEverything();
  school = new FakeSchool();
  vi.stubGlobal("setTimeout", (then: () => void, ms: number) => school.pass(ms, then));
});
afterEach(() => {
  vi.unstubAllGlobals();
  expect(school.lms.mistakes).toEqual([]);
});

const vip: Change = { type: "tag.added", data: { tag: "vip" } };
const tag = (settings?: Record<string, unknown>) => school.change(vip, settings);
const signIns = ({ requests }: FakeLearnworlds) => requests.filter(({ path }) => path.endsWith("access_token"));

/** A school whose API gives this answer, once it has given a token. */
const answering = (status: number, body: unknown, headers: Record<string, string> = {}) =>
  new FakeSchool(
    {},
    {
      fetch: async (url, init) =>
        url.endsWith("access_token")
          ? school.lms.call(url, init)
          : new Response(typeof body === "string" ? body : JSON.stringify(body), { status, headers }),
    },
  );

describe("the school's address", () => {
  test.each([
    ["https://school.acme.com", "https://school.acme.com/admin/api"],
    ["https://school.acme.com/", "https://school.acme.com/admin/api"],
    ["https://school.acme.com/admin/api", "https://school.acme.com/admin/api"],
    ["https://school.acme.com/admin/api/", "https://school.acme.com/admin/api"],
    ["https://school.acme.com/admin/api/v2/users", "https://school.acme.com/admin/api"],
    ["https://proxy.acme.com/lw", "https://proxy.acme.com/lw/admin/api"],
    ["https://proxy.acme.com/lw/admin/api", "https://proxy.acme.com/lw/admin/api"],
    ["https://school.acme.com/admin/apis", "https://school.acme.com/admin/apis/admin/api"],
  ])("%s leads to %s", (address, api) => expect(apiOf(address)).toBe(api));

  test("is not called where it leads into a private network", async () => {
    school = new FakeSchool({}, { resolve: async () => ["10.0.0.1"] });
    expect(await tag()).toMatchObject({ ok: false, retry: true, broken: true });
    expect(school.lms.requests).toEqual([]);
  });

  test("is not called by a live school in plain http", async () => {
    const result = await tag({ ...SETTINGS, url: "http://school.acme.com" });
    expect(result).toMatchObject({ ok: false, retry: true, broken: true, error: "an address begins with https://" });
  });
});

describe("an access token", () => {
  test.each(["data", "json", "form"] as const)(
    "is had where the school reads %s, and so is the next",
    async (encoding) => {
      const tries = ["data", "json", "form"].indexOf(encoding) + 1;
      school = new FakeSchool({ encoding });
      expect(await tag()).toEqual({ ok: true, code: 200 });
      expect(signIns(school.lms)).toHaveLength(tries);
      school.now += 3_600_000;
      expect(await tag()).toEqual({ ok: true, code: 200 });
      // What worked is remembered.
      expect(signIns(school.lms)).toHaveLength(tries + 1);
    },
  );

  test("serves until shortly before its end", async () => {
    await tag();
    school.now += 3_539_000;
    await tag();
    expect(signIns(school.lms)).toHaveLength(1);
    school.now += 2_000;
    await tag();
    expect(signIns(school.lms)).toHaveLength(2);
  });

  test("is another's with other credentials, and so no way around them", async () => {
    await tag();
    const result = await tag({ ...SETTINGS, client_secret: "stolen?" });
    expect(result).toMatchObject({ ok: false, broken: true });
  });

  test("that was taken back is fetched anew, and the request made once more", async () => {
    await tag();
    school.lms.endTokens();
    expect(await tag()).toEqual({ ok: true, code: 200 });
    expect(signIns(school.lms)).toHaveLength(2);
    expect(school.asked).toEqual([
      `PUT /users/${ANNA}/tags 200`,
      `PUT /users/${ANNA}/tags 401`,
      `PUT /users/${ANNA}/tags 200`,
    ]);
  });

  test("refused again at once says that the connection is broken, and never shows itself", async () => {
    school = answering(401, {
      errors: [{ code: 401, context: "unauthorized", message: "Invalid token" }],
      success: false,
    });
    const result = await tag();
    expect(result).toEqual({
      ok: false,
      code: 401,
      retry: true,
      broken: true,
      error: "LearnWorlds refuses the token it has just given (401: Invalid token)",
      advice: "LearnWorlds refuses the token it has just given",
    });
    expect(signIns(school.lms)).toHaveLength(2);
    expect(JSON.stringify(result)).not.toContain("token-");
  });

  test("not given for wrong credentials says so, after all three ways to write them", async () => {
    const result = await tag({ ...SETTINGS, client_secret: "wrong-canary" });
    expect(result).toEqual({
      ok: false,
      code: 400,
      retry: true,
      broken: true,
      error: "LearnWorlds refuses the client id and secret (400: Invalid client credentials)",
    });
    expect(signIns(school.lms).map(({ headers }) => headers.get("content-type"))).toEqual([
      "application/x-www-form-urlencoded",
      "application/json",
      "application/x-www-form-urlencoded",
    ]);
    expect(JSON.stringify(result)).not.toContain("canary");
  });

  test.each([
    [404, "<html>Not here</html>"],
    [200, "<html>Welcome</html>"],
  ])("is not looked for further where %i and a page is the answer", async (status, body) => {
    let asked = 0;
    const fetch = async () => {
      asked++;
      return new Response(body, { status });
    };
    school = new FakeSchool({}, { fetch });
    expect(await tag()).toEqual({
      ok: false,
      retry: true,
      broken: true,
      error: "no API of LearnWorlds answers at this address",
    });
    expect(asked).toBe(1);
  });
});

describe("an answer of", () => {
  const LIST = {
    errors: [{ code: 1, context: "validation", message: "No such thing" }, { context: "second" }],
    success: false,
  };

  test.each<[number, unknown, string]>([
    [400, LIST, "400: No such thing; second"],
    [404, { error: "Not found" }, "404: Not found"],
    [422, LIST, "422: No such thing; second"],
    [422, "<html>", "422: <html>"],
  ])("%i is final, whichever of the bodies it has", async (status, body, error) => {
    school = answering(status, body);
    expect(await tag()).toEqual({ ok: false, code: status, retry: false, error });
  });

  test.each<[number, Record<string, string>, number | undefined]>([
    [429, {}, 10_000],
    [429, { "retry-after": "7" }, 7_000],
    [500, {}, undefined],
    [503, { "retry-after": "30" }, 30_000],
  ])("%i %j is tried again", async (status, headers, retryAfterMs) => {
    school = answering(status, { error: "Too many requests" }, headers);
    expect(await tag()).toEqual({
      ok: false,
      code: status,
      retry: true,
      error: `${status}: Too many requests`,
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    });
  });

  test("nobody is tried again", async () => {
    school = new FakeSchool({}, { fetch: () => Promise.reject(new Error("connection reset")) });
    expect(await tag()).toEqual({ ok: false, retry: true, error: "sign-in: not reached: connection reset" });
  });

  test("somebody too slow is tried again", async () => {
    const hangs = (_: string, init: RequestInit) =>
      new Promise<Response>((_, reject) => init.signal?.addEventListener("abort", () => reject(init.signal?.reason)));
    school = new FakeSchool({}, { fetch: hangs, timeoutMs: 20 });
    expect(await tag()).toEqual({ ok: false, retry: true, error: "sign-in: no whole answer within 20 ms" });
  });

  test("403 is the API client's rights, which are the connection's", async () => {
    school.lms.forbidden.add("users");
    expect(await tag()).toEqual({
      ok: false,
      code: 403,
      retry: true,
      broken: true,
      error: "LearnWorlds does not let the API client do this (403: Forbidden)",
      advice: "LearnWorlds does not let the API client do this",
    });
  });

  test("a redirect is the address", async () => {
    school = answering(301, "", { location: "https://elsewhere.acme.com" });
    expect(await tag()).toMatchObject({ ok: false, code: 301, broken: true });
  });

  test.each([
    [{ error: "x".repeat(500_000) }],
    [{ errors: [{ message: "y".repeat(500_000) }] }],
    ["z".repeat(500_000)],
  ])("a long word for a fault is kept in part", async (body) => {
    school = answering(422, body);
    const result = await tag();
    expect(result).toMatchObject({ ok: false, retry: false });
    expect(JSON.stringify(result).length).toBeLessThan(2_000);
  });

  test("200 that says it was refused is believed", async () => {
    school = answering(200, { success: false, errors: [{ message: "Seat is closed" }] });
    expect(await tag()).toEqual({ ok: false, code: 200, retry: false, error: "Seat is closed" });
  });

  test("200 that is a page is no yes", async () => {
    school = answering(200, "<html>Be right back</html>");
    expect(await tag()).toMatchObject({ ok: false, retry: true, broken: true });
  });

  test.each<[number, unknown]>([
    [200, "<html>Welcome back, anna@acme.com</html>"],
    [403, { error: "anna@acme.com is no learner of yours" }],
  ])("%i is told to the school without LearnWorlds' own words, which may name a learner", async (status, body) => {
    school = answering(status, body);
    const result = await tag();
    expect(result).toMatchObject({ broken: true, error: expect.stringContaining("anna@acme.com") });
    expect(result.ok ? "" : result.advice).toMatch(/^(a page|LearnWorlds does not let)/);
    expect(result.ok ? "" : result.advice).not.toContain("anna");
  });

  test("200 that is cut off is no yes, and nothing is wrong with the connection", async () => {
    school = answering(200, '{"success": tr');
    const result = await tag();
    expect(result).toMatchObject({ ok: false, retry: true });
    expect(result).not.toHaveProperty("broken");
  });

  test.each<[number, unknown]>([
    [200, {}],
    [200, ""],
    [400, { error: "The user is already tagged" }],
    [409, { errors: [{ message: "Already done" }] }],
    [422, { errors: [{ message: "User already enrolled" }] }],
  ])("%i %j is done", async (status, body) => {
    school = answering(status, body);
    expect(await tag()).toMatchObject({ ok: true, code: status });
  });
});

describe("the school's rate", () => {
  /** Counts as the school's own object does: so many in 10 s. */
  const counting = (most: number) => {
    const times: number[] = [];
    return async (mostMs: number) => {
      const at = Math.max(school.now, (times.at(-most) ?? 0) + 10_000);
      if (at - school.now <= mostMs) times.push(at);
      return at - school.now;
    };
  };
  const admitted = (admit: (mostMs: number) => Promise<number>) => {
    school = new FakeSchool({}, { admit });
  };

  test("is asked before each request, the sign-in too", async () => {
    const admit = vi.fn(async () => 0);
    admitted(admit);
    await school.change({ type: "course.completed", data: { course: "course-1" } });
    expect(admit).toHaveBeenCalledTimes(school.lms.requests.length);
    expect(school.lms.requests).toHaveLength(3);
  });

  test("that has no room yet is waited for", async () => {
    const waits = [900, 800];
    admitted(async () => waits.shift() ?? 0);
    const before = school.now;
    expect(await tag()).toEqual({ ok: true, code: 200 });
    expect(school.now - before).toBe(1_700);
  });

  test("is waited for 2 s in all of an attempt, and then another time", async () => {
    const waits = [1_500, 700];
    admitted(async () => waits.shift() ?? 0);
    expect(await tag()).toEqual({
      ok: false,
      retry: true,
      retryAfterMs: 700,
      notYet: true,
      error: "the school's requests are used up for now",
    });
    expect(school.asked).toEqual([]);
  });

  test("asks anew for a turn that came too late to be taken", async () => {
    const lateMs = [0, LATE_MS + 1, LATE_MS];
    const admit = vi.fn(async () => {
      school.now += lateMs.shift() ?? 0;
      return 0;
    });
    admitted(admit);
    expect(await tag()).toEqual({ ok: true, code: 200 });
    // The sign-in, the change too late, the change.
    expect(admit).toHaveBeenCalledTimes(3);
    expect(school.lms.requests).toHaveLength(2);
  });

  test("sends nothing while all turns come too late, and comes again", async () => {
    admitted(async () => {
      school.now += LATE_MS + 1;
      return 0;
    });
    expect(await tag()).toMatchObject({ ok: false, retry: true, retryAfterMs: LATE_MS, notYet: true });
    expect(school.lms.requests).toEqual([]);
  });

  test("is counted over as much more as a turn may be late", () => {
    expect(lmsLearnworlds.lms.rate).toEqual({ requests: 25, withinMs: 10_000 + LATE_MS });
  });

  test("is not waited for longer than the attempt may take", async () => {
    school = new FakeSchool({}, { admit: async () => 600, timeoutMs: 500 });
    expect(await tag()).toMatchObject({ ok: false, retry: true, retryAfterMs: 600, notYet: true });
    expect(school.lms.requests).toEqual([]);
  });

  test("holds 200 changes of many users at 25 requests in 10 s, and loses none", async () => {
    admitted(counting(lmsLearnworlds.lms.rate?.requests ?? 0));
    for (let n = 0; n < 200; n++) school.lms.addUser(String(n).padStart(24, "0"));
    for (const [id, { email }] of [...school.lms.users].slice(1)) {
      school.user = { id, email, pushTokens: [] };
      for (let done = false; !done; ) {
        const result = await tag();
        done = result.ok;
        if (!result.ok) school.now += result.retryAfterMs ?? 0;
      }
    }
    const times = school.lms.requests.map(({ at }) => at);
    expect(times).toHaveLength(201);
    for (const [n, time] of times.entries())
      expect((times[n + 25] ?? Number.POSITIVE_INFINITY) - time).toBeGreaterThanOrEqual(10_000);
    expect(school.lms.requests.every(({ status }) => status === 200)).toBe(true);
  });

  test("with an answer of 503 to every twentieth request gets all through, by trying again", async () => {
    let number = 0;
    school = new FakeSchool({ failing: { share: 0.05, random: () => (++number % 20 === 0 ? 0 : 1) } });
    for (let n = 0; n < 100; n++) {
      const sent = () => school.change({ type: "tag.added", data: { tag: `t${n}` } });
      school.now += 1_000;
      const first = await sent();
      if (!first.ok) expect([first.retry, (await sent()).ok]).toEqual([true, true]);
    }
    expect(school.anna.tags.size).toBe(100);
    expect(school.lms.requests.filter(({ status }) => status === 503).length).toBeGreaterThan(3);
  });
});

describe("what is sent", () => {
  test("bears both headers, and a wrong call would be told", async () => {
    await tag();
    const { headers } = school.lms.requests.at(-1) ?? {};
    expect(headers?.get("lw-client")).toBe(CLIENT.client_id);
    expect(headers?.get("authorization")).toBe("Bearer token-1");
    const enrolment = { productId: "course-1", productType: "course", price: 0, duration: 1, duration_type: "days" };
    const headersOf = {
      "lw-client": CLIENT.client_id,
      authorization: "Bearer token-1",
      "content-type": "application/json",
    };
    const { "lw-client": _, ...headersWithout } = headersOf;
    const ask = (path: string, method: string, body: unknown, headers: object = headersOf) =>
      school.lms.call(`https://school.acme.com/admin/api/v2/${path}`, {
        method,
        headers: { ...headers },
        body: JSON.stringify(body),
      });
    const wrong = [
      await ask(`users/${ANNA}/enrollment`, "POST", enrolment),
      await ask(`users/${ANNA}/enrollment`, "POST", { productId: "course-1", productType: "course" }),
      await ask(`users/${ANNA}/tags`, "PUT", { tags: ["a"], action: "attach", more: 1 }),
      await ask("community/spaces/sp1/users/anna@example.com", "DELETE", undefined),
      await ask(`users/${ANNA}/tags`, "PUT", { tags: ["a"], action: "attach" }, headersWithout),
    ];
    expect(wrong.map(({ status }) => status)).toEqual([422, 422, 422, 422, 401]);
    expect(school.lms.mistakes).toHaveLength(5);
    school.lms.mistakes.length = 0;
  });

  test("of a change from a release before is nothing", async () => {
    expect(await school.send({ type: "course.enroll", data: { courses: ["a"] } })).toEqual({
      ok: false,
      retry: false,
      error: "no change: it is of a release before",
    });
  });
});
