import fc from "fast-check";
import { describe, expect, test } from "vitest";
import learnworlds from "../../test/fixtures/inbound/learnworlds-webhooks.json";
import moodle from "../../test/fixtures/inbound/moodle-events.json";
import analytics from "../../test/fixtures/inbound/segment-analytics-node.json";
import logstore from "../../test/fixtures/inbound/xapi-moodle-logstore.json";
import tincan from "../../test/fixtures/inbound/xapi-tincanjs.json";
import { attributes } from "../catalogue/account/attributes";
import { dateMoment } from "../catalogue/dates/dates";
import type { FieldView } from "../catalogue/facts/facts";
import { moodlePage } from "../connectors/lms/moodle/ids";
import { fitEvents, fitUser } from "./fit";
import { mapLearnworlds } from "./learnworlds/map";
import { mapMoodle } from "./moodle";
import { mapSegment } from "./segment";
import { type ActivityKind, kindOf } from "./xapi/activity";
import { mapStatement } from "./xapi/map";
import { readStatements } from "./xapi/statement";
import { makerOf } from "./xapi/verbs";

/* What people and programs write otherwise and mean the same comes to the same here. */

const NOW = Date.UTC(2026, 11, 1);

const ends = fc
  .array(fc.constantFrom(" ", "\t", "\n", "\u00a0", "\u200b", "\u2060", "\ufeff"), { maxLength: 3 })
  .map((all) => all.join(""));
/** A text with what nobody sees at its ends. */
const around = (text: fc.Arbitrary<string>) => fc.tuple(ends, text, ends).map((parts) => parts.join(""));
const cased = (text: string) =>
  fc.constantFrom(
    text,
    text.toLowerCase(),
    text.toUpperCase(),
    text.replace(/./u, (first) => first.toUpperCase()),
  );
const spelled = (text: string) =>
  fc.tuple(cased(text), fc.constantFrom("NFC", "NFD")).map(([one, form]) => one.normalize(form));

const declared = new Map<string, FieldView>(
  (["text", "number", "boolean", "date", "choice"] as const).map((type) => [
    type,
    { key: type, name: type, type, choices: type === "choice" ? ["Développeuse", "Rot"] : [] } as unknown as FieldView,
  ]),
);

/** What is kept of a user of a foreign format. */
const kept = (given: Record<string, unknown>) => {
  const { value, leftOut } = fitUser(given, declared);
  return { ...attributes.parse(value), leftOut };
};

describe("a value of a user is the same", () => {
  test.each<[string, fc.Arbitrary<unknown>, unknown]>([
    ["text", around(fc.constant("Sales")), "Sales"],
    ["number", fc.oneof(fc.constant(45), around(fc.constantFrom("45", "45.0", "45 %", "+45"))), 45],
    [
      "boolean",
      fc.oneof(fc.constantFrom(true, 1), around(fc.constantFrom("true", "yes", "1", "on").chain(cased))),
      true,
    ],
    [
      "boolean",
      fc.oneof(fc.constantFrom(false, 0), around(fc.constantFrom("false", "no", "0", "off").chain(cased))),
      false,
    ],
    ["choice", around(spelled("Développeuse")), "Développeuse"],
  ])("in a field declared %s", (field, written, meant) => {
    fc.assert(
      fc.property(written, (one) => {
        expect(kept({ fields: { [field]: one } })).toEqual({ fields: { [field]: meant }, leftOut: [] });
      }),
    );
  });

  test("in a field for dates", () => {
    const moment = Date.UTC(2026, 2, 1);
    const texts = [
      "2026-03-01",
      "2026-03-01T00:00",
      "2026-03-01 00:00:00",
      "2026-03-01T00:00:00Z",
      "2026-03-01T02:00:00+02:00",
    ];
    const written = fc.oneof(
      fc.constantFrom(moment, moment / 1_000),
      around(fc.constantFrom(...texts, String(moment), String(moment / 1_000))),
    );
    fc.assert(
      fc.property(written, (one) => {
        const { fields, leftOut } = kept({ fields: { date: one } });
        expect([dateMoment(fields?.date, {}, "UTC", 0), leftOut]).toEqual([moment, []]);
      }),
    );
  });

  test("in an attribute", () => {
    const at = Date.UTC(2026, 2, 1, 9);
    const times = [
      "2026-03-01T09:00:00.000Z",
      "2026-03-01t09:00z",
      "2026-03-01 09:00:00",
      "2026-03-01T11:00:00+02:00",
      "2026-03-01T11:00+0200",
    ];
    fc.assert(
      fc.property(
        around(fc.constant("Anna@Acme.com")),
        around(fc.constant("Anna P")),
        fc.oneof(fc.constantFrom(at, at / 1_000), around(fc.constantFrom(...times, String(at), String(at / 1_000)))),
        around(fc.constantFrom("true", "yes", "1").chain(cased)),
        (email, username, registered_at, marketing_consent) => {
          expect(kept({ email, username, registered_at, marketing_consent, source: " \u200b" })).toEqual({
            ...{ email: "Anna@Acme.com", username: "Anna P", registered_at: at, marketing_consent: true },
            leftOut: [],
          });
        },
      ),
    );
  });
});

