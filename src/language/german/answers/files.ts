/** Files of lists that are read line by line: CSV, and the sets of OneRoster. */
export const files = {
  "the header is too long": "die Kopfzeile ist zu lang",
  "a line has at most 64 KiB": "eine Zeile hat höchstens 64 KiB",
  "{column}: an earlier line has the same": "{column}: eine frühere Zeile hat dasselbe",
  "The file is a workbook, such as .xlsx: save the sheet as CSV in UTF-8.":
    "Die Datei ist eine Arbeitsmappe wie .xlsx: Speichern Sie das Blatt als CSV in UTF-8.",
  "The file is not UTF-8, nor what it is said to be written in. Save it as UTF-8, or say which charset it has.":
    "Die Datei ist weder in UTF-8 noch in dem geschrieben, was angegeben ist. Speichern Sie sie in UTF-8, oder geben Sie ihren Zeichensatz an.",
  "{date} is how sheets count days: show the column as dates":
    "{date} ist eine Tageszahl der Tabelle: stellen Sie die Spalte als Datum dar",
  "some dates of this column have the day first, others the month: write them as 2026-01-31":
    "manche Daten dieser Spalte haben den Tag vorn, andere den Monat: schreiben Sie sie wie 2026-01-31",
  "day or month first? No date of this column tells: write them as 2026-01-31":
    "Tag oder Monat vorn? Kein Datum dieser Spalte verrät es: schreiben Sie sie wie 2026-01-31",
  "this is a workbook (.xlsx) or a zip: save the sheet as CSV":
    "das ist eine Arbeitsmappe (.xlsx) oder ein Zip: speichern Sie das Blatt als CSV",
  "this is no text, or UTF-16 that does not say so: save it as UTF-8":
    "das ist kein Text oder UTF-16, das es nicht sagt: speichern Sie es in UTF-8",
  "there is no column {quoted}": "die Spalte {quoted} gibt es nicht",
  "there is no column {quoted}: for a field, call it {other}":
    "die Spalte {quoted} gibt es nicht: für ein Feld muss sie {other} heißen",
  "the column {quoted} is there twice": "die Spalte {quoted} gibt es zweimal",
  "the column {quoted} is missing": "die Spalte {quoted} fehlt",
  "there has to be one of the columns {columns}": "es braucht eine der Spalten {columns}",
  "a quote is not closed, or stands within a cell":
    "ein Anführungszeichen ist nicht geschlossen oder steht mitten in einer Zelle",
  "{n} cells where the header has {most}": "{n} Zellen, wo die Kopfzeile {most} hat",
  "a cell stands under a column without a name": "eine Zelle steht unter einer Spalte ohne Namen",

  // Learners and members.
  "{column}: neither yes nor no, such as true or false": "{column}: weder ja noch nein",
  "tags: a tag has at most {n} characters": "tags: ein Schlagwort hat höchstens {n} Zeichen",
  "tags: of a tag something is seen": "tags: von einem Schlagwort ist etwas zu sehen",
  "name: 1 to 255 characters, and something of it is seen": "name: 1 bis 255 Zeichen, und etwas davon ist zu sehen",
  'action: "add" or "remove"': "action: „add“ oder „remove“",
  "nobody is named": "niemand ist genannt",
  "email: no user has this address": "email: diese Adresse hat kein Teilnehmer",
  "username: no user is called this": "username: so heißt kein Teilnehmer",
  "username: several users are called this": "username: so heißen mehrere Teilnehmer",
  "a type is {types}": "eine Produktart ist {types}",
  "only a {types} holds courses": "nur diese enthalten Kurse: {types}",

  // OneRoster.
  "status: active or tobedeleted": "status: active oder tobedeleted",
  "{column}: it is missing": "{column}: das fehlt",
  "{name} is to be deleted, and was left as they are: DELETE /v1/users/:id erases":
    "{name} soll gelöscht werden und wurde gelassen, wie er ist: DELETE /v1/users/:id löscht",
  "{name} is not enabled, and was left as they are": "{name} ist nicht freigeschaltet und wurde gelassen, wie er ist",
  "it was left out": "das wurde ausgelassen",
  "the role of {user} is to be deleted: it was left": "die Rolle von {user} soll gelöscht werden: sie wurde gelassen",
  "not a date, such as 2026-06-30": "kein Datum wie 2026-06-30",
  "it ended on {date}, and was passed over": "das endete am {date} und wurde übergangen",
  "role: it has at most {n} characters": "role: höchstens {n} Zeichen",
  "a later line has the record for another user": "eine spätere Zeile hat den Eintrag für einen anderen Teilnehmer",
  "enrollments.csv: the enrolment in {course} is not in the set, and was left as it is":
    "enrollments.csv: die Einschreibung in {course} ist nicht im Satz und wurde gelassen, wie sie ist",
  "it is missing, so enrolments that are missing were not looked for":
    "das fehlt, deshalb wurde nicht nach fehlenden Einschreibungen gesucht",
  "no file of OneRoster's": "keine Datei von OneRoster",
  "it was passed over": "das wurde übergangen",
  "no column {quoted} is known": "eine Spalte {quoted} ist nicht bekannt",
  "neither users.csv nor enrollments.csv is at the root of the zip":
    "weder users.csv noch enrollments.csv liegt oben im Zip-Archiv",
  "the manifest says that it is absent": "das Manifest sagt, dass sie fehlt",
  "the manifest names it, but it is not there": "das Manifest nennt sie, aber sie ist nicht da",
  "the user was passed over in users.csv, and so was this":
    "der Teilnehmer wurde in users.csv übergangen, und das hier auch",

  // Zip.
  "{name} is damaged: {said}": "{name} ist beschädigt: {said}",
  "this is no zip, or its end is missing": "das ist kein Zip-Archiv, oder sein Ende fehlt",
  "a zip holds at most {n} files": "ein Zip-Archiv enthält höchstens {n} Dateien",
  "the zip's directory is damaged": "das Verzeichnis des Zip-Archivs ist beschädigt",
  "is there twice": "gibt es zweimal",
  "inflated, the files have at most {n} bytes together": "entpackt haben die Dateien zusammen höchstens {n} Bytes",
  "files lie at the root of the zip, and no name leads elsewhere":
    "Dateien liegen oben im Zip-Archiv, und kein Name führt woandershin",
  "it is encrypted": "das ist verschlüsselt",
  "it is neither stored nor deflated": "das ist weder gespeichert noch mit Deflate gepackt",
  "zip64 is not taken": "Zip64 wird nicht angenommen",
  "it inflates more than {n} times": "das wird beim Entpacken mehr als {n}-mal so groß",
  "it is not there": "das ist nicht da",
  "it ends early": "das endet zu früh",
  "it is smaller than the zip says": "das ist kleiner, als das Zip-Archiv sagt",
  "it is larger than the zip says": "das ist größer, als das Zip-Archiv sagt",
  "it cannot be inflated": "das lässt sich nicht entpacken",
};
