import { expect, type Page, test } from "@playwright/test";
import { call, newSchool, signIn } from "./school";

/* Deletes are told of in figures, and for an hour there is a way back; none of it needs script. */

interface Kind {
  what: string;
  /** Where it is listed, below the school's home. */
  list: string;
  /** What its page of deletion says will follow. */
  follows: string;
  button: string;
  /** What is listed of it. */
  name: string;
}

async function furnished() {
  const school = await newSchool();
  const made = <T>(path: string, body: unknown) => call<T>(school.key, "POST", path, body);
  await made("/v1/profile-fields", { key: "department", name: "Department", type: "text" });
  await made("/v1/profile-fields", { key: "spare", name: "Spare", type: "text" });
  await made("/v1/segments", { id: "sellers", name: "Sellers", managed: true });
  await made("/v1/segments", { id: "chosen", name: "Chosen" });
  await made("/v1/segment-rules", {
    segment: "sellers",
    match: "all",
    where: [{ field: "department", op: "is", value: "Sales" }],
  });
  await made("/v1/segment-syncs", { name: "Training", segment: "sellers", course: "js-101" });
  await made("/v1/auto-groups", { course: "js-101", field: "department" });
  await made("/v1/automations", {
    name: "Drip",
    when: [{ type: "tag.added", tags: ["vip"] }],
    then: [{ type: "wait", for: "P2D" }],
  });
  await call(school.key, "PUT", "/v1/users/anna", { fields: { department: "Sales" } });
  await call(school.key, "PUT", "/v1/segments/chosen/members/anna");
  await made("/v1/events", { type: "tag.added", user: { id: "anna" }, data: { tag: "vip" } });
  await made("/v1/test-clock", { advance: "PT0S" });
  return school;
}

const KINDS: readonly Kind[] = [
  {
    what: "an automation",
    list: "/automations",
    follows: "1 learner is under way in it: 1 run ends",
    button: "Delete, 1 learner exits",
    name: "Drip",
  },
  {
    what: "a segment",
    list: "/segments",
    follows: "1 learner leaves it.",
    button: "Delete, 1 learner leaves",
    name: "Chosen",
  },
  {
    what: "a sync",
    list: "/syncs",
    follows: "1 enrolment in a course ends",
    button: "Delete, 1 learner loses it",
    name: "Training",
  },
  {
    what: "a rule",
    list: "/segments/sellers",
    follows: "1 learner meets no other rule and leaves the segment.",
    button: "Delete, 1 learner leaves",
    name: "Department is Sales",
  },
  {
    what: "an auto group",
    list: "/auto-groups",
    follows: "1 learner leaves its groups.",
    button: "Delete, 1 learner leaves",
    name: "js-101 by Department",
  },
  {
    what: "a field",
    list: "/settings/fields",
    follows: "Learners keep their values",
    button: "Delete",
    name: "Spare",
  },
];

/** From its list to the page that asks. */
async function ask(page: Page, { list, name }: Kind): Promise<void> {
  if (list === "/automations" || list === "/segments" || list === "/syncs") {
    await page.getByRole("link", { name, exact: true }).first().click();
    await page.getByRole("link", { name: /^Delete.*…$/ }).click();
  } else if (list === "/segments/sellers") await page.getByRole("link", { name: "Delete…", exact: true }).click();
  else if (list === "/auto-groups") await page.getByRole("link", { name: /Delete….*js-101/ }).click();
  else await page.getByRole("link", { name: /Delete….*Spare/ }).click();
}

test.describe("without script", () => {
  test.use({ javaScriptEnabled: false });

  test("what is deleted says what follows, stands under its list, and comes back", async ({ page }) => {
    const school = await furnished();
    await signIn(page, school.email);
    for (const kind of KINDS) {
      await test.step(kind.what, async () => {
        await page.goto(school.home + kind.list);
        await ask(page, kind);
        await expect(page.getByText(kind.follows)).toBeVisible();
        await page.getByRole("button", { name: kind.button, exact: true }).click();
        await expect(page.getByText("✓ Deleted. For an hour")).toBeVisible();
        const deleted = page.getByRole("region", { name: "Being deleted" });
        await expect(deleted).toContainText(`${kind.name} until 10:00`);
        await page.getByRole("button", { name: "Undo", exact: true }).click();
        await expect(page.getByText("✓ Restored, as it was.")).toBeVisible();
        await page.goto(school.home + kind.list);
        await expect(page.getByRole("heading", { name: "Being deleted" })).toHaveCount(0);
      });
    }
  });

  test("it is deleted at once from there, or in its time; its page says that it goes", async ({ page }) => {
    const school = await furnished();
    await signIn(page, school.email);
    const [automation, segment] = KINDS;
    if (!automation || !segment) throw new Error("no kinds");
    await page.goto(school.home + automation.list);
    await ask(page, automation);
    await page.getByRole("button", { name: automation.button }).click();
    await page.getByRole("button", { name: "Delete now Drip" }).click();
    await expect(page.getByText("✓ Deleted. Its learners")).toBeVisible();
    await expect(page.getByText("Drip")).toHaveCount(0);

    await page.goto(school.home + segment.list);
    await ask(page, segment);
    await page.getByRole("button", { name: segment.button }).click();
    await page.goto(`${school.home}/segments/chosen`);
    await expect(page.getByText("It is deleted at 10:00.")).toBeVisible();
    await expect(page.getByRole("link", { name: /^Delete/ })).toHaveCount(0);
    await call(school.key, "POST", "/v1/test-clock", { advance: "PT1H" });
    await page.goto(school.home + segment.list);
    await expect(page.getByText("Chosen")).toHaveCount(0);
  });

  test("what is in use is not deleted, and the page says by what", async ({ page }) => {
    const school = await furnished();
    await signIn(page, school.email);
    await page.goto(`${school.home}/segments/sellers/delete`);
    await expect(page.getByText('The sync "Training" uses this segment.')).toBeVisible();
    await expect(page.getByRole("button", { name: /^Delete/ })).toHaveCount(0);
  });
});
