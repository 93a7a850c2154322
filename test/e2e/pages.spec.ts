import { expect, test } from "@playwright/test";
import { expectAccessible } from "./accessible";
import { expectLanguage, inLanguage, LANGUAGES } from "./languages";
import { base, call, newSchool, signIn, type TestSchool } from "./school";

let school: TestSchool;
let paths: string[];

test.beforeAll(async () => {
  school = await newSchool();
  const { key } = school;
  const made = (path: string, body: unknown) => call<{ id: string }>(key, "POST", `/v1${path}`, body);
  await made("/profile-fields", { key: "department", name: "Department", type: "text" });
  const automation = await made("/automations", {
    name: "Onboarding with a rather long name that says what it is for",
    when: [{ type: "course.enrolled", courses: ["js-101"] }],
    only_if: { not: { type: "user.is_paying" } },
    then: [
      { type: "email.user", subject: "Welcome aboard", body: "<p style='color:teal'>Hello</p>" },
      { type: "wait", for: "P2D" },
      { type: "branch", if: { type: "activity.completed", courses: ["$trigger"] }, yes: [{ type: "exit" }], no: [] },
    ],
  });
  await call(key, "PATCH", `/v1/automations/${automation.id}`, { cooldown: "P1D" });
  const event = await call<{ runs: { id: string }[] }>(key, "POST", "/v1/events", {
    type: "course.enrolled",
    user: { id: "anna", username: "Anna", email: "anna@acme.example", fields: { department: "Sales" } },
    data: { course: "js-101" },
  });
  await call(key, "POST", "/v1/alias", { userId: "anna", previousId: "visitor-1" });
  await call(key, "POST", "/v1/test-clock", { advance: "PT1H" });
  await call(key, "PATCH", `/v1/automations/${automation.id}`, {
    then: [{ id: "s1", type: "email.user", subject: "Welcome to you", body: "<p>Hello you</p>" }],
    goal: { type: "course.completed" },
  });
  const off = await made("/automations", {
    ...{ name: "Not on yet", active: false, when: [{ type: "course.enrolled", courses: ["js-101"] }] },
    then: [{ type: "email.user", subject: "Welcome aboard", body: "Hello" }],
  });
  await call(key, "PUT", "/v1/users/ben", { username: "Ben" });
  const segment = await made("/segments", { name: "Sales people", managed: true });
  const rule = await made("/segment-rules", {
    segment: segment.id,
    match: "all",
    where: [{ field: "department", op: "is", value: "Sales" }],
  });
  const sync = await made("/segment-syncs", { name: "Sales course", segment: segment.id, course: "sales-1" });
  await made("/auto-groups", { course: "js-101", field: "department" });
  await call(key, "POST", "/v1/test-clock", { advance: "PT0S" });
  const first = async (path: string): Promise<string> => {
    let id = "";
    await expect
      .poll(async () => {
        const { data } = await call<{ data: { id: string }[] }>(key, "GET", `/v1${path}`);
        id = data[0]?.id ?? "";
        return id;
      })
      .not.toBe("");
    return id;
  };
  const delivery = await first("/deliveries");
  const job = await first("/jobs");
  const run = event.runs[0]?.id ?? (await first("/runs"));
  const of = `/automations/${automation.id}`;
  paths = [
    "/health",
    "/catch-up",
    "/automations",
    "/automations?q=touches:course:js-101",
    "/automations?q=nothing-like-that",
    of,
    `${of}/versions`,
    `${of}/versions/compare?from=1&to=2`,
    `/switch-on?id=${automation.id}`,
    `/automations/${off.id}`,
    `${of}/why?user=ben`,
    `${of}/why?user=anna`,
    `${of}/enrol?whom=all`,
    `${of}/delete`,
    `${of}/edit`,
    "/automations/new",
    "/templates",
    "/templates/onboarding-drip",
    "/executions",
    `/runs/${run}`,
    "/learners",
    "/learners/anna",
    "/learners/anna/timeline",
    "/learners/anna/runs",
    "/learners/anna/messages",
    "/learners/anna/payments",
    `/learners/anna/why?automation=${automation.id}`,
    "/learners/anna/erase",
    "/learners/anna/merge?q=a",
    "/deliveries",
    `/deliveries/${delivery}`,
    "/segments",
    "/lms",
    "/lms/js-101",
    `/segments/${segment.id}`,
    `/segments/${segment.id}/rules/new`,
    `/rules/${rule.id}`,
    "/syncs",
    `/syncs/${sync.id}`,
    "/auto-groups",
    `/syncs/${sync.id}/delete`,
    `/rules/${rule.id}/delete`,
    "/settings/fields/department/delete",
    "/jobs",
    `/jobs/${job}`,
    "/import/users",
    "/courses",
    "/courses/js-101",
    "/courses/js-101?change=",
    "/products",
    "/products/course/js-101",
    "/import/products",
    "/import/definitions",
    "/settings",
    "/settings/collaborators",
    "/settings/fields",
    "/settings/fields/department",
    "/settings/mail",
    "/suppressions",
    "/settings/connectors",
    "/settings/connectors/email?type=smtp",
    "/settings/connectors/mixpanel",
    "/settings/connectors/lms?type=moodle",
    "/settings/connectors/mail_webhooks",
    "/settings/connectors/learnworlds_webhook",
    "/settings/pieces",
    "/settings/pause",
    "/settings/unused",
    "/settings/keys",
    "/settings/clock",
    "/settings/audit",
    "/settings/evidence?kind=course&about=js-101",
    "/nowhere",
  ];
});

