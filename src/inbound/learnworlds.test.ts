import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { FakeSchool } from "../../test/fakes/learnworlds-school";
import recorded from "../../test/fixtures/inbound/learnworlds-webhooks.json";
import { call, makeSchool, setNow, type TestSchool } from "../../test/workers/live";
import type { Change } from "../catalogue/facts/changes";
import type { FieldView } from "../catalogue/facts/facts";
import { listUnmapped } from "../db/unmapped";
import { env } from "../http/test-client";
import { fitEvents } from "./fit";
import { mapLearnworlds } from "./learnworlds/map";
import type { Situation } from "./learnworlds/told";

const NOW = Date.UTC(2026, 0, 20);
// After all of the fixture.
beforeEach(() => {
  setNow(NOW);
});

const SITUATION: Situation = { now: NOW, currency: "EUR", seen: null, holdings: [] };
const ANNA = "6130afb278d2c94eeb228d12";

type Webhook = { type?: string; data?: Record<string, unknown> };
const all: readonly Webhook[] = recorded;
const named = (type: string, nth = 0): Webhook => all.filter((one) => one.type === type)[nth] ?? {};
const eventsOf = async (body: unknown, situation: Partial<Situation> = {}) => {
  const { mapped } = await mapLearnworlds(body, { ...SITUATION, ...situation });
  return "events" in mapped ? mapped.events : mapped.unmapped;
};
const payment = (type: string, change: Record<string, unknown>) => {
  const { data } = named(type);
  return { type, data: { ...data, payment: { ...(data?.payment as object), ...change } } };
};

test("what a product is called is told beside its id, and is no part of what copies are known by", async () => {
  const free = (title?: string) =>
    eventsOf({
      type: "enrolledFreeCourse",
      data: { date: 1767603600, course: { id: "js", title }, user: { id: "l1" } },
    });
  const [named, other, bare] = [await free("JavaScript"), await free("JS"), await free()];
  expect([named, other, bare]).toMatchObject([[{ data: { title: "JavaScript" } }], [{ data: { title: "JS" } }], [{}]]);
  const [ids, ...rest] = [named, other, bare].map((events) => Array.isArray(events) && events[0]?.id);
  expect(rest).toEqual([ids, ids]);
});

