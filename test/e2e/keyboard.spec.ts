import { expect, type Locator, test } from "@playwright/test";
import { call, newSchool, signIn } from "./school";
import { tabTo } from "./tab";

test("the drip is built with the keyboard alone", async ({ page }) => {
  const school = await newSchool();
  await call(school.key, "PUT", "/v1/products/course/js-101", { name: "JavaScript 101" });
  await signIn(page, school.email);
  const press = (key: string) => page.keyboard.press(key);
  const type = (text: string) => page.keyboard.type(text);
  const enter = async (what: Locator, key?: string): Promise<void> => {
    await tabTo(page, what, key);
    await press("Enter");
  };
  /** Of the palette that opens: what is looked for is taken. */
  const take = async (word: string): Promise<void> => {
    await expect(page.getByRole("combobox", { name: /^Search/ })).toBeFocused();
    await type(word);
    await press("Enter");
  };
  const step = async (at: RegExp, word: string): Promise<void> => {
    await enter(page.getByRole("button", { name: at }).first());
    await take(word);
  };
  await enter(page.getByRole("link", { name: "New", exact: true }));
  await expect(page.locator(".editor")).toBeVisible();
  const panel = page.locator(".panel");
  const fill = async (what: Locator, text: string): Promise<void> => {
    await tabTo(page, what);
    await press("Control+a");
    await type(text);
  };
  /** A mail at a place; Escape leads back to its card. */
  const mail = async (at: RegExp, subject: string): Promise<void> => {
    await step(at, "email");
    await fill(panel.getByLabel("Subject", { exact: true }), subject);
    await fill(panel.getByRole("textbox", { name: "Body" }), `${subject}!`);
    await press("Escape");
  };

  await enter(page.getByRole("button", { name: "Choose what starts it" }));
  await take("enrolled in a course");
  await tabTo(page, panel.getByRole("combobox"));
  await type("javas");
  await expect(page.getByRole("option", { name: /JavaScript 101/ })).toBeVisible();
  await press("Enter");
  await expect(panel.locator(".chip")).toContainText("JavaScript 101");
  await press("Escape");

  await mail(/^Add a step at the beginning/, "Welcome");
  await step(/^Add a step after ‘Email/, "wait");
  await fill(panel.getByLabel("How long", { exact: true }), "2");
  await press("Escape");
  await step(/^Add a step after ‘Wait/, "branch");
  await enter(panel.getByRole("button", { name: "Condition" }));
  await take("completed");
  // What is to be filled in of it is at hand at once.
  await expect(panel.locator(".leaf.is-open .leaf-form :is(input, select, textarea, button)").first()).toBeFocused();
  await press("Escape");
  await mail(/^Add a step at the start of ‘yes’/, "Well done");
  await mail(/^Add a step at the start of ‘no’/, "How is it going?");
  await fill(page.getByRole("textbox", { name: "Name of the automation" }), "Drip");
  await tabTo(page, page.getByRole("switch", { name: "Switched on" }));
  await press("Space");
  await press("Control+s");
  await expect(page.getByText("Version 1 is live")).toBeVisible();
  const { data } = await call<{ data: unknown[] }>(school.key, "GET", "/v1/automations");
  expect(data).toMatchObject([
    {
      name: "Drip",
      active: true,
      when: [{ type: "course.enrolled", courses: ["js-101"] }],
      then: [
        { type: "email.user", subject: "Welcome", body: "<p>Welcome!</p>" },
        { type: "wait", for: "P2D" },
        {
          type: "branch",
          if: { type: "activity.completed" },
          yes: [{ type: "email.user", subject: "Well done" }],
          no: [{ type: "email.user", subject: "How is it going?" }],
        },
      ],
    },
  ]);
});