describe("what is written on another keyboard, or by another program, is the same", () => {
  const wide = (text: string) => text.replaceAll(/[!-~]/g, (char) => String.fromCharCode(char.charCodeAt(0) + 0xfee0));

  test("an address", () => {
    const address = "anna+x@acme.com";
    const ways = [
      address,
      wide(address),
      "anna+x＠acme.com",
      `Anna <${address}>`,
      `mailto:${address}`,
      `MAILTO:${address}?subject=x`,
    ];
    fc.assert(
      fc.property(around(fc.constantFrom(...ways)), (email) => {
        expect(kept({ email })).toEqual({ email: address, leftOut: [] });
      }),
    );
  });

  test("a number, a day, a yes", () => {
    for (const number of ["３１,５", "٣١,٥", "31,5 €"])
      expect(kept({ fields: { number } })).toEqual({ fields: { number: 31.5 }, leftOut: [] });
    for (const date of [
      "31.1.2026",
      "2026/01/31",
      "Jan 31, 2026",
      "31-Jan-2026",
      "２０２６／１／３１",
      "\u200f31.01.2026",
    ])
      expect(kept({ fields: { date } })).toEqual({ fields: { date: "2026-01-31" }, leftOut: [] });
    expect(kept({ fields: { boolean: "ＹＥＳ" } })).toEqual({ fields: { boolean: true }, leftOut: [] });
    expect(kept({ registered_at: "31.1.2026" }).registered_at).toBe(Date.UTC(2026, 0, 31));
  });
});

test("coupons, tags, amounts and currencies of an event are the same, and ids are as they are", () => {
  fc.assert(
    fc.property(
      around(spelled("Été")),
      fc.oneof(fc.constant(49.9), around(fc.constantFrom("49.9", "49.90"))),
      around(cased("eur")),
      around(cased("course")),
      (coupon, amount, currency, product_type) => {
        const paid = {
          type: "payment.made",
          user: { id: "anna" },
          data: { product: " js ", product_type, amount, currency, coupon },
        };
        const tagged = { type: "tag.added", user: { id: "anna" }, data: { tag: [coupon] } };
        const { value, leftOut } = fitEvents([paid, tagged], declared, NOW);
        const data = value[0]?.data;
        expect({ ...data, coupon: String(data?.coupon).normalize("NFC").toLowerCase() }).toEqual({
          ...{ product: " js ", product_type: "course", amount: 49.9, currency: String(data?.currency), coupon: "été" },
        });
        expect(String(data?.currency).toUpperCase()).toBe("EUR");
        expect(value[1]?.data?.tag).toEqual([data?.coupon]);
        expect(leftOut).toEqual([]);
      },
    ),
  );
});

