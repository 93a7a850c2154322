import fc from "fast-check";
import { describe, expect, test } from "vitest";
import moodle from "../../test/fixtures/inbound/moodle-events.json";
import { formatInstant } from "../catalogue/dates/time";
import type { FieldView } from "../catalogue/facts/facts";
import { mapCloudEvent } from "./cloudevents";
import { fitUser } from "./fit";
import { mapMoodle } from "./moodle";
import { mapSegment } from "./segment";
import { momentIn } from "./times";
import { mapStatement } from "./xapi/map";
import { readStatements } from "./xapi/statement";

/* A message says the same however its sender's program writes its parts; what else stands in it: alphabet.test.ts. */

const NOW = Date.UTC(2026, 11, 1);
const moments = fc.integer({ min: Date.UTC(2002, 0), max: NOW });
const ends = fc.constantFrom("", " ", "\t", "\u00a0", "\u200b");

/** A moment as senders write it; what writes seconds alone drops the rest. */
const WRITTEN_MOMENTS: readonly ((at: number) => unknown)[] = [
  (at) => at / 1_000,
  (at) => String(at / 1_000),
  (at) => new Date(at).toISOString(),
  (at) => new Date(at).toISOString().replace(".000Z", "Z"),
  (at) => new Date(at).toISOString().replace("T", " ").replace(".000Z", ""),
  (at) => new Date(at + 5_400_000).toISOString().replace(".000Z", "+01:30"),
  (at) => new Date(at).toUTCString(),
];
const writtenMoment = fc.tuple(moments, fc.constantFrom(...WRITTEN_MOMENTS), ends).map(([at, write, end]) => {
  const whole = at - (at % 1_000);
  const written = write(whole);
  return [whole, typeof written === "string" ? end + written + end : written] as const;
});

test("a moment is the same as seconds, milliseconds, text of a database, of a mail, of a clock elsewhere", () => {
  fc.assert(
    fc.property(writtenMoment, moments, ([at, written], exact) => {
      expect(momentIn(written)).toBe(at);
      expect([momentIn(exact), momentIn(String(exact))]).toEqual([exact, exact]);
    }),
  );
});

describe("an event of Moodle's", () => {
  const withoutId = ({ id: _, ...event }: { id?: string }) => event;
  const read = async (body: unknown) => {
    const mapped = await mapMoodle(body, NOW);
    if ("deed" in mapped) return withoutId(mapped.deed);
    return "events" in mapped ? mapped.events.map(withoutId) : mapped;
  };

  test("says the same with its numbers as text, its name's backslashes doubled or gone, `other` as JSON or a record", async () => {
    // An answer for each of the writer's choices, as many as are asked.
    const choices = fc.infiniteStream(fc.boolean());
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...moodle.bodies), choices, ends, async (body, choose, end) => {
        const chosen = () => choose.next().value;
        const leaf = (value: unknown): unknown =>
          typeof value === "number" && chosen() ? `${end}${value}${end}` : value;
        const { eventname, other, ...rest } = body;
        const written = {
          ...Object.fromEntries(Object.entries(rest).map(([name, value]) => [name, leaf(value)])),
          eventname: end + (chosen() ? eventname.replaceAll("\\", "\\\\") : eventname.slice(chosen() ? 1 : 0)) + end,
          other: other !== null && chosen() ? JSON.stringify(other) : other,
        };
        expect(await read(written)).toEqual(await read(body));
      }),
      { numRuns: 300 },
    );
  });
});

describe("a CloudEvent", () => {
  const json = (bytes: Uint8Array): unknown => JSON.parse(new TextDecoder().decode(bytes));
  const base64 = (data: unknown) => btoa(String.fromCharCode(...new TextEncoder().encode(JSON.stringify(data))));

  test("says the same by a type of any prefix, a subject of any path, its data as JSON or base64, null for none", async () => {
    const envelope = { specversion: "1.0" as const, id: "1", source: "https://s.example" };
    const data = { course: "zoë", user: { email: "zoe@acme.com" } };
    const plain = await mapCloudEvent(
      { ...envelope, type: "course.enrolled", subject: "zoë", data: structuredClone(data) },
      json,
    );
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom("", "com.school.", "course.", "a..b."),
        fc.constantFrom("", "users/", "/users/", "https://s.example/lms/users/"),
        fc.boolean(),
        fc.constantFrom(undefined, null),
        async (prefix, path, isEncoded, none) => {
          const said = isEncoded
            ? { data: none, data_base64: base64(data) }
            : { data: structuredClone(data), data_base64: none };
          const event = { ...envelope, type: `${prefix}course.enrolled`, subject: `${path}zoë`, time: none, ...said };
          expect(await mapCloudEvent(event, json)).toEqual(plain);
        },
      ),
    );
  });
});

