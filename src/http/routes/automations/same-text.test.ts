import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { env, flushLog, liveSchool } from "../../../../test/workers/live";
import { shortLine } from "../../../catalogue/options/fields";
import { schoolsListing } from "../../../schools/sign-in/listed";

/* Texts that differ in how they are written only, as they come in over HTTP. */

const { school } = liveSchool();

const change = (settings: Record<string, unknown>) => school.ask("PATCH", "/v1/school", { settings });
const taken = async (settings: Record<string, unknown>) => (await change(settings)).body.settings;
const places = (answer: { status: number; body: { errors?: { path: string }[] } }) => [
  answer.status,
  answer.body.errors?.map(({ path }) => path),
];

/** Of which nothing is seen. */
const UNSEEN = ["", " ", "\u200b", " \u2060\ufeff\t", "\u3164", "\u00ad\u200d"];

describe("a setting", () => {
  test.each([
    ["https://School.com/", "https://school.com"],
    [" HTTPS://BÜCHER.example:443 ", "https://xn--bcher-kva.example"],
    ["http://school.com:80", "http://school.com"],
    ["http://school.com:8080", "http://school.com:8080"],
  ])("allowed_origins keeps %j as browsers send it", async (written, origin) => {
    // What is more than an origin stays as it is, and is refused.
    const answer = await change({ allowed_origins: [written.replace(/\/$/, "")] });
    expect(answer.body.settings.allowed_origins).toEqual([origin]);
    expect((await change({ allowed_origins: [`${origin}/path`] })).status).toBe(422);
  });

  test("allowed_origins are the same in any case, form and with what browsers leave out", async () => {
    const host = fc.constantFrom("b\u00fccher.example", "BU\u0308CHER.Example", "xn--bcher-kva.example");
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom("https://", "HTTPS://", " https://"),
        host,
        fc.constantFrom("", ":443"),
        fc.constantFrom("", " ", "\u200b"),
        async (...parts) => {
          expect(await taken({ allowed_origins: [parts.join("")] })).toMatchObject({
            allowed_origins: ["https://xn--bcher-kva.example"],
          });
        },
      ),
      { numRuns: 12 },
    );
  });

  test("currency is taken in any case and kept in capitals, locale with `_` or `-`", async () => {
    expect(await taken({ currency: "eUr", locale: "el_GR" })).toMatchObject({ currency: "EUR", locale: "el-GR" });
    expect(await taken({ locale: "en-GB" })).toMatchObject({ locale: "en-GB" });
    expect(places(await change({ currency: "euro", locale: "e_" }))).toEqual([
      422,
      ["/settings/currency", "/settings/locale"],
    ]);
  });

  test("of names is one line", async () => {
    expect(await taken({ company_name: " Acme\r\n\tSchool " })).toMatchObject({ company_name: "Acme School" });
    const automation = { name: "A\nB ", when: [{ type: "user.signed_up" }], then: [] };
    expect((await school.ask("POST", "/v1/automations", automation)).body.name).toBe("A B");
    // A card is kept as written; what its action is given, such as `from_name`, is one line.
    expect(shortLine(128).parse(" Acme\r\n\tSchool ")).toBe("Acme School");
  });

  test.each(UNSEEN)("or a name of which nothing is seen is refused: %j", async (nothing) => {
    const role = await change({ collaborators: [{ email: "a@acme.com", role: nothing }] });
    expect(places(role)).toEqual([422, ["/settings/collaborators/0/role"]]);
    for (const [path, more] of [
      ["/v1/api-keys", { scopes: ["read"] }],
      ["/v1/segments", {}],
      ["/v1/profile-fields", { key: "k", type: "text" }],
    ] as const)
      expect(places(await school.ask("POST", path, { name: nothing, ...more })), path).toEqual([422, ["/name"]]);
  });
});

describe("a tag of which nothing is seen", () => {
  test.each(UNSEEN)("is refused wherever one is given: %j", async (tag) => {
    const event = await school.ask("POST", "/v1/events", { type: "tag.added", user: { id: "anna" }, data: { tag } });
    expect(event.status).toBe(422);
    const among = { type: "tag.added", user: { id: "anna" }, data: { tag: ["vip", tag] } };
    expect((await school.ask("POST", "/v1/events", among)).status).toBe(422);
    const automation = { name: "A", when: [{ type: "user.signed_up" }], then: [{ type: "tags.add", tags: [tag] }] };
    expect(places(await school.ask("POST", "/v1/automations", automation))).toEqual([422, ["/then/0/tags/0"]]);
    const id = await school.automation({ ...automation, then: [{ type: "tags.add", tags: ["vip"] }] });
    expect((await school.ask("POST", `/v1/automations/${id}/enrol`, { tag })).status).toBe(422);
    const enrolment = { type: "course.enrolled", user: { id: "anna" }, data: { course: "c", role: tag } };
    expect((await school.ask("POST", "/v1/events", enrolment)).status).toBe(422);
  });
});

