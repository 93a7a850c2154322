import { expect, test } from "vitest";
import { setNow } from "../../../../test/workers/live";
import { signedIn } from "../../test-signed-in";

/* Every page that shows something held says who gave it, by name, and leads there. */

const NOW = Date.UTC(2031, 4, 5, 9);

/** A school in which each kind of giver gave anna something. */
async function furnished() {
  setNow(NOW);
  const school = await signedIn("owner");
  const made = async (path: string, body: unknown) => (await school.ask("POST", `/v1${path}`, body)).body;
  const event = (type: string, data: object, id: string, user = "anna") =>
    made("/events", { id, type, user: { id: user, username: "Anna" }, data });
  await made("/profile-fields", { key: "team", name: "Team", type: "text" });
  await made("/segments", { id: "sales", name: "Sales people", managed: true });
  await made("/segments", { id: "friends", name: "Friends" });
  const where = [{ field: "team", op: "is", value: "sales" }];
  const rule = await made("/segment-rules", { segment: "sales", match: "all", where });
  const sync = await made("/segment-syncs", { name: "Pitching course", segment: "sales", course: "pitch", group: "g" });
  await made("/auto-groups", { course: "pitch", field: "team" });
  await made("/automations", {
    name: "Welcome them",
    synchronous: true,
    when: [{ type: "user.signed_in" }],
    then: [
      { type: "tags.add", tags: ["welcomed"] },
      { type: "space.add", spaces: ["club"] },
      { type: "user.set_field", field: "level", value: "one" },
    ],
  });
  await school.ask("PUT", "/v1/products/bundle/all", { name: "All we have", courses: ["js-101"] });
  await event("tag.added", { tag: "vip" }, "e-1");
  const { runs } = await event("user.signed_in", {}, "e-2");
  await event("bundle.enrolled", { bundle: "all" }, "e-3");
  await school.ask("PUT", "/v1/users/anna", { fields: { team: "sales" } });
  await school.ask("PUT", "/v1/segments/friends/members/anna");
  return { ...school, run: runs[0].id as string, rule, sync };
}

const flat = (html: string): string => html.replaceAll(/\s+/g, " ");
const link = (href: string, text: string): string => `<a href="${href}">${text}</a>`;

test("an auto group that is deleted goes by the names of its course and its field", async () => {
  const { ask, get, post } = await furnished();
  await ask("PUT", "/v1/products/course/pitch", { name: "Pitching course" });
  expect((await get("/learners/anna")).text).toContain("Pitching course: sales");
  const [{ id }] = (await ask("GET", "/v1/auto-groups")).body.data;
  expect((await get(`/auto-groups/${id}/delete`)).text).toContain("Delete the auto group of “Pitching course”?");
  await post(`/auto-groups/${id}/delete`, {});
  expect(flat((await get("/auto-groups")).text)).toMatch(/Pitching course by Team\b/);
});

test("a learner's profile names each giver and links it", async () => {
  const { at, get, run, rule, sync } = await furnished();
  const page = flat((await get("/learners/anna")).text);
  for (const [path, text] of [
    [`/runs/${run}`, "Welcome them"],
    [`/rules/${rule.id}`, "a rule of Sales people"],
    [`/syncs/${sync.id}`, "the sync Pitching course"],
    ["/auto-groups", "the auto groups of pitch"],
    ["/products/bundle/all", "the bundle All we have"],
  ] as const)
    expect(page).toContain(link(at(path), text));
  expect(page).toContain("the key ");
  expect(page).toMatch(/href="[^"]*\/learners\/anna\/timeline\?at=[^"]*">“is tagged vip”, <time/);
  expect(page).not.toContain("event e-");
});

test("what is given twice keeps its giver; a run's page shows what is there of it still, and no more", async () => {
  const { get, ask, run } = await furnished();
  const before = flat((await get(`/runs/${run}`)).text);
  for (const held of ["welcomed", "club", "level"]) expect(before).toContain(`${held}`);
  expect(before).toMatch(/What Anna still has from it.*welcomed.*club.*level/);
  await ask("POST", "/v1/events", { type: "tag.removed", user: { id: "anna" }, data: { tag: "welcomed" } });
  await ask("PUT", "/v1/users/anna", { fields: { level: "two" } });
  const after = flat((await get(`/runs/${run}`)).text).split("What Anna still has from it")[1] ?? "";
  expect(after).toContain("club");
  expect(after).not.toContain("welcomed");
  expect(after).not.toContain("level");
});

test("the timeline links the run, rule or sync behind each fact, and begins at a moment that is asked for", async () => {
  const { at, get, ask, run, rule, sync } = await furnished();
  const page = flat((await get("/learners/anna/timeline")).text);
  expect(page).toContain(link(at(`/runs/${run}`), "Welcome them"));
  expect(page).toContain(link(at(`/rules/${rule.id}`), "a rule of Sales people"));
  expect(page).toContain(link(at(`/syncs/${sync.id}`), "the sync Pitching course"));
  await ask("POST", "/v1/test-clock", { advance: "PT1M" });
  await ask("POST", "/v1/events", { type: "tag.added", user: { id: "anna" }, data: { tag: "later" } });
  const then = (await get(`/learners/anna/timeline?at=${new Date(NOW).toISOString()}`)).text;
  expect(then).not.toContain("later");
  expect(then).toContain("vip");
  expect((await get("/learners/anna/timeline")).text).toContain("later");
});

test("who is listed by a segment, a tag or a course is listed with who put them there, and one look-up names them all", async () => {
  const { at, get, rule, run, sync } = await furnished();
  expect(flat((await get("/segments/sales")).text)).toContain(link(at(`/rules/${rule.id}`), "a rule of Sales people"));
  expect(flat((await get("/segments/friends")).text)).toContain("the key ");
  expect(flat((await get("/learners?tag=welcomed")).text)).toContain(link(at(`/runs/${run}`), "Welcome them"));
  expect(flat((await get("/learners?course=pitch")).text)).toContain(
    link(at(`/syncs/${sync.id}`), "the sync Pitching course"),
  );
  expect((await get("/learners?q=anna")).text).not.toContain("Put there");
});
