import { expect, test } from "@playwright/test";
import { expectAccessible } from "./accessible";
import { expectLanguage, inLanguage, LANGUAGES, wordsIn } from "./languages";
import { call, newSchool, signIn } from "./school";

/* What the editor says beside its page: forms, lists, dialogs. */

for (const code of LANGUAGES) {
  const said = wordsIn(code);
  test(`every state of the editor is accessible and fits, in every width and both themes: ${code}`, async ({
    browser,
  }) => {
    test.setTimeout(300_000);
    const school = await newSchool();
    await call(school.key, "PUT", "/v1/users/anna", { username: "Anna", email: "anna@acme.example" });
    const { id } = await call<{ id: string }>(school.key, "POST", "/v1/automations", {
      name: "Onboarding",
      when: [{ type: "course.enrolled", courses: ["js-101"] }],
      only_if: { any: [{ type: "user.is_paying" }, { not: { type: "tags.has", tags: ["vip"] } }] },
      then: [
        {
          type: "email.user",
          subject: "Hi {{ user.username }}",
          body: "<p>Dear {{ user.username }} {{ user.nam }}</p>",
        },
        { type: "wait", for: "P2D" },
        { type: "branch", if: { type: "activity.completed", courses: ["$trigger"] }, yes: [], no: [{ type: "exit" }] },
      ],
    });
    const event = { type: "course.enrolled", user: { id: "anna" }, data: { course: "js-101" } };
    await call(school.key, "POST", "/v1/events", event);
    const context = await browser.newContext();
    const page = await context.newPage();
    await signIn(page, school.email);
    await inLanguage(context, code);
    await page.goto(`${school.home}/automations/${id}/edit`);
    await expect(page.locator(".editor .flow-step").first()).toBeVisible();
    const look = async (): Promise<void> => {
      await expectLanguage(page, code);
      await expectAccessible(page);
    };
    const press = (name: string): Promise<void> => page.getByRole("button", { name, exact: true }).first().click();

    // Forms of cards
    for (const card of await page.locator(".editor .card").all()) {
      await card.click();
      await expect(page.locator(".panel")).toBeVisible();
      await look();
      await page.keyboard.press("Escape");
    }
    await press(said("Options"));
    await look();
    await page.keyboard.press("Escape");

    // What can be added
    await press(said("Add a step at the beginning"));
    const search = page.getByRole("combobox", { name: new RegExp(`^${said("Search")}`) });
    await expect(search).toBeVisible();
    await look();
    await search.fill("xyzzy");
    await look();
    await page.keyboard.press("Escape");
    await press(said("Keyboard shortcuts"));
    await look();
    await page.keyboard.press("Escape");

    // Tried
    await press(said("Try it"));
    await press(said("Rehearse"));
    await expect(page.locator(".outcome")).toBeVisible();
    await look();
    await press(said("How often would it have run?"));
    await page.getByText(said("By day and by learner")).click();
    await look();
    await page.keyboard.press("Escape");

    // Saved, with somebody under way; then one that cannot be
    await page
      .locator(".card", { hasText: code === "de" ? "E-Mail" : "email them" })
      .first()
      .click();
    await page.getByLabel(said("Subject"), { exact: true }).fill("Hi");
    await page.keyboard.press("Control+s");
    await expect(page.getByRole("dialog")).toContainText(said("What changes"));
    await look();
    await page
      .getByRole("dialog")
      .getByRole("button", { name: said("Save"), exact: true })
      .click();
    await expect(page.getByText(said("Version {version} is live").replace("{version}", "2"))).toBeVisible();
    await look();
    await page.getByLabel(said("Subject"), { exact: true }).fill("");
    await page.keyboard.press("Control+s");
    await expect(page.getByText(said("One thing needs correcting before it can be saved"))).toBeVisible();
    await look();
    await context.close();
  });
}
