import { afterEach, describe, expect, it } from "vitest";
import { catalogueDocument } from "../../../../catalogue/document";
import { ENGLISH, speakBy } from "../../../../language/say";
import { search } from "./search";

const catalogue = catalogueDocument();
const steps = [...catalogue.steps, ...catalogue.actions];
const first = (entries: typeof steps, q: string) => search(entries, q)[0]?.type;

describe("a search among the catalogue", () => {
  it.each([
    ["email", "email.user"],
    ["e-mail", "email.user"],
    ["mail", "email.user"],
    ["delay", "wait"],
    ["wait", "wait"],
    ["if", "branch"],
    ["yes no", "branch"],
    ["stop", "exit"],
    ["end", "exit"],
    ["lesson", "activity.complete"],
    ["unit", "activity.complete"],
    ["notify admin", "email.collaborators"],
    ["enrol", "course.enroll"],
    ["remind", "repeat"],
    ["tag", "tags.add"],
    ["webhook", "webhook.send"],
  ])("for a step by “%s” begins with %s", (q, type) => {
    expect(first(steps, q)).toBe(type);
  });

  it.each([
    ["completed a course", "course.completed"],
    ["course completed", "course.completed"],
    ["certificate is awarded", "certificate.awarded"],
    ["unit", "activity.completed"],
    ["signs up", "user.signed_up"],
    ["inactive", "inactivity.school"],
    ["birthday", "date.reached"],
    ["purchase", "payment.made"],
  ])("for a trigger by “%s” begins with %s", (q, type) => {
    expect(first([...catalogue.triggers], q)).toBe(type);
  });

  it.each([
    ["unit", "activity.completed"],
    ["paying", "user.is_paying"],
    ["tag", "tags.has_any"],
  ])("for a condition by “%s” finds %s among the first three", (q, type) => {
    expect(
      search([...catalogue.conditions], q)
        .slice(0, 3)
        .map((entry) => entry.type),
    ).toContain(type);
  });

  it("finds every entry first by its own label, in any case and with blanks around it", () => {
    for (const entries of [steps, [...catalogue.triggers], [...catalogue.conditions]])
      for (const entry of entries) {
        const found = search(entries, `  ${entry.label.toUpperCase()} `)[0];
        expect(found?.label, entry.type).toBe(entry.label);
      }
  });

  it("finds nothing in the middle of a word", () => {
    expect(search(steps, "unit").map((entry) => entry.type)).not.toContain("space.add");
  });

  it("finds all that there is where nothing is asked, as it comes", () => {
    expect(search(steps, " ")).toEqual(steps);
  });
});

describe("a search in German", () => {
  const entry = (type: string, label: string) => ({ type, label, category: "x", params: {} });
  const entries = [
    entry("a", "In einen Kurs einschreiben"),
    entry("b", "Einführungskurs öffnen"),
    entry("c", "Warten"),
  ];
  const found = (q: string) => search(entries, q).map(({ type }) => type);
  afterEach(() => speakBy(() => ENGLISH));

  it("knows its endings, its articles and its compounds", () => {
    speakBy(() => ({ code: "de", locale: "de-DE", texts: {} }));
    expect(found("kurse")).toEqual(["a", "b"]);
    expect(found("einem Kurs")).toEqual(found("Kurs"));
    expect(found("einfuhrung")).toEqual(["b"]);
    expect(found("warte")).toEqual(["c"]);
  });
});
