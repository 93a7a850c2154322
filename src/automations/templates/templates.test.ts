import { describe, expect, test } from "vitest";
import * as z from "zod";
import { Problem } from "../../base/errors/errors";
import { eventOf } from "../../catalogue";
import { type Attributes, attributes } from "../../catalogue/account/attributes";
import { isPaying } from "../../catalogue/account/paying";
import { checkDefinition } from "../../catalogue/checking/check";
import { addDuration } from "../../catalogue/dates/time";
import { catalogueDocument } from "../../catalogue/document";
import type { Path } from "../../definition/types";
import { compile } from "../../engine/compile/compile";
import { advance, newState, step } from "../../engine/step";
import { type TestSchool, testWorld } from "../../engine/test-world";
import type { Delivery } from "../../engine/types";
import { touchesOf } from "../graph/edges";
import { makersAmong } from "../warnings/circles";
import { affectingAmong } from "../warnings/conflicts";
import { warningsOf } from "../warnings/warnings";
import { getTemplate, listTemplates } from ".";

interface Schema {
  type?: string;
  picker?: string;
  default?: unknown;
  enum?: unknown[];
  items?: Schema;
  minimum?: number;
  minItems?: number;
  format?: string;
  properties?: Record<string, Schema>;
}

const SAMPLES: Record<string, string> = { date: "2026-03-01", domain: "acme.com" };

/** A value for a JSON Schema: enough to fill a template in. */
function sample(schema: Schema = {}, word = "sample"): unknown {
  if (schema.default !== undefined) return schema.default;
  if (schema.enum) return schema.enum[0];
  if (schema.type === "array")
    return Array.from({ length: schema.minItems ?? 1 }, (_, n) => sample(schema.items, n ? `${word}-${n}` : word));
  if (schema.type === "integer" || schema.type === "number") return schema.minimum ?? 1;
  if (schema.type === "boolean") return true;
  if (schema.type === "object") return filled(schema);
  return SAMPLES[schema.format ?? ""] ?? word;
}
const filled = (schema: Schema, word?: (key: string) => string) =>
  Object.fromEntries(Object.entries(schema.properties ?? {}).map(([key, one]) => [key, sample(one, word?.(key))]));
const paramsSchema = (id: string) =>
  z.toJSONSchema(template(id).params, { io: "input", unrepresentable: "any" }) as Schema;

const template = (id: string) => {
  const found = getTemplate(id);
  if (!found) throw new Error(`no template ${id}`);
  return found;
};

const NOW = "2026-01-05T09:00:00.000Z";
type Happening = string | [type: string, data?: Record<string, unknown>, user?: z.input<typeof attributes>];

/** Lets things happen to a user of a school with one template in use: events, and time that passes. */
function play(
  id: string,
  params: Record<string, unknown>,
  happenings: Happening[],
  school: TestSchool & { user?: string } = {},
) {
  const world = testWorld({ aut: template(id).build(params) }, school);
  let now = Date.parse(NOW);
  const state = newState(school.user ?? "anna", now);
  const deliveries: Delivery[] = [];
  const settle = () => void deliveries.push(...advance(state, world, now, { jumps: true }).effects.deliveries);
  const send = (type: string, data: Record<string, unknown>, user: Attributes) => {
    const event = eventOf(type);
    if (!event) throw new Error(type);
    const input = {
      kind: "event",
      id: "e",
      event,
      type,
      data: event.data.parse(data),
      attributes: user,
      at: now,
    } as const;
    const { before, effects } = step(state, input, world, now);
    deliveries.push(...before.deliveries, ...effects.deliveries);
    settle();
  };
  send("user.updated", {}, { email: "anna@acme.com", username: "Anna" });
  for (const happening of happenings) {
    if (typeof happening === "string") {
      now = addDuration(now, happening, "UTC");
      settle();
    } else send(happening[0], happening[1] ?? {}, attributes.parse(happening[2] ?? {}));
  }
  const { learner } = state;
  return {
    learner,
    deliveries,
    subjects: deliveries.filter((one) => one.channel === "email").map((one) => one.content.subject),
    courses: learner.enrolments.map((one) => one.product),
    live: state.runs.length,
  };
}

