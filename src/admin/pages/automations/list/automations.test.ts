import { expect, test } from "vitest";
import { createApp } from "../../../../http/app";
import { routes } from "../../../../http/routes";
import { call, env, newSchool } from "../../../../http/test-client";
import { startSession } from "../../../../schools/sign-in/sessions";
import { addressIn } from "../../../address";
import { mountAdmin } from "../../../app";

const app = createApp(routes);
mountAdmin(app, routes);

test("the list comes in pages, newest first, and a search finds the oldest too", async () => {
  const email = "owner@pages.com";
  const { id, key } = await newSchool(app, { collaborators: [{ email, role: "owner" }] });
  const token = await startSession(env, email);
  const names = Array.from({ length: 120 }, (_, n) => `No ${String(n).padStart(3, "0")}.`);
  const automations = names.map((name, n) => ({
    id: `aut_${String(n).padStart(3, "0")}`,
    name,
    when: [{ type: "tag.added", tags: [n === 2 ? "rare" : "common"] }],
    // What touches the course rare does not touch the tag.
    then: [{ type: "course.enroll", courses: ["rare"] }],
  }));
  const put = await call(app, "PUT", "/v1/import", { automations }, { token: key });
  expect(put.status, put.text).toBe(200);

  const list = async (path: string) => {
    const { text } = await call(app, "GET", path, undefined, { headers: { cookie: `__Host-schoolbell=${token}` } });
    const way = (rel: string) => new RegExp(`href="([^"]*)" rel="${rel}"`).exec(text)?.[1]?.replaceAll("&amp;", "&");
    const [next, previous] = [way("next"), way("prev")];
    return { text, previous, names: [...text.matchAll(/<a href="[^"]*">(No \d+\.)</g)].map(([, name]) => name), next };
  };
  const all = async (start: string) => {
    const pages: (string | undefined)[][] = [];
    for (let path: string | undefined = start; path !== undefined && pages.length < 10; ) {
      const page = await list(path);
      pages.push(page.names);
      path = page.next;
    }
    return pages;
  };
  const pages = await all(addressIn(id, "/automations"));
  expect(pages.map((page) => page.length)).toEqual([50, 50, 20]);
  expect(pages.flat()).toEqual(names.toReversed());
  expect(await all(addressIn(id, "/automations?q=no+001."))).toEqual([["No 001."]]);
  expect(await all(addressIn(id, "/automations?q=touches:tag:rare"))).toEqual([["No 002."]]);
  expect(await all(addressIn(id, "/automations?uses=tag&named=rare"))).toEqual([["No 002."]]);
  await call(app, "PUT", "/v1/products/course/rare", { name: "A rare course" }, { token: key });
  expect(await all(addressIn(id, "/automations?uses=course&named=A+rare+course&q=no+001."))).toEqual([["No 001."]]);
  expect(await all(addressIn(id, "/automations?active=false"))).toEqual([[]]);
  expect((await all(addressIn(id, "/automations?sort=name"))).flat()).toEqual(names);
  // Back the way that one came, and how many there are.
  const first = await list(addressIn(id, "/automations?sort=name"));
  expect(first.text).toContain("50 shown of more than 100");
  expect(first.previous).toBeUndefined();
  const second = await list(first.next ?? "");
  const third = await list(second.next ?? "");
  expect((await list(third.previous ?? "")).names).toEqual(second.names);
  expect((await list(second.previous ?? "")).names).toEqual(first.names);
  // All of them are counted where somebody asks, on the page where they are.
  const [, asking = ""] = /<a href="([^"]*)">Count them all<\/a>/.exec(second.text) ?? [];
  const counted = await list(asking.replaceAll("&amp;", "&"));
  expect(counted.names).toEqual(second.names);
  expect(counted.text).toContain("50 shown of 120");
  expect(counted.text).not.toContain("Count them all");
  const back = await list(counted.previous ?? "");
  expect(back.names).toEqual(first.names);
  expect(back.text).toContain("50 shown of 120");
});

test("an automation that leads from course to course shows them by name, in their order", async () => {
  const email = "owner@paths.com";
  const { id, key } = await newSchool(app, { collaborators: [{ email, role: "owner" }] });
  const token = await startSession(env, email);
  await call(app, "PUT", "/v1/products/course/js-102", { name: "JavaScript, further" }, { token: key });
  const params = { courses: ["js-101", "js-102", "js-103"] };
  const made = await call(app, "POST", "/v1/templates/learning-path/use", { params }, { token: key });
  const page = await call(app, "GET", addressIn(id, `/automations/${made.body.id}`), undefined, {
    headers: { cookie: `__Host-schoolbell=${token}` },
  });
  const chain = /<ol class="chain">(.*?)<\/ol>/.exec(page.text)?.[1] ?? "";
  expect(chain).toBe("<li>js-101</li><li>JavaScript, further</li><li>js-103</li>");
});