describe("a tag is one whatever its case, its letters and what was pasted around it", () => {
  const end = fc.constantFrom("", " ", "\u200b", "\t", "\u00a0\ufeff");
  const word = fc.constantFrom("Caf\u00e9 Club", "CAF\u00c9 CLUB", "cafe\u0301 club");
  const tag = fc.tuple(end, word, end).map((parts) => parts.join(""));
  const tagged = async () => (await school.ask("GET", "/v1/users/tara")).body.tags;

  test("in events, cards, filters and by whoever is enrolled by it", async () => {
    await school.event("tag.added", "tara", { tag: "\u00a0Caf\u00e9 Club " });
    expect(await tagged()).toEqual(["Caf\u00e9 Club"]);
    await fc.assert(
      fc.asyncProperty(tag, tag, tag, tag, async (given, told, asked, meant) => {
        const automation = {
          ...{ name: "A", when: [{ type: "tag.added", tags: [meant] }], only_if: { type: "tags.has", tags: [asked] } },
          then: [{ type: "tags.remove", tags: [told] }],
          synchronous: true,
        };
        const id = await school.automation(automation);
        expect((await school.event("tag.added", "tara", { tag: [given, told] })).facts).toEqual([]);
        await flushLog(school.id, "tara");
        expect((await school.ask("GET", `/v1/users?tag=${encodeURIComponent(asked)}`)).body.data).toHaveLength(1);
        const enrol = await school.ask("POST", `/v1/automations/${id}/enrol`, {
          tag: given,
          dry_run: true,
        });
        expect(enrol.body).toEqual({ count: 1 });
        // Taken away by an event, and again by the card as soon as it is there.
        await school.event("tag.removed", "tara", { tag: given });
        expect((await school.event("tag.added", "tara", { tag: told })).runs).toHaveLength(1);
        expect(await tagged()).toEqual([]);
        await school.ask("DELETE", `/v1/automations/${id}`);
        await school.event("tag.added", "tara", { tag: meant });
        expect(await tagged()).toEqual(["Caf\u00e9 Club"]);
      }),
      { numRuns: 8 },
    );
  });
});

describe("what is searched by `?q=`", () => {
  test("is found however its blanks and apostrophes are typed", async () => {
    await school.ask("PUT", "/v1/products/course/c1", { name: "The Teacher’s first  course" });
    const blank = fc.constantFrom(" ", "  ", "\u00a0", "\t ");
    const end = fc.constantFrom("", " ", "\u200b", "\ufeff ");
    const apostrophe = fc.constantFrom("'", "’");
    await fc.assert(
      fc.asyncProperty(blank, blank, end, end, apostrophe, async (one, other, before, after, sign) => {
        const q = `${before}teacher${sign}s${one}First${other}course${after}`;
        const { body } = await school.ask("GET", `/v1/products?q=${encodeURIComponent(q)}`);
        expect(body.data.map(({ id }: { id: string }) => id)).toEqual(["c1"]);
      }),
      { numRuns: 20 },
    );
  });
});

test("a collaborator is found by the address, in whatever case and form of its domain it is written", async () => {
  const email = `Eve-${crypto.randomUUID()}@B\u00fcCHER.example`;
  expect((await change({ collaborators: [{ email: ` ${email}\u200b`, role: "owner" }] })).status).toBe(200);
  for (const written of [email, email.toLowerCase(), email.toLowerCase().replace("b\u00fccher", "xn--bcher-kva")])
    expect(
      (await schoolsListing(env, written, ["owner"])).map(({ id }) => id),
      written,
    ).toEqual([school.id]);
  expect(await schoolsListing(env, email, ["viewer"])).toEqual([]);
});

test("a coupon is one in whatever case it is written", async () => {
  await school.automation({
    when: [{ type: "coupon.used", coupons: ["Summer"] }],
    then: [{ type: "tags.add", tags: ["seasonal"] }],
  });
  const data = { product_type: "course", product: "c1", amount: 1, currency: "eur", payment: "p1", coupon: "SUMMER" };
  const { runs } = await school.event("payment.made", "anna", data);
  expect(runs).toHaveLength(1);
  const [payment] = (await school.ask("GET", "/v1/payments?user=anna")).body.data;
  expect(payment).toMatchObject({ currency: "EUR", coupon: "SUMMER" });
});

test("a coupon is one whatever was pasted around it, in the event and in the automation", async () => {
  await school.automation({ when: [{ type: "coupon.used", coupons: ["Winter\u00e9 "] }], then: [] });
  const end = fc.constantFrom("", " ", "\u200b", "\t", "\ufeff");
  const code = fc.constantFrom("winter\u00e9", "WINTER\u00c9", "Wintere\u0301");
  await fc.assert(
    fc.asyncProperty(end, code, end, async (before, coupon, after) => {
      const { runs } = await school.event("coupon.used", "anna", { coupon: before + coupon + after });
      expect(runs).toHaveLength(1);
    }),
    { numRuns: 20 },
  );
});

test("a collaborator has each role once, however the address is written", async () => {
  const people = (...listed: [email: string, role: string][]) => listed.map(([email, role]) => ({ email, role }));
  const given = people(
    ["Eve@b\u00fccher.example", "owner"],
    ["eve@b\u00fccher.example", "sales"],
    [" eve@xn--bcher-kva.example", "Owner"],
    ["mia@acme.com", "owner"],
  );
  expect((await taken({ collaborators: given })).collaborators).toEqual([given[0], given[1], given[3]]);
});

test("a choice is one line, so that who types it has it", async () => {
  const field = { key: "level", name: "Level", type: "choice", choices: ["Gold ", "Old\r\nsilver"] };
  const made = await school.ask("POST", "/v1/profile-fields", field);
  expect(made.body.choices).toEqual(["Gold", "Old silver"]);
  expect(
    places(await school.ask("POST", "/v1/profile-fields", { ...field, key: "same", choices: ["a", "a "] })),
  ).toEqual([422, ["/choices"]]);
});

test.each(UNSEEN)(
  "a username of which nothing is seen, %j, is the empty text, by PUT and in an event",
  async (username) => {
    const put = await school.ask("PUT", "/v1/users/unseen", { username });
    const told = await school.ask("POST", "/v1/events", { type: "school.visited", user: { id: "unseen2", username } });
    expect([put.status, put.body.username, told.status, told.body.user.username]).toEqual([200, "", 200, ""]);
  },
);
