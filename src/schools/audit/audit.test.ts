import { expect, test } from "vitest";
import { bareSchool, env } from "../../../test/workers/live";
import { recordAudit } from "../../db/audit";
import { database } from "../../db/client";
import { auditKinds, findAudited, lastAudited, listAudit } from "./audit";

const schoolWith = async (...whats: string[]): Promise<string> => {
  const school = await bareSchool();
  for (const [n, what] of whats.entries())
    await recordAudit(database(env.DB), { school, who: "system", what, subject: `s${n}`, after: { n } });
  return school;
};

test("the log comes in pages, newest first, of one kind where one is named", async () => {
  const school = await schoolWith("rule.created", "rule.changed", "rule.created", "rule.created");
  const first = await listAudit(env, { id: school, epoch: 1 }, { limit: 2, order: "desc" });
  expect(first.data.map(({ subject }) => subject)).toEqual(["s3", "s2"]);
  const second = await listAudit(
    env,
    { id: school, epoch: 1 },
    { limit: 2, order: "desc", cursor: first.next_cursor ?? "" },
  );
  expect(second.data.map(({ subject, after, before }) => ({ subject, after, before }))).toEqual([
    { subject: "s1", after: { n: 1 }, before: null },
    { subject: "s0", after: { n: 0 }, before: null },
  ]);
  expect(second.next_cursor).toBeNull();
  const changed = await listAudit(env, { id: school, epoch: 1 }, { limit: 2, what: "rule.changed" });
  expect(changed.data.map(({ subject }) => subject)).toEqual(["s1"]);
  expect(await auditKinds(env, school)).toEqual(["rule.changed", "rule.created"]);
});

test("another school's log is not there", async () => {
  const [mine, theirs] = [await schoolWith("rule.created"), await schoolWith("rule.deleted")];
  const entry = await lastAudited(env, theirs, { what: "rule.deleted", subject: "s0" });
  expect(entry?.who).toBe("system");
  expect(await findAudited(env, mine, entry?.id ?? "")).toBeNull();
  expect(await lastAudited(env, mine, { what: "rule.deleted", subject: "s0" })).toBeNull();
  expect((await listAudit(env, { id: mine, epoch: 1 }, { limit: 10 })).data).toHaveLength(1);
});

test("what was done to one thing is found by its id, of a kind where one is named too", async () => {
  const school = await schoolWith("rule.created", "rule.changed");
  for (const what of ["rule.changed", "rule.held"])
    await recordAudit(database(env.DB), { school, who: "system", what, subject: "s0" });
  const of = async (query: object) =>
    (await listAudit(env, { id: school, epoch: 1 }, { limit: 10, ...query })).data.map(({ what }) => what);
  expect(await of({ subject: "s0" })).toEqual(["rule.created", "rule.changed", "rule.held"]);
  expect(await of({ subject: "s0", what: "rule.changed" })).toEqual(["rule.changed"]);
  expect(await of({ subject: "s0", what: "rule" })).toHaveLength(3);
  expect(await of({ subject: "s0", what: "segment" })).toEqual([]);
  expect(await of({ subject: "s2" })).toEqual([]);
});

test("what was done to things of a sort comes in its order, whatever the kinds, also where there are very many", async () => {
  for (const count of [1, 3, 7, 16, 20]) {
    const kinds = Array.from({ length: count }, (_, n) => `rule.verb${n}`);
    // Beside those whose names begin alike.
    const others = ["rules.created", "rule", "rul.created", "segment.created"];
    const whats = Array.from({ length: 60 }, (_, n) => [...kinds, ...others][(n * 7) % (count + 4)] ?? "");
    const school = await schoolWith(...whats);
    const right = whats.flatMap((what, n) => (what.startsWith("rule.") ? [`s${n}`] : []));
    for (const order of ["asc", "desc"] as const) {
      const subjects: string[] = [];
      for (let cursor: string | null | undefined; cursor !== null; ) {
        const since = 1;
        const page = await listAudit(
          env,
          { id: school, epoch: 1 },
          { limit: 7, order, what: "rule", since, ...(cursor === undefined ? {} : { cursor }) },
        );
        subjects.push(...page.data.map(({ subject }) => subject));
        cursor = page.next_cursor;
      }
      expect(subjects).toEqual(order === "asc" ? right : right.toReversed());
    }
  }
});