describe("a webhook", () => {
  test.each<[string, object[]]>([
    ["userUpdated", [{ type: "user.updated", data: {} }]],
    [
      "productBought",
      [
        {
          type: "payment.made",
          id: "lw:payment:61963baafbbd1d36c777b493",
          data: {
            product_type: "course",
            product: "js-101",
            amount: 90,
            currency: "EUR",
            payment: "61963baafbbd1d36c777b493",
            coupon: "SPRING",
          },
          occurred_at: "2026-01-05T17:53:46.000Z",
        },
        { type: "course.enrolled", data: { course: "js-101", paid: true } },
      ],
    ],
    ["enrolledFreeCourse", [{ type: "course.enrolled", data: { course: "js-101", paid: false } }]],
    [
      "leadCreated",
      [
        {
          type: "form.submitted",
          user: { email: "lead@example.com" },
          data: { form: "learnworlds:/ebook", kind: "marketing" },
        },
      ],
    ],
    [
      "awardedCertificate",
      [{ type: "certificate.awarded", data: { course: "js-101", certificate: "619600bfec57735ec64a6b39" } }],
    ],
    [
      "courseCompleted",
      [{ type: "course.completed", data: { course: "js-101" }, occurred_at: "2026-01-06T20:46:24.000Z" }],
    ],
    [
      "subscriptionPaymentPlanBought",
      [
        { type: "recurring.paid", data: { kind: "subscription", product: "all-access", amount: 20, currency: "EUR" } },
        { type: "subscription.enrolled", data: { subscription: "all-access", paid: true } },
      ],
    ],
    [
      "subscriptionPaymentPlanCanceled",
      [{ type: "recurring.canceled", data: { kind: "subscription", product: "all-access" } }],
    ],
    [
      "subscriptionTrialStarted",
      [{ type: "trial.started", data: { subscription: "all-access", ends_at: "2026-01-16T09:04:15.000Z" } }],
    ],
    [
      "subscriptionTrialWillEnd",
      [{ type: "trial.started", data: { subscription: "all-access", ends_at: "2026-01-16T09:04:15.000Z" } }],
    ],
    ["previewedFree", [{ type: "course.previewed", data: { course: "js-101" } }]],
    [
      "subscriptionUpdated",
      [{ type: "subscription.updated", data: { subscription: "all-access", change: "plan_changed" } }],
    ],
    ["userUnenrolledFromProduct", [{ type: "bundle.unenrolled", data: { bundle: "web-bundle" } }]],
    ["userTagAdded", [{ type: "tag.added", data: { tag: ["super", "learner", "vip"] } }]],
    ["userTagDeleted", [{ type: "user.updated", data: {} }]],
  ])("%s", async (type, events) => {
    const made = await eventsOf(named(type));
    expect(made).toHaveLength(events.length);
    expect(made).toMatchObject(events);
    if (type !== "leadCreated") expect(made[0]).toMatchObject({ user: { id: ANNA, email: "anna@example.com" } });
  });

  test("of a payment makes the same by either of its two types", async () => {
    expect(await eventsOf(named("paymentCreated"))).toEqual(await eventsOf(named("productBought")));
  });

  test("of a payment has its price however it is written", async () => {
    for (const price of ["1234,50", "1.234,50 €", "$1,234.50", "1 234,5", 1234.5])
      expect(await eventsOf(payment("productBought", { price })), String(price)).toMatchObject([
        { type: "payment.made", data: { amount: 1234.5 } },
        { type: "course.enrolled" },
      ]);
  });

  test("of a payment of nothing enrols, and pays nothing", async () => {
    expect(await eventsOf(payment("productBought", { price: "0" }))).toMatchObject([
      { type: "course.enrolled", data: { course: "js-101", paid: false } },
    ]);
    expect(await eventsOf(payment("subscriptionPaymentPlanBought", { price: 0 }))).toMatchObject([
      { type: "subscription.enrolled", data: { subscription: "all-access", paid: false } },
    ]);
  });

  describe("of our own enrolment come back", () => {
    const holding = (...sources: string[]) => [{ product_type: "course" as const, product: "js-101", sources }];
    const byHand = (price: number, more: Record<string, unknown> = {}) =>
      payment("productBought", { gateway: null, transaction_id: "Added by admin", price, ...more });
    const typesOf = async (body: unknown, ...sources: string[]) => {
      const made = await eventsOf(body, { holdings: holding(...sources) });
      return typeof made === "string" ? made : made.map(({ type }) => type);
    };
    const NEWS = ["payment.made", "course.enrolled"];

    test("pays nothing a second time and gives no second hold: of the user alone it tells", async () => {
      expect(await typesOf(byHand(90), "run")).toEqual(["user.updated"]);
      expect(await typesOf(byHand(90), "event", "run")).toEqual(["user.updated"]);
      for (const source of ["run", "sync:syn_1", "bundle:web"])
        expect(await typesOf(byHand(0), source)).toEqual(["user.updated"]);
      const subscription = { gateway: null, transaction_id: "Added by admin", price: 20 };
      expect(
        await eventsOf(payment("subscriptionPaymentPlanBought", subscription), {
          holdings: [{ product_type: "subscription", product: "all-access", sources: ["run"] }],
        }),
      ).toMatchObject([{ type: "user.updated", data: {} }]);
    });

    test("is told from what an admin gave, who pays for it or not", async () => {
      expect(await typesOf(byHand(90))).toEqual(NEWS);
      expect(await typesOf(byHand(90), "event")).toEqual(NEWS);
      // We give with a payment in runs alone.
      expect(await typesOf(byHand(90), "sync:syn_1")).toEqual(NEWS);
      expect(await typesOf(byHand(0), "event")).toEqual(["course.enrolled"]);
    });

    test("is told from what the user bought, and from another product", async () => {
      expect(await typesOf(named("productBought"), "run")).toEqual(NEWS);
      expect(await typesOf(byHand(90, { product: { id: "py", type: "course" } }), "run")).toEqual(NEWS);
      expect(await typesOf(byHand(90, { product: { id: "js-101", type: "bundle" } }), "run")).toEqual([
        "payment.made",
        "bundle.enrolled",
      ]);
    });
  });

  test("of a payment with several products enrols in each, and takes its currency", async () => {
    const products = [
      { id: "b", type: "bundle" },
      { id: 7, type: "course" },
    ];
    expect(await eventsOf(payment("paymentCreated", { products, currency_code: "usd" }))).toMatchObject([
      { type: "payment.made", data: { product_type: "bundle", product: "b", currency: "USD" } },
      { type: "bundle.enrolled", data: { bundle: "b" } },
      { type: "course.enrolled", data: { course: "7" } },
    ]);
    expect(await eventsOf(payment("paymentCreated", { product: { id: "x", type: "ebook" } }))).toBe("paymentCreated");
  });

  test("brings the user's attributes", async () => {
    const [event] = await eventsOf(named("userUpdated"));
    expect(event).toMatchObject({
      user: {
        id: ANNA,
        email: "anna@example.com",
        username: "Anna",
        registered_at: "2026-01-05T09:00:00.000Z",
        source: "facebook-ads",
        marketing_consent: false,
        fields: { location: "Athens", cf_department: "Sales", cf_terms: true, company: null },
      },
    });
    // Its own names for the same.
    const [other] = await eventsOf(named("subscriptionUpdated"));
    expect(other).toMatchObject({
      user: { username: "Anna", registered_at: "2026-01-05T09:00:00.000Z", source: "facebook-ads" },
    });
  });

  test("is not refused for an attribute that does not fit", async () => {
    const declared: ReadonlyMap<string, FieldView> = new Map([
      ["age", { key: "age", type: "number", choices: [] }],
      ["start", { key: "start", type: "date", choices: [] }],
    ]);
    const data = {
      user: { id: "u", email: "none", username: "x".repeat(300), fields: { age: "41", start: "soon", list: [1] } },
    };
    const events = await eventsOf({ type: "userUpdated", data });
    const { value, leftOut } = fitEvents(Array.isArray(events) ? events : [], declared, NOW);
    expect(value).toEqual([
      { type: "user.updated", data: {}, user: { id: "u", username: "x".repeat(256), fields: { age: 41 } } },
    ]);
    expect(leftOut.map(({ path }) => path)).toEqual(["/user/email", "/user/fields/start", "/user/fields/list"]);
  });

  test("of a user made just now is a sign-up", async () => {
    const now = Date.UTC(2026, 0, 5, 9, 5);
    expect(await eventsOf(named("userUpdated"), { now })).toMatchObject([
      { type: "user.signed_up", occurred_at: "2026-01-05T09:00:00.000Z" },
    ]);
  });
});

