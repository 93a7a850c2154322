import { beforeEach, describe, expect, test } from "vitest";
import { meterOfD1 } from "../../../../test/workers/metered";
import { createApp } from "../../app";
import { call, env, newSchool } from "../../test-client";
import { routes } from "..";

const app = createApp(routes);

interface Node {
  id: string;
  kind: string;
  name: string;
}
interface Edge {
  from: string;
  to: string;
  kind: string;
  paths: string[];
}

let key: string;
const api = async (method: string, path: string, body?: unknown) => call(app, method, path, body, { token: key });
const made = async (path: string, body: object): Promise<string> => (await api("POST", `/v1/${path}`, body)).body.id;
const automation = (name: string, more: object) =>
  made("automations", { name, when: [{ type: "user.signed_up" }], then: [], ...more });
const graph = async (query = ""): Promise<{ nodes: Node[]; edges: Edge[]; next_cursor: string | null }> => {
  const { status, body } = await api("GET", `/v1/graph${query}`);
  expect([status, body.detail]).toEqual([200, undefined]);
  return body;
};
const ids = (nodes: readonly Node[]): string[] => nodes.map(({ id }) => id).sort();
const drawn = (edges: readonly Edge[]): string[] => edges.map((one) => `${one.from} ${one.kind} ${one.to}`).sort();

beforeEach(async () => {
  ({ key } = await newSchool(app));
});

/** Sales people are synced with a course, which an automation gives too; whoever has done it is tagged. */
async function sales() {
  await api("POST", "/v1/profile-fields", { key: "department", name: "Department", type: "text" });
  await made("segments", { id: "sales", name: "Sales people", managed: true });
  await api("PUT", "/v1/products/course/s-1", { name: "Selling" });
  await api("PUT", "/v1/products/bundle/all", { name: "All of it", courses: ["s-1", "s-2"] });
  const where = [{ field: "department", op: "is", value: "Sales" }];
  return {
    rule: await made("segment-rules", { segment: "sales", match: "all", where }),
    sync: await made("segment-syncs", { name: "Sales course", segment: "sales", course: "s-1", group: "g" }),
    group: await made("auto-groups", { course: "s-2", field: "department" }),
    gives: await automation("Gives", { then: [{ type: "course.enroll", courses: ["s-1"] }] }),
    tags: await automation("Tags", {
      when: [{ type: "course.completed", courses: ["s-1"] }],
      then: [{ type: "tags.add", tags: ["Done"] }],
      active: false,
    }),
  };
}

