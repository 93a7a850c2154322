import { expect, test } from "vitest";
import { bareSchool, env } from "../../test/workers/live";
import { recordAudit } from "../db/audit";
import { database } from "../db/client";
import { auditKinds, findAudited, lastAudited, listAudit } from "./audit";

const schoolWith = async (...whats: string[]): Promise<string> => {
  const school = await bareSchool();
  for (const [n, what] of whats.entries())
    await recordAudit(database(env.DB), { school, who: "system", what, subject: `s${n}`, after: { n } });
  return school;
};

test("the log comes in pages, newest first, of one kind where one is named", async () => {
  const school = await schoolWith("rule.created", "rule.changed", "rule.created", "rule.created");
  const first = await listAudit(env, school, { limit: 2, order: "desc" });
  expect(first.data.map(({ subject }) => subject)).toEqual(["s3", "s2"]);
  const second = await listAudit(env, school, { limit: 2, order: "desc", cursor: first.next_cursor ?? "" });
  expect(second.data.map(({ subject, after, before }) => ({ subject, after, before }))).toEqual([
    { subject: "s1", after: { n: 1 }, before: null },
    { subject: "s0", after: { n: 0 }, before: null },
  ]);
  expect(second.next_cursor).toBeNull();
  const changed = await listAudit(env, school, { limit: 2, what: "rule.changed" });
  expect(changed.data.map(({ subject }) => subject)).toEqual(["s1"]);
  expect(await auditKinds(env, school)).toEqual(["rule.changed", "rule.created"]);
});

test("another school's log is not there", async () => {
  const [mine, theirs] = [await schoolWith("rule.created"), await schoolWith("rule.deleted")];
  const entry = await lastAudited(env, theirs, { what: "rule.deleted", subject: "s0" });
  expect(entry?.who).toBe("system");
  expect(await findAudited(env, mine, entry?.id ?? "")).toBeNull();
  expect(await lastAudited(env, mine, { what: "rule.deleted", subject: "s0" })).toBeNull();
  expect((await listAudit(env, mine, { limit: 10 })).data).toHaveLength(1);
});
