import { expect, test } from "vitest";
import { createApp } from "../../app";
import { call, env, newSchool } from "../../test-client";
import { routes } from "../index";

const app = createApp(routes);

/** A school with runs from before users' objects kept their own: so many of one automation, of which those numbered here came to the step s9, and some of another. */
async function schoolWithRuns(count: number, atStep: readonly number[]) {
  const { id, key } = await newSchool(app);
  await env.DB.prepare(
    `with recursive n(i) as (select 1 union all select i + 1 from n where i < ?2)
     insert into runs (school, id, automation, version, user, status, synchronous, trigger, started_at, steps, logged_at, seq, unkept)
     select ?1, printf('run_%08d', i), iif(i % 1000 = 0, 'aut_2', 'aut_1'), 1, 'anna', iif(i % 2, 'completed', 'failed'), 0,
       '{"type":"user.signed_up","data":{},"at":0}', i,
       json_array(json_object('step_id', 's1', 'type', 'exit', 'status', 'done', 'at', 0),
         json_object('step_id', iif(i in (select value from json_each(?3)), 's9', 's2'), 'type', 'exit', 'status', 'done', 'at', 0)),
       0, 1, 1
     from n`,
  )
    .bind(id, count, JSON.stringify(atStep))
    .run();
  return async (query: string) => {
    const { body } = await call(app, "GET", `/v1/runs?${query}`, undefined, { token: key });
    return { ids: body.data.map((run: { id: string }) => Number(run.id.slice(4))), next: body.next_cursor };
  };
}

test("runs are found by a step they came to, however long ago, in pages that miss and repeat none", async () => {
  const list = await schoolWithRuns(11_000, [3, 4, 5, 1000, 9_000]);
  for (const order of ["desc", "asc"]) {
    const found: number[] = [];
    let pages = 0;
    let cursor = "";
    do {
      const page = await list(`automation=aut_1&step=s9&order=${order}&limit=2${cursor}`);
      found.push(...page.ids);
      cursor = page.next ? `&cursor=${page.next}` : "";
      pages++;
    } while (cursor && pages < 10);
    expect(found).toEqual(order === "desc" ? [9_000, 5, 4, 3].filter((id) => id % 1000) : [3, 4, 5]);
    expect(pages).toBeGreaterThan(2);
  }
  expect(await list("automation=aut_2&step=s9&order=desc")).toEqual({ ids: [9_000, 1_000], next: null });
});

test("the step goes together with the other filters", async () => {
  const list = await schoolWithRuns(20, [7, 8]);
  expect((await list("automation=aut_1&step=s9&status=failed")).ids).toEqual([8]);
  expect((await list("step=s9&user=anna")).ids).toEqual([7, 8]);
  expect((await list("step=s9&since=1970-01-01T00:00:00.008Z")).ids).toEqual([8]);
  expect((await list("step=nothing")).ids).toEqual([]);
});
