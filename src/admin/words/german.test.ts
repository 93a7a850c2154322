import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { CatalogueEntry, OptionSchema } from "../../definition/catalogue";
import type { CardUse, Condition, Draft } from "../../definition/types";
import { german } from "../../language/german";
import { ENGLISH, speakBy } from "../../language/say";
import { factSentence } from "./sentences/fact";
import { faultText, manyText, placeText } from "./sentences/faults";
import { reasonText, stateText } from "./sentences/reasons";
import {
  conditionSentence,
  plain,
  sentence,
  stepSentence,
  summary,
  triggerSentence,
  wordsOf,
} from "./sentences/sentence";
import { OPERATORS, operatorText, VALUES, wordFor } from "./sentences/sentences";
import { durationText, limitText, shiftText } from "./values/durations";
import { DAYS, windowText } from "./values/values";

beforeAll(() => speakBy(() => ({ code: "de", locale: "de-DE", texts: german })));
afterAll(() => speakBy(() => ENGLISH));

const ids = (picker: string): OptionSchema => ({ type: "array", items: { type: "string", picker } });
const card = (
  type: string,
  says: string | undefined,
  properties: Record<string, OptionSchema>,
  more: Partial<CatalogueEntry> = {},
): CatalogueEntry => ({
  type,
  label: type,
  category: "users",
  params: { type: "object", properties },
  ...(says === undefined ? {} : { says }),
  ...more,
});

/** Cards as they speak German. */
const words = wordsOf(
  {
    triggers: [
      card("course.enrolled", "wird in {courses: einem beliebigen Kurs} eingeschrieben", { courses: ids("course") }),
      card("course.completed", "schließt {courses: einen beliebigen Kurs} ab", { courses: ids("course") }),
      card("tag.added", "erhält das Schlagwort {tags|match}", { tags: ids("tag") }),
      card("date.reached", "erreicht [{offset|shift} ]{of}", { of: { enum: ["course.ends_at"] }, offset: {} }),
      card("club.joined", undefined, { clubs: ids("club") }, { label: "Dem Club beigetreten" }),
    ],
    listeners: [],
    conditions: [
      card("tags.has", "hat das Schlagwort {tags|and}<| nicht>", { tags: ids("tag") }),
      card("user.is_paying", "<ist|ist kein> zahlender Teilnehmer", {}),
      card("user.field_is", "<|nicht: >{field|field} {op: ist|op}[ {value}]", { field: {}, op: {}, value: {} }),
      card("user.has_visited", "hat {scope: die Schule|scope} seit {since: dem Start|since} <|nicht >besucht", {
        scope: { enum: ["school", "app_course"] },
        since: {},
      }),
    ],
    actions: [
      card("email.user", "E-Mail {subject: (noch kein Betreff)|quote} senden", {}, { counted: ["E-Mail", "E-Mails"] }),
      card("tags.add", "Schlagwort {tags|and} hinzufügen", { tags: ids("tag") }, { label: "Schlagwörter hinzufügen" }),
      card(
        "course.enroll",
        "in {courses|and} einschreiben[ für {expires_after}]",
        { courses: ids("course"), expires_after: { format: "duration" } },
        { label: "In Kurse einschreiben" },
      ),
    ],
    steps: [
      card(
        "wait",
        "[{for} warten][bis {until|moment} warten][bis {until_field|field} warten][, weiter {window|window}]",
        {},
      ),
      card("repeat", "{times|times} wiederholen", {}),
      card(
        "branch",
        "bei „{if|condition}“",
        {},
        {
          lanes: [
            { key: "yes", name: "ja", lead: ": " },
            { key: "no", name: "nein", lead: "; sonst: " },
          ],
        },
      ),
    ],
    facts: [{ type: "automation.enrolled", label: "", says: "von Hand aufgenommen" }],
    categories: [],
    kinds: [
      { type: "course", label: "Kurs" },
      { type: "tag", label: "Schlagwort" },
    ],
  },
  { course: { "js-101": "JavaScript 101" } },
);