for (const code of LANGUAGES) {
  test(`every page is accessible and fits, in every width and both themes: ${code}`, async ({ browser }) => {
    test.setTimeout(900_000);
    const context = await browser.newContext();
    const page = await context.newPage();
    const errors: string[] = [];
    page.on("pageerror", (error) => errors.push(`${page.url()}: ${error.message}`));
    page.on("console", (message) => {
      if (message.type() === "error" && !/status of 40[14]/.test(message.text()))
        errors.push(`${page.url()}: ${message.text()}`);
    });
    const look = async (): Promise<void> => {
      await expectLanguage(page, code);
      await expectAccessible(page);
      // What is folded, and one of the menus
      const unfolded = `[...document.querySelectorAll("details:not([open])")].filter((one) => (one.open = true)).length`;
      if (Number(await page.evaluate(unfolded)) > 0) await expectAccessible(page);
    };
    await inLanguage(context, code);
    await page.goto(`${base()}/admin`);
    await look();
    await context.clearCookies();
    await signIn(page, school.email);
    await inLanguage(context, code);
    for (const path of paths) {
      await page.goto(school.home + path);
      if (/automations\/([^/]+\/edit|new)$/.test(path)) await expect(page.locator(".editor")).toBeVisible();
      await look();
    }
    expect(errors).toEqual([]);
    await context.close();
  });
}

test("names that are long, of another direction or of markup widen no page and turn round nothing but themselves", async ({
  page,
}) => {
  const own = await newSchool();
  const name = `<i>x</i>\u202eyvan ${"W".repeat(120)}`;
  const made = (path: string, body: object) => call<{ id: string }>(own.key, "POST", `/v1${path}`, body);
  await call(own.key, "PUT", "/v1/products/course/js-101", { name });
  await made("/courses/js-101/enrolment-methods", { key: name.slice(0, 128), group: "g".repeat(128) });
  await made("/profile-fields", { key: "team", name, type: "text", category: name });
  const segment = await made("/segments", { name });
  const sync = await made("/segment-syncs", { name, segment: segment.id, course: "js-101" });
  await call(own.key, "PUT", "/v1/users/anna", { username: name, fields: { team: name } });
  const paid = { product_type: "course", product: "js-101", amount: 1, payment: "p".repeat(128) };
  await made("/events", { type: "payment.made", user: { id: "anna" }, data: paid });
  await signIn(page, own.email);
  await page.setViewportSize({ width: 360, height: 800 });
  for (const path of [
    ...["/courses", "/courses/js-101", "/products", "/products/course/js-101", "/syncs", `/syncs/${sync.id}`],
    ...["/segments", `/segments/${segment.id}`, "/settings/fields", "/settings/fields/team"],
    ...["/learners", "/learners/anna", "/learners/anna/timeline", "/learners/anna/payments"],
  ]) {
    await page.goto(own.home + path);
    await expect(page.locator("h1")).toBeVisible();
    await expectAccessible(page);
  }
  await page.goto(`${own.home}/syncs/${sync.id}`);
  await expect(page.locator(".lead a")).toHaveCSS("unicode-bidi", "isolate");
});
