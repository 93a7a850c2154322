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
