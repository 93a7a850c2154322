import { expect, test } from "@playwright/test";
import { expectAccessibleInAll } from "./accessible";
import { base, call, newSchool, type TestSchool } from "./school";

test("who has two schools works in both, a tab each, and each tab saves into its own", async ({ context, page }) => {
  const demo = await newSchool();
  const acme = await newSchool({ owner: demo.email });
  // Of the same id in both: what went astray would be taken
  const automation = {
    id: "a1",
    name: "Welcome",
    active: false,
    when: [{ type: "user.signed_up" }],
    then: [{ type: "exit" }],
  };
  for (const { key } of [demo, acme]) await call(key, "PUT", "/v1/import", { automations: [automation] });
  const versionIn = async (key: string) => (await call<{ version: number }>(key, "GET", "/v1/automations/a1")).version;
  await page.goto(`${base()}/admin/automations/a1/edit`);
  await page.getByLabel("Your email address").fill(demo.email);
  await page.getByRole("button", { name: "Mail me a link" }).click();
  await page.getByRole("link", { name: "Open the link" }).click();
  await page.getByRole("button", { name: "Sign in" }).click();

  // The address of before says of no school: one is chosen, and it goes on from there
  await expect(page.getByRole("heading", { level: 1, name: "Choose a school" })).toBeVisible();
  await expectAccessibleInAll(page);
  await page.locator(`a[href*="${demo.id}"]`).click();
  await expect(page.locator(".editor")).toBeVisible();
  expect(page.url()).toBe(`${demo.home}/automations/a1/edit`);

  // Another tab opens the other school, by the name in the head
  const second = await context.newPage();
  await second.goto(`${demo.home}/segments`);
  await second.getByTitle("To the other schools").click();
  await second.locator(`a[href*="${acme.id}"]`).click();
  await expect(second.getByRole("heading", { level: 1, name: "Home" })).toBeVisible();
  await second.getByRole("link", { name: "Automations" }).first().click();
  await expect(second.getByRole("link", { name: "Welcome" })).toBeVisible();
  expect(second.url()).toBe(`${acme.home}/automations`);

  // The first saves by the editor, the second by a form
  await page
    .getByRole("button", { name: /^Add a step/ })
    .first()
    .click();
  await page.getByRole("combobox", { name: /^Search/ }).fill("wait");
  await page.getByRole("combobox", { name: /^Search/ }).press("Enter");
  await page.getByRole("button", { name: /^Save/ }).first().click();
  await expect(page.getByText("Version 2 is saved")).toBeVisible();
  expect([await versionIn(demo.key), await versionIn(acme.key)]).toEqual([2, 1]);
  await second.goto(`${acme.home}/segments`);
  await page.goto(`${demo.home}/automations`);
  await second.getByLabel("Name").fill("Sales people");
  await second.getByRole("button", { name: "Create segment" }).click();
  await expect(second.getByRole("heading", { level: 1, name: "Sales people" })).toBeVisible();
  const segmentsIn = async ({ key }: TestSchool) =>
    (await call<{ data: unknown[] }>(key, "GET", "/v1/segments")).data.length;
  expect([await segmentsIn(demo), await segmentsIn(acme)]).toEqual([0, 1]);

  // A form that was led to another school is refused with both names
  await page.goto(`${demo.home}/segments`);
  await page.locator("form.form").evaluate((form, to) => form.setAttribute("action", to), `${acme.home}/segments`);
  await page.getByLabel("Name").fill("Strays");
  await page.getByRole("button", { name: "Create segment" }).click();
  await expect(
    page.getByText(/This form is of School \d+, the page is of School \d+\. Nothing was changed\./),
  ).toBeVisible();
  expect([await segmentsIn(demo), await segmentsIn(acme)]).toEqual([0, 1]);
});
