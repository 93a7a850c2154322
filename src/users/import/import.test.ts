import { createExecutionContext } from "cloudflare:test";
import { eq } from "drizzle-orm";
import { describe, expect, test } from "vitest";
import { env, liveSchool } from "../../../test/workers/live";
import { database } from "../../db/client";
import { jobChunks } from "../../db/schema";
import worker from "../../index";

const { school } = liveSchool("live", { timezone: "Europe/Athens" });
const db = database(env.DB);
const utf8 = new TextEncoder();

const post = async (
  body: BodyInit,
  { query = "", key = school.key, type = "text/csv" }: { query?: string; key?: string; type?: string } = {},
) => {
  const request = new Request<unknown, IncomingRequestCfProperties>(`http://localhost/v1/users/import${query}`, {
    method: "POST",
    headers: { "content-type": type, authorization: `Bearer ${key}` },
    body,
  });
  const response = await worker.fetch(request, env, createExecutionContext());
  const answer: Record<string, unknown> = await response.json();
  return { status: response.status, body: answer };
};

/** Imports a file; answers with the errors of its job. */
async function imported(body: BodyInit, type?: string): Promise<unknown> {
  const { status, body: answer } = await post(body, type === undefined ? {} : { type });
  expect(status, JSON.stringify(answer)).toBe(202);
  const job = (await school.ask("GET", `/v1/jobs/${answer.job_id}`)).body;
  expect(job.status).toBe("done");
  return job.errors;
}

const user = async (id: string) => (await school.ask("GET", `/v1/users/${id}`)).body;
const field = (key: string, type: string) => school.ask("POST", "/v1/profile-fields", { key, name: key, type });
const preview = (body: BodyInit) => post(body, { query: "?dry_run=true" });

