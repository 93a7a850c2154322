import { expect, test } from "vitest";
import { liveSchool } from "../../../test/workers/live";
import { routes } from "../routes";

/* A cursor is taken by the list that made it, and by no other. */

const { school } = liveSchool("live");

const lists = routes.filter(
  ({ query }) => query !== undefined && "shape" in query && "cursor" in (query.shape as Record<string, unknown>),
);

test.each(lists.map((route) => [`${route.method} ${route.path}`, route] as const))(
  "%s refuses the cursor of another list, naming it, before anything is read",
  async (_, route) => {
    // Nothing else of a call is looked at before.
    const call = { school: null, params: {}, query: { limit: 1, cursor: "WzFd.0" } } as never;
    const refused = Promise.resolve().then(() => route.handle(call));
    await expect(refused).rejects.toMatchObject({ kind: "invalid", faults: [{ path: "/cursor" }] });
  },
);

test("a cursor goes on in its own list by any limit, and is refused on another filter, order or list", async () => {
  for (const id of ["a", "b", "c", "d"]) await school.ask("PUT", `/v1/users/${id}`, { username: `Anna ${id}` });
  for (const [n, id] of ["a", "b", "c", "d"].entries())
    await school.ask("POST", "/v1/segments", { id, name: `Segment ${n}` });
  const next = async (path: string) => (await school.ask("GET", path)).body.next_cursor;
  const of = await next("/v1/segments?limit=1");
  const page = (await school.ask("GET", `/v1/segments?limit=2&cursor=${of}`)).body;
  expect(page.data.map(({ id }: { id: string }) => id)).toEqual(["b", "c"]);
  expect((await school.ask("GET", `/v1/segments?cursor=${page.next_cursor}`)).body).toMatchObject({
    data: [{ id: "d" }],
    next_cursor: null,
  });
  for (const path of [
    "/v1/segments?deleted=true",
    "/v1/jobs?limit=50",
    "/v1/users?q=anna",
    "/v1/segments/a/members?limit=1",
  ])
    expect(await school.ask("GET", `${path}&cursor=${of}`), path).toMatchObject({
      status: 422,
      body: { errors: [{ path: "/cursor", message: expect.stringContaining("another list") }] },
    });
  // As a release before made it, which clients may have kept.
  expect((await school.ask("GET", `/v1/segments?cursor=${of.split(".")[0]}`)).body.data).toHaveLength(3);
});

test("moments by which a list is cut may move from page to page", async () => {
  await school.automation({ when: [{ type: "custom", name: "go" }], then: [], synchronous: true });
  for (let n = 0; n < 3; n++) await school.event("custom.go", "e");
  const runs = (query: string) => school.ask("GET", `/v1/runs?user=e&${query}`);
  const since = (ms: number) => `since=${new Date(Date.now() - 86_400_000 + ms).toISOString()}`;
  const first = (await runs(`limit=1&${since(0)}`)).body;
  const rest = await runs(`${since(1_000)}&cursor=${first.next_cursor}`);
  expect([first.data.length, rest.status, rest.body.data.length]).toEqual([1, 200, 2]);
});
