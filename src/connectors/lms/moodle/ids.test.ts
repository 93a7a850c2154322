import { describe, expect, test } from "vitest";
import { courseAt, moodleActivityId, moodleCourseId, moodlePage } from "./ids";

describe("a course's id", () => {
  test.each([
    "7",
    "https://moodle.acme.com/course/view.php?id=7",
    "http://127.0.0.1/moodle/course/view.php?lang=de&id=7#section-1",
    "https://lms/course/7",
    "https://lms/course/7/",
  ])("of %s is 7", (text) => {
    expect(moodleCourseId(text)).toBe("7");
  });

  test.each([
    "",
    "0",
    "07",
    "-1",
    "7.5",
    "7x",
    "c1",
    "https://school.example/courses/c1",
    "https://lms/course/js",
    "https://lms/course/view.php",
    "https://lms/course/view.php?id=x",
    "https://lms/mod/quiz/view.php?id=7",
    "9".repeat(40),
  ])("of %j is none", (text) => {
    expect(moodleCourseId(text)).toBeNull();
  });
});

test.each([
  ["12", "12"],
  ["https://lms/mod/quiz/view.php?id=12", "12"],
  ["https://lms/mod/quiz/attempt.php?attempt=3&cmid=12", "12"],
  ["https://lms/mod/assign/view.php?id=12#submission", "12"],
  ["https://lms/course/view.php?id=12", null],
  ["unit-12", null],
])("an activity's id of %s is %s", (text, id) => {
  expect(moodleActivityId(text)).toBe(id);
});

test.each([
  ["https://lms/badges/overview.php?id=3", { id: "3", kind: "certificate" }],
  ["https://lms/admin/tool/certificate/index.php?code=AB12", { id: "AB12", kind: "certificate" }],
  ["https://lms/group/index.php?id=4", { id: "4", kind: "group" }],
  ["https://lms/course/view.php", null],
  ["https://example.com/", null],
  ["no address", null],
])("%s leads to %j", (address, page) => {
  expect(moodlePage(address)).toEqual(page);
});

test.each([
  ["https://moodle.acme.com/lms/course/view.php?id=7", "7"],
  ["http://Moodle.ACME.com/lms/course/view.php?id=7&lang=de#section-2", "7"],
  ["https://moodle.acme.com/lms/course/7", "7"],
  ["https://moodle.acme.com/course/view.php?id=7", null],
  ["https://moodle.acme.com/lms2/course/view.php?id=7", null],
  ["https://other.example/lms/course/view.php?id=7", null],
  ["https://moodle.acme.com/lms/mod/quiz/view.php?id=7", null],
  ["7", null],
])("the course at %s of this Moodle is %s", (address, course) => {
  expect(courseAt({ url: "https://moodle.acme.com/lms/" }, address)).toBe(course);
  expect(courseAt({}, address)).toBeNull();
});
