import { expect, test } from "vitest";
import { nameOf, toldName } from "./told-names";

test.each([
  ["course.enrolled", { course: "js", title: "JavaScript" }, ["course", "js", "JavaScript"]],
  ["course.enrolled", { course: "js", name: " Java\nScript " }, ["course", "js", "Java Script"]],
  ["course.enrolled", { course: "js", title: "\u200b", name: "JavaScript" }, ["course", "js", "JavaScript"]],
  ["activity.completed", { course: "js", activity: "a1", title: "The first" }, ["activity", "a1", "The first"]],
  ["payment.made", { product_type: "bundle", product: "all", title: "All" }, ["bundle", "all", "All"]],
  ["recurring.paid", { kind: "subscription", product: "gold", title: "Gold" }, ["subscription", "gold", "Gold"]],
  ["trial.started", { subscription: "gold", title: "Gold" }, ["subscription", "gold", "Gold"]],
  ["form.submitted", { form: "f", title: "Contact" }, ["form", "f", "Contact"]],
])("%s %j tells a name", (type, data, told) => {
  expect(toldName(type, data)).toEqual(told);
});

test.each([
  // A person's, as likely as not.
  ["form.submitted", { form: "f", name: "Anna" }],
  ["certificate.awarded", { certificate: "c", course: "js", name: "Anna" }],
  ["payment.made", { product_type: "course", product: "js", name: "Anna" }],
  ["user.signed_up", { name: "Anna", title: "Dr" }],
  ["custom.meeting", { title: "Kick-off" }],
  ["course.enrolled", { course: "js", title: 101 }],
  ["course.enrolled", { course: "js", title: null, name: "" }],
  ["course.enrolled", { title: "JavaScript" }],
  ["course.enrolled", { course: "js", title: "x".repeat(256) }],
])("%s %j tells none", (type, data) => {
  expect(toldName(type, data)).toBeNull();
});

test("a name is counted in letters, not in halves of them", () => {
  expect(nameOf("😀".repeat(255))).toBe("😀".repeat(255));
});
