import { expect, test } from "@playwright/test";
import { call, newSchool, signIn } from "./school";

/* The editor of a mail, as somebody who is no programmer writes one. */

const mail = (subject: string, body: string) => ({ type: "email.user", subject, body });

const automation = (key: string, ...then: unknown[]) =>
  call<{ id: string }>(key, "POST", "/v1/automations", {
    name: "Drip",
    active: false,
    when: [{ type: "user.signed_up" }],
    then,
  });

test("a variable that nobody declared is marked at its text, on the card, and told at save", async ({ page }) => {
  const school = await newSchool();
  await call(school.key, "POST", "/v1/profile-fields", { key: "team", name: "Team", type: "text" });
  const { id } = await automation(school.key, mail("Hi {{ user.fields.team }}", "<p>Hello</p>"));
  await signIn(page, school.email);
  await page.goto(`${school.home}/automations/${id}/edit`);
  const card = page.locator(".card", { hasText: "email them" });
  await expect(card.locator(".is-doubt")).toHaveCount(0);
  await card.click();
  await page.getByLabel("Subject", { exact: true }).fill("Hi {{ user.fields.taem }}");
  await expect(page.locator(".liquid-unknown")).toContainText("Nobody has declared {{ user.fields.taem }}");
  await expect(card.locator(".is-doubt")).toBeVisible();
  await page.getByRole("button", { name: /^Save/ }).first().click();
  await expect(page.getByText(/Version 2 is saved/)).toBeVisible();
  await expect(page.locator(".banner.is-warning")).toContainText("{{ user.fields.taem }}");
  await page.goto(`${school.home}/automations/${id}`);
  await expect(page.locator(".banner.is-warning", { hasText: "{{ user.fields.taem }}" })).toBeVisible();
});

test("a mail is seen at once as a learner gets it, narrow and wide, and a test of it is sent", async ({ page }) => {
  const school = await newSchool();
  await call(school.key, "PUT", "/v1/users/anna", { username: "Anna", email: "anna@acme.example" });
  await call(school.key, "PATCH", "/v1/school", { settings: { mail: { footer: "Acme, Main Street 1" } } });
  const { id } = await automation(school.key, mail("Hi {{ user.username }}", "First line\nsecond line\n\nNext"));
  await signIn(page, school.email);
  await page.goto(`${school.home}/automations/${id}/edit`);
  await page.locator(".card", { hasText: "email them" }).click();
  const preview = page.getByRole("region", { name: "Preview" });
  await expect(preview.locator(".letter-subject")).toHaveText("Hi Anna Example");
  await expect(preview.frameLocator("iframe").locator("p").first()).toHaveText("First line second line");
  await expect(preview.frameLocator("iframe").getByText("Acme, Main Street 1")).toBeVisible();
  await page.getByLabel("Preview for").fill("anna");
  await page.getByRole("option", { name: "Anna" }).click();
  await expect(preview.locator(".letter-subject")).toHaveText("Hi Anna");
  await page.getByRole("button", { name: "See it wide" }).click();
  await expect(page.getByRole("dialog").frameLocator("iframe").getByText("Next")).toBeVisible();
  await page.getByRole("button", { name: "Close" }).last().click();
  await page.getByRole("button", { name: "Send a test to me" }).click();
  await expect(preview.getByRole("status")).toContainText("Not sent: this school keeps its mail.");
});
