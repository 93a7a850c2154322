import { expect, test } from "@playwright/test";
import { expectAccessible, expectAccessibleInAll } from "./accessible";
import { expectLanguage, inLanguage, LANGUAGES, wordsIn } from "./languages";
import { base, call, newSchool, signIn } from "./school";

test("home is where a sign-in leads, and says what happened today and what goes out next", async ({ page }) => {
  const school = await newSchool();
  await call(school.key, "POST", "/v1/automations", {
    ...{ name: "Drip", reentry: "one_at_a_time", when: [{ type: "course.enrolled", courses: ["js-101"] }] },
    then: [
      { type: "email.user", subject: "Welcome", body: "<p>Hello</p>" },
      { type: "wait", for: "P2D" },
      { type: "email.user", subject: "How is it going?", body: "<p>Hello</p>" },
    ],
  });
  for (const id of ["anna", "ben"])
    await call(school.key, "POST", "/v1/events", {
      ...{ type: "course.enrolled", user: { id, email: `${id}@acme.example` }, data: { course: "js-101" } },
    });
  await call(school.key, "POST", "/v1/test-clock", { advance: "PT0S" });
  await signIn(page, school.email);
  await page.goto(school.home);
  await expect(page.getByRole("heading", { level: 1, name: "Home" })).toBeVisible();
  await expect(page.locator(".figure", { hasText: "runs started" })).toContainText("2");
  await expect(page.locator(".figure", { hasText: "mails kept" })).toContainText("2");
  const calendar = page.locator(".calendar");
  await expect(calendar).toContainText("Wed 7 Jan");
  await expect(calendar).toContainText("sends “How is it going?” to 2 learners");
  // What is drawn stands in a table too, which a keyboard opens.
  await page.getByText("As a table").first().focus();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("row", { name: /Mon 5 Jan 2/ })).toBeVisible();
  await expectAccessibleInAll(page);
  await page.getByRole("link", { name: "2 learners" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toContainText("Drip");
});

for (const code of LANGUAGES)
  test(`a school without automations is shown where to begin, and the first one is checked before it is switched on: ${code}`, async ({
    page,
  }) => {
    const say = wordsIn(code);
    const school = await newSchool();
    await call(school.key, "POST", "/v1/events", {
      ...{ type: "course.enrolled", user: { id: "anna", username: "Anna" }, data: { course: "js-101" } },
    });
    await signIn(page, school.email);
    await inLanguage(page.context(), code);
    await page.goto(school.home);
    await page.getByRole("link", { name: say("Choose a template") }).click();
    await page.getByRole("link", { name: say("Onboarding drip") }).click();
    await page.getByLabel(say("Courses")).fill("js-101");
    await page.getByRole("button", { name: say("Create automation") }).click();
    const checklist = page.locator(".checklist");
    await expect(checklist).toContainText(
      say("{n} learner is enrolled in {name} already. It starts for that one only if you say so.")
        .replace("{n}", "1")
        .replace("{name}", "js-101"),
    );
    await expectLanguage(page, code);
    await expectAccessible(page);
    await checklist.getByRole("button", { name: say("Switch on, and start it for that learner") }).click();
    await call(school.key, "POST", "/v1/test-clock", { advance: "PT0S" });
    const { data } = await call<{ data: { user_id: string }[] }>(school.key, "GET", "/v1/runs");
    expect(data.map(({ user_id: user }) => user)).toEqual(["anna"]);
    expect(page.url()).toContain(base());
  });

test("a new school's home says that mail is not set up, apart from where to begin", async ({ page }) => {
  const school = await newSchool({}, { mode: "live" });
  await signIn(page, school.email);
  await page.goto(school.home);
  await expectAccessibleInAll(page);
  const [told, begin] = await Promise.all(
    [".panel-box", ".empty"].map((one) => page.locator(one).first().boundingBox()),
  );
  expect((begin?.y ?? 0) - ((told?.y ?? 0) + (told?.height ?? 0))).toBeGreaterThan(8);
});
