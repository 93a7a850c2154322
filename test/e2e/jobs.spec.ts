import { readFileSync } from "node:fs";
import { expect, test } from "@playwright/test";
import { Hand } from "./hand";
import { call, newSchool, signIn, type TestSchool } from "./school";

/*
 * The jobs of an administrator, each from Home to its end, by mouse. How many clicks each takes stands in
 * docs/ui-jobs.md, so that no change makes one longer and nobody sees it.
 */

type Job = (hand: Hand, school: TestSchool) => Promise<void>;

const WELCOME = {
  name: "Welcome",
  synchronous: true,
  when: [{ type: "course.enrolled", courses: ["js-101"] }],
  only_if: { type: "tags.has", tags: ["vip"] },
  then: [
    { type: "email.user", subject: "Welcome", body: "<p>Hello</p>" },
    { type: "tags.add", tags: ["welcomed"] },
    { type: "wait", for: "P2D" },
    { type: "tags.add", tags: ["settled"] },
  ],
};

/** A school with something of each kind, and a learner who is in the middle of an automation. */
async function furnished(): Promise<TestSchool> {
  const school = await newSchool();
  const made = (path: string, body: unknown) => call(school.key, "POST", path, body);
  await made("/v1/profile-fields", { key: "team", name: "Team", type: "choice", choices: ["Sales", "Support"] });
  await made("/v1/automations", WELCOME);
  await call(school.key, "PUT", "/v1/products/course/js-101", { name: "JavaScript 101" });
  await call(school.key, "PUT", "/v1/users/ben", { username: "Ben", email: "ben@acme.example" });
  await made("/v1/events", { type: "tag.added", user: { id: "anna" }, data: { tag: "vip" } });
  await made("/v1/events", {
    type: "course.enrolled",
    user: { id: "anna", username: "Anna", email: "anna@acme.example", fields: { team: "Sales" } },
    data: { course: "js-101" },
  });
  await made("/v1/events", { type: "course.enrolled", user: { id: "ben" }, data: { course: "js-101" } });
  await made("/v1/suppressions", { address: "old@acme.example" });
  await made("/v1/test-clock", { advance: "PT1H" });
  return school;
}

/** Of the editor: a step is looked for by a word, and what is marked is taken. */
async function addStep(hand: Hand, at: string | RegExp, word: string): Promise<void> {
  await hand.button(at);
  await hand.page.getByRole("combobox", { name: /^Search/ }).fill(word);
  await hand.key("Enter");
}

/** A row of a list leads to what it names. */
const open = (hand: Hand, name: string) =>
  hand.press(hand.page.locator("main").getByRole("link", { name, exact: true }).first());
const field = (hand: Hand, label: string) => hand.page.getByLabel(label, { exact: true }).first();
const says = (hand: Hand, text: string | RegExp) =>
  expect(hand.page.locator("main").getByText(text).first()).toBeVisible();

