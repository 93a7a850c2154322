import { expect, test } from "@playwright/test";
import { call, newSchool, signIn } from "./school";

test("from a template over the editor to a run and its message", async ({ page }) => {
  const school = await newSchool();
  await signIn(page, school.email);

  // Template
  await page.getByRole("link", { name: "Choose a template" }).click();
  await page.getByRole("link", { name: "Onboarding drip" }).click();
  await page.getByLabel("Name of the automation").fill("Drip");
  await page.getByLabel("Courses").fill("js-101");
  await page.getByRole("button", { name: "Create automation" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Drip" })).toBeVisible();
  await expect(page.locator(".badge", { hasText: "off" })).toBeVisible();

  // Edit: a wait and a branch more, at the top
  await page.getByRole("link", { name: "Edit", exact: true }).click();
  const addStep = async (name: string): Promise<void> => {
    await page
      .getByRole("button", { name: /^Add a step/ })
      .first()
      .click();
    await page.getByRole("combobox", { name: /^Search/ }).fill(name);
    await page.getByRole("combobox", { name: /^Search/ }).press("Enter");
  };
  await expect(page.locator(".editor .flow-step").first()).toBeVisible();
  const before = await page.locator(".flow-step").count();
  await addStep("wait");
  await addStep("branch");
  await page
    .locator(".panel")
    .getByRole("button", { name: /condition/i })
    .first()
    .click();
  await page.getByRole("combobox", { name: /^Search/ }).fill("paying user");
  await page.getByRole("option", { name: /^Is Paying User/ }).click();
  await expect(page.locator(".flow-step")).toHaveCount(before + 2);
  await page.getByRole("button", { name: /^Save/ }).first().click();
  await expect(page.getByText("Version 2 is saved")).toBeVisible();

  // Switch it on
  const of = page.url().replace(/\/edit$/, "");
  await page.goto(of);
  await expect(page.getByText("they are a paying user").first()).toBeVisible();
  await page
    .getByRole("region", { name: "Before you switch it on" })
    .getByRole("button", { name: "Switch on" })
    .click();
  await expect(page.getByText("Switched on.")).toBeVisible();

  // An event, and some days
  await call(school.key, "POST", "/v1/events", {
    type: "course.enrolled",
    user: { id: "anna", username: "Anna", email: "anna@acme.example" },
    data: { course: "js-101" },
  });
  await call(school.key, "POST", "/v1/test-clock", { advance: "P2D" });

  // The run, and what it sent
  await expect
    .poll(async () => {
      await page.goto(`${school.home}/learners/anna/runs`);
      return page.getByRole("link", { name: "Anna" }).count();
    })
    .toBe(1);
  await page.getByRole("link", { name: "Anna" }).click();
  await expect(page.getByText("If they are a paying user: no")).toBeVisible();
  await page
    .getByRole("link", { name: /See it/ })
    .first()
    .click();
  await expect(page.getByRole("heading", { level: 1, name: "Welcome, Anna" })).toBeVisible();
  await expect(page.frameLocator("iframe").getByText("Good to have you in js-101")).toBeVisible();
});

test("a run is seen, skipped and explained; a copy is deleted and comes back", async ({ page }) => {
  const school = await newSchool();
  const automation = await call<{ id: string }>(school.key, "POST", "/v1/automations", {
    name: "Welcome",
    active: false,
    when: [{ type: "course.enrolled", courses: ["js-101"] }],
    only_if: { type: "tags.has", tags: ["vip"] },
    then: [
      { type: "email.user", subject: "Welcome {{ user.username }}", body: "<p>Hello {{ user.username }}</p>" },
      { type: "wait", for: "P2D" },
    ],
  });
  await signIn(page, school.email);

  // Activate
  await page.getByRole("switch", { name: /Welcome is off/ }).click();
  await expect(page.getByText("Switched on.")).toBeVisible();
  await expect(page.getByRole("switch", { name: /Welcome is active/ })).toBeVisible();

  // An event for Anna, who is vip, and one for Ben, who is not
  const enrol = (id: string, tags: string[]) =>
    call(school.key, "POST", "/v1/events/batch", {
      events: [
        ...tags.map((tag) => ({ type: "tag.added", user: { id }, data: { tag } })),
        {
          type: "course.enrolled",
          user: { id, username: id === "anna" ? "Anna" : "Ben", email: `${id}@acme.example` },
          data: { course: "js-101" },
        },
      ],
    });
  await enrol("anna", ["vip"]);
  await enrol("ben", ["parent"]);
  await call(school.key, "POST", "/v1/test-clock", { advance: "PT0S" });

  // The run and its message
  await expect
    .poll(async () => {
      await page.goto(`${school.home}/executions?automation=${automation.id}`);
      return page.getByRole("link", { name: "Anna" }).count();
    })
    .toBe(1);
  await page.getByRole("link", { name: "Anna" }).click();
  await expect(page.getByText("waiting").first()).toBeVisible();
  await expect(page.getByText("Wait 2 days")).toBeVisible();
  await page.getByRole("link", { name: "See it" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Welcome Anna" })).toBeVisible();
  await expect(page.frameLocator("iframe").getByText("Hello Anna")).toBeVisible();

  // Skip the wait
  await page.getByRole("link", { name: "this run" }).click();
  await page.getByRole("button", { name: "Skip the wait" }).click();
  await expect(page.getByText("completed").first()).toBeVisible();

  // Why not for Ben
  await page.goto(`${school.home}/automations/${automation.id}/why`);
  await page.getByLabel(/Learner/).fill("ben@acme.example");
  await page.getByRole("button", { name: "Ask" }).click();
  await expect(page.getByText("✕ “only if” was not met")).toBeVisible();
  await expect(page.getByText("This learner had:")).toContainText("parent");

  // A copy, its deletion, and the way back
  await page.goto(`${school.home}/automations/${automation.id}`);
  await page.getByRole("button", { name: "Duplicate" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Welcome (copy)" })).toBeVisible();
  await page.getByRole("link", { name: "Delete…" }).click();
  await page.getByRole("button", { name: "Delete" }).click();
  await expect(page.getByText("Deleted.")).toBeVisible();
  await expect(page.getByRole("link", { name: "Welcome (copy)" })).toHaveCount(0);
  await page.getByRole("button", { name: "Undo", exact: true }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Welcome (copy)" })).toBeVisible();
});

test("a new automation that is switched on asks first where what it sends has no way out", async ({ page }) => {
  const school = await newSchool({}, { mode: "live" });
  await signIn(page, school.email);
  await page.goto(`${school.home}/automations/new`);
  const take = async (at: string, word: string): Promise<void> => {
    await page.getByRole("button", { name: at }).click();
    await page.getByRole("combobox", { name: /^Search/ }).fill(word);
    await page.getByRole("combobox", { name: /^Search/ }).press("Enter");
  };
  await page.getByRole("textbox", { name: "Name of the automation" }).fill("Welcome");
  await take("Choose what starts it", "signs-up");
  await take("Add a step at the beginning", "email");
  await page.getByLabel("Subject", { exact: true }).fill("Welcome");
  await page.getByRole("textbox", { name: "Body" }).fill("Hello");
  await page.getByRole("switch", { name: "Switched on" }).click();
  await page.getByRole("button", { name: "Save …" }).click();
  const dialog = page.getByRole("dialog", { name: "Save “Welcome”" });
  await expect(dialog).toContainText("Switch it on all the same?");
  await expect(dialog).toContainText("is not set up");
  await expect(dialog).not.toContainText("under way");
  await dialog.getByRole("button", { name: "Cancel" }).click();
  expect((await call<{ data: unknown[] }>(school.key, "GET", "/v1/automations")).data).toEqual([]);
  await page.getByRole("button", { name: "Save …" }).click();
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("Version 1 is live")).toBeVisible();
});
