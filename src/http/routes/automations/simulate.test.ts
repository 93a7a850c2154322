import { expect, test } from "vitest";
import { createApp } from "../../app";
import { call, newSchool } from "../../test-client";
import { routes } from "../index";

const app = createApp(routes);

const withAnna = async () => {
  const { key } = await newSchool(app);
  const api = (method: string, path: string, body?: unknown) => call(app, method, path, body, { token: key });
  await api("PUT", "/v1/users/anna", { email: "anna@example.com", username: "Anna" });
  await api("POST", "/v1/events", { type: "tag.added", user: { id: "anna" }, data: { tag: "vip" } });
  await api("POST", "/v1/events", { type: "course.enrolled", user: { id: "anna" }, data: { course: "css" } });
  return {
    api,
    simulate: (body: Record<string, unknown>) =>
      api("POST", "/v1/automations/simulate", { user: "anna", for: "P30D", ...body }),
  };
};

const email = { type: "email.user", subject: "Hi {{ user.username }}", body: "<p>{{ course.id }}</p>" };
const drip = {
  name: "Drip",
  when: [{ type: "course.enrolled", courses: ["js"] }],
  only_if: { type: "tags.has", tags: ["vip"] },
  then: [email, { type: "wait", for: "P2D" }, { type: "exit" }],
};
const places = (answer: { body: { errors?: { path: string }[] } }) => answer.body.errors?.map((one) => one.path).sort();

test("a user as the API shows one is taken for one who is only thought of", async () => {
  const { api, simulate } = await withAnna();
  const { body: anna } = await api("GET", "/v1/users/anna");
  const answer = await simulate({ automation: drip, user: { ...anna, id: "other" } });
  expect([answer.status, answer.body.matched]).toEqual([200, true]);
  expect(answer.body.steps[0]).toMatchObject({
    type: "email.user",
    status: "done",
    would: { to: ["anna@example.com"], content: { subject: "Hi Anna", html: "<p>js</p>" } },
  });
  expect(answer.body.ends).toMatchObject({ status: "exited", reason: "exit" });
  expect((await api("GET", "/v1/users/other")).status).toBe(404);
});

test("managed segments and what is synced with them follow a user who is only thought of", async () => {
  const { api, simulate } = await withAnna();
  await api("POST", "/v1/segments", { id: "sales", name: "Sales", managed: true });
  await api("POST", "/v1/segment-rules", {
    segment: "sales",
    match: "all",
    where: [{ field: "source", op: "is", value: "ads" }],
  });
  await api("POST", "/v1/segment-syncs", { name: "S", segment: "sales", course: "training" });
  const only_if = {
    all: [
      { type: "segment.is_member", segments: ["sales"] },
      { type: "course.is_enrolled", courses: ["training"] },
    ],
  };
  const matched = async (user: Record<string, unknown>) =>
    (await simulate({ automation: { ...drip, only_if }, user })).body.matched;
  expect([await matched({ source: "ads" }), await matched({ source: "friend" })]).toEqual([true, false]);
});

test("every fault of the definition, the user and the events has its place", async () => {
  const { simulate } = await withAnna();
  const wrong = { ...drip, colour: 1, then: [{ type: "tags.ad" }, { type: "wait", for: "2 days" }] };
  expect(places(await simulate({ automation: wrong }))).toEqual([
    "/automation/colour",
    "/automation/then/0/type",
    "/automation/then/1/for",
  ]);
  expect(places(await simulate({ automation: drip, user: { tgas: [] } }))).toEqual(["/user/tgas"]);
  const assume = [
    { after: "P1D", event: { type: "no.such" } },
    { after: "P1D", event: { type: "course.completed", data: { curse: "js" } } },
  ];
  expect(places(await simulate({ automation: drip, fact: { type: "no.fact" }, assume }))).toEqual([
    "/assume/0/event/type",
    "/assume/1/event/data/course",
    "/fact/type",
  ]);
  expect(places(await simulate({}))).toEqual(["/automation"]);
  expect(places(await simulate({ automation: drip, automation_id: "aut_1" }))).toEqual(["/automation"]);
  for (const span of ["P6Y", "P99999D"])
    expect((await simulate({ automation: drip, for: span })).body.errors).toEqual([
      { path: "/for", message: "five years at most" },
    ]);
  const late = [{ after: "P99999D", event: { type: "custom.x" } }];
  expect((await simulate({ automation: drip, assume: late })).body.errors).toContainEqual({
    path: "/assume/0/after",
    message: "ten years at most",
  });
});

test("an automation or user that is named and not there is a fault at its place", async () => {
  const { simulate } = await withAnna();
  const placesOf = async (body: Record<string, unknown>) => {
    const { status, body: problem } = await simulate(body);
    return [status, ...problem.errors.map((fault: { path: string }) => fault.path)];
  };
  expect(await placesOf({ automation: drip, user: "nobody" })).toEqual([422, "/user"]);
  expect(await placesOf({ automation_id: "aut_none" })).toEqual([422, "/automation_id"]);
  expect(await placesOf({ automation_id: "aut_none", user: "nobody", fact: { type: "nope" } })).toEqual([
    ...[422, "/automation_id", "/fact/type", "/user"],
  ]);
});