const drip: Draft = {
  name: "Drip",
  description: "",
  active: true,
  labels: [],
  note: "",
  goal: null,
  synchronous: false,
  when: [{ type: "course.enrolled", courses: ["js-101"] }],
  only_if: { all: [{ type: "tags.has", tags: ["vip"] }, { not: { type: "user.is_paying" } }] },
  then: [
    { id: "s1", type: "email.user", subject: "Willkommen {{ user.username }}" },
    { id: "s2", type: "wait", for: "P2D" },
    {
      id: "s3",
      type: "branch",
      if: { type: "tags.has", tags: ["a", "b"] },
      yes: [{ id: "s4", type: "tags.add", tags: ["aktiv"] }],
      no: [],
    },
    { id: "s5", type: "course.enroll", courses: ["$trigger"], expires_after: "P30D" },
  ],
  exit_when: [{ type: "course.completed", courses: ["$trigger"] }],
  exit_if: { type: "tags.has", tags: ["fertig"] },
  reentry: "always",
  reentry_per: "user",
  cooldown: null,
  limit: null,
};

const trigger = (use: CardUse): string => plain(triggerSentence(use, words));
const step = (use: CardUse): string => plain(stepSentence(use, words));
const condition = (use: Condition): string => plain(conditionSentence(use, words));

describe("sentences in German", () => {
  test("a whole automation", () => {
    expect(plain(sentence(drip, words))).toBe(
      "Sobald: Teilnehmer wird in JavaScript 101 eingeschrieben; nur wenn: hat das Schlagwort vip und ist kein " +
        "zahlender Teilnehmer; dann: E-Mail „Willkommen ‹username›“ senden, 2 Tage warten, (bei „hat das Schlagwort a " +
        "und b“: Schlagwort aktiv hinzufügen), in „Kurs des Auslösers“ einschreiben für 30 Tage. Sofortiges Ende, sobald: " +
        "Teilnehmer schließt „Kurs des Auslösers“ ab oder Teilnehmer hat das Schlagwort fertig.",
    );
    expect(plain(sentence({ ...drip, only_if: null, then: [], exit_when: [], exit_if: null }, words))).toBe(
      "Sobald: Teilnehmer wird in JavaScript 101 eingeschrieben; dann: nichts tun.",
    );
  });

  test("the list keeps nouns large, and leaves the verb out where it says nothing", () => {
    expect(summary(drip, words)).toEqual({
      when: "in JavaScript 101 eingeschrieben",
      does: "1 E-Mail, Schlagwörter hinzufügen, In Kurse einschreiben",
    });
    expect(summary({ ...drip, when: [{ type: "course.completed" }], then: [] }, words)).toEqual({
      when: "schließt einen beliebigen Kurs ab",
      does: "noch nichts",
    });
  });

  test("what began a run has its noun once, and a name keeps all its words", () => {
    expect(step({ type: "tags.add", tags: ["$trigger"] })).toBe("Schlagwort des Auslösers hinzufügen");
    expect(step({ type: "tags.add", tags: ["Schlagwort x"] })).toBe("Schlagwort Schlagwort x hinzufügen");
  });

  test("lists, and groups of conditions", () => {
    expect(trigger({ type: "tag.added", tags: ["a", "b", "c"], match: "any" })).toBe(
      "erhält das Schlagwort a, b oder c",
    );
    expect(
      condition({
        any: [
          { type: "user.is_paying" },
          { not: { all: [{ type: "tags.has", tags: ["a"] }, { type: "user.is_paying" }] } },
        ],
      }),
    ).toBe("ist zahlender Teilnehmer oder nicht (hat das Schlagwort a und ist zahlender Teilnehmer)");
    expect(condition({ not: { type: "tags.has", tags: ["vip"] } })).toBe("hat das Schlagwort vip nicht");
  });

  test.each<[CardUse, string]>([
    [
      { type: "user.field_is", field: "department", op: "in", value: ["IT", "HR"] },
      "department ist eines von IT oder HR",
    ],
    [
      { type: "user.field_is", field: "registered_at", op: "before", value: "2026-03-01" },
      "Registrierungsdatum liegt vor 1. März 2026",
    ],
    [{ type: "user.field_is", field: "score", op: "gt", value: 1234.5 }, "score ist größer als 1234,5"],
    [{ type: "user.has_visited" }, "hat die Schule seit dem Start besucht"],
    [{ type: "user.has_visited", scope: "app_course", since: "P2D" }, "hat den Kurs in der App seit 2 Tagen besucht"],
  ])("a condition: %j", (use, expected) => {
    expect(condition(use as unknown as Condition)).toBe(expected);
  });

  test.each<[CardUse, string]>([
    [
      { type: "wait", for: "P1D", window: { days: ["mon", "tue", "wed"], from: "09:00", to: "17:00" } },
      "1 Tag warten, weiter Mo–Mi 09:00–17:00",
    ],
    [{ type: "wait", until: "2026-03-01T09:00" }, "bis 1. März 2026, 09:00 Uhr warten"],
    [{ type: "wait", until_field: "event.starts_on" }, "bis starts on des Ereignisses warten"],
    [{ type: "wait", until_field: "event.course" }, "bis Kurs des Ereignisses warten"],
    [{ type: "repeat", times: 1 }, "einmal wiederholen"],
    [{ type: "repeat", times: 3 }, "3-mal wiederholen"],
    [{ type: "email.user", subject: ["a", "b"] }, "E-Mail „a“ und „b“ senden"],
  ])("a step: %j", (use, expected) => {
    expect(step(use)).toBe(expected);
  });

  test("a date by what it is before", () => {
    expect(trigger({ type: "date.reached", of: "course.ends_at", offset: "-P7D" })).toBe(
      "erreicht 7 Tage vor Kursende",
    );
  });

  test("a card without a sentence keeps its label's noun", () => {
    expect(trigger({ type: "club.joined", clubs: ["chess"] })).toBe("Dem Club beigetreten (clubs chess)");
    expect(condition({ not: { type: "club.in" } })).toBe("nicht: club.in");
  });

  test("a fact by its trigger, and one that nothing listens to", () => {
    const fact = (type: string, data = {}): string => plain(factSentence({ type, data }, words));
    expect(fact("course.enrolled", { course: "js-101" })).toBe("wird in JavaScript 101 eingeschrieben");
    expect(fact("automation.enrolled")).toBe("von Hand aufgenommen");
  });

  test("hours", () => {
    expect([windowText({}), windowText({ days: ["sat", "sun"] }), windowText({ days: DAYS, from: "08:00" })]).toEqual([
      "jederzeit",
      "Sa, So",
      "08:00–24:00",
    ]);
  });
});

