import fc from "fast-check";
import { strToU8, zipSync } from "fflate";
import { expect, test, vi } from "vitest";
import { anna, enrolment, HEADERS } from "../../../test/workers/oneroster";
import type { Env } from "../../base/env";
import { createApp } from "../../http/app";
import { routes } from "../../http/routes";
import { env as bound, call, newSchool } from "../../http/test-client";
import { runJobPage } from "../../jobs/start";

/* A set says the same, in whatever order and shape a school's own system writes it. */

const app = createApp(routes);
// Nothing is waited for: pages of jobs are done when the test says so.
const queue = { send: async () => {}, sendBatch: async () => {} };
const env = { ...bound, JOBS: queue } as unknown as Env;

type Row = Record<string, string>;

const NEVER = ["", "9999-12-31", "9999-12-31T23:59:59Z"];
const files: Record<string, readonly Row[]> = {
  "manifest.csv": [
    { propertyName: "manifest.version", value: "1.0" },
    { propertyName: "oneroster.version", value: "1.1" },
    ...["users", "classes", "enrollments"].map((name) => ({ propertyName: `file.${name}`, value: "delta" })),
  ],
  "users.csv": [
    anna,
    { ...anna, sourcedId: "bo", givenName: "Bo, Jr.", familyName: "Bücher", email: "bo@acme.com", grades: "9;10" },
    { ...anna, sourcedId: "cy", enabledUser: "false" },
  ],
  "classes.csv": [
    { sourcedId: "math-1", status: "active", title: "Math" },
    { sourcedId: "art-1", status: "active", title: "Art" },
  ],
  "enrollments.csv": [
    enrolment("anna"),
    enrolment("anna", { sourcedId: "e-anna-2", endDate: "9999-12-31" }),
    enrolment("anna", { sourcedId: "e-anna-3", status: "tobedeleted" }),
    enrolment("bo", { classSourcedId: "art-1", beginDate: "2020-09-01", endDate: "2030-06-30" }),
    enrolment("bo", { sourcedId: "e-bo-2", classSourcedId: "art-1", status: "tobedeleted" }),
    enrolment("cy"),
  ],
};

/** How people and programs write a cell that means the same. */
function written(column: string, text: string): fc.Arbitrary<string> {
  const cased = fc.constantFrom(text, text.toUpperCase(), text.toLowerCase());
  const as: Record<string, fc.Arbitrary<string>> = {
    status: cased,
    value: cased,
    propertyName: cased,
    enabledUser:
      text === "false" ? fc.constantFrom("false", "FALSE", "0", "no") : fc.constantFrom("true", "TRUE", "1", ""),
    ...(text === "9999-12-31" ? { endDate: fc.constantFrom(...NEVER) } : {}),
    ...(text === "2030-06-30"
      ? { endDate: fc.constantFrom(text, "2030-06-30T00:00:00Z", "2030-06-30T00:00", "2030-06-30 00:00:00") }
      : {}),
  };
  const end = fc.constantFrom("", " ", "\u00a0", "\u200b");
  return fc.tuple(end, as[column] ?? fc.constant(text), end).map((parts) => parts.join(""));
}

const utf16 = (text: string): Uint8Array => {
  const bytes = new Uint8Array(2 * text.length);
  const view = new DataView(bytes.buffer);
  for (let at = 0; at < text.length; at++) view.setUint16(2 * at, text.charCodeAt(at), true);
  return bytes;
};

const cells = (row: Row, columns: readonly string[]) =>
  fc.tuple(...columns.map((column) => written(column, row[column] ?? ""))).map((all) => all.map((text) => `"${text}"`));

const fileOf = (name: string, rows: readonly Row[]) => {
  const all = HEADERS[name as keyof typeof HEADERS];
  return fc
    .record({
      columns: fc.shuffledSubarray(all, { minLength: all.length }),
      rows: fc.shuffledSubarray([...rows], { minLength: rows.length }),
      called: fc.constantFrom(
        name,
        name.toUpperCase(),
        name.replace(/./u, (one) => one.toUpperCase()),
      ),
      header: fc.constantFrom(
        (one: string) => one,
        (one: string) => one.toLowerCase(),
        (one: string) => one.toUpperCase(),
      ),
      delimiter: fc.constantFrom(",", ";", "\t"),
      ends: fc.constantFrom("\n", "\r\n"),
      bytes: fc.constantFrom(
        strToU8,
        (text: string) => strToU8(`\ufeff${text}`),
        (text: string) => utf16(`\ufeff${text}`),
      ),
    })
    .chain(({ columns, rows, called, header, delimiter, ends, bytes }) =>
      fc.tuple(...rows.map((row) => cells(row, columns))).map((lines) => {
        const text = [columns.map(header), ...lines].map((line) => line.join(delimiter)).join(ends);
        return [called, bytes(text)] as const;
      }),
    );
};
const sets = fc.tuple(...Object.entries(files).map(([name, rows]) => fileOf(name, rows)));

/** What a school knows once a set was taken, and how much of it was reported. */
async function after(zip: Uint8Array) {
  const { id, key } = await newSchool(app);
  const get = async (path: string) => (await call(app, "GET", path, undefined, { token: key, env })).body;
  const headers = { "content-type": "application/zip" };
  const { status, body, text } = await call(app, "POST", "/v1/users/import", zip, { token: key, env, headers });
  expect(status, text).toBe(202);
  for (let page = 0; page < 9; page++) await runJobPage(env, id, body.job_id);
  const { errors } = await get(`/v1/jobs/${body.job_id}`);
  const users = await Promise.all(["anna", "bo"].map((user) => get(`/v1/users/${user}`)));
  const products = (await get("/v1/products?type=course")).data;
  return {
    errors: errors.map(({ message }: { message: string }) => message).sort(),
    names: products.map(({ id, name }: Row) => [id, name]).sort(),
    users: users.map(({ email, username, fields, enrolments }) => ({
      ...{ email, username, fields },
      enrolments: enrolments.map(
        ({ product, role, sources, expires_at }: { sources: string[] } & Record<string, unknown>) => ({
          ...{ product, role, expires_at },
          sources: sources.toSorted(),
        }),
      ),
    })),
  };
}

test("a set says the same in any order of rows and columns, any case, encoding, and with blanks around its cells", async () => {
  vi.spyOn(scheduler, "wait").mockResolvedValue();
  const plain = Object.entries(files).map(([name, rows]) => {
    const columns = HEADERS[name as keyof typeof HEADERS];
    const lines = rows.map((row) => columns.map((column) => `"${row[column] ?? ""}"`).join());
    return [name, strToU8([columns.join(), ...lines].join("\n"))] as const;
  });
  const meant = await after(zipSync(Object.fromEntries(plain)));
  expect(meant).toMatchObject({
    errors: [expect.stringContaining("passed over"), expect.stringContaining("not enabled")],
    names: [
      ["art-1", "Art"],
      ["math-1", "Math"],
    ],
    users: [
      { username: "Anna Pappa", enrolments: [{ product: "math-1", expires_at: null }] },
      { username: "Bo, Jr. Bücher", enrolments: [{ product: "art-1", expires_at: "2030-06-30T00:00:00.000Z" }] },
    ],
  });
  await fc.assert(
    fc.asyncProperty(sets, async (set) => {
      expect(await after(zipSync(Object.fromEntries(set)))).toEqual(meant);
    }),
    { numRuns: 25 },
  );
});
