import { beforeEach, describe, expect, test } from "vitest";
import { flushLog, makeSchool, type TestSchool } from "../../test/workers/live";

let school: TestSchool;

beforeEach(async () => {
  school = await makeSchool();
  await school.event("user.signed_up", "anna", {});
});

const act = (type: string, data: object = {}, user = "anna") =>
  school.ask("POST", `/v1/users/${user}/events`, { type, data });
const changes = async () => {
  await flushLog(school.id, "anna");
  return (await school.ask("GET", "/v1/changes")).body.data;
};

describe("what is done to a user by hand", () => {
  test("happens as an event would have it, and starts what listens", async () => {
    await school.automation({
      synchronous: true,
      when: [{ type: "tag.added", tags: ["vip"] }],
      then: [{ type: "course.enroll", courses: ["js-101"] }],
    });
    const { status, body } = await act("tag.added", { tag: "vip" });
    expect(status).toBe(200);
    expect(body.user).toMatchObject({ tags: ["vip"], enrolments: [{ product: "js-101" }] });
    expect(body.runs).toHaveLength(1);
  });

  test("is told to the LMS, which an event is not, and is given by whose hand it was", async () => {
    await school.event("tag.added", "anna", { tag: "told" });
    await act("tag.added", { tag: "vip" });
    await act("course.enrolled", { course: "js-101" });
    await act("tag.removed", { tag: "vip" });
    await act("course.unenrolled", { course: "js-101" });
    const told = (await changes()).map(({ type, cause }: { type: string; cause: { type: string } }) => [
      type,
      cause.type,
    ]);
    expect(told).toEqual([
      ["tag.added", "hand"],
      ["course.enrolled", "hand"],
      ["tag.removed", "hand"],
      ["course.unenrolled", "hand"],
    ]);
    await act("tag.added", { tag: "vip" });
    const { givers } = (await school.ask("GET", "/v1/users/anna")).body;
    expect(givers.tags).toMatchObject({ told: { by: "event" }, vip: { by: "hand" } });
  });

  test("stands in the audit, without values", async () => {
    await act("tag.added", { tag: "secret" });
    const { data } = (await school.ask("GET", "/v1/audit?what=user.changed")).body;
    expect(data).toMatchObject([{ what: "user.changed", subject: "anna" }]);
    expect(JSON.stringify(data)).not.toContain("secret");
  });

  test("is refused where nobody is there, or there is no such event, naming the place", async () => {
    expect((await act("tag.added", { tag: "vip" }, "nobody")).status).toBe(404);
    expect((await school.ask("GET", "/v1/users/nobody")).status).toBe(404);
    const unknown = await act("tag.eaten");
    expect(unknown.status).toBe(422);
    expect(unknown.body.errors[0].path).toBe("/type");
    expect((await act("tag.added")).body.errors[0].path).toBe("/data/tag");
  });
});
