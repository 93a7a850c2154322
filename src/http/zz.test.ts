import { test } from "vitest";
import { createApp } from "./app";
import { routes } from "./routes";
import { call, newSchool } from "./test-client";

const app = createApp(routes);
test("x", async () => {
  const { key } = await newSchool(app);
  const lines: string[] = [];
  const ask = async (route: string, body: unknown, headers?: Record<string, string>) => {
    const [m = "", p = ""] = route.split(" ");
    const a = await call(app, m, p, body, { token: key, headers: headers ?? {} });
    lines.push(
      `${route} ${JSON.stringify(body)?.slice(0, 150)} -> ${a.status} ${a.body?.detail} ${JSON.stringify(a.body?.errors)}`,
    );
  };
  const aut = (step: unknown, more: object = {}) => ({
    name: "A",
    when: [{ type: "user.signed_up" }],
    then: [step],
    ...more,
  });
  await ask("POST /v1/profile-fields", { key: "vip", name: "VIP", type: "boolean" });
  await ask("POST /v1/segments", { id: "seg", name: "Seg", managed: true });
  await ask("POST /v1/events", { type: "course.enrolled", user: { id: "a" }, data: { course: "c", role: [] } });
  await ask("POST /v1/automations", aut({ type: "course.enroll", courses: ["c"], role: [] }));
  await ask("POST /v1/segment-syncs", { name: "s", segment: "seg", course: "c", role: [] });
  await ask("POST /v1/automations", aut({ type: "branch", if: { type: "user.is_paying" }, yes: 5, no: [] }));
  await ask("POST /v1/automations", aut({ type: "branch", if: 5, yes: [] }));
  await ask("POST /v1/automations", aut({ type: "repeat", times: 0, steps: 5 }));
  await ask("POST /v1/automations", aut({ type: "split", paths: [{ percent: 200, steps: 5 }] }));
  await ask("POST /v1/automations", aut({ type: "wait" }));
  await ask("POST /v1/automations", aut({ type: "wait", for: "P1D", until: "2026-01-01T00:00" }));
  await ask("POST /v1/automations", aut({ type: "wait_for", event: 5, timeout: "x", on_event: 5, on_timeout: 5 }));
  await ask("POST /v1/automations", aut({ type: "match", on: 5, cases: [{ is: [], steps: 5 }] }));
  await ask("PATCH /v1/school", { held: "zz" });
  await ask("PATCH /v1/school", { held: "exit" });
  await ask("POST /v1/segment-rules", {
    segment: "seg",
    match: "all",
    where: [{ field: "nope", op: "no", value: {} }],
  });
  await ask("POST /v1/segment-rules", {
    segment: "seg",
    match: "all",
    where: [{ field: "vip", op: "gt", value: "x", extra: 1 }],
  });
  await ask("POST /v1/segment-rules", {
    segment: "seg",
    match: "all",
    where: [{ field: "email", op: "matches", value: "(" }],
  });
  await ask("POST /v1/segment-rules", {
    segment: "seg",
    match: "all",
    where: [{ field: "email_domain", op: "is", value: ["a"] }],
  });
  await ask("POST /v1/segment-rules", {
    segment: "seg",
    match: "all",
    where: [{ field: "email_domain", op: "in", value: ["a b", "acme.com"] }],
  });
  await ask("POST /v1/segment-rules", {
    segment: "seg",
    match: "all",
    where: [{ field: "email_domain", op: "in", value: "a b" }],
  });
  await ask(
    "POST /v1/automations",
    aut(
      { type: "tags.add", tags: ["x"] },
      { only_if: { type: "user.field", field: "email_domain", op: "in", value: ["a b"] } },
    ),
  );
  await ask(
    "POST /v1/automations",
    aut(
      { type: "tags.add", tags: ["x"] },
      { only_if: { type: "user.fields", field: "nope", op: "no", value: ["a b"] } },
    ),
  );
  await ask(
    "POST /v1/automations",
    aut({ type: "tags.add", tags: ["x"] }, { when: [{ type: "tag.added", tags: [], tags_matching: "(" }] }),
  );
  await ask("POST /v1/automations", aut({ type: "tags.remove", matching: "[a" }));
  for (const t of [
    "{{ user.x | nofilter }}",
    "{% for a in b %}{% endfor %}",
    "{% if %}",
    "{{ user",
    "{% if a %}",
    "{{ a | date: }}",
    "{% nope %}",
    "{{ 'a }}",
    "{% endif %}",
    "{% case %}",
    "{{ a | }}",
    "{% assign %}",
    "{% capture %}",
    "{% assign x = %}",
    "{{ 1 + 1 }}",
  ])
    await ask("POST /v1/automations", aut({ type: "email.user", subject: t, body: "x" }));
  for (const re of ["(", "[", "a**", "(?<x", "\\", "a{1001}", "(?=a)", "\\1", "[z-a]", "(?P<n>a)(?P<n>b)", "\\p{Zork}"])
    await ask("POST /v1/segment-rules", {
      segment: "seg",
      match: "all",
      where: [{ field: "email", op: "matches", value: re }],
    });
  await ask("PATCH /v1/school", { settings: { visible: { tags: ["(", "ok"], fields: "no" } } });
  await ask("PATCH /v1/school", {
    settings: { connectors: { email: { type: "smtp", host: 5, port: "x" } }, timezone: "nowhere" },
  });
  await ask("PATCH /v1/school", {
    settings: {
      connectors: { lms: { type: "moodle", url: "ftp://x", token: 5 }, email: { type: "nope" }, nonsense: {} },
    },
  });
  await ask("POST /v1/automations", aut({ type: "push.user", title: "", body: "", url: "javascript:x" }));
  await ask("POST /v1/automations", aut({ type: "push.user", url: "javascript:x", title: "" }));
  await ask(
    "POST /v1/automations",
    aut({ type: "webhook.send", url: "http://localhost", headers: { "a b": "x" }, body: 5 }),
  );
  await ask("POST /v1/users/anna", {});
  await ask("PUT /v1/users/anna", '{"emai\\u0000l": 1, "fields": {"a\\u0000": 2}}', {
    "content-type": "application/json",
  });
  await ask("POST /v1/events", '{"type":"nope","user":{"id":"a\\u0000"},"da\\u0000ta":{}}', {
    "content-type": "application/json",
  });
  await ask(
    "POST /v1/events",
    { specversion: "2.0", id: "", source: "s", type: "course.enrolled", subject: "", data: { role: 5 } },
    { "content-type": "application/cloudevents+json" },
  );
  await ask(
    "POST /v1/events",
    {
      specversion: "1.0",
      id: "1",
      source: "s",
      type: "course.enrolled",
      subject: "anna",
      data: { role: 5 },
      time: "nope",
    },
    { "content-type": "application/cloudevents+json" },
  );
  await ask("POST /v1/events", { role: 5 }, { "ce-id": "1", "ce-type": "course.enrolled", "ce-specversion": "3.0" });
  await ask("POST /v1/events", { role: 5 }, { "ce-id": "1", "ce-type": "course.enrolled" });
  await ask("POST /v1/test-clock", { advance: "P1D", to: "2026-01-01T00:00:00Z" });
  await ask("POST /v1/test-clock", {});
  await ask("POST /v1/test-clock", { advance: "x", to: "y" });
  await ask("POST /v1/segments", { id: null, name: "N" });
  await ask("POST /v1/evidence", {
    course: null,
    segment: "seg",
    from: "2026-01-01T00:00:00Z",
    to: "2026-01-02T00:00:00Z",
  });
  await ask("POST /v1/automations/simulate", {
    automation: aut({ type: "tags.add", tags: ["x"] }),
    automation_id: null,
    user: { id: "x" },
    fact: null,
    assume: null,
    for: null,
  });
  console.log(lines.join("\n"));
});
