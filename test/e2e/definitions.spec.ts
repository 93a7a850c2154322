import { readFile } from "node:fs/promises";
import { expect, type Page, test } from "@playwright/test";
import { expectAccessible } from "./accessible";
import { expectLanguage, inLanguage, LANGUAGES, wordsIn } from "./languages";
import { call, newSchool, signIn } from "./school";

/** What a press downloads. */
async function downloaded(page: Page, name: string): Promise<{ name: string; text: string }> {
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("link", { name, exact: true }).first().click(),
  ]);
  return { name: download.suggestedFilename(), text: await readFile(await download.path(), "utf8") };
}

test("definitions go from one school to another, and what they would do is told first", async ({ page }) => {
  const [from, to] = [await newSchool(), await newSchool()];
  const made = (path: string, body: unknown) => call<{ id: string }>(from.key, "POST", `/v1${path}`, body);
  await made("/profile-fields", { key: "department", name: "Department", type: "text" });
  const segment = await made("/segments", { name: "Sales people", managed: true });
  await made("/segment-rules", {
    segment: segment.id,
    match: "all",
    where: [{ field: "department", op: "is", value: "Sales" }],
  });
  const { id } = await made("/automations", {
    name: "Greeting",
    when: [{ type: "user.signed_up" }],
    then: [{ type: "tags.add", tags: ["new"] }],
  });

  await signIn(page, from.email);
  await page.getByLabel("Export and import").click();
  const file = await downloaded(page, "Export everything");
  expect(file.name).toBe(`${from.id}-definitions.json`);
  await page.getByRole("link", { name: "Greeting" }).click();
  const one = await downloaded(page, "Export");
  expect(JSON.parse(one.text)).toMatchObject({ schoolbell: 1, automations: [{ id, name: "Greeting" }] });

  // As a file, into the other school
  await page.getByRole("button", { name: "Sign out" }).click();
  await signIn(page, to.email);
  await page.getByLabel("Export and import").click();
  await page.getByRole("link", { name: "Import…" }).click();
  await page
    .getByLabel("JSON file")
    .setInputFiles({ name: file.name, mimeType: "application/json", buffer: Buffer.from(file.text) });
  await page.getByRole("button", { name: "See what it would do" }).click();
  await expect(page.getByText("Nothing is done yet.")).toBeVisible();
  await expect(page.getByRole("heading", { name: "It would make" })).toBeVisible();
  await expect(page.getByText("When a learner signs up")).toBeVisible();
  await expect(page.getByText("Who has: Department is Sales")).toBeVisible();
  await expectAccessible(page);
  expect((await call<{ data: unknown[] }>(to.key, "GET", "/v1/automations")).data).toEqual([]);
  await page.getByRole("button", { name: "Import", exact: true }).click();
  await expect(page.getByText("Imported.")).toBeVisible();
  await call(to.key, "POST", "/v1/test-clock", { advance: "PT0S" });
  const held = (key: string) => call(key, "GET", "/v1/export");
  expect(await held(to.key)).toEqual(await held(from.key));

  // As text, changed
  await page.goto(`${to.home}/import/definitions`);
  const text = page.getByLabel("Document (JSON)");
  const changed = JSON.parse(one.text);
  changed.automations[0].then.push({ type: "wait", for: "P2D" });
  await text.fill(JSON.stringify(changed));
  await page.getByRole("button", { name: "See what it would do" }).click();
  await expect(page.getByRole("heading", { name: "It would change" })).toBeVisible();
  await expect(page.getByRole("heading", { name: "It would make" })).toHaveCount(0);
  await expect(page.getByText("wait 2 days")).toBeVisible();
  await expectAccessible(page);

  // So in every language: no address shows it again.
  for (const code of LANGUAGES) {
    await inLanguage(page.context(), code);
    await page.goto(`${to.home}/import/definitions`);
    const say = wordsIn(code);
    await page.getByLabel(say("Document (JSON)")).fill(JSON.stringify(changed));
    await page.getByRole("button", { name: say("See what it would do") }).click();
    await expect(page.getByRole("heading", { name: say("It would change") })).toBeVisible();
    await expectLanguage(page, code);
    if (code !== "en") await expectAccessible(page);
  }
  await inLanguage(page.context(), "en");
  await page.goto(`${to.home}/import/definitions`);

  // What is wrong is told with its place and its name
  changed.automations[0].when = [{ type: "nothing" }];
  await text.fill(JSON.stringify(changed));
  await page.getByRole("button", { name: "See what it would do" }).click();
  await expect(page.getByRole("alert")).toContainText("Automations 1, when 1");
  await expect(page.getByRole("alert")).toContainText("in the automation “Greeting”");
  await expect(text).toHaveValue(JSON.stringify(changed));
  await expectAccessible(page);
  await text.fill("{");
  await page.getByRole("button", { name: "See what it would do" }).click();
  await expect(page.getByRole("alert")).toBeVisible();
  await expect(page.getByRole("button", { name: "Import", exact: true })).toHaveCount(0);

  // Twice the same is nothing
  await text.fill(one.text);
  await page.getByRole("button", { name: "See what it would do" }).click();
  await expect(page.getByText("Nothing would change")).toBeVisible();
});