describe("durations in German", () => {
  test("by themselves, and behind a preposition", () => {
    expect([durationText("P1Y2M3W"), durationText("PT0S"), shiftText("P1D")]).toEqual([
      "1 Jahr 2 Monate 3 Wochen",
      "keine Zeit",
      "1 Tag nach",
    ]);
    expect([limitText({ times: 1, per: null }), limitText({ times: 3, per: "P7D" })]).toEqual([
      "insgesamt höchstens einmal",
      "höchstens 3-mal in 7 Tagen",
    ]);
  });
});

describe("faults in German", () => {
  test.each([
    ["name at least one", "Bitte wählen: mindestens 1 Kurs"],
    ["must be a text of at least 3 characters", "Mindestens 3 Zeichen"],
    ['must be one of "end", "erase_all"', "Wählen Sie eines davon: beenden, erase all"],
    [
      '"{{ user.username" has no end: close it with }} (line 1, column 1)',
      "„{{ user.username“ hat kein Ende: Schließen Sie es mit }}",
    ],
    [
      "something new (line 2, column 1)",
      "Was in {{ … }} oder in {% … %} steht, ist nicht richtig geschrieben (in Zeile 2)",
    ],
  ])("%s", (message, said) => {
    expect(faultText(message, "Kurs")).toBe(said);
  });

  test("where, and how many", () => {
    expect([placeText("/where/0/value"), placeText("/0/only_if"), manyText(1), manyText(1200)]).toEqual([
      "Bedingung 1, Wert",
      "Nr. 1, Nur wenn",
      "Eine Angabe muss korrigiert werden",
      "1.200 Angaben müssen korrigiert werden",
    ]);
  });
});

test("reasons, states, operators and values speak German", () => {
  expect([reasonText("paused"), reasonText("quiet_hours"), reasonText("something_new")]).toEqual([
    "die Schule ist angehalten",
    "Ruhezeit",
    "something new",
  ]);
  expect([stateText("exited"), stateText("held"), stateText("under_way")]).toEqual([
    "vorzeitig beendet",
    "zurückgehalten",
    "im Gange",
  ]);
  for (const op of Object.keys(OPERATORS)) expect(operatorText(op)).not.toBe(OPERATORS[op]);
  for (const value of Object.keys(VALUES)) expect(wordFor(value)).not.toBe(VALUES[value]);
});
