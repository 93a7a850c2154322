import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { epochAfter, JURISDICTIONS } from "../../base/jurisdiction";
import { schoolObject, userObject } from "../../calls/reaching/stub";
import { type LogSize, smallestOf } from "../../db/log";
import { call, env, newSchool, PLATFORM, testApp } from "../../http/test-client";
import { forgetSchool } from "../../world/snapshot";

/*
 * The local runtime keeps no objects in a jurisdiction, and says so. By that very fault it is seen here that a school's
 * objects are asked for in its jurisdiction and nowhere else.
 */

const app = testApp();
const platform = (method: string, path: string, body?: unknown) => call(app, method, path, body, { token: PLATFORM });
const faultsOf = (body: { errors: { path: string; message: string }[] }) => body.errors.map(({ path }) => path);

describe("a school in a jurisdiction", () => {
  test.each(JURISDICTIONS)("is not made where nothing can be kept in %s: the field is named", async (jurisdiction) => {
    const id = `s-${crypto.randomUUID()}`;
    const refused = await platform("POST", "/v1/schools", { id, name: "J", mode: "live", jurisdiction });
    expect([refused.status, faultsOf(refused.body)[0]]).toEqual([422, "/jurisdiction"]);
    const said = refused.body.errors.map(({ message }: { message: string }) => message).join(" ");
    expect(said).toContain("only Cloudflare");
    expect(said).toContain(`LOG_${jurisdiction.toUpperCase()}_<number>`);
    expect((await platform("GET", `/v1/schools/${id}`)).status).toBe(404);
  });

  test("is one of those that there are, or none", async () => {
    const make = (jurisdiction: unknown) => platform("POST", "/v1/schools", { name: "J", mode: "live", jurisdiction });
    expect(faultsOf((await make("fedramp")).body)).toEqual(["/jurisdiction"]);
    const made = await make(null);
    expect([made.status, made.body.school.jurisdiction]).toEqual([201, null]);
  });

  test("has its objects there, of whatever part of the program asks, and none elsewhere", async () => {
    const elsewhere = "Jurisdiction restrictions are not implemented";
    for (const jurisdiction of JURISDICTIONS) {
      const school = { id: "j", epoch: epochAfter(0, jurisdiction) };
      await expect(async () => userObject(env, school, "anna").state()).rejects.toThrow(elsewhere);
      await expect(async () => schoolObject(env, school).isLeft()).rejects.toThrow(elsewhere);
    }
  });
});

describe("the jurisdiction of a school", () => {
  let id: string;
  beforeEach(async () => {
    id = (await newSchool(app)).id;
  });
  // Whatever goes over all schools would ask for its object.
  afterEach(() => env.DB.prepare("delete from schools where id = ?").bind(id).run());
  const change = (jurisdiction: unknown) => platform("PATCH", `/v1/schools/${id}`, { jurisdiction });

  test("never changes, and what it is may be said again", async () => {
    expect((await change(null)).status).toBe(200);
    const refused = await change("eu");
    expect([refused.status, faultsOf(refused.body)]).toEqual([422, ["/jurisdiction"]]);
    await env.DB.prepare("update schools set epoch = ? where id = ?").bind(epochAfter(0, "eu"), id).run();
    forgetSchool(id);
    expect((await platform("GET", `/v1/schools/${id}`)).body.jurisdiction).toBe("eu");
    expect((await change("eu")).status).toBe(200);
    for (const other of ["us", null]) expect((await change(other)).status).toBe(422);
  });
});

test("a log lies in the smallest database of its school's jurisdiction, and in no other", () => {
  const sizes: LogSize[] = [
    { place: null, bytes: 1 },
    { place: "0", bytes: 7 },
    { place: "1", bytes: 6 },
    { place: "EU_0", bytes: 9 },
    { place: "EU_1", bytes: 8 },
  ];
  expect([smallestOf(sizes, null), smallestOf(sizes, "eu"), smallestOf(sizes, "us")]).toEqual(["1", "EU_1", undefined]);
  // Without a shard of its own a school of no jurisdiction has it in the main database, whatever else is bound.
  expect(smallestOf(sizes.slice(3), null)).toBeNull();
});