describe("what was seen of a user before", () => {
  const seenOf = async (body: unknown) => (await mapLearnworlds(body, SITUATION)).seen;
  const user = (change: Record<string, unknown>) => {
    const { data } = named("userUpdated");
    return { type: "userUpdated", data: { ...data, user: { ...(data?.user as object), ...change } } };
  };

  test("tells which tags LearnWorlds took", async () => {
    const seen = await seenOf(named("userTagAdded"));
    expect(await eventsOf(named("userTagDeleted"), { seen })).toMatchObject([
      { type: "tag.removed", data: { tag: ["learner", "vip"] } },
    ]);
    // A webhook about something else may overtake it.
    const later = (await mapLearnworlds(user({ tags: ["super"] }), { ...SITUATION, seen })).seen;
    expect(later.tags).toEqual(seen.tags);
  });

  test("tells no tag that is there still, in another case, order or with blanks around it", async () => {
    const tagged = (type: string, ...tags: string[]) => ({ type, data: { ...named(type)?.data, id: ANNA, tags } });
    const seen = await seenOf(tagged("userTagAdded", "VIP", "old", "Été", "vip"));
    expect(seen.tags).toEqual(["VIP", "old", "Été"]);
    const left = tagged("userTagDeleted", "\u00e9t\u00e9 ".normalize("NFD"), "\u200bvip", "vip");
    expect(await eventsOf(left, { seen })).toMatchObject([{ type: "tag.removed", data: { tag: ["old"] } }]);
  });

  test("tells answers, decisions and sign-ins by their change, and nothing at first sight", async () => {
    const seen = await seenOf(user({ nps_score: null, signup_approval_status: "pending" }));
    expect(await eventsOf(user({}), { seen })).toMatchObject([
      { type: "user.updated" },
      { type: "signup.approved", user: { id: ANNA } },
      { type: "nps.submitted", data: { score: 9, comment: "Good." } },
    ]);
    expect(await eventsOf(user({}), { seen: await seenOf(user({})) })).toHaveLength(1);
    expect(
      await eventsOf(user({ last_login: 1767690000.2, signup_approval_status: "failed" }), { seen }),
    ).toMatchObject([
      {},
      { type: "signup.rejected" },
      { type: "nps.submitted" },
      { type: "user.signed_in", occurred_at: "2026-01-06T09:00:00.000Z" },
    ]);
  });

  test("tells whether a trial is known, whose end needs no other", async () => {
    const seen = await seenOf(named("subscriptionTrialStarted"));
    expect(await eventsOf(named("subscriptionTrialWillEnd"), { seen })).toBe("subscriptionTrialWillEnd");
  });
});

