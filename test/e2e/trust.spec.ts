import { expect, test } from "@playwright/test";
import { expectAccessible } from "./accessible";
import { expectLanguage, inLanguage, LANGUAGES } from "./languages";
import { call, newSchool, signIn, type TestSchool } from "./school";

/* What a school is asked and proves: catching up, evidence, the map, undo, and who gave what. */

let school: TestSchool;
let run: string;
let paths: string[];

test.beforeAll(async () => {
  school = await newSchool();
  const { key } = school;
  const made = <T = { id: string }>(path: string, body: unknown) => call<T>(key, "POST", `/v1${path}`, body);
  await made("/profile-fields", { key: "team", name: "Team", type: "text" });
  const segment = await made("/segments", { name: "Sales people", managed: true });
  const where = [{ field: "team", op: "is", value: "sales" }];
  await made("/segment-rules", { segment: segment.id, match: "all", where });
  await made("/segment-syncs", { name: "Pitching course", segment: segment.id, course: "pitch", group: "sellers" });
  const automation = await made("/automations", {
    name: "Welcome with a rather long name that says what it is for",
    synchronous: true,
    when: [{ type: "user.signed_in" }],
    then: [
      { type: "tags.add", tags: ["welcomed"] },
      { type: "course.enroll", courses: ["js-101"] },
      { type: "email.user", subject: "Hi", body: "There" },
    ],
  });
  const user = { id: "anna", username: "Anna", email: "anna@acme.example", fields: { team: "sales" } };
  const { runs } = await made<{ runs: { id: string }[] }>("/events", { id: "e-1", type: "user.signed_in", user });
  run = runs[0]?.id ?? "";
  await call(key, "PATCH", `/v1/automations/${automation.id}`, { active: false });
  await made("/events", { type: "user.signed_in", user: { id: "ben", username: "Ben" } });
  await made("/test-clock", { advance: "P1D" });
  const ask = { course: "js-101", from: "2026-01-01T00:00:00Z", to: "2026-01-06T00:00:00Z" };
  const pack = await made<{ job_id: string }>("/evidence", ask);
  const missed = await made<{ job_id: string }>(`/automations/${automation.id}/missed`, { days: 30 });
  for (const { job_id } of [pack, missed])
    await expect
      .poll(async () => (await call<{ status: string }>(key, "GET", `/v1/jobs/${job_id}`)).status, { timeout: 60_000 })
      .toBe("done");
  const at = encodeURIComponent("2026-01-05T09:00:00.000Z");
  paths = [
    "/catch-up",
    `/catch-up?automation=${automation.id}&job=${missed.job_id}`,
    `/catch-up?segment=${segment.id}`,
    `/jobs/${missed.job_id}`,
    "/settings/evidence",
    "/settings/evidence?kind=course&about=js-101",
    "/map?about=course:js-101&depth=2",
    `/runs/${run}`,
    `/runs/${run}/undo`,
    `/automations/${automation.id}/undo`,
    `/automations/${automation.id}/undo?since=2026-01-05T00:00`,
    "/learners/anna",
    "/learners/anna/timeline",
    `/learners/anna/timeline?at=${at}`,
    "/learners?course=js-101",
    "/learners?tag=welcomed",
    `/segments/${segment.id}`,
  ];
});

for (const code of LANGUAGES)
  test(`are accessible and fit, in every width and both themes: ${code}`, async ({ browser }) => {
    test.setTimeout(300_000);
    const context = await browser.newContext();
    const page = await context.newPage();
    await signIn(page, school.email);
    await inLanguage(context, code);
    const errors: string[] = [];
    page.on("console", (message) => {
      if (message.type() === "error") errors.push(`${page.url()}: ${message.text()}`);
    });
    for (const path of paths) {
      await page.goto(school.home + path);
      await expect(page.locator("h1")).toBeVisible();
      await expectLanguage(page, code);
      await expectAccessible(page);
    }
    expect(errors).toEqual([]);
    await context.close();
  });

test("from what a learner has one comes to what gave it, by the keyboard, and back to what it gave", async ({
  page,
}) => {
  await signIn(page, school.email);
  await page.goto(`${school.home}/learners?tag=welcomed`);
  const giver = page.getByRole("row", { name: /Anna/ }).getByRole("link", { name: /Welcome with/ });
  await giver.focus();
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(new RegExp(`/runs/${run}$`));
  const held = page.getByRole("heading", { name: "What Anna still has from it" }).locator("+ ul");
  await expect(held.getByRole("link", { name: "welcomed", exact: true })).toBeVisible();
  await held.getByRole("link", { name: "js-101" }).click();
  await page.getByRole("link", { name: "Who is in it" }).click();
  await expect(page.getByRole("row", { name: /Anna/ }).getByRole("link", { name: /Welcome with/ })).toBeVisible();
  await page.goto(`${school.home}/learners/anna`);
  await page.getByRole("link", { name: "a rule of Sales people" }).first().click();
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await page.goto(`${school.home}/learners/anna`);
  await page.getByRole("link", { name: /^“/ }).first().click();
  await expect(page.getByText("Back from")).toBeVisible();
});
