import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startWorker } from "../../scripts/started.mjs";
import { run } from "../src/cli/commands.ts";
import { requestsOf } from "../src/server/request.ts";

let worker: Awaited<ReturnType<typeof startWorker>>;
let home = "";

beforeAll(async () => {
  worker = await startWorker();
});
afterAll(() => worker.stop());

const MANY = 100;
const automationOf = (n: number) => ({
  name: `Automation ${n}`,
  when: [{ type: "course.enrolled", courses: [`course-${n}`] }],
  then: [
    { type: "wait", for: "P2D" },
    { type: "email.user", subject: `Lesson ${n}`, body: "Hello {{ user.username }},\n\nsee you.\n" },
    { type: "branch", if: { type: "user.is_paying" }, yes: [{ type: "tags.add", tags: ["paying"] }], no: [] },
  ],
  cooldown: "P1D",
});

/** A school, a folder, and the command line for both. */
async function scene() {
  home = mkdtempSync(join(tmpdir(), "as-code-"));
  const platform = requestsOf({ url: worker.url, key: worker.adminToken });
  const { body } = await platform("POST", "/v1/schools", { body: { name: "Code", mode: "test" } });
  const { api_key: key } = body as { api_key: string };
  const school = requestsOf({ url: worker.url, key });
  const dir = join(home, "automations");
  let lines: string[] = [];
  const env: Record<string, string> = { HOME: home };
  /** Runs a command in the folder: its exit code and what it said. */
  const command = async (line: string, said: string | null = null) => {
    lines = [];
    const code = await run([...line.split(" "), ...(line.startsWith("login") ? [] : ["--dir", dir])], {
      env,
      say: (text) => lines.push(text),
      complain: (text) => lines.push(text),
      ask: async () => said,
    });
    return { code, said: lines.join("\n") };
  };
  const planName = (said: string) => /^Plan: (\S+)$/m.exec(said)?.[1] ?? "";
  const change = (file: string, from: string, to: string) => {
    const path = join(dir, file);
    const text = readFileSync(path, "utf8");
    expect(text).toContain(from);
    writeFileSync(path, text.replace(from, to));
  };
  expect((await command(`login --url ${worker.url}`, key)).code).toBe(0);
  return { school, dir, command, planName, change, end: () => rmSync(home, { recursive: true }) };
}

test("pull, edit, plan, apply, plan: nothing is left to do, in a school of 100 automations", async () => {
  const { school, dir, command, planName, change, end } = await scene();
  await school("PUT", "/v1/import", {
    body: {
      automations: Array.from({ length: MANY }, (_, n) => ({ id: `aut_${n}`, ...automationOf(n) })),
      segments: [{ id: "sales", name: "Sales" }],
    },
  });
  expect((await command("pull")).code).toBe(0);
  expect(readdirSync(dir)).toHaveLength(MANY + 2);
  expect((await command("plan")).code).toBe(0);
  expect((await command("pull")).said).toBe("0 written.");

  await school("POST", "/v1/events", {
    body: { type: "course.enrolled", user: { id: "anna" }, data: { course: "course-7" } },
  });
  await school("POST", "/v1/test-clock", { body: { advance: "PT0S" } });
  change("automation-7.yaml", "P2D", "P3D");
  change("automation-8.yaml", "Lesson 8", "Lesson eight");
  writeFileSync(join(dir, "new.yaml"), "id: welcome\nname: Welcome\nwhen:\n  - type: user.signed_up\nthen: []\n");
  rmSync(join(dir, "automation-9.yaml"));

  const plan = await command("plan");
  expect(plan.code).toBe(2);
  expect(plan.said).toContain('    ~ /then/s1/for: "P2D" -> "P3D"\n    ! 1 live run (1 at s1): finish on the version');
  expect(plan.said).toContain('~ /then/s2/subject: "Lesson 8" -> "Lesson eight"');
  expect(plan.said).toContain("+ automation Welcome (welcome)");
  expect(plan.said).toContain("automation Automation 9 (aut_9) is in no file; it goes with --prune only");
  expect(plan.said).toContain("1 to create, 2 to change.");

  // Nobody is there to say yes, and of no other plan is anything done.
  expect((await command("apply")).code).toBe(1);
  expect((await command("apply --plan plan_other")).said).toContain("Nothing was done.");
  expect((await command("plan")).said).toBe(plan.said);
  expect(await command(`apply --plan ${planName(plan.said)}`)).toMatchObject({
    code: 0,
    said: expect.stringContaining("Applied."),
  });
  expect((await command("plan")).code).toBe(0);

  const pruning = await command("plan --prune");
  expect(pruning).toMatchObject({ code: 2, said: expect.stringContaining("1 to remove.") });
  const pruned = await command(`apply --prune --plan ${planName(pruning.said)}`);
  expect(pruned).toMatchObject({ code: 0, said: expect.stringContaining("What was removed is deleted at ") });
  expect(await command("plan --prune")).toMatchObject({ code: 0, said: expect.stringContaining("Nothing to do") });
  const held = await school("GET", "/v1/automations/aut_9");
  expect(held).toMatchObject({ body: { delete_at: expect.any(String) } });
  end();
});

test("what somebody else changed since the plan is not written over", async () => {
  const { school, command, planName, change, end } = await scene();
  await school("PUT", "/v1/import", { body: { automations: [{ id: "aut_1", ...automationOf(1) }] } });
  await command("pull");
  change("automation-1.yaml", "P2D", "P3D");
  const plan = planName((await command("plan")).said);
  await school("PATCH", "/v1/automations/aut_1", { body: { name: "Meanwhile" } });
  expect(await command(`apply --plan ${plan}`)).toMatchObject({
    code: 1,
    said: expect.stringContaining("Nothing was done."),
  });
  const { body } = await school("GET", "/v1/automations/aut_1");
  expect(body).toMatchObject({ name: "Meanwhile", version: 1 });
  end();
});

test("a fault names its file and the place in it, and a key that is no good says so", async () => {
  const { dir, command, end } = await scene();
  await command("pull");
  writeFileSync(join(dir, "b.yaml"), "id: b\nname: B\nwhen:\n  - type: user.signed_up\nthen: []\n");
  writeFileSync(join(dir, "c.yaml"), "id: c\nname: C\nwhen:\n  - type: user.signed_up\nthen:\n  - type: tags.ad\n");
  expect(await command("plan")).toEqual({
    code: 1,
    said: `${join(dir, "c.yaml")}: /then/0/type: there is no action or step "tags.ad"`,
  });
  expect(await command(`login --url ${worker.url}`, "sb_test_wrong")).toMatchObject({
    code: 1,
    said: expect.stringContaining("No good credential"),
  });
  end();
});