describe("the hook", () => {
  let school: TestSchool;
  let hook: string;
  beforeAll(async () => {
    school = await makeSchool();
    hook = `/hooks/learnworlds/${(await school.ask("GET", "/v1/school")).body.hook_key}`;
  });
  const post = (body: unknown, signature?: string) =>
    call("POST", hook, body, undefined, signature === undefined ? {} : { "learnworlds-webhook-signature": signature });
  const get = async (path: string) => (await school.ask("GET", path)).body;
  const typesOf = async (user: string): Promise<string[]> =>
    (await get(`/v1/users/${user}/timeline?limit=100`)).data.map(({ type }: { type: string }) => type);

  test("takes all 17 types, and copies of what has a time change nothing", async () => {
    for (const body of all) expect(await post(body)).toMatchObject({ status: 200, body: { received: true } });
    const user = await get(`/v1/users/${ANNA}`);
    expect(user).toMatchObject({
      email: "anna@example.com",
      tags: ["super"],
      paying: true,
      enrolments: expect.arrayContaining([expect.objectContaining({ product: "js-101" })]),
    });
    const before = await typesOf(ANNA);
    // The payment by hand is another.
    expect(before.filter((type) => type === "payment.made")).toHaveLength(2);
    const lead = await get(`/v1/users/${encodeURIComponent("lead:lead@example.com")}`);
    expect(lead.email).toBe("lead@example.com");

    for (const body of all.filter(({ type }) => type !== "previewedFree" && !type?.startsWith("userTag")))
      expect((await post(body)).status).toBe(200);
    expect((await typesOf(ANNA)).toSorted()).toEqual(before.toSorted());
    const counted = (await listUnmapped(env, school.id, { limit: 100 })).data.map(
      ({ format, name }) => `${format} ${name}`,
    );
    expect(counted).toEqual(expect.arrayContaining(["learnworlds learningProgramCompleted", "learnworlds no type"]));
  });

  test("takes our own enrolment with a price, come back from LearnWorlds, for no second payment", async () => {
    const dora = "6130afb278d2c94eeb228d99";
    await school.automation({
      when: [{ type: "tag.added", tags: ["buyer"] }],
      then: [{ type: "course.enroll", courses: ["course-1"], create_payment: true, price: 49, expires_after: "P30D" }],
      synchronous: true,
    });
    await school.event("tag.added", { id: dora, email: "dora@acme.com" }, { tag: "buyer" });
    const held = async () => (await get(`/v1/users/${dora}`)).enrolments;
    const before = await held();
    expect(before).toMatchObject([{ product: "course-1", sources: ["run"], expires_at: expect.any(String) }]);

    const webhooks: unknown[] = [];
    const theirs = new FakeSchool({ tell: (webhook) => void webhooks.push(webhook) });
    theirs.user = { id: dora, email: "dora@acme.com", pushTokens: [] };
    theirs.lms.addUser(dora, "dora@acme.com");
    const enrolled: Change = {
      type: "course.enrolled",
      data: { course: "course-1", role: "student", expires_at: before[0].expires_at, source: "run", price: 49 },
    };
    expect(await theirs.change(enrolled)).toMatchObject({ ok: true });
    expect(webhooks).toHaveLength(1);
    for (const webhook of [...webhooks, { ...(webhooks[0] as object), type: "paymentCreated" }])
      expect((await post(webhook)).status).toBe(200);

    expect((await typesOf(dora)).filter((type) => type === "payment.made")).toHaveLength(1);
    // Held by an event too, it would not end in 30 days.
    expect(await held()).toEqual(before);
  });

  test("forgets what it saw of a user who is erased", async () => {
    await post({ type: "userTagAdded", data: { id: "olga", tags: ["a"] } });
    const rows = () =>
      env.DB.prepare("select user from learnworlds_seen where school = ? and user = 'olga'").bind(school.id).all();
    expect((await rows()).results).toHaveLength(1);
    expect((await school.ask("DELETE", "/v1/users/olga")).status).toBe(204);
    expect((await rows()).results).toHaveLength(0);
  });

  test("counts what it knows and cannot read, and changes nothing: LearnWorlds would send it for days", async () => {
    const data = { course: { id: "" }, user: { id: "pavel", email: "p@acme.com" } };
    expect((await post({ type: "courseCompleted", data })).status).toBe(200);
    expect((await post({ type: "courseCompleted", data: { course: { id: "js" } } })).status).toBe(200);
    for (const id of ["undefined", "null", " ", "NaN", "[object Object]"])
      expect((await post({ type: "userUpdated", data: { user: { id, email: "p@acme.com" } } })).status).toBe(200);
    expect((await get("/v1/users/pavel")).status).toBe(404);
    const told = (await listUnmapped(env, school.id, { limit: 100 })).data.map(({ name, path }) => [name, path]);
    expect(told).toContainEqual(["courseCompleted: /data/course is missing: it must be a text", "/data/course"]);
    expect(told).toContainEqual(["userUpdated (nobody)", null]);
  });

  test.each([[[]], [{ type: 7 }], [{ type: "constructor", data: [] }], [{ type: "productBought" }], ["x"]])(
    "counts %j",
    async (body) => {
      expect((await post(JSON.stringify(body))).status).toBe(200);
    },
  );

  test("takes a date beyond all calendars for none", async () => {
    const data = {
      date: 9e15,
      subscription: { id: "s", trial_period_days: 1e9 },
      user: { id: "rita", created: 9e15, last_login: -9e15 },
    };
    expect((await post({ type: "subscriptionTrialStarted", data })).status).toBe(200);
    expect((await get("/v1/users/rita")).status).toBe(404);
    expect(
      (await post({ type: "courseCompleted", data: { ...data, completed_at: 9e15, course: { id: "js" } } })).status,
    ).toBe(200);
  });

  test("asks for the school's token once it has one, and never shows it", async () => {
    const change = { settings: { connectors: { learnworlds_webhook: { token: "e8fad5b0" } } } };
    const answered = await school.ask("PATCH", "/v1/school", change);
    expect(answered.status).toBe(200);
    expect(answered.text).not.toContain("e8fad5b0");
    const body = { type: "userUpdated", data: { user: { id: "sam" } } };
    for (const signature of [undefined, "", "v1=", "v1=e8fad5b", "e8fad5b0", "v1=e8fad5b0x"])
      expect((await post(body, signature)).status).toBe(401);
    expect((await post(body, "v1=e8fad5b0")).status).toBe(200);
  });
});
