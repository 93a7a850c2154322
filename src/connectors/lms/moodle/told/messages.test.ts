import { afterEach, beforeEach, expect, test } from "vitest";
import { ANNA, type MoodleSchool, moodleSchool } from "../../../../../test/fakes/moodle/school";
import { forgetEverything } from "../../../../base/cache";

let school: MoodleSchool;
beforeEach(() => {
  forgetEverything();
  school = moodleSchool();
});
afterEach(() => expect(school.lms.wrongs).toEqual([]));

test("a message is plain text, its subject above it", async () => {
  const answer = await school.tell("message.sent", { subject: "Hello", body: "One <b>\ntwo & three" });
  expect(answer).toEqual({ ok: true, code: 200 });
  await school.tell("message.sent", { body: "Bare" });
  expect(school.state.messages).toEqual([
    { to: ANNA, text: "Hello\n\nOne <b>\ntwo & three", format: 2 },
    { to: ANNA, text: "Bare", format: 2 },
  ]);
});

test("a message may have 4,096 bytes, and no more: it is not cut", async () => {
  expect(await school.tell("message.sent", { body: "é".repeat(2_048) })).toMatchObject({ ok: true });
  const answer = await school.tell("message.sent", { body: `${"é".repeat(2_048)}x` });
  expect(answer).toMatchObject({ ok: false, retry: false, error: expect.stringContaining("4097") });
  expect(school.state.messages).toHaveLength(1);
});

test("who may not be written to, or is not there, is told", async () => {
  expect(await school.tell("message.sent", { body: "x" }, "999999")).toMatchObject({ ok: false, retry: false });
  school.state.addToken("unwanted", { without: ["moodle/site:messageanyuser"] });
  school.settings.token = "unwanted";
  const answer = await school.tell("message.sent", { body: "x" });
  expect(answer).toMatchObject({ ok: false, retry: false, error: expect.stringContaining("messageanyuser") });
});

test("one whose answer is lost is not sent again", async () => {
  school.lms.trouble = { loseEvery: 1 };
  const answer = await school.tell("message.sent", { body: "x" });
  expect(answer).toMatchObject({ ok: false, retry: false, error: expect.stringContaining("may have been sent") });
  expect(school.state.messages).toHaveLength(1);
});

test("one that Moodle takes too long over is not sent again", async () => {
  school.lms.trouble = { delayMs: 200 };
  school.tools.timeoutMs = 20;
  const answer = await school.tell("message.sent", { body: "x" });
  expect(answer).toMatchObject({ ok: false, retry: false, error: expect.stringContaining("may have been sent") });
});

test("one that Moodle has surely not taken is sent again", async () => {
  school.lms.trouble = { refuseEvery: 1 };
  expect(await school.tell("message.sent", { body: "x" })).toMatchObject({ ok: false, retry: true, code: 503 });
  school.tools.fetch = () => Promise.reject(new TypeError("connection refused"));
  expect(await school.tell("message.sent", { body: "x" })).toMatchObject({ ok: false, retry: true });
});

test("one whose recipient could not be looked up in time is sent again: nothing was sent yet", async () => {
  school = moodleSchool({ ids: "idnumber" });
  school.lms.trouble = { loseEvery: 1 };
  expect(await school.tell("message.sent", { body: "x" }, "L-040")).toMatchObject({ ok: false, retry: true });
});