describe("an address of Moodle's leads to the same thing", () => {
  const more = fc.shuffledSubarray(["section=2", "lang=el", "forceview=1"]);
  test.each([
    ["/course/view.php", "id", "course"],
    ["/mod/quiz/view.php", "id", "activity"],
    ["/mod/quiz/attempt.php", "cmid", "attempt"],
    ["/group/index.php", "id", "group"],
    ["/badges/overview.php", "id", "certificate"],
  ])("at %s", (path, parameter, kind) => {
    fc.assert(
      fc.property(
        fc.constantFrom("https://lms.school.example", "HTTPS://LMS.School.example:443/moodle", "http://127.0.0.1:8080"),
        more,
        fc.nat({ max: 3 }),
        fc.constantFrom("", "#section-2", "#"),
        (host, others, at, fragment) => {
          const query = others.toSpliced(at, 0, `${parameter}=42`).join("&");
          expect(moodlePage(`${host}${path}?${query}${fragment}`)).toEqual({ id: "42", kind });
        },
      ),
    );
  });
});

describe("a track is the same", () => {
  const mapped = async (event: string) => {
    const properties = { course: "js", lesson: "l1", order_id: "o1", total: 5 };
    const made = await mapSegment({ type: "track", userId: "anna", event, properties }, { receivedAt: NOW });
    return "events" in made ? made.events.map(({ type }) => type) : made;
  };

  test.each([
    ["Course Completed", "course.completed"],
    ["Order Completed", "payment.made"],
    ["Lesson Completed", "activity.completed"],
  ])("%s, whatever its case and what stands between its words", async (name, type) => {
    const between = fc.constantFrom(" ", "_", "", "\u00a0", "  ", "-");
    await fc.assert(
      fc.asyncProperty(
        around(fc.tuple(cased(name), between).map(([one, sign]) => one.replace(" ", sign))),
        async (event) => {
          expect(await mapped(event)).toEqual([type]);
        },
      ),
    );
  });

  test("whatever the case of its kind, and with products in a list that PHP wrote", async () => {
    const properties = { order_id: "o1", products: { 0: { product_id: "js" }, 2: { product_id: "py" } }, total: 5 };
    for (const type of ["track", "Track", " TRACK "]) {
      const made = await mapSegment(
        { type, userId: "anna", event: "Order Completed", properties },
        { receivedAt: NOW },
      );
      expect("events" in made && made.events.map(({ data }) => data?.product)).toEqual(["js", "py"]);
    }
  });

  test("by the name of a type of ours, or by its own", async () => {
    await fc.assert(
      fc.asyncProperty(around(cased("course.completed")), around(spelled("Étape finie")), async (ours, own) => {
        expect(await mapped(ours)).toEqual(["course.completed"]);
        expect(await mapped(own)).toEqual(["custom._tape_finie"]);
      }),
    );
  });
});

test("a statement's verb may have blanks around it or stand alone, its course a name without a language, its address slashes", async () => {
  const statement = {
    actor: { mbox: "mailto://anna@acme.com" },
    object: {
      id: "https://s.example/1",
      definition: { type: "http://adlnet.gov/expapi/activities/course", name: "Web" },
    },
  };
  const id = "http://adlnet.gov/expapi/verbs/completed";
  for (const verb of [{ id }, { id: ` ${id}\u200b` }, id]) {
    const [one] = readStatements([{ ...statement, verb }]);
    if (!one) throw new Error("no statement");
    expect((await mapStatement(one.statement, new Map())).mapped).toMatchObject({
      events: [{ type: "course.completed", user: { id: "anna@acme.com", email: "anna@acme.com" } }],
      names: [["course", "https://s.example/1", "Web"]],
    });
  }
});

