import { afterEach, describe, expect, test } from "vitest";
import { dateIn, ENGLISH, figure, inWords, many, say, speakBy, weave } from "./say";

const texts = { "{n} run": "{n} Lauf", "{n} runs": "{n} Läufe", Save: "Speichern", "Open@verb": "Öffnen" };
const inGerman = () => speakBy(() => ({ code: "de", locale: "de-DE", texts }));

afterEach(() => speakBy(() => ENGLISH));

describe("what is said", () => {
  test("is English where no other language is spoken", () => {
    expect([say("Save"), figure(1234.5), dateIn(0, { month: "long", timeZone: "UTC" })]).toEqual([
      "Save",
      "1,234.5",
      "January",
    ]);
  });

  test("is the reader's language, figures and dates too", () => {
    inGerman();
    expect([say("Save"), figure(1234.5), dateIn(0, { month: "long", timeZone: "UTC" })]).toEqual([
      "Speichern",
      "1.234,5",
      "Januar",
    ]);
  });

  test("goes by how many there are", () => {
    expect([1, 0, 2000].map((n) => many(n, "{n} run", "{n} runs"))).toEqual(["1 run", "0 runs", "2,000 runs"]);
    inGerman();
    expect([1, 2000].map((n) => many(n, "{n} run", "{n} runs"))).toEqual(["1 Lauf", "2.000 Läufe"]);
  });

  test("holds elements where its slots are", () => {
    expect(weave("{duration} before", { duration: 7 })).toEqual(["", 7, " before"]);
  });

  test("is what came, where a text known at run time has no other", () => {
    inGerman();
    expect([inWords("Save"), inWords("anna@school"), inWords("toString")]).toEqual([
      "Speichern",
      "anna@school",
      "toString",
    ]);
  });

  test("shows nothing of what tells two meanings apart", () => {
    // A text of the dictionary would do; this one is there for the test alone.
    const open = "Open@verb" as never;
    expect(say(open)).toBe("Open");
    inGerman();
    expect(say(open)).toBe("Öffnen");
  });
});
