import { gzipSync } from "node:zlib";
import { expect, type Response, test } from "@playwright/test";
import { expectAccessible } from "./accessible";
import { expectLanguage, inLanguage, LANGUAGES, wordsIn } from "./languages";
import { call, newSchool, signIn } from "./school";

const LONG = "The International Academy of Practical Philosophy, Rhetoric and Applied Ethics of Saxony";

test("the head cuts no section whatever the school is called, and More leads to those that fold", async ({ page }) => {
  const school = await newSchool();
  await call(school.key, "PATCH", "/v1/school", { name: LONG.padEnd(90, ".") });
  await signIn(page, school.email);
  for (const width of [360, 480, 640, 800, 1024, 1280, 1680])
    for (const path of ["/automations", "/settings", "/learners"]) {
      await page.setViewportSize({ width, height: 800 });
      await page.goto(school.home + path);
      const cut = await page.evaluate(`(() => {
        const line = document.querySelector(".top-sections");
        const room = document.querySelector(".top-nav").getBoundingClientRect().right;
        const shown = [...line.children].filter((one) => one.getClientRects().length > 0);
        const named = new Set(shown.filter((one) => one.tagName === "A").map((one) => one.textContent));
        const folded = [...line.querySelectorAll(".top-more a")].filter((one) => getComputedStyle(one).display !== "none");
        for (const one of folded) named.add(one.textContent);
        return { over: shown.some((one) => one.getBoundingClientRect().right > room + 1), sections: named.size };
      })()`);
      expect(cut, `${width} ${path}`).toEqual({ over: false, sections: await page.locator(".top-more a").count() });
      await expect(page.locator('.top-sections > a[aria-current="page"]')).toBeVisible();
    }
  await page.setViewportSize({ width: 360, height: 800 });
  for (const code of [...LANGUAGES].reverse()) {
    await inLanguage(page.context(), code);
    await page.reload();
    await page.getByText(wordsIn(code)("More"), { exact: true }).click();
    await expectLanguage(page, code);
    await expectAccessible(page);
  }
  await page.locator(".top-more").getByRole("link", { name: "Segments" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Segments" })).toBeVisible();
});

test("of many tabs the open one is in sight on a phone", async ({ page }) => {
  const school = await newSchool();
  await call(school.key, "PUT", "/v1/users/anna", { username: "Anna" });
  await signIn(page, school.email);
  await page.setViewportSize({ width: 360, height: 800 });
  for (const path of ["/learners/anna", "/learners/anna/act", "/settings/audit"]) {
    await page.goto(school.home + path);
    await expect(page.locator(".tabs [aria-current]"), path).toBeInViewport({ ratio: 0.9 });
  }
});

test("every target of the head and of a list is large enough for a finger", async ({ page }) => {
  const school = await newSchool();
  for (const name of ["First", "Second"])
    await call(school.key, "POST", "/v1/automations", {
      name,
      when: [{ type: "user.signed_up" }],
      then: [{ type: "wait", for: "P2D" }],
    });
  await signIn(page, school.email);
  await page.setViewportSize({ width: 360, height: 800 });
  const small =
    await page.evaluate(`[...document.querySelectorAll("header a, header button, header summary, .table :is(summary, button)")]
    .filter((one) => one.getClientRects().length > 0)
    .map((one) => ({ one: one.textContent, height: one.getBoundingClientRect().height }))
    .filter(({ height }) => height < 24)`);
  expect(small).toEqual([]);
});

test("the first look at a list needs under 100 KB, a full page of it as it travels", async ({ page }) => {
  const school = await newSchool();
  const make = async (from: number, to: number) => {
    for (let n = from; n < to; n++)
      await call(school.key, "POST", "/v1/automations", {
        name: `Automation ${n}`,
        when: [{ type: "user.signed_up" }],
        then: [{ type: "wait", for: "P2D" }],
      });
  };
  const weighed = async () => {
    const bodies: Promise<Buffer>[] = [];
    const heard = (response: Response) => void bodies.push(response.body().catch(() => Buffer.from("")));
    page.on("response", heard);
    await page.goto(`${school.home}/automations`, { waitUntil: "networkidle" });
    page.off("response", heard);
    const all = Buffer.concat(await Promise.all(bodies));
    return { plain: all.length, packed: gzipSync(all).length };
  };
  await make(0, 10);
  await signIn(page, school.email);
  expect((await weighed()).plain).toBeLessThan(100_000);
  // Cloudflare packs what it sends.
  await make(10, 60);
  const { plain, packed } = await weighed();
  expect(plain).toBeGreaterThan(100_000);
  expect(packed).toBeLessThan(50_000);
});

test("a warning is mended where it is told, and what was done is said", async ({ page }) => {
  const school = await newSchool();
  const { id } = await call<{ id: string }>(school.key, "POST", "/v1/automations", {
    name: "Drip",
    when: [{ type: "user.signed_up" }],
    then: [{ type: "wait", for: "P2D" }],
  });
  await signIn(page, school.email);
  await page.getByRole("button", { name: "Make it one at a time" }).click();
  await expect(page.locator(".banner.is-good")).toContainText("one at a time from now on");
  await expect(page.getByRole("button", { name: "Make it one at a time" })).toHaveCount(0);
  const saved = await call<{ reentry: string }>(school.key, "GET", `/v1/automations/${id}`);
  expect(saved.reentry).toBe("one_at_a_time");
});

test.describe("without script", () => {
  test.use({ javaScriptEnabled: false });

  test("filters fold on a phone, stand open where one is used, and find by the names that lists print", async ({
    page,
  }) => {
    const school = await newSchool();
    await call(school.key, "PUT", "/v1/products/course/js-101", { name: "JavaScript 101" });
    for (const [id, username] of [
      ["u1", "Anna Adler"],
      ["u2", "Ben Braun"],
    ])
      await call(school.key, "POST", "/v1/events", {
        type: "course.enrolled",
        user: { id, username },
        data: { course: id === "u1" ? "js-101" : "css-101" },
      });
    await call(school.key, "POST", "/v1/test-clock", { advance: "PT0S" });
    await signIn(page, school.email);
    await page.setViewportSize({ width: 360, height: 800 });
    await page.goto(`${school.home}/learners`);
    await expect(page.getByLabel("Course")).toBeHidden();
    await page.getByText("Filter", { exact: true }).click();
    await page.getByLabel("Course").fill("JavaScript 101");
    await page.getByRole("button", { name: "Find" }).click();
    await expect(page.getByRole("link", { name: "Anna Adler" })).toBeVisible();
    await expect(page.getByRole("link", { name: "Ben Braun" })).toHaveCount(0);
    await expect(page.getByLabel("Course")).toHaveValue("JavaScript 101");
    await page.setViewportSize({ width: 1280, height: 800 });
    await page.goto(`${school.home}/learners`);
    await expect(page.getByLabel("Course")).toBeVisible();
  });

  test("a template tells what is missing at its field, and shows what it makes", async ({ page }) => {
    const school = await newSchool();
    await signIn(page, school.email);
    await page.goto(`${school.home}/templates/onboarding-drip`);
    await expect(page.locator(".drawing")).toContainText("the course you choose");
    await page.getByRole("button", { name: "Create automation" }).click();
    await expect(page.locator(".field", { hasText: "Courses" })).toContainText("Choose at least one course");
    await expect(page.locator("main")).not.toContainText("/params");
  });
});

test("the editor: Enter takes what is marked, a + says where it adds, and what follows is about the same course", async ({
  page,
}) => {
  const school = await newSchool();
  await call(school.key, "PUT", "/v1/products/course/js-101", { name: "JavaScript 101" });
  const { id } = await call<{ id: string }>(school.key, "POST", "/v1/automations", {
    name: "Drip",
    active: false,
    when: [{ type: "course.enrolled" }],
    then: [
      { type: "wait", for: "P2D" },
      { type: "email.user", subject: "Hello {{ user.username }}", body: "<p>Hello</p>" },
    ],
  });
  await signIn(page, school.email);
  await page.goto(`${school.home}/automations/${id}/edit`);
  await expect(page.getByRole("heading", { name: "Then" })).toBeVisible();
  await expect(page.getByRole("button", { name: "Add a step at the beginning" })).toBeVisible();
  await expect(page.getByRole("button", { name: "Add a step after ‘Wait 2 days’" })).toBeVisible();

  // A course, by the beginning of its name
  await page.locator(".card").first().click();
  const courses = page.locator(".panel").getByRole("combobox").first();
  await courses.fill("javas");
  await courses.press("Enter");
  await expect(page.locator(".panel .chip")).toContainText("JavaScript 101");

  // What ends it is about that course
  await page.getByRole("button", { name: "An event" }).click();
  await page.getByRole("combobox", { name: /^Search/ }).fill("course completed");
  await page.getByRole("combobox", { name: /^Search/ }).press("Enter");
  await expect(page.locator(".panel .chip")).toContainText("course that started it");

  // A rehearsal with somebody who has an address
  await page.getByRole("button", { name: "Try it" }).click();
  await page.getByRole("button", { name: "Rehearse" }).click();
  await expect(page.locator(".outcome .letter-subject")).toHaveText("Hello Ida");
  await page.getByRole("switch", { name: "Switched on" }).click();
  await page.getByRole("button", { name: /^Save/ }).first().click();
  await expect(page.getByText("Version 2 is live")).toBeVisible();
  await page.getByRole("button", { name: "Keyboard shortcuts" }).click();
  await expect(page.getByRole("dialog", { name: "Keyboard shortcuts" })).toContainText("Ctrl D");
  await expectAccessible(page);

  const inGerman = wordsIn("de");
  await inLanguage(page.context(), "de");
  await page.reload();
  await page.locator(".card").first().click();
  await expectLanguage(page, "de");
  await expectAccessible(page);
  await page.getByRole("button", { name: inGerman("Keyboard shortcuts") }).click();
  await expectLanguage(page, "de");
  await expectAccessible(page);
});