test("a statement's verb and its object's type are the same in any case, by http or https, with a slash at the end or without", () => {
  const scheme = fc.constantFrom("http://", "https://", "HTTPS://", "http://www.");
  const iri = (rest: string) => fc.tuple(scheme, cased(rest), fc.constantFrom("", "/")).map((parts) => parts.join(""));
  fc.assert(
    fc.property(
      fc
        .constantFrom(
          "adlnet.gov/expapi/verbs/completed",
          "activitystrea.ms/schema/1.0/join",
          "w3id.org/xapi/adl/verbs/logged-in",
        )
        .chain(iri),
      iri("adlnet.gov/expapi/activities/Course"),
      iri("id.tincanapi.com/activitytype/LMS"),
      (verb, course, site) => {
        const kinds = [course, site].map((type) => kindOf({ id: "https://s.example/1", definition: { type } }));
        expect(kinds).toEqual(["course", "site"]);
        expect(kinds.concat("group").some((kind) => makerOf(verb, kind as ActivityKind))).toBe(true);
      },
    ),
  );
});

// ---- What else a message says ----

const MARK = "zz ";

/** Without what was added. */
const stripped = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(stripped);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, one]) => (name.startsWith(MARK) ? [] : [[name, stripped(one)]])),
  );
};

/** A message with more in its objects, here and there, and its parts in another order. */
const withMore = (value: unknown, more: readonly unknown[], take: () => boolean): unknown => {
  if (Array.isArray(value)) return value.map((one: unknown) => withMore(one, more, take));
  if (typeof value !== "object" || value === null) return value;
  const own = Object.entries(value).map(([name, one]) => [name, withMore(one, more, take)] as const);
  const added = more.flatMap((one, n) => (take() ? [[`${MARK}${n}`, one] as const] : []));
  const all = [...own, ...added];
  return Object.fromEntries(take() ? all.toReversed() : all);
};

const changed = (messages: readonly unknown[]) =>
  fc
    .tuple(
      fc.constantFrom(...messages),
      fc.array(fc.oneof(fc.jsonValue(), fc.constantFrom("undefined", "", null)), { minLength: 1, maxLength: 3 }),
      fc.infiniteStream(fc.boolean()),
    )
    .map(([message, more, choices]) => [message, withMore(message, more, () => choices.next().value)] as const);

const SITUATION = { now: NOW, currency: "EUR", seen: null, holdings: [] };
const statementsOf = (requests: readonly object[]) =>
  requests.flatMap((request) => ("body" in request ? [request.body].flat() : []));
const batches = analytics.requests.flatMap((request) => ("bodyText" in request ? [JSON.parse(request.bodyText)] : []));

/** What a message comes to, but for ids that are made of all that it says. */
const READERS: Record<string, { messages: readonly unknown[]; read(message: unknown): Promise<unknown> }> = {
  segment: {
    messages: batches.flatMap(({ batch }) => batch),
    read: (message) => mapSegment(message, { receivedAt: NOW }),
  },
  xapi: {
    messages: statementsOf([...logstore.requests, ...tincan.requests]),
    read: async (message) => {
      const [one] = readStatements([message]);
      if (!one) throw new Error("no statement");
      return mapStatement(one.statement, new Map());
    },
  },
  moodle: { messages: moodle.bodies, read: (message) => mapMoodle(message, NOW) },
  learnworlds: { messages: learnworlds, read: (message) => mapLearnworlds(message, SITUATION) },
};

const withoutIds = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value), (name, one) =>
    name === "id" && typeof one === "string" && one.length > 30 ? "id" : one,
  );

describe.each(Object.entries(READERS))("a message of %s", (_, { messages, read }) => {
  test("says the same, whatever else stands in it, and in whatever order", async () => {
    await fc.assert(
      fc.asyncProperty(changed(messages), async ([message, other]) => {
        expect(withoutIds(stripped(await read(other)))).toEqual(withoutIds(await read(message)));
      }),
      { numRuns: 300 },
    );
  });

  test("has the same id in whatever order its parts stand", async () => {
    for (const message of messages) expect(await read(withMore(message, [], () => true))).toEqual(await read(message));
  });
});
