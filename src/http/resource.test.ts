import { and, eq } from "drizzle-orm";
import { describe, expect, test } from "vitest";
import * as z from "zod";
import type { Env } from "../base/env";
import { database } from "../db/client";
import { type ListQuery, turnableListQuery } from "../db/lists/list";
import { segments } from "../db/schema";
import { getSegment, listSegments, type SegmentRow } from "../segments/find";
import type { School } from "../world/snapshot";
import { defineResource } from "./resource";
import { routes } from "./routes";
import { call, env, newSchool, testApp } from "./test-client";

const spec = {
  path: "/v1/things",
  by: "key",
  scope: "read",
  many: "the things",
  one: "a thing",
  query: turnableListQuery,
  document: z.object({ key: z.string(), name: z.string() }),
  list: (of: Env, { id }: School, query: ListQuery) => listSegments(of, id, query),
  get: getSegment,
  toDocument: ({ id, name }: SegmentRow) => ({ key: id, name }),
} as const;

const app = testApp(defineResource(spec));

const school = async () => {
  const { id, key } = await newSchool(app);
  return {
    key,
    put: (segment: string, createdAt: number) =>
      database(env.DB)
        .insert(segments)
        .values({ school: id, id: segment, name: segment.toUpperCase(), managed: false, createdAt }),
    drop: (segment: string) =>
      database(env.DB)
        .delete(segments)
        .where(and(eq(segments.school, id), eq(segments.id, segment))),
    get: (path: string, token = key) => call(app, "GET", path, undefined, { token }),
  };
};

describe("a resource", () => {
  test("is listed on from where it stood, within one moment too, while others come and go", async () => {
    const { put, drop, get } = await school();
    const page = async (query: string) => {
      const { body } = await get(`/v1/things?${query}`);
      return { keys: body.data.map((one: { key: string }) => one.key), next: body.next_cursor };
    };
    await put("c", 1);
    for (const id of ["b", "d", "a"]) await put(id, 2);
    const first = await page("limit=2");
    expect(first.keys).toEqual(["c", "a"]);
    await put("aa", 1);
    await drop("a");
    expect(await page(`limit=2&cursor=${first.next}`)).toEqual({ keys: ["b", "d"], next: null });
    expect((await page("order=desc&limit=3")).keys).toEqual(["d", "b", "c"]);
  });

  test("refuses a cursor of another list", async () => {
    const { get } = await school();
    const { status, body } = await get(`/v1/things?cursor=${btoa('["a"]')}`);
    expect([status, body.errors[0].path]).toEqual([422, "/cursor"]);
  });

  test("is got by its id as the list shows it, and is not there for another school", async () => {
    const { put, get } = await school();
    const other = await school();
    await put("own", 1);
    expect((await get("/v1/things/own")).body).toEqual({ key: "own", name: "OWN" });
    expect((await other.get("/v1/things/own")).status).toBe(404);
    expect((await other.get("/v1/things")).body).toEqual({ data: [], next_cursor: null });
  });

  test("is read with its scope only", async () => {
    const { key, get } = await school();
    const made = await call(app, "POST", "/v1/api-keys", { name: "E", scopes: ["events"] }, { token: key });
    for (const path of ["/v1/things", "/v1/things/own"]) expect((await get(path, made.body.key)).status).toBe(403);
  });

  test("does not compile where its verbs and its document do not fit", () => {
    // @ts-expect-error: the document has a name too
    defineResource({ ...spec, toDocument: ({ id }: SegmentRow) => ({ key: id }) });
    // @ts-expect-error: what is got is not what is listed
    defineResource({ ...spec, get: async () => "a segment" });
    // @ts-expect-error: schools are no school's own
    defineResource({ ...spec, scope: "platform" });
  });
});

/** Lists whose rows have no id, and why. */
const WITHOUT_ID = new Map([
  ["/v1/me/messages", "a user's own, shown whole in the list"],
  ["/v1/me/planned", "what is not there yet"],
  ["/v1/me/deliveries", "a user's own, of which no more is shown"],
  ["/v1/changes", "a feed, read on from a cursor"],
  ["/v1/lms/drift", "one is asked for by ?course=, and compared anew"],
  ["/v1/variables", "names for texts, shown whole in the list"],
  ["/v1/payments", "a user's own, shown whole in the list"],
]);

test("whatever has a list has its one by id (contract §13)", () => {
  const gets = routes.filter((route) => route.method === "GET");
  const lists = gets.filter(
    ({ answers: { 200: answer } }) => answer instanceof z.ZodObject && "next_cursor" in answer.shape,
  );
  expect(lists.length).toBeGreaterThan(10);
  const missing = lists
    // What is listed below one thing is got by its own path, or is a part of it.
    .filter(({ path }) => !path.includes("/:") && !WITHOUT_ID.has(path))
    .filter(({ path }) => !gets.some((one) => one.path.startsWith(`${path}/:`)));
  expect(missing.map(({ path }) => path)).toEqual([]);
});
