import { expect, test } from "vitest";
import { createApp } from "../../http/app";
import { routes } from "../../http/routes";
import { call, newSchool } from "../../http/test-client";

const app = createApp(routes);

/** Users to whom things happen by turns, so many that journals have rows, then some of them merged one after the other. */
async function merged() {
  const { key } = await newSchool(app);
  const api = async (method: string, path: string, body?: unknown) => {
    const answer = await call(app, method, path, body, { token: key });
    expect(answer.status, answer.text).toBeLessThan(300);
    return answer.body;
  };
  const users = ["anna", "ben", "cy"];
  let count = 0;
  const live = async (rounds: number) => {
    for (let round = 0; round < rounds; round++) {
      const events = Array.from({ length: 12 }, () => ({
        type: "custom.seen",
        user: { id: users[(count * 7 + round) % users.length] },
        data: { n: ++count },
      }));
      await api("POST", "/v1/events/batch", { events });
      await api("POST", "/v1/test-clock", { advance: "PT1H" });
    }
  };
  await live(8);
  await api("POST", "/v1/users/ben/merge", { from: "anna" });
  users.shift();
  await live(3);
  await api("POST", "/v1/users/cy/merge", { from: "ben" });
  users.shift();
  await live(2);
  /** All of a timeline, page by page. */
  const timeline = async (order: string, limit: number) => {
    const all: { at: string; id: string; type?: string; data?: { n: number } }[] = [];
    let pages = 0;
    for (let cursor: string | null = ""; cursor !== null; pages++) {
      const query: string = `order=${order}&limit=${limit}${cursor && `&cursor=${encodeURIComponent(cursor)}`}`;
      const page = await api("GET", `/v1/users/cy/timeline?${query}`);
      all.push(...page.data);
      cursor = page.next_cursor;
    }
    return { all, pages };
  };
  return { timeline, count };
}

test("what happened to users who were merged comes in the order of time, each once, however it is paged", async () => {
  const { timeline, count } = await merged();
  const { all } = await timeline("asc", 100);
  const times = all.map(({ at }) => at);
  expect(times).toEqual(times.toSorted());
  const seen = all.flatMap(({ type, data }) => (type === "custom.seen" && data ? [data.n] : []));
  expect(seen.toSorted((one, other) => one - other)).toEqual(Array.from({ length: count }, (_, n) => n + 1));
  const ids = all.map(({ id }) => id);
  for (const limit of [7, 50]) {
    const paged = await timeline("asc", limit);
    expect(paged.all.map(({ id }) => id)).toEqual(ids);
    expect(paged.pages).toBeGreaterThan(1);
    expect((await timeline("desc", limit)).all.map(({ id }) => id)).toEqual(ids.toReversed());
  }
});