describe("a school's graph", () => {
  test("has whatever is defined, by names, and an edge for each place that names something", async () => {
    const of = await sales();
    const { nodes, edges, next_cursor } = await graph();
    expect(next_cursor).toBeNull();
    expect(Object.fromEntries(nodes.map(({ id, ...node }) => [id, node]))).toEqual({
      [`automation:${of.gives}`]: { kind: "automation", name: "Gives", active: true },
      [`automation:${of.tags}`]: { kind: "automation", name: "Tags", active: false },
      [`rule:${of.rule}`]: { kind: "rule", name: "Sales people" },
      [`sync:${of.sync}`]: { kind: "sync", name: "Sales course", active: true },
      [`auto_group:${of.group}`]: { kind: "auto_group", name: "s-2, Department", active: true },
      "segment:sales": { kind: "segment", name: "Sales people" },
      "field:department": { kind: "field", name: "Department" },
      "bundle:all": { kind: "product", type: "bundle", name: "All of it" },
      "course:s-1": { kind: "product", type: "course", name: "Selling" },
      "course:s-2": { kind: "product", type: "course", name: "s-2" },
      "group:g": { kind: "group", name: "g" },
      "tag:done": { kind: "tag", name: "Done" },
      "event:user.signed_up": { kind: "event", name: "User signed up" },
      "event:course.completed": { kind: "event", name: "Course completed" },
      "event:course.enrolled": { kind: "event", name: "Enrolled in a course" },
      "event:tag.added": { kind: "event", name: "Tag added" },
    });
    expect(drawn(edges)).toEqual(
      [
        `course:s-1 starts automation:${of.tags}`,
        `event:course.completed starts automation:${of.tags}`,
        `automation:${of.tags} gives tag:done`,
        `automation:${of.tags} gives event:tag.added`,
        `event:user.signed_up starts automation:${of.gives}`,
        `automation:${of.gives} gives course:s-1`,
        `automation:${of.gives} gives event:course.enrolled`,
        `field:department needs rule:${of.rule}`,
        `rule:${of.rule} gives segment:sales`,
        `segment:sales starts sync:${of.sync}`,
        `sync:${of.sync} gives course:s-1`,
        `sync:${of.sync} gives group:g`,
        `course:s-2 needs auto_group:${of.group}`,
        `field:department needs auto_group:${of.group}`,
        "bundle:all gives course:s-1",
        "bundle:all gives course:s-2",
      ].sort(),
    );
    expect(edges.find(({ to }) => to === "tag:done")?.paths).toEqual(["/then/0/tags/0"]);
  });

  test("is asked what touches a thing: so many edges away, and what lies between", async () => {
    const of = await sales();
    const course = await graph("?about=course:s-1");
    const near = ["bundle:all", `automation:${of.gives}`, `automation:${of.tags}`, `sync:${of.sync}`, "course:s-1"];
    expect(ids(course.nodes)).toEqual(near.sort());
    expect(drawn(course.edges)).toEqual(
      [
        "bundle:all gives course:s-1",
        `automation:${of.gives} gives course:s-1`,
        `course:s-1 starts automation:${of.tags}`,
        `sync:${of.sync} gives course:s-1`,
      ].sort(),
    );
    expect(ids((await graph("?about=course:s-1&depth=2")).nodes)).toEqual(
      expect.arrayContaining(["segment:sales", "tag:done", "course:s-2", "group:g"]),
    );
    expect(ids((await graph("?about=segment:sales")).nodes)).toEqual(
      [`rule:${of.rule}`, "segment:sales", `sync:${of.sync}`].sort(),
    );
    // Tags are one whatever their case, and known by it.
    expect(ids((await graph("?about=tag:DONE")).nodes)).toEqual([`automation:${of.tags}`, "tag:done"].sort());
  });

  test("shows what nothing touches alone; of what is not there, or no thing, it says so", async () => {
    expect(await graph("?about=course:nobody")).toEqual({
      about: "course:nobody",
      nodes: [{ id: "course:nobody", kind: "product", type: "course", name: "nobody" }],
      edges: [],
      next_cursor: null,
    });
    expect((await api("GET", "/v1/graph?about=automation:gone")).status).toBe(404);
    for (const query of ["about=collaborator:x", "about=course", "about=nothing:x", "depth=0", "depth=9", "cursor=x"])
      expect([query, (await api("GET", `/v1/graph?${query}`)).status]).toEqual([query, 422]);
    expect(await graph()).toEqual({ nodes: [], edges: [], next_cursor: null });
  });

  test("a product is what the school knows by that id: a course, a bundle, both; else it is any", async () => {
    await sales();
    const paid = await automation("Paid", {
      when: [{ type: "payment.made", products: ["s-1", "all", "unheard"] }],
      then: [{ type: "tags.add", tags: ["$trigger"] }],
    });
    const { edges } = await graph(`?about=automation:${paid}`);
    expect(drawn(edges.filter(({ from, to }) => to === `automation:${paid}` && !from.startsWith("event:")))).toEqual(
      ["bundle:all", "course:s-1", "product:unheard"].map((one) => `${one} starts automation:${paid}`),
    );
    expect(ids((await graph("?about=course:s-1")).nodes)).toContain(`automation:${paid}`);
  });

  test("leaves out what is to be deleted, as lists do", async () => {
    const of = await sales();
    await env.DB.batch([
      env.DB.prepare("update automations set delete_at = 1 where id = ?").bind(of.tags),
      env.DB.prepare("update segment_syncs set delete_at = 1 where id = ?").bind(of.sync),
    ]);
    expect(ids((await graph("?about=course:s-1")).nodes)).toEqual(
      ["bundle:all", `automation:${of.gives}`, "course:s-1"].sort(),
    );
    expect((await api("GET", `/v1/graph?about=automation:${of.tags}`)).status).toBe(404);
  });

  test("is another school's alone", async () => {
    await sales();
    ({ key } = await newSchool(app));
    expect((await graph()).nodes).toEqual([]);
  });
});

test("pages hold some 2,000 edges and together all of them, each once", async () => {
  const tags = Array.from({ length: 200 }, (_, n) => `t${n}`);
  const add = (prefix: string) => ({ type: "tags.add", tags: tags.map((tag) => prefix + tag) });
  for (const name of ["A", "B", "C"])
    await automation(name, { then: Array.from({ length: 5 }, (_, n) => add(`${name}${n}`)) });
  const pages = [await graph()];
  for (let cursor = pages[0]?.next_cursor; cursor; cursor = pages.at(-1)?.next_cursor)
    pages.push(await graph(`?cursor=${cursor}`));
  expect(pages.map(({ edges }) => edges.length)).toEqual([2004, 1002]);
  const all = pages.flatMap(({ edges }) => drawn(edges));
  expect(new Set(all).size).toBe(all.length);
});

test("costs each definition once, in so many statements whatever there is and whatever is asked", async () => {
  const metered = meterOfD1();
  const cost = async (query: string) => {
    const { statements, rowsRead } = metered;
    await graph(query);
    return { statements: metered.statements - statements, rows: metered.rowsRead - rowsRead };
  };
  await sales();
  await graph();
  const few = await cost("");
  for (let n = 0; n < 20; n++) await automation(`N${n}`, { then: [{ type: "tags.add", tags: [`n${n}`] }] });
  const many = await cost("");
  expect(many.statements).toBe(few.statements);
  // Of each automation its row, and the spelling of its tag.
  expect(many.rows - few.rows).toBeLessThanOrEqual(20 * 4);
  expect((await cost("?about=tag:n1&depth=5")).statements).toBeLessThanOrEqual(few.statements);
});
