import { expect, test } from "@playwright/test";
import { call, newSchool, signIn } from "./school";

test("many are counted while the page is looked at, though it is refused once, and then started for", async ({
  page,
}) => {
  test.setTimeout(120_000);
  const school = await newSchool();
  for (const [from, to] of [
    [0, 500],
    [500, 1_001],
  ] as const) {
    const events = Array.from({ length: to - from }, (_, n) => ({
      type: "user.signed_in",
      user: { id: `u${from + n}` },
    }));
    for (const part of [events.slice(0, 500), events.slice(500)])
      if (part.length) await call(school.key, "POST", "/v1/events/batch", { events: part });
  }
  const when = [{ type: "user.signed_in" }];
  const automation = { name: "Welcome", active: true, when, then: [{ type: "exit" }] };
  const { id } = await call<{ id: string }>(school.key, "POST", "/v1/automations", automation);
  await signIn(page, school.email);
  let refused = 0;
  await page.route("**/api/jobs/*", (route) =>
    refused++ === 0
      ? route.fulfill({ status: 503, headers: { "retry-after": "5" }, json: { detail: "Too much at once." } })
      : route.continue(),
  );
  await page.goto(`${school.home}/automations/${id}/enrol`);
  await page.getByLabel("For").selectOption("all");
  await page.getByRole("button", { name: "Count the learners" }).click();
  await expect(page.getByText("Counting the learners")).toBeVisible();
  await page.getByRole("button", { name: "Start it for 1,001 learners now" }).click({ timeout: 60_000 });
  expect(refused).toBeGreaterThan(1);
  await expect(page.getByRole("heading", { name: "It was started for 1,001 learners" })).toBeVisible({
    timeout: 60_000,
  });
  await expect(page.getByText("and 901 more")).toBeVisible();
});
