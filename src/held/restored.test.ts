import fc from "fast-check";
import { expect, test } from "vitest";
import { type Furnished, furnishedSchool } from "../../test/workers/furnished";
import type { HeldKind } from "../db/deleting/held";

/*
 * Held and restored is never having been deleted: of two schools that live the same, one of which has something held for
 * a while, all users are the same in the end. What the contract says does not happen meanwhile is not done meanwhile:
 * nothing starts, and nobody is moved to and fro.
 */

type Deed = { does: "put"; user: string; department: string } | { does: "wait"; for: string };

const users = fc.constantFrom("anna", "ben", "carl");
const put = fc.record({
  does: fc.constant("put" as const),
  user: users,
  department: fc.constantFrom("Sales", "IT", "HR"),
});
const wait = fc.record({ does: fc.constant("wait" as const), for: fc.constantFrom("PT1H", "P1D", "P3D") });
const deeds = fc.array(fc.oneof(put, wait), { maxLength: 4 });

async function live(school: Furnished, all: readonly Deed[]): Promise<void> {
  for (const deed of all) {
    if (deed.does === "put") await school.put(deed.user, deed.department);
    else await school.advance(deed.for);
  }
}

/** Users as they are, but for when what they have was given, by what, and in which order. */
async function standing(school: Furnished): Promise<unknown> {
  const shown = [];
  for (const id of ["anna", "ben", "carl"]) {
    const user = await school.user(id);
    shown.push({
      tags: user.tags,
      segments: user.segments?.toSorted(),
      courses: user.enrolments?.map((one: { product: string; role: string }) => [one.product, one.role]),
      groups: JSON.stringify(user.groups?.map((one: { group?: string }) => one.group ?? one).toSorted()),
    });
  }
  const runs = (await school.ask("GET", `${school.at("automation")}/runs`)).body.data;
  const ended = runs.map((run: { user_id: string; status: string; reason?: string }) => [
    run.user_id,
    run.status,
    run.reason,
  ]);
  return { shown, ended };
}

test.each<HeldKind>(["automation", "segment_rule", "segment", "segment_sync", "auto_group", "profile_field"])(
  "held and restored is as if nothing had been: %s",
  async (kind) => {
    await fc.assert(
      fc.asyncProperty(deeds, deeds, async (before, during) => {
        const [held, other] = [await furnishedSchool(), await furnishedSchool()];
        for (const school of [held, other]) {
          await school.event("tag.added", "anna", { tag: ["vip"] });
          await school.advance("PT0S");
          await live(school, before);
        }
        expect((await held.hold(kind, "P7D")).status).toBe(202);
        // Never so long that it would end.
        const while_ = during.filter((deed) => deed.does === "put" || deed.for !== "P3D");
        for (const school of [held, other]) await live(school, while_);
        expect((await held.restore(kind)).status).toBe(200);
        for (const school of [held, other]) await school.advance("PT1H");
        expect(await standing(held)).toEqual(await standing(other));
      }),
      { numRuns: 6 },
    );
  },
);