test("a value of a declared field or an attribute is the same alone in a list, lists as PHP writes them too", () => {
  const declared = new Map<string, FieldView>(
    (["text", "number", "boolean", "date", "choice", "list"] as const).map((type) => [
      type,
      { key: type, name: type, type, choices: type === "choice" ? ["Gold"] : [] } as unknown as FieldView,
    ]),
  );
  const fields = { text: "a", number: "5", boolean: "yes", date: "31.1.2026", choice: "gold" };
  const plain = fitUser({ email: "anna@acme.com", fields: { ...fields, list: ["js", "css"] } }, declared);
  expect(plain.leftOut).toEqual([]);
  fc.assert(
    fc.property(fc.infiniteStream(fc.boolean()), fc.boolean(), (choose, isOfPhp) => {
      const alone = (value: string) => (choose.next().value ? [value] : value);
      const written = {
        ...Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, alone(value)])),
        list: isOfPhp ? { 0: "js", 2: "css" } : ["js", "css"],
      };
      expect(fitUser({ email: alone("anna@acme.com"), fields: written }, declared)).toEqual(plain);
    }),
  );
  // What is no value of a field is left out and told, declared or not.
  expect(fitUser({ fields: { number: { value: 5 }, address: {} } }, declared)).toEqual({
    value: { fields: {} },
    leftOut: ["number", "address"].map((key) => ({ path: `/user/fields/${key}`, message: expect.any(String) })),
  });
});

test("a trait is ours in any spelling of its name, and stays a field", async () => {
  for (const [email, name] of [
    ["Email", "Name"],
    ["E-Mail", "User Name"],
    ["EMAIL", "user_name"],
  ] as const) {
    const traits = { [email]: "anna@acme.com", [name]: "Anna" };
    const made = await mapSegment({ type: "identify", userId: "anna", messageId: "m", traits }, { receivedAt: NOW });
    expect("events" in made && made.events[0]?.user).toMatchObject({
      email: "anna@acme.com",
      username: "Anna",
      fields: traits,
    });
  }
});

test("a message of Segment's happened when it did, however wrong the clock that says when and when it was sent", async () => {
  const DAY = 86_400_000;
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 0, max: 30 * DAY }),
      fc.integer({ min: -30 * DAY, max: 30 * DAY }).filter((skew) => Math.abs(skew) > 60_000),
      fc.boolean(),
      async (age, skew, isOfBatch) => {
        const timestamp = formatInstant(NOW - age + skew);
        const sentAt = formatInstant(NOW + skew);
        const message = {
          type: "identify",
          userId: "anna",
          messageId: "m",
          timestamp,
          ...(isOfBatch ? {} : { sentAt }),
        };
        const made = await mapSegment(message, { receivedAt: NOW, ...(isOfBatch ? { sentAt } : {}) });
        expect("events" in made && made.events).toMatchObject([{ user: { id: "anna" }, at: NOW - age }]);
      },
    ),
  );
});

test("an mbox is the address that it is as a URI, whichever of its characters are encoded", async () => {
  const object = {
    id: "https://s.example/1",
    definition: { type: "http://adlnet.gov/expapi/activities/course" },
  };
  const encoded = (char: string) =>
    [...new TextEncoder().encode(char)].map((byte) => `%${byte.toString(16).padStart(2, "0")}`).join("");
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom("ann+school@acme.com", "o'neil@bücher.example", "a_b-c.d@acme.com"),
      fc.infiniteStream(fc.nat({ max: 2 })),
      fc.constantFrom("mailto:", "MAILTO:", "mailto://"),
      fc.constantFrom("", "?subject=x"),
      async (address, choose, scheme, query) => {
        const written = Array.from(address, (char) => {
          const choice = choose.next().value;
          return choice === 0 || (char.length === 1 && choice === 1) ? char : encoded(char);
        }).join("");
        const [one] = readStatements([
          {
            actor: { mbox: scheme + written + query },
            verb: { id: "http://adlnet.gov/expapi/verbs/completed" },
            object,
          },
        ]);
        if (!one) throw new Error("no statement");
        expect((await mapStatement(one.statement, new Map())).mapped).toMatchObject({
          events: [{ user: { id: address, email: address } }],
        });
      },
    ),
  );
});
