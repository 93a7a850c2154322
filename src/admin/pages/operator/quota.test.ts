import { expect, test } from "vitest";
import { browserOf } from "../../../../test/workers/browser";
import { makeSchool } from "../../../../test/workers/live";
import { OPERATOR } from "../../door/session";

test("the operator sees what a school may send and changes it; what is no quota is said beside it, and the school sees it", async () => {
  const owner = "olga@quota.example";
  const school = await makeSchool("live", { collaborators: [{ email: owner, role: "owner" }] });
  const operator = await browserOf(OPERATOR);
  const list = `/admin/operator?school=${school.id}`;
  const give = (requests_per_minute: string) =>
    operator.post(`/admin/operator/${school.id}/quota`, new URLSearchParams({ requests_per_minute }));
  expect((await operator.get(list)).text).toContain("600,000");
  for (const [asked, says] of [
    ["5", "at least 6000"],
    ["many", "number"],
    ["6000.5", "a whole number"],
  ] as const) {
    const { status, text } = await give(asked);
    expect([asked, status]).toEqual([asked, 422]);
    expect(text).toContain(says);
    expect(text).toContain(`value="${asked}"`);
  }
  expect((await give("24000")).status).toBe(200);
  expect((await operator.get(list)).text).toContain("24,000");
  expect((await (await browserOf(owner)).get(`/admin/s/${school.id}/settings/keys`)).text).toContain(
    "may send 24,000 requests a minute",
  );
  expect((await give("")).status).toBe(200);
  expect((await operator.get(list)).text).toContain("600,000");
});
