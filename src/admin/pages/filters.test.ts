import { expect, test } from "vitest";
import { signedIn } from "../test-signed-in";

/* Filters of lists find by a part of a name, among all there are, and not only what a page offers. */

const MANY = 55;
const numbered = (name: string) => Array.from({ length: MANY }, (_, n) => `${name} ${String(n).padStart(3, "0")}`);
const mainOf = (text: string): string => text.slice(text.indexOf("<main"));

test("an automation beyond those offered is found by a part of its name, and of several each is offered", async () => {
  const { ask, at, get } = await signedIn("viewer");
  const when = [{ type: "custom", name: "go" }];
  const then = [{ type: "tags.add", tags: ["vip"] }];
  const ids = new Map<string, string>();
  for (const name of [...numbered("Aaa"), "Zebra letters", "Yak letters"])
    ids.set(name, (await ask("POST", "/v1/automations", { name, when, then })).body.id);
  for (const list of ["/executions", "/deliveries"]) {
    const page = await get(list);
    expect(page.text).not.toContain("Zebra letters");
    expect(page.text.match(/data-picks="automation"|<script [^>]*suggest.js/g)).toHaveLength(2);
    const one = (await get(`${list}?automation=zebr`)).text;
    expect(one).toMatch(/<input type="search" name="automation" value="Zebra letters"/);
    const several = mainOf((await get(`${list}?automation=letters&status=failed`)).text);
    expect(several).toContain("“letters” is part of several names:");
    for (const name of ["Zebra letters", "Yak letters"])
      expect(several).toContain(`href="${at(list)}?automation=${ids.get(name)}&amp;status=failed"`);
    // It is asked which: nothing is said of what was not looked for.
    expect(several).not.toMatch(/No run like that|No delivery like that/);
  }
});

test("learners are filtered by a part of the name of a course, a segment or a tag beyond those offered", async () => {
  const { ask, at, get } = await signedIn("viewer");
  const course = (id: string) => ask("PUT", `/v1/products/course/${id}`, { name: `${id} course` });
  for (const id of numbered("c")) await course(id.replace(" ", "-"));
  await course("zither");
  for (const name of numbered("Group")) await ask("POST", "/v1/segments", { name });
  const { id: segment } = (await ask("POST", "/v1/segments", { name: "Zoology students" })).body;
  await ask("PUT", "/v1/users/anna", { email: "anna@a.test" });
  await ask("PUT", `/v1/segments/${segment}/members/anna`);
  await ask("POST", "/v1/events", { type: "course.enrolled", user: { id: "anna" }, data: { course: "zither" } });
  for (const tag of [...numbered("t"), "zeal", "zest"])
    await ask("POST", "/v1/events", { type: "tag.added", user: { id: "anna" }, data: { tag } });
  for (const asked of ["course=zith", "segment=zool", "tag=zeal"])
    expect((await get(`/learners?${asked}`)).text, asked).toContain(`href="${at("/learners/anna")}"`);
  expect((await get("/learners?segment=zool")).text).toContain('value="Zoology students"');
  const several = (await get("/learners?tag=ze")).text;
  for (const tag of ["zeal", "zest"]) expect(several).toContain(`href="${at("/learners")}?tag=${tag}"`);
  expect(several).not.toContain("Nobody like that");
});

test("of several learners whose names hold a text, who is called just so comes first, and nobody is said to be missing", async () => {
  const { ask, get } = await signedIn("viewer");
  const people = Array.from({ length: 8 }, (_, n) => [`a-${n}`, `Annabel ${n}`]);
  for (const [id, username] of [...people, ["z-1", "Anna"], ["z-2", "ANNA"]])
    await ask("PUT", `/v1/users/${id}`, { username });
  for (const list of ["/executions", "/deliveries"]) {
    const main = mainOf((await get(`${list}?user=anna`)).text);
    const offered = [...main.matchAll(/<a href="[^"]*\?user=([\w-]+)">/g)].map(([, id]) => id);
    expect(offered, list).toEqual(["z-1", "z-2", "a-0", "a-1", "a-2"]);
    expect(main).toContain("Several learners are called “anna”:");
    expect((await get(`${list}?user=nabe`)).text).toContain("“nabe” is part of several names:");
    expect(main).not.toMatch(/No run like that|No delivery like that/);
  }
});

test("a filter that means nothing is named, and the list is shown without it", async () => {
  const { ask, get } = await signedIn("owner");
  await ask("POST", "/v1/automations", {
    ...{ name: "Greets", synchronous: true, when: [{ type: "user.signed_up" }] },
    then: [{ type: "email.user", subject: "Hi", body: "Hi" }],
  });
  await ask("POST", "/v1/events", { type: "user.signed_up", user: { id: "anna", email: "anna@a.test" } });
  for (const [list, shown] of [
    ["/executions?since=x", "anna"],
    ["/executions?status=zz", "anna"],
    ["/executions?sort=zz", "anna"],
    ["/deliveries?from=2026-13-45", "anna"],
    ["/deliveries?to=x", "anna"],
    ["/deliveries?status=zz", "anna"],
    ["/deliveries?channel=zz", "anna"],
    ["/settings/audit?since=x", "automation created"],
    ["/automations?active=zz", "Greets"],
    ["/automations?sort=zz", "Greets"],
    ["/automations?uses=zz", "Greets"],
  ] as const) {
    const { status, text } = await get(list);
    expect([list, status]).toEqual([list, 200]);
    const odd = list.split("=")[1];
    expect(mainOf(text), list).toContain(`“${odd}” means nothing as a filter here.`);
    expect(mainOf(text), list).toContain(shown);
  }
  expect((await get("/executions?since=2026-01-01&status=failed&sort=oldest")).text).not.toContain("means nothing");
});
