import { describe, expectTypeOf, test } from "vitest";
import type { AnswerTo, ListName, ParamsOf, QueryOf, RouteName, RowOf } from "./answers";

/* Held by the compiler: `npm run check:types` fails where one of these is not so. */

describe("a route's name tells", () => {
  test("what it answers, one body for each status that is no refusal", () => {
    expectTypeOf<AnswerTo<"GET /v1/jobs/:id">["status"]>().toEqualTypeOf<
      "queued" | "running" | "done" | "failed" | "cancelled"
    >();
    expectTypeOf<AnswerTo<"POST /v1/automations/:id/enrol">>().toEqualTypeOf<
      { count: number } | { count: number | null; job_id: string }
    >();
    expectTypeOf<AnswerTo<"DELETE /v1/users/:id">>().toEqualTypeOf<null>();
  });

  test("also where one declaration is for several methods or paths", () => {
    expectTypeOf<AnswerTo<"PUT /v1/automations/:id">>().toEqualTypeOf<AnswerTo<"PATCH /v1/automations/:id">>();
    expectTypeOf<AnswerTo<"POST /v1/runs/:id/skip">>().toEqualTypeOf<AnswerTo<"GET /v1/runs/:id">>();
  });

  test("whether it lists, and what", () => {
    expectTypeOf<RowOf<"GET /v1/segments">>().toEqualTypeOf<AnswerTo<"GET /v1/segments/:id">>();
    expectTypeOf<"GET /v1/segments/:id">().not.toExtend<ListName>();
  });

  test("its parameters and the names in its query", () => {
    expectTypeOf<ParamsOf<"PUT /v1/segments/:id/members/:user">>().toEqualTypeOf<{
      readonly id: string;
      readonly user: string;
    }>();
    expectTypeOf<keyof QueryOf<"GET /v1/segment-syncs">>().toEqualTypeOf<"limit" | "cursor" | "segment" | "deleted">();
    expectTypeOf<keyof QueryOf<"GET /v1/runs/:id">>().toEqualTypeOf<never>();
  });
});

test("routes are known apart by who may call them", () => {
  expectTypeOf<RouteName<"platform">>().toEqualTypeOf<
    | `${"GET" | "POST"} /v1/schools`
    | `${"GET" | "PATCH" | "DELETE"} /v1/schools/:id`
    | `${"GET" | "POST"} /v1/schools/:id/log`
    | "GET /v1/logs"
    | `GET /v1/dead-letters${"" | "/:id"}`
    | "POST /v1/dead-letters/:id/retry"
    | `GET /v1/costs${"" | "/:id"}`
    | "GET /v1/secret-key"
    | "POST /v1/secret-key/rotation"
    | "GET /v1/restored"
    | `POST /v1/restored${"" | "/users" | "/object"}`
  >();
  expectTypeOf<"GET /v1/schools">().not.toExtend<RouteName<"read" | "write">>();
});
