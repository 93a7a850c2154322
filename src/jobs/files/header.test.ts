import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Problem } from "../../base/errors/errors";
import { USER_COLUMNS } from "../../users/import/line";
import { readHeader } from "./header";
import type { Columns } from "./lines";

/* What the first line of a file calls its columns, as people and programs write it in their languages. */

const MEMBERS: Columns = { required: ["segment"], optional: ["action"], oneOf: ["user", "email", "username"] };
const SEGMENTS: Columns = { required: ["name"], optional: ["id"] };

/** A header in any case, each letter one character or two, its words joined by anything or nothing. */
const written = (header: string): fc.Arbitrary<string> =>
  fc
    .tuple(
      fc.constantFrom(
        (text: string) => text,
        (text: string) => text.toLowerCase(),
        (text: string) => text.toUpperCase(),
      ),
      fc.constantFrom("NFC", "NFD", "NFKC"),
      fc.constantFrom(" ", "", "_", "-", "\u00a0", "\u2011"),
      fc.constantFrom("", " ", "\u200b", "\ufeff"),
    )
    .map(([cased, form, between, end]) =>
      header
        .split(";")
        .map((name) => end + cased(name.replaceAll(" ", between)).normalize(form) + end)
        .join(";"),
    );

describe("a header is the same in any case and form, and in the language of who wrote it:", () => {
  const PERSON = ["id", "firstname", "lastname", "email"];
  test.each<[string, string, readonly string[], Columns]>([
    ["English", "ID;First name;Last name;Email address", PERSON, USER_COLUMNS],
    ["Outlook's", "Id;Given Name;Surname;E-mail Address", PERSON, USER_COLUMNS],
    ["German", "ID;Vorname;Nachname;E-Mail-Adresse", PERSON, USER_COLUMNS],
    ["German, on a list", "ID;Vorname;Name;E-Mail", PERSON, USER_COLUMNS],
    ["French", "id;Prénom;Nom de famille;Adresse de courriel", PERSON, USER_COLUMNS],
    ["Spanish", "ID;Nombre;Apellido(s);Dirección de correo", PERSON, USER_COLUMNS],
    ["Italian", "ID;Nome;Cognome;Indirizzo email", PERSON, USER_COLUMNS],
    ["Dutch", "ID;Voornaam;Achternaam;E-mailadres", PERSON, USER_COLUMNS],
    ["a whole name", "ID;Name;E-Mail;Quelle", ["id", "username", "email", "source"], USER_COLUMNS],
    [
      "German, with more",
      "ID;Benutzername;Registriert am;Schlagwörter",
      ["id", "username", "registered_at", "tags"],
      USER_COLUMNS,
    ],
    ["members", "Benutzer;Segment;Aktion", ["user", "segment", "action"], MEMBERS],
    ["members by address", "E-Mail-Adresse;Segment", ["email", "segment"], MEMBERS],
    ["a file in which a name is one", "Name;ID", ["name", "id"], SEGMENTS],
  ])("%s: %s", (_, header, columns, of) => {
    fc.assert(
      fc.property(written(header), (text) => {
        expect(readHeader(text, of).columns).toEqual(columns);
      }),
    );
  });
});

test("what is called twice, by whatever names, is refused, and what is no column too", () => {
  expect(() => readHeader("id;Mail;E-Mail", USER_COLUMNS)).toThrow();
  expect(() => readHeader("id;Vorname;Name;Nachname", USER_COLUMNS)).toThrow();
  expect(() => readHeader("id;Name;username", USER_COLUMNS)).toThrow();
  expect(() => readHeader("id;Rolle;Kurs", USER_COLUMNS)).toThrow();
});

test("a field's bare name is refused with the name of its column", () => {
  const refusal = (text: string, columns = USER_COLUMNS): unknown => {
    try {
      return readHeader(text, columns);
    } catch (error) {
      return error instanceof Problem ? error.faults?.map(({ message }) => message) : error;
    }
  };
  expect(refusal("id,department")).toEqual([
    'there is no column "department": for a field, call it "fields.department"',
  ]);
  // What can be no field's name is not advised as one.
  expect(refusal("id,fields.__proto__")).toEqual(['there is no column "fields.__proto__"']);
  expect(refusal("id,\u0001a")).toEqual(['there is no column "\\u0001a"']);
  // Nor is what is no CSV at all.
  expect(refusal("PK\u0003\u0004\u0014\u0000,id")).toEqual([expect.stringContaining("save the sheet as CSV")]);
  expect(refusal("i\0d\0,\0e\0m\0a\0i\0l\0")).toEqual([expect.stringContaining("save it as UTF-8")]);
  expect(refusal("id,__proto__")).toEqual(['there is no column "__proto__"']);
  expect(refusal("id,department", MEMBERS)).toContain('there is no column "department"');
});
