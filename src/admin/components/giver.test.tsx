import { describe, expect, test } from "vitest";
import { type GivenBy as By, giverNames } from "../../automations/givers";
import type { Origin } from "../../catalogue/facts/givers";
import { env } from "../../http/test-client";
import type { Visit } from "../visit";
import { catalogue } from "../words/names";
import { wordsOf } from "../words/sentences/sentence";
import { Giver } from "./giver";

const NOW = Date.UTC(2031, 4, 5);
const words = wordsOf(catalogue(), { bundle: { all: "All we have" }, product: { all: "All we have" } });
const visit = (role: "owner" | "viewer") =>
  // What the words need of a visit.
  ({ path: (within: string) => `/s${within}`, mayOwn: role === "owner", nowMs: NOW }) as Visit;
const AT = new Date(NOW - 86_400_000).toISOString();

async function shown(given: By & { source?: string; at?: string }, role: "owner" | "viewer" = "owner") {
  const names = await giverNames(env, "nowhere", [given]);
  return String(await (<Giver given={given} user="anna" of={{ visit: visit(role), words, names }} />));
}

const THEN = `/s/learners/anna/timeline?at=${encodeURIComponent(AT)}`;

describe("who gave it", () => {
  const GONE: Record<Origin["by"], [id: string, words: string]> = {
    event: ["e1", "an event, Sun 4 May, 00:00 (4 May 2031, 00:00:00)"],
    run: ["run_1", "an automation, long ago"],
    rule: ["rul_1", "a rule that is gone"],
    sync: ["syn_1", "a sync that is gone"],
    auto_group: ["ag_1", "auto groups that are gone"],
    bundle: ["all", "All we have"],
    import: ["job_1", "an import"],
    hand: ["key_1", "a key that is gone"],
    learner: ["enm_1", "the learner, by a key of the course"],
    reconcile: ["mia@school.com", "mia@school.com, bringing the LMS and the school in line"],
    merge: ["old", "the merge with old"],
    undo: ["aut_1", "an undo"],
    time: ["", "time alone"],
  };

  test.each(Object.entries(GONE))(
    "%s is said in words, and of what is gone the moment is shown",
    async (by, [id, text]) => {
      const html = await shown({ by, id, at: AT });
      expect(html.replaceAll(/<[^>]*>/g, "")).toBe(text);
      if (by === "time") expect(html).not.toContain("href");
      else if (by === "import") expect(html).toContain('href="/s/jobs/job_1"');
      else if (by === "hand" || by === "reconcile") expect(html).toContain('href="/s/settings/audit?who=');
      else expect(html).toContain(`href="${THEN}"`);
    },
  );

  test("what holds a course is named beside who gave that; who gave only the holder is named once", async () => {
    const held = await shown({ by: "hand", id: "mia@school.com", at: AT, source: "bundle:all" });
    expect(held.replaceAll(/<[^>]*>/g, "")).toBe("the bundle All we have, by mia@school.com");
    const once = await shown({ by: "bundle", id: "all", at: AT, source: "bundle:all" });
    expect(once).toBe('<a href="/s/products/bundle/all">the bundle All we have</a>');
  });

  test("who may not see the audit log is led to the moment", async () => {
    expect(await shown({ by: "hand", id: "mia@school.com", at: AT }, "viewer")).toContain(`href="${THEN}"`);
  });

  test("a run that D1 has not heard of yet is linked all the same", async () => {
    expect(await shown({ by: "run", id: "run_2", at: new Date(NOW).toISOString() })).toBe(
      '<a href="/s/runs/run_2">an automation</a>',
    );
  });
});
