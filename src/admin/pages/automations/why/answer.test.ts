import { expect, test } from "vitest";
import { signedIn } from "../../../test-signed-in";
import { base, did, neverDid } from "./answer";

test.each([
  ["is enrolled in js-101", "was never enrolled in js-101", "was enrolled in js-101"],
  ["completes js-101", "did not complete js-101", "completes js-101"],
  ["pays for any product", "did not pay for any product", "pays for any product"],
  ["watches a video", "did not watch a video", "watches a video"],
  ["passes the exam", "did not pass the exam", "passes the exam"],
  ["loses the tag vip", "did not lose the tag vip", "loses the tag vip"],
  ["has returned", "did not have returned", "has returned"],
])("%s", (sentence, never, so) => {
  expect(neverDid(sentence)).toBe(never);
  expect(did(sentence)).toBe(so);
});

test("a verb loses only the ending of its person", () => {
  expect(["satisfies it", "signs up", "joins", "goes", "is"].map(base)).toEqual([
    ...["satisfy it", "sign up", "join", "go", "i"],
  ]);
});

test("why it did not run is one sentence with names, and the one thing that would change it", async () => {
  const { ask, get } = await signedIn("editor");
  await ask("PUT", "/v1/products/course/js-101", { name: "JavaScript 101" });
  const when = [{ type: "course.enrolled", courses: ["js-101"] }];
  const then = [{ type: "tags.add", tags: ["x"] }];
  const enrolled = (id: string, username: string) =>
    ask("POST", "/v1/events", { type: "course.enrolled", user: { id, username }, data: { course: "js-101" } });
  await enrolled("dora", "Dora");
  const { body } = await ask("POST", "/v1/automations", { name: "Tips", when, then });
  await ask("PUT", "/v1/users/anna", { username: "Anna" });
  const answer = async (user: string) => {
    const { text } = await get(`/automations/${body.id}/why?user=${user}`);
    return (/class="panel-box why-answer">(.*?)<\/div>/s.exec(text)?.[1] ?? "").replaceAll(/\s+/g, " ");
  };
  const before = await answer("dora");
  expect(before).toContain("Dora was enrolled in JavaScript 101, but there was no such automation then.");
  expect(before).not.toMatch(/Switch|switch/);
  expect(await answer("anna")).toContain("Anna was never enrolled in JavaScript 101.");
  expect(await answer("anna")).toContain("Start it for Anna");

  await enrolled("anna", "Anna");
  expect(await answer("anna")).toContain("It ran: Anna was enrolled in JavaScript 101");

  await ask("PATCH", `/v1/automations/${body.id}`, { active: false });
  await enrolled("ben", "Ben");
  expect(await answer("ben")).toContain("Ben was enrolled in JavaScript 101, but it was off.");
  expect(await answer("ben")).toContain("To its switch");

  const only_if = { all: [{ type: "tags.has", tags: ["vip"] }] };
  await ask("PATCH", `/v1/automations/${body.id}`, { active: true, only_if });
  await enrolled("cleo", "Cleo");
  const kept = await answer("cleo");
  expect(kept).toContain("but “only if” was not met: it asks that they");
  expect(kept).toContain("and Cleo had nothing.");
  expect(kept).not.toMatch(/tags\.has|only_if|\/all/);
});

test("of an automation that is deleted the learner's page says why it ran, by way of its run", async () => {
  const { ask, get } = await signedIn("editor");
  const when = [{ type: "course.enrolled", courses: ["js-101"] }];
  const only_if = { type: "tags.has", tags: ["vip"] };
  const { body } = await ask("POST", "/v1/automations", { name: "Tips", synchronous: true, when, then: [], only_if });
  const event = (type: string, data: object) => ask("POST", "/v1/events", { type, user: { id: "anna" }, data });
  await event("course.enrolled", { course: "css" });
  await event("course.enrolled", { course: "js-101" });
  await event("course.unenrolled", { course: "js-101" });
  await event("tag.added", { tag: "vip" });
  const { runs } = (await event("course.enrolled", { course: "js-101" })).body;
  // What decided then is told by the version of then, whatever it listens to since.
  await ask("PATCH", `/v1/automations/${body.id}`, { when: [{ type: "user.signed_in" }], only_if: null });
  await ask("DELETE", `/v1/automations/${body.id}`);
  const [, way = ""] =
    /href="[^"]*(\/learners\/anna\/why\?automation=[^"]*)"/.exec((await get(`/runs/${runs[0].id}`)).text) ?? [];
  const { status, text } = await get(way);
  expect(status).toBe(200);
  const said = text.replaceAll(/\s+/g, " ");
  for (const one of ["Tips (deleted)", "It is deleted: nothing starts it any more.", `/runs/${runs[0].id}`])
    expect(said).toContain(one);
  expect(said).toMatch(/It asked that they .*vip.* This learner had: <b>nothing<\/b>/);
  expect(said).not.toContain("Start it for");
  // Of css it does not say both that it listens to that and that it listened to something else.
  expect([said.split("✓ it listens to this").length, said.split("it listened to something else").length]).toEqual([
    2, 2,
  ]);
  expect((await get("/learners/anna/why?automation=aut_never")).status).toBe(200);
  const own = await get(`/automations/${body.id}/why?user=anna`);
  expect(own.status).toBe(200);
  for (const one of ["Tips (deleted)", "It is deleted: nothing starts it any more.", `/runs/${runs[0].id}`])
    expect(own.text.replaceAll(/\s+/g, " ")).toContain(one);
  // Nothing of it can be looked at or changed.
  expect(own.text).not.toContain(`/automations/${body.id}/edit`);
  expect((await get("/automations/aut_never/why?user=anna")).status).toBe(404);
});

test("what happened long before everything else is still what it goes by", async () => {
  const { ask, get } = await signedIn("editor");
  const when = [{ type: "tag.added", tags: ["go"] }];
  const { body } = await ask("POST", "/v1/automations", {
    name: "Gives",
    when,
    then: [{ type: "tags.add", tags: ["x"] }],
  });
  await ask("PATCH", `/v1/automations/${body.id}`, { active: true });
  const event = (type: string, data: object = {}) => ({ type, user: { id: "uma", username: "Uma" }, data });
  await ask("POST", "/v1/events", event("tag.added", { tag: "go" }));
  await ask("POST", "/v1/events/batch", { events: Array.from({ length: 60 }, () => event("custom.noise")) });
  const { text } = await get(`/automations/${body.id}/why?user=uma`);
  expect(text.replaceAll(/\s+/g, " ")).toContain("It ran: Uma was tagged go");
});
