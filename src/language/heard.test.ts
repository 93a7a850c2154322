import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { answers } from "./german/answers";
import { heard } from "./heard";
import { ENGLISH, speakBy } from "./say";

const speakGerman = (own: Readonly<Record<string, string>> = answers, texts: Readonly<Record<string, string>> = own) =>
  speakBy(() => ({ code: "de", locale: "de-DE", texts, answers: own }));

beforeEach(() => speakGerman());
afterEach(() => speakBy(() => ENGLISH));

describe("what the API answered", () => {
  test("is as it came for who reads English", () => {
    speakBy(() => ENGLISH);
    expect(heard("The run has ended.")).toBe("The run has ended.");
  });

  test.each([
    ["The run has ended.", "Der Lauf ist zu Ende."],
    [
      "2 of 3 were not sent again: The delivery is on its way. The run has ended.",
      "2 von 3 wurden nicht noch einmal gesendet: Die Zustellung ist unterwegs. Der Lauf ist zu Ende.",
    ],
    ["There is no such user.", "Es gibt diesen Teilnehmer nicht."],
    ["The body is empty.", "Der Inhalt ist leer."],
    ['There is no segment "vip".', "Es gibt kein Segment „vip“."],
    [
      'Step 2, “Webhook”, always fails: the members of the segment "vips" follow its rules.',
      "Schritt 2, „Webhook“, schlägt immer fehl: Wer im Segment „vips“ ist, bestimmen dessen Regeln.",
    ],
    ["a user has at most 2,000 enrolments", "ein Teilnehmer hat höchstens 2.000 Einschreibungen"],
    ['The automations "A", "B" name this field.', "Die Automationen „A“, „B“ nennen dieses Feld."],
    [
      'On the same fact another automation takes the user group "my " group", which this one gives.',
      'On the same fact another automation takes the user group "my " group", which this one gives.',
    ],
    [
      'On the same fact another automation takes the user group "the \\"best\\" group", which this one gives.',
      'Auf dasselbe Ereignis hin entfernt eine andere Automation die Gruppe „the "best" group“; diese hier tut das Gegenteil.',
    ],
    [
      'On the same fact the sync of the segment "all of it" with the course "js 101" gives the course "js 101", which this one takes.',
      "Auf dasselbe Ereignis hin vergibt der Abgleich des Segments „all of it“ mit dem Kurs „js 101“ den Kurs „js 101“; diese hier tut das Gegenteil.",
    ],
    [
      'On the same fact the seat offering "s" gives the course "js", which this one takes.',
      "Auf dasselbe Ereignis hin vergibt das Platzkontingent „s“ den Kurs „js“; diese hier tut das Gegenteil.",
    ],
    [
      'On the same fact the auto group of the course "js" gives the user group "js:AT", which this one takes.',
      "Auf dasselbe Ereignis hin vergibt die automatische Gruppe des Kurses „js“ die Gruppe „js:AT“; diese hier tut das Gegenteil.",
    ],
    [
      "The school's automations would be 33.5 MiB; 32 are the most, each value counted with 96 bytes beside its text.",
      "Die Automationen der Schule hätten 33,5 MiB; höchstens 32 sind erlaubt, jeder Wert mit 96 Bytes neben seinem Text gezählt.",
    ],
  ])("is German, by its words: %s", (english, german) => {
    expect(heard(english)).toBe(german);
  });

  test("is said with the texts of ours that stand in it", () => {
    expect(heard("Step 2, “Webhook”, has nothing to say: it has no subject; it has no body.")).toBe(
      "Schritt 2, „Webhook“, hat nichts zu sagen: sie hat keinen Betreff; sie hat keinen Inhalt.",
    );
    speakGerman(answers, { ...answers, "Send Email to User": "E-Mail an Teilnehmer senden" });
    expect(heard("Step 2, “Send Email to User”, has nothing to say: it has no body.")).toBe(
      "Schritt 2, „E-Mail an Teilnehmer senden“, hat nichts zu sagen: sie hat keinen Inhalt.",
    );
  });

  test("is said behind the place it is of, and before what it was said to", () => {
    expect(
      [
        "users.csv: email: not an email address; it was left out",
        "Moodle: 403: web services or the REST protocol are switched off in Moodle",
        "Moodle does not know the token (core_webservice_get_site_info)",
        "Not all of them are told of. Of some users nothing is kept before 2026-01-01.",
      ].map(heard),
    ).toEqual([
      "users.csv: email: keine E-Mail-Adresse; das wurde ausgelassen",
      "Moodle: 403: Webservices oder das REST-Protokoll sind in Moodle ausgeschaltet",
      "Moodle kennt den Token nicht (core_webservice_get_site_info)",
      "Nicht alle sind genannt. Von manchen Teilnehmern ist vor 2026-01-01 nichts aufbewahrt.",
    ]);
  });

  test("leaves what schools and learners wrote as it is", () => {
    const names = ["{name}", "The run has ended.", "user", "$& $1", "Läufe; Wärme", "toString", "1,000"];
    expect(
      names.map((name) => heard(`“${name}” has stopped itself: too many of its steps failed within an hour.`)),
    ).toEqual(
      names.map(
        (name) =>
          `„${name}“ hat sich selbst angehalten: Zu viele ihrer Schritte sind innerhalb einer Stunde fehlgeschlagen.`,
      ),
    );
  });

  test("is as it came where nobody has translated it", () => {
    const texts = ["", " ", "toString", "Anna: hi", "a; b", "anything (at all)", "There is no such unicorn.", "{name}"];
    expect(texts.map(heard)).toEqual(texts);
  });

  test("is made out by the pattern with the most words of its own", () => {
    speakGerman({
      "it has no {part}": "kein {part}",
      "it has no {part}, and no more": "weder {part}",
      "it has no x": "kein X",
    });
    expect(["it has no y", "it has no y, and no more", "it has no x"].map(heard)).toEqual([
      "kein y",
      "weder y",
      "kein X",
    ]);
  });

  test("is made out in no time, however long it is", () => {
    const all = Object.keys(answers).join(" ");
    const long = [
      "a; ".repeat(7_000),
      ": ".repeat(10_000),
      " (x)".repeat(5_000),
      'On the same fact "'.repeat(1_200),
      `On the same fact the sync of the segment ${'"'.repeat(20_000)}`,
      `"${'" enrols in "'.repeat(1_700)}`,
      `it has no ${" is not a choice of ".repeat(1_000)}`,
      `Step 1, “${"”, sends what would be dropped: ".repeat(600)}`,
      "A. ".repeat(7_000),
      all.slice(0, 20_000),
      `${"x".repeat(20_000)}`,
    ];
    const before = performance.now();
    for (const text of long) heard(text);
    expect(performance.now() - before).toBeLessThan(1_500);
  });
});