test("a saved automation is tried as it would be for the user: re-entry holds, being inactive does not matter", async () => {
  const { api, simulate } = await withAnna();
  const { body } = await api("POST", "/v1/automations", { ...drip, reentry: "once" });
  const tried = async () => (await simulate({ automation_id: body.id })).body;
  expect((await tried()).matched).toBe(true);
  await api("POST", "/v1/events", { type: "course.enrolled", user: { id: "anna" }, data: { course: "js" } });
  await api("PATCH", `/v1/automations/${body.id}`, { active: false });
  const after = await tried();
  expect([after.matched, after.trace[0].stopped_by]).toEqual([false, "once"]);
});

test("why comes in pages, newest first, and knows its user and automation", async () => {
  const { api } = await withAnna();
  const { body: automation } = await api("POST", "/v1/automations", drip);
  await api("POST", "/v1/events", {
    id: "evt-1",
    type: "course.enrolled",
    user: { id: "anna" },
    data: { course: "js" },
  });
  await api("POST", "/v1/events", { type: "school.visited", user: { id: "anna" } });
  const path = `/v1/automations/${automation.id}/why`;
  const first = (await api("GET", `${path}?user=anna&limit=2`)).body;
  expect(first.data.map((one: { event_id: string; fired: boolean }) => one.fired)).toEqual([true, false]);
  expect(first.data[0]).toMatchObject({
    event_id: "evt-1",
    fact: { type: "course.enrolled" },
    run_id: expect.stringMatching(/^run_/),
  });
  const second = (await api("GET", `${path}?user=anna&limit=2&cursor=${first.next_cursor}`)).body;
  expect(second).toMatchObject({ data: [{ fact: { type: "tag.added" }, stopped_by: "trigger" }], next_cursor: null });
  expect((await api("GET", `${path}?user=anna&event=evt-1`)).body.data).toHaveLength(1);
  expect((await api("GET", `${path}?user=nobody`)).status).toBe(404);
  expect((await api("GET", "/v1/automations/aut_none/why?user=anna")).status).toBe(404);
  expect(places(await api("GET", path))).toEqual(["/user"]);
  expect((await api("GET", `${path}?user=anna&cursor=x`)).status).toBe(422);
});

test("backtest tells for whom and by what, and what to bear in mind", async () => {
  const { api } = await withAnna();
  const { body: automation } = await api("POST", "/v1/automations", {
    ...drip,
    when: [{ type: "course.enrolled" }],
    active: false,
  });
  const answer = (await api("POST", `/v1/automations/${automation.id}/backtest`, { days: 7 })).body;
  expect(answer).toMatchObject({
    days: 7,
    count: 1,
    users: [{ user: "anna", count: 1, facts: [{ fact: { data: { course: "css" } } }] }],
  });
  expect(answer.note).toBeNull();
  for (const days of [0, 91, 1.5, "7"]) {
    expect(places(await api("POST", `/v1/automations/${automation.id}/backtest`, { days }))).toEqual(["/days"]);
  }
});

test("stats show every step, those inside others too, in the order they stand", async () => {
  const { api } = await withAnna();
  const then = [
    {
      id: "b",
      type: "branch",
      if: { type: "tags.has", tags: ["vip"] },
      yes: [{ ...email, id: "y" }],
      no: [{ ...email, id: "n" }],
    },
    { id: "w", type: "wait", for: "P2D" },
    { id: "x", type: "exit" },
  ];
  const { body: automation } = await api("POST", "/v1/automations", {
    ...drip,
    only_if: null,
    synchronous: true,
    then,
  });
  await api("POST", "/v1/events", { type: "course.enrolled", user: { id: "anna" }, data: { course: "js" } });
  await api("POST", "/v1/events", { type: "course.enrolled", user: { id: "ben" }, data: { course: "js" } });
  const { runs, steps } = (await api("GET", `/v1/automations/${automation.id}/stats`)).body;
  expect(runs).toEqual({
    queued: 0,
    running: 0,
    waiting: 2,
    held: 0,
    completed: 0,
    exited: 0,
    cancelled: 0,
    failed: 0,
  });
  const none = { entered: 0, done: 0, skipped: 0, skipped_for: {}, failed: 0, waiting: 0, exited: 0 };
  expect(steps).toEqual([
    { step_id: "b", ...none, entered: 2, done: 2, yes: 1, no: 1 },
    { step_id: "y", ...none, entered: 1, done: 1 },
    { step_id: "n", ...none, entered: 1, skipped: 1, skipped_for: { no_email: 1 } },
    { step_id: "w", ...none, entered: 2, waiting: 2 },
    { step_id: "x", ...none },
  ]);
});
