import { expect, test } from "@playwright/test";
import { expectAccessibleInAll } from "./accessible";
import { base, newSchool, signIn } from "./school";

test("a viewer looks and changes nothing", async ({ page }) => {
  const viewer = `viewer-${process.pid}@school.example`;
  const school = await newSchool({ viewer });
  await signIn(page, viewer);
  await expect(page.getByRole("link", { name: "New", exact: true })).toHaveCount(0);
  const answer = await page.request.post(`${school.home}/settings/keys`, {
    headers: { origin: base() },
    form: { "form-of": school.id, name: "mine", write: "true" },
  });
  expect(answer.status()).toBe(403);
});

test("signing out ends the session on the server", async ({ page, context }) => {
  const school = await newSchool();
  await signIn(page, school.email);
  const cookies = await context.cookies();
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
  await context.addCookies(cookies);
  expect((await page.request.get(`${school.home}/automations`)).status()).toBe(401);
});

test("the operator makes a school and opens it", async ({ page }) => {
  await page.goto(`${base()}/admin/operator`);
  await page.getByLabel("Platform token").fill(process.env.E2E_TOKEN ?? "");
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByLabel("Name", { exact: true }).fill("Made by hand");
  // The local runtime keeps nothing in a jurisdiction: it says so where that was chosen.
  const kept = page.getByLabel("Where its learners' data is kept");
  await kept.selectOption("eu");
  await page.getByRole("button", { name: "Create school" }).click();
  await expect(page.getByText("only Cloudflare keeps data in the jurisdiction")).toBeVisible();
  await expect(kept).toHaveValue("eu");
  await expect(page.getByLabel("Name", { exact: true })).toHaveValue("Made by hand");
  await kept.selectOption("");
  await page.getByRole("button", { name: "Create school" }).click();
  await expect(page.getByText("Its first key, shown only this once")).toBeVisible();
  await page.getByRole("link", { name: "Open Made by hand" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Home" })).toBeVisible();
  await expect(page.getByText("No automations yet")).toBeVisible();
  await page.goto(`${base()}/admin/operator`);
  await page.getByLabel("Name or id of a school").fill("made BY");
  await page.getByRole("button", { name: "Find" }).click();
  await expect(page.getByRole("link", { name: "Open Made by hand" })).toBeVisible();
  await expectAccessibleInAll(page);
  await page.goto(`${base()}/admin/operator`);
  await expectAccessibleInAll(page);
  await page.getByRole("button", { name: "DE: Deutsch" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Schulen" })).toBeVisible();
});

test.describe("without script", () => {
  test.use({ javaScriptEnabled: false });

  test("an automation is written as text, and a fault says where it is", async ({ page }) => {
    const school = await newSchool();
    await signIn(page, school.email);
    await page.getByRole("link", { name: "New", exact: true }).click();
    const text = page.getByLabel("Definition (JSON)");
    await text.fill('{"name": "By hand", "when": [{"type": "nothing"}], "then": []}');
    await page.getByRole("button", { name: "Save" }).click();
    await expect(page.getByRole("alert")).toContainText("When 1");
    await text.fill(
      '{"name": "By hand", "when": [{"type": "user.signed_up"}], "then": [{"type": "tags.add", "tags": ["new"]}]}',
    );
    await page.getByRole("button", { name: "Save" }).click();
    await expect(page.getByRole("heading", { level: 1, name: "By hand" })).toBeVisible();
  });
});