// ---- The English, as the code says it ----

const ROOT = path.resolve(import.meta.dirname, "../..");

/** The text of each file, with what is written over several lines on one, and without the signs that quoting takes. */
const sources = ["src", "durable-objects"].flatMap((folder) =>
  readdirSync(path.join(ROOT, folder), { recursive: true, encoding: "utf8" })
    .filter((file) => /\.tsx?$/.test(file) && !/generated|\.test\.|^language\//.test(file))
    .map((file) =>
      readFileSync(path.join(ROOT, folder, file), "utf8")
        .replaceAll(/["'`]\s*\+\s*["'`]/g, "")
        .replaceAll("\\", ""),
    ),
);

const bare = (words: string): string => words.replaceAll(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, "");

/** Whether some words stand in a source, together or, as where one of them is chosen, in up to four pieces. */
function isIn(source: string, words: string, pieces = 4): boolean {
  if (words === "" || source.includes(words)) return true;
  if (pieces === 1) return false;
  for (let at = words.lastIndexOf(" "); at > 0; at = words.lastIndexOf(" ", at - 1))
    if (source.includes(bare(words.slice(0, at)))) return isIn(source, bare(words.slice(at)), pieces - 1);
  return false;
}

test("every answer is one that the code still gives", () => {
  const gone = Object.keys(answers).filter((text) => {
    const whole = text.replace(/@[a-z]+$/, "");
    const pieces = whole.split(/\{\w+\}/);
    return !sources.some((source) =>
      pieces.length === 1 ? source.includes(whole) : pieces.every((piece) => isIn(source, bare(piece))),
    );
  });
  expect(gone).toEqual([]);
});
