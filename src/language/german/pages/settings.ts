export const settings = {
  "Audit log": "Änderungsprotokoll",
  "Nothing here": "Nichts da",
  "Every change of a definition or a setting, and what was done by hand, is listed here with who did it.":
    "Hier steht jede Änderung an Definitionen und Einstellungen und was von Hand getan wurde, und von wem.",
  "Only what they did": "Nur, was diese Person getan hat",
  "Only what {who} did is shown.": "Nur, was {who} getan hat, ist zu sehen.",
  "Test clock": "Testuhr",
  "This is a live school: its clock is the real one.": "Diese Schule ist live: Hier gilt die echte Uhr.",
  "Whatever is due by then happens in order: waits, dates, inactivity, ends of trials. Nothing leaves the school.":
    "Was unterwegs fällig wird, geschieht der Reihe nach: Wartezeiten, Termine, Inaktivität, das Ende von Testphasen. Nichts verlässt die Schule.",
  "Or by a duration": "Oder um eine Dauer",
  "Such as 10 days, 3 weeks, 1 year.": "Etwa 10 Tage, 3 Wochen, 1 Jahr.",
  "Move by this": "Um diese Dauer vorstellen",
  "Or to a moment": "Oder bis zu einem Zeitpunkt",
  "Move to it": "Dorthin vorstellen",
  "Ways out to mail, push, analytics and the LMS. Secrets are sealed and never read back.":
    "Wege hinaus zu E-Mail, Push, Analyse und LMS. Geheimnisse werden versiegelt und nie wieder ausgelesen.",
  Way: "Weg",
  "Set up": "Eingerichtet",
  "What it is for": "Wofür",
  "Send a test": "Test senden",
  "A test from Schoolbell": "Ein Test von Schoolbell",
  "<p>A test from Schoolbell: mail leaves as it should.</p>":
    "<p>Ein Test von Schoolbell: E-Mails gehen hinaus, wie sie sollen.</p>",
  "Nothing leaves a school in test mode: try it in a live one.":
    "Aus einer Testschule geht nichts hinaus: Probieren Sie es in einer Live-Schule.",
  Choose: "Wählen",
  "Nothing more goes out this way, and its secrets are forgotten: whoever sets it up again enters them anew.":
    "Auf diesem Weg geht nichts mehr hinaus, und seine Geheimnisse werden vergessen: Wer ihn wieder einrichtet, gibt sie neu ein.",
  "Remove it, with its secrets": "Entfernen, samt Geheimnissen",
  "As the LMS sends it: fields.<key>. It does not change.":
    "Wie ihn das LMS sendet: fields.<Schlüssel>. Er ändert sich nicht mehr.",
  Choices: "Auswahl",
  "For the kind choice, and for a list of which the texts are chosen: one a line.":
    "Für die Art Auswahl und für Listen, deren Texte ausgewählt werden: einer pro Zeile.",
  Category: "Kategorie",
  "Add field": "Feld hinzufügen",
  "Values that learners have stay as they are; new ones are checked by what you save here.":
    "Werte, die Teilnehmer schon haben, bleiben, wie sie sind; neue werden nach dem geprüft, was Sie hier speichern.",
  "No fields declared": "Keine Felder angelegt",
  "A declared field, such as department, has a kind that its values are checked by, and segment rules may name it. Undeclared ones may be sent all the same.":
    "Ein angelegtes Feld, etwa Abteilung, hat eine Art, nach der seine Werte geprüft werden, und kann in Segmentregeln vorkommen. Andere Felder können trotzdem gesendet werden.",
  "New field": "Neues Feld",
  "Of the settings": "Einstellungen",
  "Only an owner may change this.": "Das kann nur ein Inhaber ändern.",
  "Secret keys": "Geheime Schlüssel",
  "All of them, hooks and learners’ browsers together may send {n} requests a minute, each event of a batch counted. Whoever runs Schoolbell can change it.":
    "Sie alle, Hooks und die Browser der Teilnehmer dürfen zusammen {n} Anfragen pro Minute senden, jedes Ereignis eines Stapels gezählt. Wer Schoolbell betreibt, kann das ändern.",
  "Look at the keys": "Schlüssel ansehen",
  "No keys": "Keine Schlüssel",
  "The LMS sends events with a key. It is kept hashed: whoever loses it makes another.":
    "Mit einem Schlüssel sendet das LMS Ereignisse. Er wird nur gehasht gespeichert: Wer ihn verliert, erstellt einen neuen.",
  May: "Darf",
  "Where it is used: LMS, nightly import.": "Wo er benutzt wird: LMS, nächtlicher Import.",
  "What it may do": "Was er darf",
  "Create key": "Schlüssel erstellen",
  "Signing secret": "Signaturgeheimnis",
  "The LMS's backend signs user tokens with it, for events straight from a learner's browser. A new one leaves the old one good for 24 hours.":
    "Damit signiert das Backend des LMS Benutzer-Token für Ereignisse direkt aus dem Browser eines Teilnehmers. Nach einem neuen gilt das alte noch 24 Stunden.",
  "Make a new signing secret": "Neues Signaturgeheimnis erstellen",
  "Webhook secret": "Webhook-Geheimnis",
  "What we call signs itself with it, after Standard Webhooks: whoever is called checks the signature with the same secret. A new one leaves the old one signing beside it for 24 hours.":
    "Damit signieren wir nach Standard Webhooks, was wir aufrufen: Der Aufgerufene prüft die Signatur mit demselben Geheimnis. Nach einem neuen wird noch 24 Stunden auch mit dem alten signiert.",
  "Show the webhook secret": "Webhook-Geheimnis zeigen",
  "Make a new webhook secret": "Neues Webhook-Geheimnis erstellen",
  "Look at the connection": "Verbindung prüfen",
  "The connection": "Die Verbindung",
  Mail: "E-Mail",
  "Used instead of the connector's address. Your mail service must know its domain.":
    "Anstelle der Adresse aus der Anbindung. Der E-Mail-Dienst muss ihre Domain kennen.",
  "Replies go to": "Antworten gehen an",
  Frame: "Rahmen",
  "Address of the logo": "Adresse des Logos",
  Footer: "Fußzeile",
  "The school's signature under every mail": "Signatur der Schule unter jeder E-Mail",
  "As it stands under “School”. A mail that holds it already has it once.":
    "Wie sie unter „Schule“ steht. Eine E-Mail, die sie schon enthält, hat sie nur einmal.",
  "Under every mail, before the links to unsubscribe and to the learner's page.":
    "Unter jeder E-Mail, vor den Links zum Abbestellen und zur Seite des Teilnehmers.",
  "When marketing goes": "Wann Werbung hinausgeht",
  "Transactional mail, which answers what a learner did, is sent at once and does not count. Marketing that has waited for seven days is not sent any more.":
    "Was ein Teilnehmer selbst tut, wird sofort beantwortet: Transaktionale E-Mails warten nicht und zählen nicht mit. Was sieben Tage wartet, wird nicht mehr gesendet.",
  "Quiet from": "Ruhe ab",
  "In the learner's time zone.": "In der Zeitzone des Teilnehmers.",
  "Quiet until": "Ruhe bis",
  "At most so many mails to a learner": "Höchstens so viele E-Mails an einen Teilnehmer",
  "Kinds of mail": "Arten von E-Mails",
  "Kinds of mail that learners can turn off": "Arten, die Teilnehmer abbestellen können",
  "One on each line, such as “Tips and tricks”. Leave what is then put before the colon as it is, also when you rename a kind: learners’ choices go by it.":
    "Eine pro Zeile, etwa „Tipps und Tricks“. Was dann vor dem Doppelpunkt steht, lassen Sie so, auch wenn Sie eine Art umbenennen: Danach richtet sich, was Teilnehmer gewählt haben.",
  "The school is not paused.": "Die Schule ist nicht angehalten.",
  "Pause the school": "Schule anhalten",
  "Let it go on, with what was held": "Weiterlaufen lassen, samt Zurückgehaltenem",
  Pause: "Pause",
  "For the LMS": "Für das LMS",
  "School's id": "ID der Schule",
  "Webhooks inward": "Eingehende Webhooks",
  "Enter the address of the one you use as a webhook there:":
    "Tragen Sie die Adresse des Dienstes, den Sie verwenden, dort als Webhook ein:",
  "Owners, editors and viewers sign in here by email. Other roles sign in nowhere: automations mail them, by role.":
    "Inhaber, Bearbeiter und Betrachter melden sich hier per E-Mail an. Andere Rollen melden sich nirgends an: Automationen schreiben ihnen E-Mails, nach Rolle.",
  "Nobody yet": "Noch niemand",
  "Add yourself first, as owner.": "Fügen Sie zuerst sich selbst hinzu, als Inhaber.",
  "Signs in": "Meldet sich an",
  "Add somebody": "Jemanden hinzufügen",
  "The other role": "Die andere Rolle",
  "Such as sales: an automation can then mail everybody with that role.":
    "Etwa sales: Eine Automation kann dann an role:sales schreiben.",
  "Messages we could not use": "Nachrichten, die wir nicht verwenden konnten",
  "What other systems sent in their own formats and says nothing to us, or could not be what it should be. The sender was answered well; of a message with one odd value the rest was taken. The last messages are kept for 7 days: once a field takes what it did not, try them again.":
    "Was andere Systeme in ihren eigenen Formaten gesendet haben und uns nichts sagt oder nicht sein konnte, was es sein sollte. Der Absender hat eine Bestätigung bekommen; war nur ein Wert ungültig, wurde der Rest übernommen. Die letzten Nachrichten werden 7 Tage aufbewahrt: Sobald ein Feld annimmt, was es nicht annahm, versuchen Sie es noch einmal.",
  "Every message that came in another format could be used.":
    "Jede Nachricht, die in einem anderen Format kam, war verwendbar.",
  Times: "Wie oft",
  "“{name}”: {sentence}": "„{name}“: {sentence}",
  Everything: "Alles",
  "by {who},": "– {who},",
  "Do what is due now": "Jetzt Fälliges erledigen",
  "1 hour on": "1 Stunde vor",
  "1 day on": "1 Tag vor",
  "1 week on": "1 Woche vor",
  "1 month on": "1 Monat vor",
  "It is {moment} in this school until you move the clock.":
    "In dieser Schule ist es {moment}, und das bleibt so, bis Sie die Uhr vorstellen.",
  "Go on to {moment}": "Weiter bis {moment}",
  "Write the moment like 2026-01-31T09:00.": "Schreiben Sie den Zeitpunkt wie 2026-01-31T09:00.",
  "Save: {vendor}": "Speichern: {vendor}",
  text: "Text",
  number: "Zahl",
  boolean: "Ja oder nein",
  choice: "Auswahl",
  list: "Liste",
  "list of texts": "Liste von Texten",
  "What it is shown under. There are: {names}.": "Worunter es gezeigt wird. Es gibt: {names}.",
  "What it is shown under.": "Worunter es gezeigt wird.",
  "Profile fields: {category}": "Profilfelder: {category}",
  "Its key is {key} and cannot be changed.": "Sein Schlüssel ist {key} und bleibt so.",
  "Unused messages": "Ungenutzte Nachrichten",
  "events: send events": "events: Ereignisse senden",
  "read: look at everything": "read: alles ansehen",
  "write: change definitions, learners and what the school says of itself":
    "write: Definitionen, Teilnehmer und die Angaben der Schule über sich ändern",
  "admin: decide who and what gets in or out: collaborators, connectors, secrets, hook keys, origins":
    "admin: entscheiden, wer und was hinein- und hinauskommt: Mitarbeiter, Anbindungen, Geheimnisse, Hook-Schlüssel, Herkünfte",
  "{what}, shown only this once: {secret}": "{what}, nur dieses eine Mal gezeigt: {secret}",
  "Whoever uses this key is refused within seconds. It cannot be brought back.":
    "Wer diesen Schlüssel benutzt, wird nach wenigen Sekunden abgewiesen. Zurückholen lässt er sich nicht.",
  "The key “{name}”": "Der Schlüssel „{name}“",
  "The signing secret": "Das Signaturgeheimnis",
  "✕ {lms} has not received all that changed since {moment}: {message}. What waits is tried again for a day, ever more seldom.":
    "✕ {lms} hat nicht alle Änderungen erhalten, zuerst {moment}: {message}. Was wartet, wird einen Tag lang immer seltener noch einmal versucht.",
  "{lms} knows nothing of these changes; they stay here: {changes}.":
    "{lms} kennt diese Änderungen nicht; sie bleiben hier: {changes}.",
  "an hour": "einer Stunde",
  "a day": "einem Tag",
  "two days": "zwei Tagen",
  "a week": "einer Woche",
  "30 days": "30 Tagen",
  "How the school's mail looks, and when it is sent. The mail service is set up under {connectors}; addresses that get no mail are listed under {suppressed}.":
    "Wie E-Mails aussehen und wann sie hinausgehen. Womit sie hinausgehen, steht unter {connectors}; Adressen, an die keine gehen, unter {suppressed}.",
  "A pause stops what automations do, and nothing else: events are taken and state is kept; segments, syncs and ends of enrolments go on, and the LMS hears of them. What would start, and waits that end, are held, and no message leaves until you let them go on.":
    "Eine Pause hält an, was Automationen tun, und sonst nichts: Ereignisse werden angenommen und der Stand wird geführt; Segmente, Abgleiche und das Ende von Einschreibungen gehen weiter, und das LMS erfährt davon. Was beginnen würde und wessen Warten endet, wird zurückgehalten, und keine Nachricht geht hinaus, bis Sie sie weiterlaufen lassen.",
  "{runs}, and {messages}.": "{runs}, und {messages}.",
  "{n} run is under way": "{n} Lauf ist unterwegs",
  "{n} runs are under way": "{n} Läufe sind unterwegs",
  "{n} message has not left yet": "{n} Nachricht ist noch nicht hinausgegangen",
  "{n} messages have not left yet": "{n} Nachrichten sind noch nicht hinausgegangen",
  "{n} run is held by the pause": "{n} Lauf wird durch die Pause zurückgehalten",
  "{n} runs are held by the pause": "{n} Läufe werden durch die Pause zurückgehalten",
  "{n} message has not left": "{n} Nachricht ist nicht hinausgegangen",
  "{n} messages have not left": "{n} Nachrichten sind nicht hinausgegangen",
  "Where the held runs end, the others and the messages go on all the same.":
    "Wenn die zurückgehaltenen Läufe beendet werden, gehen die anderen und die Nachrichten trotzdem weiter.",
  "Let it go on, but end the held run": "Weiterlaufen lassen, aber den zurückgehaltenen Lauf beenden",
  "Let it go on, but end the {n} held runs": "Weiterlaufen lassen, aber die {n} zurückgehaltenen Läufe beenden",
  "test: nothing leaves it": "Testschule: Nichts verlässt sie",
  "live@mode": "live",
  "owner: everything": "Inhaber: alles",
  "editor: all but settings, keys and collaborators":
    "Bearbeiter: alles außer Einstellungen, Schlüsseln und Mitarbeitern",
  "viewer: looks, changes nothing": "Betrachter: sieht alles, ändert nichts",
  "They are signed out at once, and can no longer sign in here.":
    "Die Person wird sofort abgemeldet und kann sich hier nicht mehr anmelden.",
  "Automations that mail this role no longer reach them.":
    "Automationen, die dieser Rolle schreiben, erreichen sie nicht mehr.",
  "Remove them": "Person entfernen",
  "another role, for mail only": "eine andere Rolle, nur für E-Mails",
  "Kept, not sent: that is what this connector does.": "Aufbewahrt, nicht gesendet: So macht es diese Anbindung.",
  "Sent, and taken ({code}).": "Gesendet und angenommen ({code}).",
  "Sent, and taken.": "Gesendet und angenommen.",
  "Try again": "Noch einmal versuchen",
};
