import { expect, test } from "@playwright/test";
import { de, expectGerman, inGerman } from "./german";
import { call, expectAccessible, newSchool, signIn } from "./school";

/* What the editor says beside its page: forms, lists, dialogs. */

for (const [colorScheme, width] of [
  ["dark", 360],
  ["light", 1680],
] as const)
  test(`every state of the editor is in German, accessible and fits, ${width} px wide`, async ({ browser }) => {
    const school = await newSchool();
    await call(school.key, "PUT", "/v1/users/anna", { username: "Anna", email: "anna@acme.example" });
    const { id } = await call<{ id: string }>(school.key, "POST", "/v1/automations", {
      name: "Onboarding",
      when: [{ type: "course.enrolled", courses: ["js-101"] }],
      only_if: { all: [{ type: "user.is_paying" }, { not: { type: "tags.has", tags: ["vip"] } }] },
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
    const context = await browser.newContext({ colorScheme, viewport: { width, height: 900 } });
    const page = await context.newPage();
    await signIn(page, school.email);
    await inGerman(context);
    await page.goto(`${school.home}/automations/${id}/edit`);
    await expect(page.locator(".editor .flow-step").first()).toBeVisible();
    const look = async (): Promise<void> => {
      await expectGerman(page);
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
    await press(de("Options"));
    await look();
    await page.keyboard.press("Escape");

    // What can be added
    await press(de("Add a step at the beginning"));
    const search = page.getByRole("combobox", { name: new RegExp(`^${de("Search")}`) });
    await expect(search).toBeVisible();
    await look();
    await search.fill("xyzzy");
    await look();
    await page.keyboard.press("Escape");
    // A narrow window has no keyboard.
    if (width > 360) {
      await press(de("Keyboard shortcuts"));
      await look();
      await page.keyboard.press("Escape");
    }

    // Tried
    await press(de("Try it"));
    await press(de("Rehearse"));
    await expect(page.locator(".outcome")).toBeVisible();
    await look();
    await page.keyboard.press("Escape");

    // Saved, with somebody under way; then one that cannot be
    await page.locator(".card", { hasText: "E-Mail" }).first().click();
    await page.getByLabel(de("Subject"), { exact: true }).fill("Hi");
    await page.keyboard.press("Control+s");
    await expect(page.getByRole("dialog")).toContainText(de("What changes"));
    await look();
    await page
      .getByRole("dialog")
      .getByRole("button", { name: de("Save"), exact: true })
      .click();
    await expect(page.getByText(de("Version {version} is live").replace("{version}", "2"))).toBeVisible();
    await look();
    await page.getByLabel(de("Subject"), { exact: true }).fill("");
    await page.keyboard.press("Control+s");
    await expect(page.getByText(de("One thing needs correcting before it can be saved"))).toBeVisible();
    await look();
    await context.close();
  });