const cards = catalogueDocument();
/** What the cards of a definition name, by what the catalogue says to the outside of their options. */
function* pickedIn(value: unknown, path: Path): Generator<{ value: string; path: Path }> {
  if (typeof value !== "object" || value === null) return;
  const { type } = value as { type?: unknown };
  const options = [cards.triggers, cards.conditions, cards.actions].map(
    (list) => (list.find((one) => one.type === type)?.params as Schema | undefined)?.properties ?? {},
  );
  for (const [key, one] of Object.entries(value)) {
    const here = [...path, Array.isArray(value) ? Number(key) : key];
    const picker = options.map((all) => all[key]?.picker ?? all[key]?.items?.picker).find((name) => name !== undefined);
    if (picker === undefined || picker === "collaborator") yield* pickedIn(one, here);
    else if (typeof one === "string") yield { value: one, path: here };
    else
      for (const [i, id] of (one as string[]).entries()) if (id !== "$trigger") yield { value: id, path: [...here, i] };
  }
}

const enrolled: Happening = ["course.enrolled", { course: "js" }];

describe("every template", () => {
  const ids = listTemplates().map((one) => one.id);

  test.each(ids)("%s: filled in by its schema, is a good definition", (id) => {
    const schema = paramsSchema(id);
    expect(schema.type).toBe("object");
    const { faults } = checkDefinition(template(id).build(filled(schema)));
    expect(faults).toEqual([]);
  });

  test.each(ids)("%s: with ids that differ, warns of nothing", (id) => {
    const { definition } = checkDefinition(template(id).build(filled(paramsSchema(id), (key) => key)));
    const program = compile(definition, 1);
    const beside = {
      listeners: () => [],
      makers: makersAmong([]),
      affecting: affectingAmong([]),
      syncs: [],
      segments: new Map(),
      autoGroups: [],
      school: testWorld({}).school,
    };
    const context = { ...beside, knows: () => true, lms: null, isSetUp: () => true };
    expect(warningsOf(definition, { id, program, ...context })).toEqual([]);
  });

  test.each(ids)("%s: what it names is in the graph, each at its place", (id) => {
    const { definition } = checkDefinition(template(id).build(filled(paramsSchema(id), (key) => key)));
    const places = new Map([...touchesOf(definition)].map((one) => [one.path.join("/"), one.thing.id]));
    const named = [...pickedIn(definition, [])];
    for (const { value, path } of named) expect([path, places.get(path.join("/"))]).toEqual([path, value]);
    expect([...touchesOf(definition)].length).toBeGreaterThan(named.length);
  });

  test.each(ids)("%s: its mails say what things are called, never their ids", (id) => {
    expect(JSON.stringify(paramsSchema(id))).not.toMatch(/\{\{[^}]*\.id\b/);
  });

  test("there are those of the articles, each with an id and name of its own", () => {
    const all = listTemplates();
    expect(all.length).toBeGreaterThanOrEqual(15);
    for (const key of ["id", "name", "description"] as const)
      expect(new Set(all.map((one) => one[key])).size).toBe(all.length);
    const names = all.map((one) => one.name);
    expect(names).toEqual(expect.arrayContaining(["Enroll users in courses upon signup", "Tag users on signup"]));
    for (const { id } of all) expect(id).toMatch(/^[a-z][a-z-]+$/);
  });

  test("refuses params it does not take, with their places", () => {
    const faultsOf = (params: Record<string, unknown>) => {
      try {
        template("tag-coupon").build(params);
      } catch (error) {
        if (error instanceof Problem) return error.faults?.map((fault) => fault.path).sort();
        throw error;
      }
      return [];
    };
    expect(faultsOf({ coupons: ["A"], tags: ["b"] })).toEqual([]);
    expect(faultsOf({ coupons: [], tags: ["$trigger"], other: 1 })).toEqual([
      "/params/coupons",
      "/params/other",
      "/params/tags/0",
    ]);
  });
});

describe("sign-up", () => {
  test("enroll-on-signup enrols at once and writes later", () => {
    const soon = play("enroll-on-signup", { courses: ["js"] }, [["user.signed_up"], "PT59M"]);
    expect([soon.courses, soon.subjects]).toEqual([["js"], []]);
    expect(play("enroll-on-signup", { courses: ["js"] }, [["user.signed_up"], "PT1H"]).subjects).toEqual([
      "Welcome, Anna",
    ]);
  });

  test("tag-on-signup tags, between two days where they are named", () => {
    const tags = (registered_at: string, dates = {}) =>
      play("tag-on-signup", { tags: ["ads"], ...dates }, [["user.signed_up", {}, { registered_at }]]).learner.tags;
    const spring = { registered_after: "2026-02-28", registered_before: "2026-04-01" };
    expect(tags("2025-01-01T00:00:00Z")).toEqual(["ads"]);
    expect(tags("2026-03-10T00:00:00Z", spring)).toEqual(["ads"]);
    expect(tags("2026-02-28T23:00:00Z", spring)).toEqual([]);
  });

  test("the domain of the email becomes a tag: of all, or of clients only", () => {
    expect(play("tag-by-email-domain", {}, [["user.signed_up"]]).learner.tags).toEqual(["acme.com"]);
    expect(play("tag-client-organisations", { domains: ["Acme.com"] }, [["user.signed_up"]]).learner.tags).toEqual([
      "acme.com",
    ]);
    expect(play("tag-client-organisations", { domains: ["globex.org"] }, [["user.signed_up"]]).learner.tags).toEqual(
      [],
    );
  });

  test("welcome-by-push pushes", () => {
    const { deliveries } = play("welcome-by-push", {}, [["user.signed_up"]]);
    expect(deliveries).toMatchObject([{ channel: "push", content: { title: "Hello Anna" } }]);
  });
});

describe("a learning path", () => {
  const courses = ["a", "b", "c"];
  const completed = (course: string): Happening => ["course.completed", { course }];

  test("enrols whoever completes a course in the next one, wherever they begin", () => {
    expect(play("learning-path", { courses }, [completed("a")]).courses).toEqual(["b"]);
    expect(play("learning-path", { courses }, [completed("a"), "P1D", completed("b")]).courses).toEqual(["b", "c"]);
    expect(play("learning-path", { courses }, [completed("b")]).courses).toEqual(["c"]);
    expect(play("learning-path", { courses }, [completed("c"), completed("x")]).courses).toEqual([]);
  });

  test("is drawn as the chain of its courses as long as it is one", () => {
    const { build, chain } = template("learning-path");
    const of = (courses: string[], change: object = {}) =>
      chain?.({ ...(build({ courses }) as Parameters<NonNullable<typeof chain>>[0]), ...change });
    expect(of(courses)).toEqual(courses);
    expect(of(["a", "b"])).toEqual(["a", "b"]);
    expect(of(["a"])).toBeNull();
    expect(of(courses, { when: [{ type: "tag.added", tags: ["a"] }] })).toBeNull();
    const [first, second] = (build({ courses }) as { then: unknown[] }).then;
    expect(of(courses, { then: [second, first] })).toBeNull();
    expect(of(courses, { then: [first, { type: "exit" }] })).toBeNull();
    // Of these the course that is completed leads to no other, or to another one too.
    const enrols = { type: "course.enroll", courses: ["x"] };
    for (const change of [
      { when: [{ type: "course.completed", courses: ["a"] }] },
      { when: [{ type: "course.completed" }] },
      { then: [{ ...(first as object), no: [enrols] }, second] },
      { then: [{ ...(first as object), yes: [{ ...enrols, courses: ["b"], role: "instructor" }] }, second] },
      { only_if: { type: "user.is_paying" } },
      { exit_when: [{ type: "user.signed_in" }] },
    ])
      expect(of(courses, change)).toBeNull();
  });

  test("may begin with one course, and has none twice", () => {
    expect(play("learning-path", { courses: ["a"] }, [completed("a")]).courses).toEqual([]);
    for (const bad of [[], ["a", "b", "a"], ["js", "JS"], ["é", "e\u0301"]])
      expect(() => template("learning-path").build({ courses: bad })).toThrow(Problem);
  });
});

describe("a template that enrols", () => {
  test.each([
    ["enroll-on-signup", { courses: ["js"] }, ["user.signed_up"]],
    ["learning-path", { courses: ["a", "js"] }, ["course.completed", { course: "a" }]],
  ] as [string, Record<string, unknown>, Happening][])(
    "%s makes a payment record and an invoice if asked",
    (id, params, begin) => {
      expect(play(id, params, [begin]).learner.payments).toEqual([]);
      const payment = { create_payment: true, price: 90, issue_invoice: true };
      const { learner } = play(id, { ...params, ...payment }, [begin]);
      expect([learner.payments.length, isPaying(learner)]).toEqual([1, true]);
      expect(() => template(id).build({ ...params, issue_invoice: true })).toThrow(Problem);
    },
  );
});

describe("access", () => {
  test("spaces come with the enrolment and go with it", () => {
    const params = { courses: ["js"], spaces: ["club"] };
    expect(play("join-space-on-enrollment", params, [enrolled]).learner.spaces).toEqual(["club"]);
    expect(play("join-space-on-enrollment", params, [["course.enrolled", { course: "css" }]]).learner.spaces).toEqual(
      [],
    );
    const joined = testLeaving("expired");
    expect(joined).toEqual([]);
  });

  const testLeaving = (reason: string) => {
    const params = { courses: ["js"], spaces: ["club"] };
    const world = testWorld({
      in: template("join-space-on-enrollment").build(params),
      out: template("leave-space-on-unenrollment").build(params),
    });
    const state = newState("anna", 0);
    for (const [type, data] of [
      ["course.enrolled", {}],
      ["course.unenrolled", { reason }],
    ] as const) {
      const event = eventOf(type);
      if (!event) throw new Error(type);
      step(
        state,
        { kind: "event", id: type, event, type, data: { course: "js", ...data }, attributes: {}, at: 0 },
        world,
        0,
      );
      advance(state, world, 0, { jumps: true });
    }
    return state.learner.spaces;
  };

  test("access-for-a-time ends by itself, and the space with it", () => {
    const params = { courses: ["js"], spaces: ["club"] };
    const before = play("access-for-a-time", params, [["user.signed_up"], "P29D"]);
    expect([before.courses, before.learner.spaces]).toEqual([["js"], ["club"]]);
    const after = play("access-for-a-time", params, [["user.signed_up"], "P30D"]);
    expect([after.courses, after.learner.spaces, after.live]).toEqual([[], [], 0]);
  });

  test("unenroll-with-tag un-enrols", () => {
    const { courses } = play("unenroll-with-tag", { tags: ["parent"], courses: ["js"] }, [
      ["tag.added", { tag: "parent" }],
      enrolled,
      ["course.enrolled", { course: "css" }],
      ["tag.removed", { tag: "parent" }],
    ]);
    expect(courses).toEqual(["css"]);
  });
});

describe("management", () => {
  test("tell-collaborators writes to the role", () => {
    const settings = { collaborators: [{ email: "boss@school.test", role: "admin" }] };
    const { deliveries } = play(
      "tell-collaborators",
      {},
      [
        ["course.completed", { course: "js" }],
        ["certificate.awarded", { course: "js" }],
      ],
      { settings },
    );
    expect(deliveries.map((one) => [one.to, one.content.subject])).toEqual(
      Array(2).fill([["boss@school.test"], "News of Anna"]),
    );
  });

  test("tag-coupon tags who used it", () => {
    const pay = (coupon: string): Happening => [
      "payment.made",
      { product_type: "course", product: "js", amount: 20, coupon },
    ];
    expect(play("tag-coupon", { coupons: ["SPRING"], tags: ["claimed"] }, [pay("AUTUMN")]).learner.tags).toEqual([]);
    expect(play("tag-coupon", { coupons: ["SPRING"], tags: ["claimed"] }, [pay("SPRING")]).learner.tags).toEqual([
      "claimed",
    ]);
  });

  test("complete-migrated-courses completes", () => {
    const { learner } = play("complete-migrated-courses", { tags: ["done"], courses: ["js"] }, [
      enrolled,
      ["tag.added", { tag: "done" }],
    ]);
    expect(learner.courses.js).toMatchObject({ percent: 100, completedAt: Date.parse(NOW) });
  });

  test("message-when-all-tags-held waits for the last of them", () => {
    const sent = (...tags: string[]) =>
      play(
        "message-when-all-tags-held",
        { tags: ["a", "b"] },
        tags.map((tag): Happening => ["tag.added", { tag }]),
      ).deliveries.length;
    expect([sent("a"), sent("b", "a")]).toEqual([0, 1]);
  });
});

describe("funnels", () => {
  test("webinar-registration sends the link for its form", () => {
    const form = (name: string): Happening[] => [["form.submitted", { form: name }]];
    expect(play("webinar-registration", { forms: ["webinar"] }, form("survey")).subjects).toEqual([]);
    expect(play("webinar-registration", { forms: ["webinar"] }, form("webinar")).subjects).toEqual(["Your seat, Anna"]);
  });

  test("lead-magnet takes an address alone, and tags users", () => {
    const params = { forms: ["ebook"], tags: ["reader"] };
    const form: Happening = ["form.submitted", { form: "ebook" }];
    const user = play("lead-magnet", params, [form]);
    expect([user.subjects, user.learner.tags]).toEqual([["Your e-book"], ["reader"]]);
    const lead = play("lead-magnet", params, [form], { user: "lead:anna@acme.com" });
    expect([lead.subjects, lead.learner.tags]).toEqual([["Your e-book"], []]);
  });

  test("interest-in-a-course writes and tags", () => {
    const preview: Happening = ["course.previewed", { course: "js" }];
    const { subjects, learner } = play("interest-in-a-course", { courses: ["js"], tags: ["interested"] }, [
      preview,
      preview,
    ]);
    expect([subjects, learner.tags]).toEqual([["Did you like what you saw, Anna?"], ["interested"]]);
  });
});

describe("journeys", () => {
  test("bonus-course comes some days later", () => {
    const params = { courses: ["js"], bonus: ["bonus"] };
    expect(play("bonus-course", params, [enrolled, "P4D"]).courses).toEqual(["js"]);
    expect(play("bonus-course", params, [enrolled, "P5D"]).courses).toEqual(["js", "bonus"]);
  });

  test("inactivity-reminder reminds twice, once after a return", () => {
    const first = "We miss you, Anna";
    expect(play("inactivity-reminder", {}, [["user.signed_in"], "P14D", "P3D", "P30D"]).subjects).toEqual([
      first,
      "Still there, Anna?",
    ]);
    expect(play("inactivity-reminder", {}, [["user.signed_in"], "P14D", ["school.visited"], "P5D"]).subjects).toEqual([
      first,
    ]);
  });

  test("onboarding-drip praises, gives tips, or stops", () => {
    const drip = (...happenings: Happening[]) =>
      play("onboarding-drip", { courses: ["js"] }, [enrolled, "P2D", ...happenings, "P4D"]);
    const begun = ["Welcome, Anna", "How is it going?"];
    expect(drip(["activity.completed", { course: "js", activity: "u" }]).subjects).toEqual([...begun, "Well done"]);
    expect(drip(["activity.completed", { course: "css", activity: "u" }]).subjects).toEqual([
      ...begun,
      "Some tips to begin",
    ]);
    expect(drip(["course.completed", { course: "js" }]).subjects).toEqual(begun);
  });

  test("certification-renewal follows the date in the field", () => {
    const renewal = (...happenings: Happening[]) =>
      play("certification-renewal", { courses: ["safety"], refresher: ["refresher"] }, [
        ["certificate.awarded", { course: "safety" }, { fields: { cert_expires: "2026-03-31" } }],
        ...happenings,
      ]).subjects;
    expect(renewal("P54D")).toEqual([]);
    expect(renewal("P55D")).toEqual(["Renew your certificate"]);
    expect(renewal("P55D", "P15D")).toEqual(["Renew your certificate", "Time is running out"]);
    expect(renewal("P55D", ["course.enrolled", { course: "refresher" }], "P15D")).toEqual([
      "Renew your certificate",
      "You are on your way",
    ]);
    expect(renewal("P50D", ["course.completed", { course: "refresher" }], "P40D")).toEqual([]);
  });

  test("win-back reminds ever stronger, welcomes back, or stops", () => {
    const away = (...happenings: Happening[]) => play("win-back", {}, [["user.signed_in"], "P10D", ...happenings]);
    expect(away("P14D").subjects).toEqual([
      "We miss you, Anna",
      "Your courses are getting lonely",
      "An offer to come back",
    ]);
    const returned = away("P2D", ["school.visited"], "P5D");
    expect(returned.deliveries.map((one) => one.channel)).toEqual(["email", "message"]);
    expect(away("P2D", ["user.signed_in"], "P8D").subjects).toEqual(["We miss you, Anna"]);
  });

  test("upsell-after-completion offers twice to who has not the next course", () => {
    const params = { courses: ["js"], next: ["js-2"] };
    const completed: Happening = ["course.completed", { course: "js" }];
    const bought: Happening = ["course.enrolled", { course: "js-2" }];
    const offers = ["Ready for more, Anna?", "10 % off your next course"];
    expect(play("upsell-after-completion", params, [completed, "P7D"]).subjects).toEqual(offers);
    expect(play("upsell-after-completion", params, [completed, "P1D", bought, "P8D"]).subjects).toEqual(
      offers.slice(0, 1),
    );
    expect(play("upsell-after-completion", params, [bought, completed, "P8D"]).subjects).toEqual([]);
  });
});
