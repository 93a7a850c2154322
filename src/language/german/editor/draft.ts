export const draft = {
  // Where it stands
  "You may look, not change": "Sie dürfen ansehen, nicht ändern",
  "Not saved yet": "Noch nicht gespeichert",
  "Draft differs from what is live": "Der Entwurf weicht von dem ab, was gilt",
  "Draft differs from what is saved": "Der Entwurf weicht vom Gespeicherten ab",
  "Version {version} is live": "Version {version} gilt",
  "Version {version} is saved": "Version {version} ist gespeichert",
  "Saved as version {version}.": "Als Version {version} gespeichert.",
  "Saved, but it is switched off: {problem}": "Gespeichert, aber ausgeschaltet: {problem}",
  "Somebody saved a newer version while you were editing.":
    "Während Sie bearbeitet haben, hat jemand eine neuere Version gespeichert.",

  // What the server answers
  "The server cannot be reached. Nothing is lost here; try again.":
    "Der Server ist nicht zu erreichen. Hier geht nichts verloren; versuchen Sie es noch einmal.",
  "You are signed out. Sign in in another tab, then try again.":
    "Sie sind abgemeldet. Melden Sie sich in einem anderen Tab an und versuchen Sie es dann noch einmal.",
  "Your role does not allow this.": "Ihre Rolle erlaubt das nicht.",
  "Not valid": "Nicht gültig",
  "Error {status}": "Fehler {status}",

  // What the palette adds
  "Add a step": "Schritt hinzufügen",
  "When a learner …": "Auslöser hinzufügen",
  "End it at once when the learner …": "Sofort beenden bei …",
  "It is a success when the learner …": "Als Ziel zählt …",

  // What is to be mended
  "There is no “{type}”": "„{type}“ gibt es nicht",
  "Only with {cards}, not with {other}": "Nur mit {cards}, nicht mit {other}",
  "“{name}”": "„{name}“",
  "Choose an event": "Wählen Sie ein Ereignis",
  "Add a condition, or remove the group": "Fügen Sie eine Bedingung hinzu oder entfernen Sie die Gruppe",
  "Groups nest at most {n} deep": "Gruppen lassen sich höchstens {n}-fach verschachteln",
  "Choose a condition": "Wählen Sie eine Bedingung",
  "The percentages must sum to 100, not {sum}": "Die Prozente müssen zusammen 100 ergeben, nicht {sum}",
  "Must differ from the beginning": "Muss anders sein als der Beginn",
  "Give it a name": "Geben Sie ihr einen Namen",
  "No “{card}” stands within another": "Keine „{card}“ steht in einer anderen",
  "Give a length of time": "Geben Sie eine Dauer an",
  "Give a date and time": "Geben Sie Datum und Uhrzeit an",
  "Give a date": "Geben Sie ein Datum an",
  "From 1 to 1000": "Von 1 bis 1000",
  "From {low} to {high}": "Von {low} bis {high}",
  "At most {n} steps": "Höchstens {n} Schritte",
  "Branches nest at most {n} deep": "Verzweigungen lassen sich höchstens {n}-fach verschachteln",
  "It is larger than 256 KiB": "Sie ist größer als 256 KiB",
  "Must be a whole number": "Muss eine ganze Zahl sein",
  "Must be a number": "Muss eine Zahl sein",
  "Must be a list": "Muss eine Liste sein",
  "Must be yes or no": "Muss Ja oder Nein sein",
  "Must be a {type}": "Muss vom Typ {type} sein",
  "Must be {value}": "Muss {value} sein",
  "Choose one": "Wählen Sie eines",

  // What may not be meant
  "A step is never reached.": "Ein Schritt wird nie erreicht.",
  "{n} steps are never reached.": "{n} Schritte werden nie erreicht.",
  "It waits, and a learner may be in it several times at once. Say in Options how often they may enter.":
    "Sie wartet, und ein Teilnehmer kann mehrmals zugleich in ihr sein. Legen Sie in den Optionen fest, wie oft er beginnen darf.",
  "A wait is longer than two years.": "Ein Warten dauert länger als zwei Jahre.",
  "Nobody has declared {names}: it stays empty.": "{names} hat niemand angelegt: Das bleibt leer.",
  "Nobody has declared {names}: they stay empty.": "{names} hat niemand angelegt: Das bleibt leer.",
  "Nothing gives {names} a value here: take it out, or the mail is not sent.":
    "Für {names} gibt es hier keinen Wert: Entfernen Sie das, sonst wird die E-Mail nicht gesendet.",
  "“{card}” names {names}, which nobody has declared: it stays empty.":
    "„{card}“ nennt {names}, und niemand hat das angelegt: Es bleibt leer.",
  "“{card}” names {names}, which nobody has declared: they stay empty.":
    "„{card}“ nennt {names}, und niemand hat das angelegt: Es bleibt leer.",

  // Groups of conditions
  "all of these": "alle davon",
  "any of these": "mindestens eines davon",
  "none of these": "keines davon",
  "not all of these": "nicht alle davon",

  // Options of cards
  Comparison: "Vergleich",
  "At most so many times": "Höchstens so oft",
  "Registered at least (days ago)": "Mindestens registriert seit (Tagen)",
  "Progress below (%)": "Fortschritt unter (%)",
  "Progress at least (%)": "Fortschritt mindestens (%)",
  Below: "Unter",
  Percent: "Prozent",
  "When this step fails": "Wenn dieser Schritt fehlschlägt",
  GA4: "GA4",
  URL: "Adresse (URL)",
  "To@recipient": "An",
  "Sender's name": "Name des Absenders",
  "Reply to": "Antwort an",
  "Plain text": "Nur-Text",
  "When all or any of them": "Bei allen oder irgendeinem",
  Where: "Wobei",
  "Make a payment record": "Zahlungseintrag anlegen",
  "Issue an invoice": "Rechnung ausstellen",
  "It is a pattern (regular expression)": "Es ist ein Muster (regulärer Ausdruck)",
  "Also those who are away already": "Auch wer schon länger fort ist",
  "Map@table": "Zuordnung",

  // What became of a test mail
  "{address} is not a collaborator of this school: tests go only to collaborators.":
    "{address} ist kein Mitarbeiter dieser Schule: Tests gehen nur an Mitarbeiter.",
  "Not sent. {problem}": "Nicht gesendet. {problem}",
  "Sent to {address}.": "An {address} gesendet.",
  "Not sent: this school keeps its mail. What would have left is shown above.":
    "Nicht gesendet: Diese Schule behält ihre E-Mails. Was hinausgegangen wäre, steht oben.",
  "Not sent: mail is not set up. An owner does so in Settings, Connectors.":
    "Nicht gesendet: E-Mail ist nicht eingerichtet. Ein Inhaber tut das unter Einstellungen, Anbindungen.",
  "Not sent: {address} is among the suppressed addresses (Deliveries).":
    "Nicht gesendet: {address} gehört zu den gesperrten Adressen (Zustellungen).",
  "Not sent. The mail service said: {answer}": "Nicht gesendet. Der Mail-Dienst antwortete: {answer}",
};
