/** What the pages themselves refuse. */
export const pages = {
  "This form is of {drawn}, the page is of {school}. Nothing was changed.":
    "Dieses Formular gehört zu {drawn}, die Seite zu {school}. Es wurde nichts geändert.",
  "Sign in as the platform operator first.": "Melden Sie sich zuerst als Betreiber der Plattform an.",
  "Several learners are called “{typed}”: {others}. Give the email address of one.":
    "Mehrere Teilnehmer heißen „{typed}“: {others}. Geben Sie die E-Mail-Adresse des einen an.",
  "{n} of {most} were not sent again: {said}": "{n} von {most} wurden nicht noch einmal gesendet: {said}",
  "{said}, in the {card} “{name}”": "{said} ({card} „{name}“)",
  "The page takes {page} MiB. PUT /v1/import takes {most} MiB.":
    "Die Seite nimmt {page} MiB an. PUT /v1/import nimmt {most} MiB an.",
  "The file is no text in UTF-8.": "Die Datei ist kein Text in UTF-8.",
  "Choose a file, or put the document into the text field.":
    "Wählen Sie eine Datei, oder setzen Sie das Dokument in das Textfeld ein.",
  "Write one learner a line.": "Schreiben Sie je Zeile einen Teilnehmer.",
  "There is no such connector.": "Diese Anbindung gibt es nicht.",
  "There is no connection to look at.": "Es gibt keine Verbindung zu prüfen.",
  "This connector cannot be tested by itself.": "Diese Anbindung lässt sich nicht einzeln testen.",
  "Nothing leaves a school in test mode.": "Eine Testschule verlässt nichts.",
  "There is no such type of product.": "Diese Produktart gibt es nicht.",
  "There is no such import.": "Diesen Import gibt es nicht.",
  "Choose a file.": "Wählen Sie eine Datei.",
  "The file that the page held cannot be read. Choose it again.":
    "Die Datei, die die Seite bereithielt, lässt sich nicht lesen. Wählen Sie sie noch einmal.",
  // The heads of these pages.
  "Not allowed": "Nicht erlaubt",
  "That does not go together": "Das passt nicht zusammen",
  "Changed meanwhile": "Inzwischen geändert",
  "Too many attempts": "Zu viele Versuche",
  "That did not work": "Das hat nicht geklappt",
  "Something broke": "Etwas ist schiefgegangen",
  "{problems}: it is marked below.": "{problems}: Es ist unten markiert.",
  "{problems}, some of it below:": "{problems}, manches davon unten:",
};
