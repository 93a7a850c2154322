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
  await page.getByRole("button", { name: "Declare the field" }).click();
  await expect(page.getByRole("rowheader", { name: "Department" })).toBeVisible();

  await page.getByRole("link", { name: "Segments" }).click();
  await page.getByLabel("Name").fill("Sales people");
  await page.getByLabel("Kept by rules").check();
  await page.getByRole("button", { name: "Make the segment" }).click();
  await page.getByRole("link", { name: "Add a rule" }).click();
  await page.getByLabel("Field").first().selectOption("department");
  await page.getByLabel("Value").first().fill("sales");
  await page.getByRole("button", { name: "Who would that be?" }).click();
  await expect(page.getByText("1 learner would join, 0 learners would leave.")).toBeVisible();
  await page.getByRole("button", { name: "Save" }).click();
  await call(school.key, "POST", "/v1/test-clock", { advance: "PT0S" });
  await expect(page.getByText("done").first()).toBeVisible();

  await page.getByRole("link", { name: "Segments" }).first().click();
  await page.getByRole("link", { name: "Sales people" }).click();
  await expect(page.getByText("1 member", { exact: true })).toBeVisible();
  await expect(page.getByRole("rowheader", { name: "anna" })).toBeVisible();
});
