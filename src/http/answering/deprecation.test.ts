import { expect, test } from "vitest";
import * as z from "zod";
import { guides } from "../generated/guides";
import { openApiDocument } from "../openapi/openapi";
import { defineRoute, noContent, ok } from "../route";
import { routes as allRoutes } from "../routes";
import { call, env, newSchool, testApp } from "../test-client";
import { deprecationsOf } from "./deprecation";

const old = { since: "2026-12-01", sunset: "2027-07-01", instead: "Call POST /v1/bells." };
const older = { since: "2026-11-01", sunset: "2027-09-01", instead: "Call without it." };

const made = [
  defineRoute({
    method: "GET",
    path: "/v1/rings",
    scope: "read",
    summary: "List rings.",
    query: z.object({ loud: z.string().optional(), deep: z.string().optional() }),
    deprecatedQuery: { loud: older },
    answers: { 200: z.object({ rung: z.boolean() }) },
    handle: () => ok({ rung: true }),
  }),
  defineRoute({
    method: "POST",
    path: "/v1/rings",
    scope: "write",
    summary: "Ring.",
    query: z.object({ loud: z.string().optional() }),
    deprecated: old,
    deprecatedQuery: { loud: older },
    answers: { 204: null },
    handle: () => noContent(),
  }),
];
const app = testApp(made);

const saying = ({ headers }: { headers: Headers }) =>
  ["deprecation", "sunset", "link"].map((name) => headers.get(name));

test("a call of what is on its way out is answered with Deprecation, Sunset and where it is told", async () => {
  const { key } = await newSchool(app);
  const { PUBLIC_URL = "" } = env as unknown as { PUBLIC_URL?: string };
  const link = `<${PUBLIC_URL}/docs/guides/versioning>; rel="deprecation"; type="text/html"`;
  const told = ["@1796083200", "Thu, 01 Jul 2027 00:00:00 GMT", link];
  expect(saying(await call(app, "POST", "/v1/rings", undefined, { token: key }))).toEqual(told);
  // Of several the earliest days; and what is refused says it too.
  const both = await call(app, "POST", "/v1/rings?loud=1&other=1", undefined, { token: key });
  expect([both.status, ...saying(both)]).toEqual([422, "@1793491200", "Thu, 01 Jul 2027 00:00:00 GMT", link]);
  expect(saying(await call(app, "POST", "/v1/rings"))).toEqual(told);
});

test("a call says nothing of a parameter that it does not use", async () => {
  const { key } = await newSchool(app);
  expect(saying(await call(app, "GET", "/v1/rings?deep=1", undefined, { token: key }))).toEqual([null, null, null]);
  expect(saying(await call(app, "GET", "/v1/rings?loud=1", undefined, { token: key }))[0]).toBe("@1793491200");
  expect(saying(await call(app, "GET", "/v1/school", undefined, { token: key }))).toEqual([null, null, null]);
});

test("the OpenAPI document says what is deprecated, since when and until when", () => {
  const { paths } = openApiDocument(made, "https://schoolbell.acme.com") as unknown as {
    paths: Record<string, Record<string, { deprecated?: true; parameters: Record<string, unknown>[] }>>;
  };
  const { get, post } = paths["/v1/rings"] ?? {};
  expect(get).not.toHaveProperty("deprecated");
  expect(get?.parameters).toMatchObject([
    {
      name: "loud",
      deprecated: true,
      "x-sunset": "2027-09-01",
      description: "Deprecated since 2026-11-01, there until 2027-09-01 at least. Call without it.",
    },
    { name: "deep" },
  ]);
  expect(get?.parameters[1]).not.toHaveProperty("deprecated");
  expect(post).toMatchObject({
    deprecated: true,
    "x-deprecated-since": "2026-12-01",
    "x-sunset": "2027-07-01",
    description: expect.stringContaining("Call POST /v1/bells."),
  });
});

test("nothing goes without half a year's warning", () => {
  const declare = () =>
    defineRoute({
      method: "GET",
      path: "/v1/soon",
      scope: "none",
      summary: "Gone soon.",
      deprecated: { since: "2026-12-01", sunset: "2027-03-01", instead: "Nothing." },
      answers: { 204: null },
      handle: () => noContent(),
    });
  expect(declare).toThrow("GET /v1/soon is warned of for less than 183 days");
});

test("every parameter that is called deprecated is one", () => {
  const wrong = [...allRoutes, ...made].flatMap((route) =>
    deprecationsOf(route).filter(
      ([name]) => name !== "" && !(route.query instanceof z.ZodObject && name in route.query.shape),
    ),
  );
  expect(wrong).toEqual([]);
});

test("docs/versioning.md names all that is on its way out, and else says that nothing is", () => {
  const page = guides.get("versioning")?.html ?? "";
  const old = allRoutes.filter((route) => deprecationsOf(route).length);
  expect(old.filter(({ method, path }) => !page.includes(`<code>${method} ${path}</code>`))).toEqual([]);
  expect(page.includes("Nothing is on its way out today.")).toBe(old.length === 0);
});