describe("a file of users", () => {
  test("may be Moodle's: a name in two columns, own fields by their short names, a header in any case", async () => {
    const csv = "ID,Email,FirstName,LASTNAME,Profile_Field_Dept\nanna,anna@acme.com, Anna ,Berg,Sales\nbo,,Bo,,\n";
    expect(await imported(csv)).toEqual([]);
    expect(await user("anna")).toMatchObject({
      email: "anna@acme.com",
      username: "Anna Berg",
      fields: { Dept: "Sales" },
    });
    expect(await user("bo")).toMatchObject({ username: "Bo", fields: {} });
  });

  test.each([
    [
      "Windows-1252, where the sender says so",
      Uint8Array.from("id,username\nanna,J\u00fcrg\n", (c) => c.charCodeAt(0)),
      "windows-1252",
    ],
    ["UTF-16 with its mark", utf16("id,username\nanna,J\u00fcrg\n"), undefined],
    ["Excel's own separator", utf8.encode("sep=;\r\nid;username\r\nanna;J\u00fcrg\r\n"), undefined],
  ])("may be written as %s", async (_, bytes, charset) => {
    expect(await imported(bytes, charset && `text/csv; charset=${charset}`)).toEqual([]);
    expect((await user("anna")).username).toBe("J\u00fcrg");
  });

  test("brings along every attribute that may be written, consent too, and says by line what is none", async () => {
    const csv = [
      "id,timezone,locale,marketing_consent,cookies_accepted,unsubscribed",
      "anna,Europe/Berlin,de-DE,yes,no,",
      "bo,,,yes,,yes",
      "cleo,,,maybe,,perhaps",
      "dora,Nowhere,,,,",
    ].join("\n");
    const errors = [
      {
        line: 4,
        message:
          "marketing_consent: neither yes nor no, such as true or false; unsubscribed: neither yes nor no, such as true or false",
      },
      { line: 5, message: "timezone: not an IANA time zone, such as Europe/Athens" },
    ];
    const { body } = await preview(csv);
    expect(body).toMatchObject({
      errors,
      rows: [["anna", "Europe/Berlin", "de-DE", true, false, ""], [], [], []].map((row) => expect.arrayContaining(row)),
    });
    expect(await imported(csv)).toMatchObject(errors);
    expect(await user("anna")).toMatchObject({
      ...{ timezone: "Europe/Berlin", locale: "de-DE" },
      ...{ marketing_consent: true, cookies_accepted: false },
    });
    expect((await user("bo")).marketing_consent).toBe(false);
    expect(await imported("id,marketing_consent\nanna,\n")).toEqual([]);
    expect((await user("anna")).marketing_consent).toBe(true);
  });

  test("without its charset declared is refused, not guessed at", async () => {
    expect((await post(new Uint8Array([...utf8.encode("id,username\nanna,J"), 0xfc, 10]))).status).toBe(400);
  });

  test("says dates as its sheet does, once one of the column tells how", async () => {
    await field("born", "date");
    await field("note", "text");
    const lines = Array.from({ length: 300 }, (_, n) => `u${n},01/02/2026,2/1/1990,01/02/2026\n`);
    const csv = `id,registered_at,fields.born,fields.note\n${lines.join("")}last,31/01/2026 09:30,1/31/1990,31/12/2026\n`;
    const { body } = await post(csv);
    const { runJobPage } = await import("../../jobs/start");
    for (let page = 0; page < 30; page++) await runJobPage(env, school.id, String(body.job_id));
    expect((await school.ask("GET", `/v1/jobs/${body.job_id}`)).body).toMatchObject({ done: 301, errors: [] });
    // The day of the first line is told by the last.
    expect(await user("u0")).toMatchObject({
      registered_at: "2026-01-31T22:00:00.000Z",
      fields: { born: "1990-02-01", note: "01/02/2026" },
    });
    expect(await user("last")).toMatchObject({
      registered_at: "2026-01-31T07:30:00.000Z",
      fields: { born: "1990-01-31" },
    });
  });

  test("takes for `registered_at` whatever is a date in a field", async () => {
    const csv =
      "id,registered_at\na,2026-01-20\nb,2026-01-20 09:30:00\nc,1768894200\nd,2026-01-20T09:30:00+02:00\ne,20.1.2026\n";
    expect(await imported(csv)).toEqual([]);
    const told = await Promise.all(["a", "b", "c", "d", "e"].map(async (id) => (await user(id)).registered_at));
    const [midnight, half] = ["2026-01-19T22:00:00.000Z", "2026-01-20T07:30:00.000Z"];
    expect(told).toEqual([midnight, half, half, half, midnight]);
  });

  test("whose dates leave open what stands first, or contradict each other, has those lines passed over", async () => {
    await field("born", "date");
    const open = await imported("id,fields.born\na,01/02/1990\nb,1990-02-01\nc,03/03/1990\n");
    expect(open).toEqual([{ line: 2, message: expect.stringContaining("fields.born: day or month first?") }]);
    const mixed = await imported("id,fields.born\nd,31/01/1990\ne,01/31/1990\nf,1990-01-31\n");
    expect(mixed).toMatchObject([{ line: 2 }, { line: 3, message: expect.stringContaining("others the month") }]);
    expect((await user("f")).fields).toEqual({ born: "1990-01-31" });
  });

  test("has numbers and booleans as spreadsheets write them; what may be two numbers is passed over", async () => {
    await field("grade", "number");
    await field("member", "boolean");
    const lines = [
      "n1;31,5;WAHR",
      "n2;1.234,5;faux",
      "n3;1,234;TRUE",
      "n4;0x10;TRUE",
      "n5;7;maybe",
      "n6;7;Ja",
      "n7;7;no",
    ];
    expect(await imported(`id;fields.grade;fields.member\n${lines.join("\n")}\n`)).toMatchObject([
      { line: 4 },
      { line: 5 },
      { line: 6 },
    ]);
    expect((await user("n1")).fields).toEqual({ grade: 31.5, member: true });
    expect((await user("n2")).fields).toEqual({ grade: 1234.5, member: false });
    expect((await user("n6")).fields).toEqual({ grade: 7, member: true });
    expect((await user("n7")).fields).toEqual({ grade: 7, member: false });
  });

  test("may hold a tag of which nothing is seen between others: it is none", async () => {
    expect(await imported("id,tags\nanna, vip |\u200b| |new\n")).toEqual([]);
    expect((await user("anna")).tags).toEqual(["vip", "new"]);
  });
});

