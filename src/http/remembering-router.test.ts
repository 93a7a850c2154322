import fc from "fast-check";
import { TrieRouter } from "hono/router/trie-router";
import { describe, expect, test, vi } from "vitest";
import { RememberingRouter } from "./remembering-router";

const ROUTES: [method: string, path: string][] = [
  ["ALL", "*"],
  ["ALL", "/xapi/*"],
  ["POST", "/v1/events"],
  ["ALL", "/v1/events"],
  ["GET", "/v1/users/:id"],
  ["GET", "/v1/users/lately"],
  ["PUT", "/xapi/statements"],
];

const filled = <R extends { add(method: string, path: string, handler: string): void }>(router: R): R => {
  for (const [method, path] of ROUTES) router.add(method, path, `${method} ${path}`);
  return router;
};

describe("a router that remembers", () => {
  test("leads wherever the one leads that does not, however often it is asked", () => {
    const remembering = filled(new RememberingRouter<string>());
    const plain = filled(new TrieRouter<string>());
    const paths = ["/", "/v1/events", "/v1/events/", "/v1/users/anna", "/v1/users/lately", "/xapi/statements", "/none"];
    const asked = fc.record({
      method: fc.constantFrom("GET", "POST", "PUT", "OPTIONS", "PROPFIND"),
      path: fc.constantFrom(...paths),
    });
    fc.assert(
      fc.property(fc.array(asked, { minLength: 1 }), (asking) => {
        for (const { method, path } of asking)
          expect(remembering.match(method, path)).toEqual(plain.match(method, path));
      }),
    );
  });

  test("looks once where a path without parameters leads, and anew each time for others", () => {
    const search = vi.spyOn(TrieRouter.prototype, "match");
    const router = filled(new RememberingRouter<string>());
    for (const _ of [1, 2, 3]) {
      router.match("POST", "/v1/events");
      router.match("GET", "/v1/users/anna");
    }
    expect(search.mock.calls.filter(([, path]) => path === "/v1/events")).toHaveLength(1);
    expect(search.mock.calls.filter(([, path]) => path === "/v1/users/anna")).toHaveLength(3);
    search.mockRestore();
  });

  test("takes what is added after it was asked", () => {
    const router = filled(new RememberingRouter<string>());
    router.match("POST", "/v1/events");
    router.add("POST", "/v1/*", "later");
    expect(router.match("POST", "/v1/events")[0].map(([handler]) => handler)).toContain("later");
  });
});