const JOBS: Readonly<Record<string, Job>> = {
  "Build the drip from nothing and switch it on": async (hand) => {
    const panel = hand.page.locator(".panel");
    const mail = async (at: RegExp, subject: string): Promise<void> => {
      await addStep(hand, at, "email");
      await hand.type(panel.getByLabel("Subject", { exact: true }), subject);
      await hand.type(panel.getByRole("textbox", { name: "Body" }), subject);
    };
    await hand.section("Automations");
    await hand.link("New");
    await hand.button("Choose what starts it");
    await hand.page.getByRole("combobox", { name: /^Search/ }).fill("enrolled in a course");
    await hand.key("Enter");
    await hand.type(panel.getByRole("combobox").first(), "javas");
    await expect(hand.page.getByRole("option", { name: /JavaScript 101/ })).toBeVisible();
    await hand.key("Enter");
    await mail(/^Add a step at the beginning/, "Welcome");
    await addStep(hand, /^Add a step after ‘Email/, "wait");
    await hand.type(panel.getByLabel("How long", { exact: true }), "2");
    await addStep(hand, /^Add a step after ‘Wait/, "branch");
    await hand.press(panel.getByRole("button", { name: "Condition" }));
    await hand.page.getByRole("combobox", { name: /^Search/ }).fill("completed");
    await hand.key("Enter");
    await mail(/^Add a step at the start of ‘yes’/, "Well done");
    await mail(/^Add a step at the start of ‘no’/, "How is it going?");
    await hand.type(field(hand, "Name of the automation"), "Drip");
    await hand.press(hand.page.getByRole("switch", { name: "Switched on" }));
    await hand.button("Save");
    await says(hand, "Version 1 is live");
  },
  "Begin with a template and switch it on": async (hand) => {
    await hand.section("Automations");
    await hand.link("Templates");
    await hand.link("Onboarding drip");
    await hand.type(field(hand, "Courses"), "js-101");
    await hand.button("Create automation");
    await hand.button(/^Switch on/);
    await says(hand, "Switched on.");
  },
  "Give a live automation one step more": async (hand) => {
    await hand.section("Automations");
    await open(hand, "Welcome");
    await hand.link("Edit");
    await hand.button(/^Add a step after ‘Wait/);
    await hand.page.keyboard.type("wait");
    await hand.key("Enter");
    await hand.button(/^Save/);
    await hand.press(hand.page.getByRole("dialog").getByRole("button", { name: /^Save/ }));
    await says(hand, "Version 2 is live");
  },
  "Switch an automation off": async (hand) => {
    await hand.section("Automations");
    await hand.press(hand.page.getByRole("switch", { name: "Welcome is active: switch off" }));
    await says(hand, /Switched off/);
  },
  "Ask why a learner did not get it": async (hand) => {
    await hand.section("Automations");
    await open(hand, "Welcome");
    await hand.link("Why not?");
    await hand.type(hand.page.getByLabel(/^Learner/), "Ben");
    await hand.button("Ask");
    await says(hand, /“only if” was not met/);
  },
  "See what a learner was sent": async (hand) => {
    await hand.section("Learners");
    await hand.type(field(hand, "Name, email or id"), "Anna");
    await hand.key("Enter");
    await open(hand, "Anna");
    await hand.link("Messages");
    await open(hand, "Welcome");
    await expect(hand.page.frameLocator("iframe").getByText("Hello")).toBeVisible();
  },
  "Give a learner a tag": async (hand) => {
    await hand.section("Learners");
    await open(hand, "Ben");
    await hand.link("Act");
    await hand.type(hand.page.getByPlaceholder("Tag"), "vip");
    await hand.key("Enter");
    await says(hand, "vip");
  },
  "Start an automation for a learner": async (hand) => {
    await hand.section("Learners");
    await open(hand, "Ben");
    await hand.link("Act");
    await hand.button("Start");
    await says(hand, /tarted/);
  },
  "Take back what a run did": async (hand) => {
    await hand.section("Executions");
    await open(hand, "Anna");
    await hand.link("Undo…");
    await hand.button(/^Undo: take back/);
    await says(hand, "Taken back");
  },
  "Let mail go to an address again": async (hand) => {
    await hand.section("Deliveries");
    await hand.link("Suppressed addresses");
    await hand.button("Let mail go again to old@acme.example");
    await says(hand, "Mail goes to every learner who has an address.");
  },
  "Make a segment that a rule keeps": async (hand) => {
    await hand.section("Segments");
    await hand.type(field(hand, "Name"), "Sales people");
    await hand.press(field(hand, "Kept by rules"));
    await hand.button("Create segment");
    await hand.link("Add a rule");
    await hand.choose(hand.page.getByLabel("Field").first(), "team");
    await hand.type(hand.page.getByLabel("Value").first(), "Sales");
    await hand.button("Preview the change");
    await says(hand, "1 learner would join");
    await hand.button("Save");
    await says(hand, /done|queued|running/);
  },
  "Keep a course in step with a segment": async (hand, { key }) => {
    await call(key, "POST", "/v1/segments", { id: "people", name: "People" });
    await hand.section("Segments");
    await hand.link("Syncs with courses");
    await hand.type(field(hand, "Name"), "Training");
    await hand.choose(field(hand, "Segment"), "people");
    await hand.type(field(hand, "Course"), "js-101");
    await hand.button("Create sync");
    await says(hand, /^Updating memberships/);
  },
  "Bring in learners from a file": async (hand) => {
    await hand.section("Learners");
    await hand.link("Import CSV");
    const file = {
      name: "people.csv",
      mimeType: "text/csv",
      buffer: Buffer.from("id,email\ncara,cara@acme.example\n"),
    };
    hand.clicks += 2;
    await hand.page.getByLabel("CSV file").setInputFiles(file);
    await hand.button("See the first lines");
    await says(hand, "cara");
    await hand.press(hand.page.getByRole("button", { name: /^Import/ }));
    await says(hand, /^Import/);
  },
  "Declare a field with its choices": async (hand) => {
    await hand.section("Settings");
    await hand.link("Profile fields");
    await hand.type(field(hand, "Name"), "Size");
    await hand.type(field(hand, "Key"), "size");
    await hand.choose(field(hand, "Kind"), "choice");
    await hand.type(hand.page.getByLabel("Choices"), "S\nM\nL");
    await hand.button("Add field");
    await says(hand, "choice: S, M, L");
  },
  "Let a colleague in": async (hand) => {
    await hand.section("Settings");
    await hand.link("Collaborators");
    await hand.type(field(hand, "Email"), "colleague@school.example");
    await hand.choose(field(hand, "Role"), "editor");
    await hand.button("Add");
    await says(hand, "colleague@school.example");
  },
  "Find what touches a course": async (hand) => {
    await hand.section("Automations");
    await hand.link("Map");
    await hand.type(hand.page.getByRole("searchbox"), "js-101");
    await hand.key("Enter");
    await open(hand, "JavaScript 101");
    await expect(hand.page.locator("main").getByRole("link", { name: "Welcome", exact: true })).toBeVisible();
  },
  "Delete an automation, and take that back": async (hand) => {
    await hand.section("Automations");
    await open(hand, "Welcome");
    await hand.link(/^Delete…/);
    await hand.button(/^Delete/);
    await says(hand, /Deleted\. For an hour/);
    await hand.button("Undo");
    await says(hand, "Restored, as it was.");
  },
};

/** By name, as the table says. */
function documented(): Record<string, number> {
  const text = readFileSync("docs/ui-jobs.md", "utf8");
  return Object.fromEntries(
    [...text.matchAll(/^\| ([^|]+?) \| (\d+) \|/gm)].map(([, name, clicks]) => [name, Number(clicks)]),
  );
}

for (const [name, job] of Object.entries(JOBS)) {
  test(`${name}, in as many clicks as docs/ui-jobs.md says`, async ({ page }) => {
    const school = await furnished();
    await signIn(page, school.email);
    await page.goto(school.home);
    const hand = new Hand(page);
    await job(hand, school);
    expect(hand.clicks).toBe(documented()[name]);
  });
}

test("docs/ui-jobs.md tells of each of them", () => {
  expect(Object.keys(documented()).sort()).toEqual(Object.keys(JOBS).sort());
});
