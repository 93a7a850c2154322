import { expect, test } from "@playwright/test";
import { call, newSchool, signIn } from "./school";

test("a segment comes from nothing to members by a rule", async ({ page }) => {
  const school = await newSchool();
  for (const [id, department] of [
    ["anna", "Sales"],
    ["ben", "Support"],
  ]) {
    await call(school.key, "PUT", `/v1/users/${id}`, { username: id, fields: { department } });
  }
  await signIn(page, school.email);

  await page.getByRole("link", { name: "Settings" }).click();
  await page.getByRole("link", { name: "Profile fields" }).click();
  await page.getByLabel("Name").fill("Department");
  await page.getByLabel("Key").fill("department");
  await page.getByRole("button", { name: "Add field" }).click();
  await expect(page.getByRole("rowheader", { name: "Department" })).toBeVisible();

  await page.getByRole("link", { name: "Segments" }).click();
  await page.getByLabel("Name").fill("Sales people");
  await page.getByLabel("Kept by rules").check();
  await page.getByRole("button", { name: "Create segment" }).click();
  await page.getByRole("link", { name: "Add a rule" }).click();
  await page.getByLabel("Field").first().selectOption("department");
  await page.getByLabel("Value").first().fill("sales");
  await page.getByRole("button", { name: "Preview the change" }).click();
  await expect(page.getByText("1 learner would join, 0 learners would leave.")).toBeVisible();
  await page.getByRole("button", { name: "Save" }).click();
  await call(school.key, "POST", "/v1/test-clock", { advance: "PT0S" });
  await expect(page.getByText("done").first()).toBeVisible();

  await page.getByRole("link", { name: "Segments" }).first().click();
  await page.getByRole("link", { name: "Sales people" }).click();
  await expect(page.getByText("1 member", { exact: true })).toBeVisible();
  await expect(page.getByRole("rowheader", { name: "anna" })).toBeVisible();
});

test("a profile field gets another name, kind and choices; what is wrong stands at its place", async ({ page }) => {
  const school = await newSchool();
  await call(school.key, "POST", "/v1/profile-fields", { key: "department", name: "Department", type: "text" });
  await signIn(page, school.email);

  await page.goto(`${school.home}/settings/fields`);
  await page.getByRole("link", { name: "Change Department" }).click();
  await page.getByLabel("Name").fill("Team");
  await page.getByLabel("Kind").selectOption("choice");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("✕ A choice needs its choices")).toBeVisible();
  await page.getByLabel("Choices").fill("Sales\nSupport");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("row", { name: /Team/ })).toContainText("choice: Sales, Support");

  await page.getByRole("link", { name: "Change Team" }).click();
  await page.getByLabel("Kind").selectOption("text");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("row", { name: /Team/ })).not.toContainText("Sales");
});

test.describe("without script", () => {
  test.use({ javaScriptEnabled: false });

  test("a rule gets rows and loses them, and keeps all that were typed, beyond twenty too", async ({ page }) => {
    const school = await newSchool();
    const segment = await call<{ id: string }>(school.key, "POST", "/v1/segments", { name: "Many", managed: true });
    const where = Array.from({ length: 24 }, (_, n) => ({ field: "email", op: "is_not", value: `a${n}@x.com` }));
    const body = { segment: segment.id, match: "all", where };
    const rule = await call<{ id: string }>(school.key, "POST", "/v1/segment-rules", body);
    await signIn(page, school.email);
    await page.goto(`${school.home}/rules/${rule.id}`);

    const values = page.getByLabel("Value");
    await values.nth(23).fill("last@x.com");
    await page.getByRole("button", { name: "Remove condition 2", exact: true }).click();
    await page.getByRole("button", { name: "Add a row" }).click();
    await expect(values).toHaveCount(25);
    await page.getByLabel("Field").nth(24).selectOption("username");
    await values.nth(24).fill("nobody");
    // Enter previews; it neither removes a row nor saves.
    await values.nth(24).press("Enter");
    await expect(page.getByText("would join")).toBeVisible();
    await page.getByRole("button", { name: "Save" }).click();
    const saved = await call<{ where: { value: string }[] }>(school.key, "GET", `/v1/segment-rules/${rule.id}`);
    expect(saved.where.map((one) => one.value)).toEqual([
      "a0@x.com",
      ...where.slice(2, 23).map((one) => one.value),
      "last@x.com",
      "nobody",
    ]);
  });
});

test("what is suggested follows what is typed, beyond the first that a page offers", async ({ page }) => {
  const school = await newSchool();
  for (let n = 0; n < 55; n++)
    await call(school.key, "PUT", `/v1/products/course/c-${n}`, { name: `Aaa ${String(n).padStart(2, "0")}` });
  await call(school.key, "PUT", "/v1/products/course/zither", { name: "Zither for beginners" });
  await call(school.key, "POST", "/v1/segments", { name: "Musicians" });
  await signIn(page, school.email);
  await page.goto(`${school.home}/syncs`);
  const course = page.getByLabel("Course");
  const suggested = page.locator("#known-course option");
  await expect(suggested).toHaveCount(50);
  await expect(page.locator("#known-course option[value='Zither for beginners']")).toHaveCount(0);
  await course.pressSequentially("zith");
  await expect(suggested).toHaveCount(1);
  await expect(suggested).toHaveAttribute("value", "Zither for beginners");
  await course.fill("Zither for beginners");
  await page.getByLabel("Name").fill("Music");
  await page.getByLabel("Segment", { exact: true }).selectOption("Musicians");
  await page.getByRole("button", { name: "Create sync" }).click();
  await page.goto(`${school.home}/syncs`);
  await expect(page.getByRole("row", { name: /Music.*Zither for beginners/ })).toBeVisible();
});
