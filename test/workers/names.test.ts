import { describe, expect, test, vi } from "vitest";
import { forgetEverything } from "../../src/base/cache";
import { pastOf } from "../../src/world/past/past";
import { replay } from "../../src/world/past/replay";
import { env, flushLog, liveSchool } from "./live";

/* What products are called, in what learners are sent. */

const { school } = liveSchool("test");

const name = (path: string, body: unknown) => school.ask("PUT", `/v1/products/${path}`, body);
const mail = (subject: string, body = "x") => ({
  when: [{ type: "course.enrolled" }],
  then: [{ type: "email.user", subject, body }],
  synchronous: true,
});
const subjects = async (user: string) =>
  (await school.ask("GET", `/v1/deliveries?user=${user}`)).body.data.map(
    (one: { content: { subject: string } }) => one.content.subject,
  );
const enrol = (user: string, course = "js") =>
  school.event("course.enrolled", { id: user, email: `${user}@acme.com` }, { course });

describe("{{ course.name }}", () => {
  test("is the name, else the id; a new name is seen by the next event", async () => {
    await school.automation(mail("Welcome to {{ course.name }} {{ course.url }}"));
    await enrol("anna");
    await name("course/js", { name: "JavaScript 101", url: "https://school.test/js" });
    await enrol("ben");
    await name("course/js", { name: "JavaScript 102" });
    await enrol("cleo");
    expect([await subjects("anna"), await subjects("ben"), await subjects("cleo")]).toEqual([
      ["Welcome to js"],
      ["Welcome to JavaScript 101 https://school.test/js"],
      ["Welcome to JavaScript 102"],
    ]);
  });

  test("is learned from an event's own title for those that follow", async () => {
    await school.automation(mail("{{ course.name }}"));
    await school.event("course.enrolled", "x", { course: "js", title: "JavaScript" });
    await flushLog(school.id, "x");
    forgetEverything();
    await enrol("anna");
    expect(await subjects("anna")).toEqual(["JavaScript"]);
  });

  test("is of each product of the fact: a payment's bundle, an activity in its course", async () => {
    await school.automation({
      when: [{ type: "payment.made" }, { type: "activity.completed" }],
      then: [{ type: "email.user", subject: "{{ bundle.name }}|{{ course.name }}|{{ activity.name }}", body: "x" }],
      synchronous: true,
    });
    await name("bundle/all", { name: "Everything" });
    await name("activity/a1", { name: "The first" });
    const anna = { id: "anna", email: "anna@acme.com" };
    await school.event("payment.made", anna, { product_type: "bundle", product: "all", amount: 5 });
    await school.event("activity.completed", anna, { course: "js", activity: "a1" });
    expect(await subjects("anna")).toEqual(["Everything||", "|js|The first"]);
  });

  test("is of a course that another automation gave, too", async () => {
    await school.automation(mail("{{ course.name }}"));
    await school.automation({
      when: [{ type: "user.signed_up" }],
      then: [{ type: "course.enroll", courses: ["css"] }],
      synchronous: true,
    });
    await name("course/css", { name: "Styles" });
    await school.event("user.signed_up", { id: "anna", email: "anna@acme.com" });
    expect(await subjects("anna")).toEqual(["Styles"]);
  });

  test("costs one read until names change, and none where no template says it", async () => {
    const read = vi.spyOn(env.DB, "prepare");
    const reads = () => read.mock.calls.filter(([sql]) => sql.includes("name, url from products")).length;
    await school.automation(mail("Welcome, {{ user.username }}, {{ course.id }}"));
    await enrol("anna");
    expect(reads()).toBe(0);
    await school.automation(mail("{{ course.name }}"));
    await name("course/js", { name: "JavaScript" });
    for (const user of ["ben", "cleo", "dora"]) await enrol(user);
    expect(reads()).toBe(1);
    await name("course/js", { name: "JavaScript 2" });
    await enrol("eve");
    expect(reads()).toBe(2);
    expect((await subjects("eve")).includes("JavaScript 2")).toBe(true);
  });

  test("is known to previews, rehearsals and the list of variables", async () => {
    await name("course/js", { name: "JavaScript <101>" });
    await enrol("anna");
    const fact = { type: "course.enrolled", data: { course: "js" } };
    const preview = {
      subject: "{{ course.name }}",
      body: "<p>{{ course.name }}</p>{{ course.url }}",
      user: "anna",
      fact,
    };
    expect((await school.ask("POST", "/v1/messages/preview", preview)).body).toMatchObject({
      subject: "JavaScript <101>",
      body: "<p>JavaScript &lt;101&gt;</p>",
      unknown_variables: ["course.url"],
    });
    const asked = { automation: { name: "A", ...mail("{{ course.name }}") }, user: "anna", fact, for: "P1D" };
    expect((await school.ask("POST", "/v1/automations/simulate", asked)).body.steps[0].would.content).toMatchObject({
      subject: "JavaScript <101>",
    });
    const { variables } = (await school.ask("GET", "/v1/catalogue")).body;
    expect(variables.map((one: { type: string }) => one.type)).toEqual(
      expect.arrayContaining(["course.name", "course.url", "bundle.name", "seat.url"]),
    );
  });

  test("is told again as it was, whatever the product is called today", async () => {
    await school.automation({
      when: [{ type: "course.enrolled" }],
      then: [{ type: "user.set_field", field: "last", value: "{{ course.name }}" }],
      synchronous: true,
    });
    await name("course/js", { name: "JavaScript" });
    await enrol("anna");
    await name("course/js", { name: "Renamed" });
    const { object } = await school.object("anna");
    const { items } = await object.journal({});
    expect(items.map((one) => one.names)).toEqual([[["course", "js", "JavaScript", null]]]);
    const told = await replay("anna", await object.beginning(), [items], pastOf(env, await school.school()));
    expect(told.state).toEqual(await object.state());
    expect(told.state?.learner.fields).toEqual({ last: "JavaScript" });
  });
});
