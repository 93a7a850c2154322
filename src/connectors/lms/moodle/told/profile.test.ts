import { afterEach, beforeEach, expect, test } from "vitest";
import { ANNA, type MoodleSchool, moodleSchool } from "../../../../../test/fakes/moodle/school";
import { forgetEverything } from "../../../../base/cache";

let school: MoodleSchool;
beforeEach(() => {
  forgetEverything();
  school = moodleSchool();
  school.state.fields = [
    { shortname: "city", type: "text" },
    { shortname: "vip", type: "checkbox" },
    { shortname: "size", type: "menu", entries: ["S", "M"] },
    { shortname: "years", type: "text" },
  ];
});
afterEach(() => expect(school.lms.wrongs).toEqual([]));

const update = (values: Record<string, unknown>) =>
  school.tell("user.updated", { changed: Object.keys(values), values });
const anna = () => school.state.users.get(ANNA);

test("fields are custom profile fields by their short names, and the email is Moodle's", async () => {
  const answer = await update({
    "fields.city": "Łódź",
    "fields.vip": true,
    "fields.size": "M",
    "fields.years": 12,
    email: "new@school.example.com",
    username: "Anna K.",
    tags: ["a"],
  });
  expect(answer).toEqual({ ok: true, code: 200 });
  expect(Object.fromEntries(anna()?.custom ?? [])).toEqual({ city: "Łódź", vip: "1", size: "M", years: "12" });
  expect(anna()).toMatchObject({ email: "new@school.example.com", fullname: "Learner No40" });
});

test("a value that is gone is emptied; an email that is gone stays", async () => {
  await update({ "fields.city": "Lviv", "fields.vip": false });
  expect(anna()?.custom.get("vip")).toBe("0");
  expect(await update({ "fields.city": null, email: null })).toMatchObject({ ok: true });
  expect(anna()?.custom.has("city")).toBe(false);
  expect(anna()?.email).toBe("anna@school.example.com");
});

test("a field that Moodle drops without a word is found out, named, and does not hold up the others", async () => {
  const answer = await update({ "fields.city": "Lviv", "fields.shoe": "42", "fields.not a name": "x" });
  expect(answer).toMatchObject({ ok: false, retry: false, error: expect.stringContaining("shoe, not a name") });
  expect(anna()?.custom.get("city")).toBe("Lviv");
});

test("what is no entry of a menu is found out", async () => {
  await update({ "fields.size": "S" });
  const answer = await update({ "fields.size": "XL" });
  expect(answer).toMatchObject({ ok: false, retry: false, error: expect.stringContaining("size") });
});

test("attributes that Moodle has no place for are done without a call", async () => {
  expect(await update({ username: "x", source: "y" })).toMatchObject({ ok: true });
  expect(school.lms.called).toEqual([]);
});

test.each([
  ["another's address", { email: "Admin@School.example.com" }, String(ANNA), "somebody else"],
  ["what is no address", { email: "nothing" }, String(ANNA), "does not take this address"],
  ["an administrator", { email: "a@b.co" }, "2", "administrators"],
  ["nobody", { email: "a@b.co" }, "999999", "does not know this person"],
])("%s is refused in words, by a warning alone", async (_, values, user, words) => {
  school.state.users.set(2, { ...school.state.addUser({ id: 2, isAdmin: true }), email: "admin@school.example.com" });
  const answer = await school.tell("user.updated", { changed: Object.keys(values), values }, user);
  expect(answer).toMatchObject({ ok: false, retry: false, error: expect.stringContaining(words) });
});

test("who may not be seen cannot be read back, which is told", async () => {
  school.state.addToken("blind", { without: ["moodle/user:viewdetails"] });
  school.settings.token = "blind";
  const answer = await update({ "fields.city": "Lviv" });
  expect(answer).toMatchObject({ ok: false, retry: false, error: expect.stringContaining("read back") });
});
