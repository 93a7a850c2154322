import { expect, type Response, test } from "@playwright/test";
import { expectAccessibleInAll } from "./accessible";
import { call, newSchool, signIn, type TestSchool } from "./school";

let school: TestSchool;

test.beforeAll(async () => {
  school = await newSchool();
  const made = (path: string, body: unknown) => call<{ id: string }>(school.key, "POST", `/v1${path}`, body);
  await call(school.key, "PUT", "/v1/products/course/s-1", { name: "Selling for beginners" });
  await made("/segments", { id: "sales", name: "Sales people" });
  await made("/profile-fields", { key: "dep", name: "Department", type: "text" });
  const where = [{ field: "dep", op: "is", value: "Sales" }];
  await made("/segment-rules", { segment: "sales", match: "all", where });
  await made("/auto-groups", { course: "s-1", field: "dep" });
  await made("/segment-syncs", { name: "Sales course", segment: "sales", course: "s-1" });
  await made("/automations", {
    name: "Welcome them",
    when: [{ type: "course.enrolled", courses: ["s-1"] }],
    then: [{ type: "tags.add", tags: ["welcomed"] }],
  });
  await made("/automations", {
    name: "Take it away",
    when: [{ type: "tag.added", tags: ["gone"] }],
    then: [{ type: "course.unenroll", courses: ["s-1"] }],
    active: false,
  });
});

test("what touches a course is drawn and listed, by the keyboard too", async ({ page }) => {
  await signIn(page, school.email);
  await page.goto(`${school.home}/courses/s-1`);
  await page.getByRole("link", { name: "What touches this" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Selling for beginners" })).toBeVisible();
  const drawn = page.getByRole("region", { name: "The map, drawn" });
  await expect(drawn.getByRole("link")).toHaveCount(5);
  await expect(drawn.getByRole("link", { name: "automation · off Take it away" })).toBeVisible();
  for (const [heading, name] of [
    ["Is given by", "Sales course"],
    ["Is taken by", "Take it away"],
    ["Starts", "Welcome them"],
  ])
    await expect(
      page.locator("section", { has: page.getByRole("heading", { name: heading ?? "", exact: true }) }),
    ).toContainText(name ?? "");

  await drawn.getByRole("link", { name: "automation Welcome them" }).focus();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: "Welcome them" })).toBeVisible();
  await expect(drawn.getByRole("link", { name: "tag welcomed" })).toBeVisible();
  await page.getByRole("link", { name: "Open the automation" }).click();
  await page.getByRole("link", { name: "What it touches" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Welcome them" })).toBeVisible();
});

test("a thing is found by its name", async ({ page }) => {
  await signIn(page, school.email);
  await page.getByRole("link", { name: "Map", exact: true }).click();
  await page.getByLabel("Find an automation").fill("selling");
  await page.getByRole("button", { name: "Find" }).click();
  await page.getByRole("link", { name: "Selling for beginners", exact: true }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Selling for beginners" })).toBeVisible();
});

test("syncs, rules and auto groups are found by their names, by the keyboard alone, and stand in words", async ({
  page,
}) => {
  await signIn(page, school.email);
  for (const [typed, name, noun] of [
    ["sales course", "Sales course", "sync"],
    ["sales peo", "Sales people", "rule"],
    ["beginners, dep", "Selling for beginners, Department", "auto groups"],
  ] as const) {
    await page.goto(`${school.home}/map?about=course:s-1`);
    await page.getByLabel("Find an automation").focus();
    await page.keyboard.type(typed);
    await page.keyboard.press("Enter");
    const found = page.locator("#main li", { hasText: noun }).getByRole("link", { name, exact: true });
    await found.focus();
    await page.keyboard.press("Enter");
    await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();
  }
  await page.goto(`${school.home}/map?about=tag:welcomed&depth=2`);
  const words = page.locator("section", { has: page.getByRole("heading", { name: "In words" }) });
  await expect(words.locator("li", { hasText: /Selling for beginners.*starts.*Welcome them/ })).toBeVisible();
  await expect(words.locator("li", { hasText: /Welcome them.*gives.*welcomed/ })).toBeVisible();
});

test("the map is accessible, fits and is small, in every width, theme and language", async ({ page }) => {
  test.setTimeout(120_000);
  await signIn(page, school.email);
  const errors: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error") errors.push(message.text());
  });
  const paths = ["/map", "/map?about=course:s-1", "/map?about=segment:sales&depth=2", "/map?q=sell", "/map?q=zz"];
  for (const path of paths) {
    let bytes = 0;
    const count = async (response: Response) => {
      if (response.ok()) bytes += (await response.body()).length;
    };
    page.on("response", count);
    await page.goto(school.home + path, { waitUntil: "networkidle" });
    page.off("response", count);
    expect(bytes).toBeLessThan(300_000);
    await expectAccessibleInAll(page);
  }
  expect(errors).toEqual([]);
});