/** Little-endian, with a mark. */
function utf16(text: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Uint16Array.from(`\ufeff${text}`, (c) => c.charCodeAt(0)).buffer);
}

describe("a dry run of an import", () => {
  test("shows lines as they would be taken, and what is wrong with others", async () => {
    await field("born", "date");
    await field("size", "number");
    await field("paid", "boolean");
    const csv = [
      "id;EMAIL;FIRSTNAME;registered_at;tags;profile_field_born;fields.size;fields.paid\n",
      " anna; ANNA@acme.com ; Anna;20/01/2026; vip | new ;5/2/1990;7.50;TRUE\n",
      "bo;nobody;;;;;many;\n",
      '\nco;"open\n',
      "di;;;;;31/1/1990;;\n",
    ].join("");
    const { status, body } = await preview(csv);
    expect(status).toBe(200);
    expect(body).toEqual({
      columns: ["id", "email", "firstname", "registered_at", "tags", "fields.born", "fields.size", "fields.paid"],
      rows: [
        [" anna", "ANNA@acme.com", "Anna", "2026-01-19T22:00:00.000Z", "vip|new", "1990-02-05", 7.5, true],
        ["bo", "nobody", "", "", "", "", "many", ""],
        ["di", "", "", "", "", "1990-01-31", "", ""],
      ],
      errors: [
        { line: 3, message: expect.stringMatching(/^email: .*; fields\.size: not a number$/) },
        { line: 5, message: "a quote is not closed, or stands within a cell" },
      ],
    });
  });

  test("leaves out a column without a name, and shows what is refused as it is written", async () => {
    await field("born", "date");
    const { body } = await preview("id,,fields.born,,\nanna,,46053,,\nbo,x,,,\nco,,20260131,,\n");
    expect(body).toMatchObject({
      columns: ["id", "fields.born"],
      rows: [
        ["anna", "46053"],
        ["co", "2026-01-31"],
      ],
      errors: [
        { line: 2, message: expect.stringContaining("46053") },
        { line: 3, message: expect.stringContaining("without a name") },
      ],
    });
  });

  test("says of a line just what the import's job says of it", async () => {
    await field("born", "date");
    const csv = `id,email,registered_at,fields.born,tags\na,x,soon,2026-02-30,${"t".repeat(129)}\n,,,,\na,,,01/02/2026,\nb,,,,\nb,,,,\n`;
    expect((await preview(csv)).body.errors).toEqual(await imported(csv));
  });

  test("shows 20 lines, asks for no more of the file than that takes, and writes nothing", async () => {
    let asked = 0;
    let isLetGo = false;
    const line = () => utf8.encode(`u${asked},${"x".repeat(1_022)}\n`);
    const endless = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        controller.enqueue(asked++ === 0 ? utf8.encode("id,username\n") : line());
      },
      cancel: () => {
        isLetGo = true;
      },
    });
    const { body } = await preview(endless);
    expect((body.rows as unknown[]).length).toBe(20);
    expect([asked < 1_000, isLetGo]).toEqual([true, true]);
    for (const list of ["users", "jobs"]) expect((await school.ask("GET", `/v1/${list}`)).body.data, list).toEqual([]);
    expect(await db.select().from(jobChunks).where(eq(jobChunks.school, school.id)).limit(1)).toEqual([]);
  });

  test("takes a key that may only read; the import itself does not", async () => {
    const made = await school.ask("POST", "/v1/api-keys", { name: "R", scopes: ["read"] });
    const { key } = made.body;
    expect((await post("id\na\n", { query: "?dry_run=true", key })).status).toBe(200);
    for (const query of ["", "?dry_run=false"]) expect((await post("id\na\n", { query, key })).status).toBe(403);
  });

  test("is refused for what the import is refused for", async () => {
    expect(await preview("email\na@acme.com\n")).toMatchObject({ status: 422 });
    expect((await preview(new Uint8Array([0xff, 0x41]))).status).toBe(400);
  });

  test("is no option of a set of files, which would be the real thing", async () => {
    const { status, body } = await post(new Uint8Array(4), { query: "?dry_run=true", type: "application/zip" });
    expect([status, body.errors]).toEqual([422, [{ path: "/dry_run", message: "is no option of this call" }]]);
  });
});
