import { expect, test } from "@playwright/test";
import { expectAccessibleInAll } from "./accessible";
import { call, newSchool, signIn } from "./school";

test("a run is undone from its page, after it was said what that takes back", async ({ page }) => {
  const school = await newSchool();
  const automation = await call<{ id: string }>(school.key, "POST", "/v1/automations", {
    name: "Gives vip",
    synchronous: true,
    when: [{ type: "tag.added", tags: ["new"] }],
    then: [
      { type: "tags.add", tags: ["vip"] },
      { type: "email.user", subject: "Hi", body: "There" },
    ],
  });
  const { runs } = await call<{ runs: { id: string }[] }>(school.key, "POST", "/v1/events", {
    type: "tag.added",
    user: { id: "anna", email: "anna@acme.example" },
    data: { tag: "new" },
  });
  await signIn(page, school.email);
  await page.goto(`${school.home}/automations/${automation.id}/undo?since=2001-01-01T00:00`);
  await expectAccessibleInAll(page);
  await page.goto(`${school.home}/runs/${runs[0]?.id}`);
  await page.getByRole("link", { name: "Undo…" }).click();
  await expect(page.getByRole("heading", { name: "Would be taken back" })).toBeVisible();
  await expectAccessibleInAll(page);
  await page.getByRole("button", { name: /Undo: take back/ }).click();
  await expect(page.getByRole("heading", { name: "Taken back" })).toBeVisible();
  await expectAccessibleInAll(page);
});
