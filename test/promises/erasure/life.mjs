// A user's life, marked.
import { setTimeout as sleep } from "node:timers/promises";
import { newMark } from "../school.mjs";

const REST_MS = 15_000;

/**
 * A user's whole life, marked: every attribute, event data of every kind, messages, runs, deliveries, imports. The names
 * of tags, groups and products are the school's own words, kept for its pickers: they are not the user's.
 */
export async function live(school, user) {
  const marks = {};
  const mark = (what) => {
    marks[what] = newMark("zz");
    return marks[what];
  };
  const { call, event } = school;
  await call("POST", "/v1/profile-fields", { key: "phone", name: "Phone", type: "text" });
  await call("POST", "/v1/segments", { id: "by-hand", name: "By hand" });
  const when = [{ type: "form.submitted" }, { type: "custom", name: "thing" }];
  await call("POST", "/v1/automations", {
    name: "Letters",
    active: true,
    when,
    then: [
      { type: "email.user", subject: "Hi {{ user.username }}", body: "<p>{{ user.email }} {{ event.form }}</p>" },
      { type: "message.user", body: "Hello {{ user.username }}" },
      { type: "push.user", title: "Hi {{ user.username }}", body: "You" },
      { type: "gtm.event", name: "seen", data: { name: "{{ user.username }}" } },
      { type: "wait", for: "P3D" },
      { type: "tags.add", tags: ["later"] },
    ],
  });
  await call("POST", "/v1/automations", {
    name: "At once",
    active: true,
    synchronous: true,
    when,
    then: [{ type: "tags.add", tags: ["vip"] }],
  });
  await event(
    "user.signed_up",
    {
      id: user,
      email: `${mark("email")}@acme.com`,
      username: mark("username"),
      source: mark("source"),
      fields: { phone: mark("declared field"), other: mark("free field") },
    },
    {},
    { id: `event-${mark("event id")}` },
  );
  await call("PUT", `/v1/users/${user}`, { push_tokens: [mark("push token")] }, { "idempotency-key": "put" });
  await call("PUT", `/v1/users/${user}`, { username: mark("second username") });
  await event("tag.added", user, { tag: ["vip"] });
  await event("form.submitted", user, { form: "f", answers: { question: mark("form answer") } });
  await event("custom.thing", user, { text: mark("event data") });
  await event("payment.made", user, {
    product_type: "course",
    product: "js-101",
    amount: 5,
    payment: mark("payment id"),
  });
  await event("course.enrolled", user, { course: "js-101" });
  await event("group.joined", user, { group: "team" });
  await call("PUT", `/v1/segments/by-hand/members/${user}`);
  await call(
    "POST",
    "/v1/events",
    { type: "custom.kept", user: { id: user }, data: { text: mark("kept answer") } },
    { "idempotency-key": "kept" },
  );
  await call(
    "POST",
    "/v1/users/import",
    `id,username,fields.phone\n${user},${mark("imported name")},${mark("imported field")}\n`,
    { "content-type": "text/csv" },
  );
  const batch = [{ type: "custom.thing", user: { id: user }, data: { text: mark("batch data") } }];
  await call("POST", "/v1/events/batch", { events: batch });
  // A bystander's words must stay.
  await event("user.signed_up", { id: "bystander", email: "bystander@acme.com" });
  await sleepUntilAtRest(school);
  return marks;
}

/** A live school has no clock to settle it: waits until nothing is queued, and the log has had its second. */
export async function sleepUntilAtRest(school) {
  const end = Date.now() + REST_MS;
  for (let quiet = 0; Date.now() < end && quiet < 4; await sleep(250)) {
    const queued = await Promise.all(
      ["runs?status=queued", "deliveries?status=queued"].map((list) => school.call("GET", `/v1/${list}&limit=100`)),
    );
    const jobs = await school.call("GET", "/v1/jobs");
    // Those of the data layer wait for the page.
    const isBusy =
      queued.some(({ data }) => data.some(({ channel }) => channel !== "gtm")) ||
      jobs.data.some(({ status }) => ["queued", "running"].includes(status));
    quiet = isBusy ? 0 : quiet + 1;
  }
  await sleep(1_500);
}
