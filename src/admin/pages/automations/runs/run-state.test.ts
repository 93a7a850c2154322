import { expect, test } from "vitest";
import { signedIn } from "../../../test-signed-in";

/* Where a run stands is said in one way, and truly, wherever it is shown. */

const plainly = (html: string): string => html.replaceAll(/<[^>]+>/g, " ").replaceAll(/\s+/g, " ");

async function withRun(...then: Record<string, unknown>[]) {
  const school = await signedIn("owner");
  const when = [{ type: "custom", name: "go" }];
  const automation = (
    await school.ask("POST", "/v1/automations", { name: "Welcome", active: true, synchronous: true, when, then })
  ).body.id as string;
  const event = { type: "custom.go", user: { id: "anna", email: "anna@a.test" } };
  const [{ id: run }] = (await school.ask("POST", "/v1/events", event)).body.runs;
  const text = async (path: string): Promise<string> => plainly((await school.get(path)).text);
  const everywhere = () =>
    Promise.all(
      [`/runs/${run}`, "/executions", "/learners/anna/runs", `/executions?automation=${automation}`].map(text),
    );
  return { ...school, automation, run: run as string, text, everywhere };
}

const WAITS = { type: "wait", for: "P3D" };

test.each([
  ["off", "the automation is switched off", "off", "It goes on when the automation is switched on again."],
  ["deleted", "the automation is being deleted", "being deleted", "It goes on if the deletion of the automation is"],
  ["paused", "the school is paused", "active", "It goes on when the school does."],
])("of a run whose automation is %s, every page says that it does not go on", async (how, why, badge, goesOn) => {
  const { automation, run, ask, text, everywhere, post } = await withRun(WAITS, { type: "tags.add", tags: ["vip"] });
  for (const page of await everywhere()) expect(page.toLowerCase()).not.toContain(why);
  if (how === "off") await ask("PATCH", `/v1/automations/${automation}`, { active: false });
  if (how === "deleted") await ask("DELETE", `/v1/automations/${automation}?hold=PT1H`);
  if (how === "paused") await ask("PATCH", "/v1/school", { paused: true });
  for (const page of await everywhere()) expect(page).toContain(why);
  expect(await text(`/runs/${run}`)).toContain(goesOn);
  const head = await text(`/automations/${automation}`);
  expect(head).toMatch(new RegExp(`Welcome [✓○⚠] ${badge} `));
  const skipped = await post(`/runs/${run}/skip`, {});
  expect(skipped.headers.get("location")).toContain("done=skipped_held");
});

test("of a run that goes on, it is said once its wait was skipped", async () => {
  const { run, post } = await withRun(WAITS, WAITS);
  expect((await post(`/runs/${run}/skip`, {})).headers.get("location")).toContain("done=skipped");
});

test("that a run was undone, by whom, stands on its page and in every list", async () => {
  const { run, ask, text, everywhere, post } = await withRun({ type: "tags.add", tags: ["vip"] }, WAITS);
  expect(await text(`/runs/${run}`)).not.toContain("This run was undone");
  await post(`/runs/${run}/undo`, { chain: "false" });
  const [page, ...lists] = await everywhere();
  expect(page).toContain("This run was undone by owner@school.com: ");
  for (const list of lists) expect(list).toMatch(/ended early undone \w/);
  const { undone } = (await ask("GET", `/v1/runs/${run}`)).body;
  expect(undone).toMatchObject({ by: "owner@school.com" });
});
