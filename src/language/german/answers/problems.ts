/** Why the API refuses something, or cannot do it. */
export const problems = {
  "There is no such {missing}.": "Es gibt {missing} nicht.",
  "{n} faults": "{n} Fehler",

  // Titles.
  "The body cannot be read": "Das lässt sich nicht lesen",
  "No good credential": "Keine gültige Anmeldung",
  "The credential does not allow this": "Das ist mit dieser Anmeldung nicht erlaubt",
  "Not there": "Nicht vorhanden",
  "Wrong method": "So lässt sich das nicht aufrufen",
  Conflict: "Das passt nicht zusammen",
  "Not kept any more": "Wird nicht mehr aufbewahrt",
  "A newer version is there": "Es gibt eine neuere Version",
  "Too large": "Zu groß",
  "Unsupported content type": "Dieses Format wird nicht angenommen",
  "The request breaks the schema": "Etwas ist nicht so, wie es sein muss",
  "Too many requests": "Zu viele Anfragen",
  "The LMS does not answer as it should": "Das LMS antwortet nicht, wie es soll",
  "Not to be had now": "Zurzeit nicht verfügbar",

  // The installation.
  "What is kept of this user was stored by a later release than the one that is deployed, and stays as it is: deploy that release again.":
    "Was über diesen Teilnehmer aufbewahrt wird, hat eine neuere Version gespeichert als die, die gerade läuft. Es bleibt, wie es ist: Stellen Sie die neuere Version wieder bereit.",
  "A new release is being deployed, and the one before still looks after this user: it cannot do this. Try again later.":
    "Gerade wird eine neue Version bereitgestellt, und um diesen Teilnehmer kümmert sich noch die alte: Sie kann das nicht. Versuchen Sie es später noch einmal.",
  "Too much at once. Try again later.": "Zu viel auf einmal. Versuchen Sie es später noch einmal.",
  "It did not work this time. Try again.": "Diesmal hat es nicht geklappt. Versuchen Sie es noch einmal.",
  "The database DB does not answer.": "Die Datenbank DB antwortet nicht.",
  "It is logged as {id}. Nothing was half done: try again.":
    "Es ist als {id} protokolliert. Nichts wurde nur halb getan: Versuchen Sie es noch einmal.",
  "A fault of ours": "Ein Fehler bei uns",
  "It is being changed by others. Try again.": "Das wird gerade von anderen geändert. Versuchen Sie es noch einmal.",
  "The school is being changed by others. Try again.":
    "Die Schule wird gerade von anderen geändert. Versuchen Sie es noch einmal.",
  "This was done, but its answer was lost. Look at what is there now.":
    "Das wurde getan, aber die Antwort ging verloren. Sehen Sie nach, was jetzt da ist.",
  "The body is larger than {n} bytes.": "Das ist größer als {n} Bytes.",
  "The body is not UTF-8.": "Das ist nicht in UTF-8 geschrieben.",
  "That charset is not read here: save the file as UTF-8.":
    "Dieser Zeichensatz wird hier nicht gelesen: Speichern Sie die Datei in UTF-8.",

  // Who may do it.
  "The school is suspended.": "Die Schule ist gesperrt.",
  "This takes the role {least} in the school. Ask an owner for it.":
    "Dafür braucht es in der Schule die Rolle {least}. Bitten Sie einen Inhaber darum.",
  "Too many requests with this credential.": "Zu viele Anfragen mit dieser Anmeldung.",
  "Within ten seconds more came than {n} requests, a sixth of the quota of {all} a minute.":
    "In zehn Sekunden kamen mehr als {n} Anfragen, ein Sechstel des Kontingents von {all} pro Minute.",
  "Within ten seconds more came than {n} requests, a sixth of the quota of {all} a minute: what was beyond them was refused, to be sent again.":
    "In zehn Sekunden kamen mehr als {n} Anfragen, ein Sechstel des Kontingents von {all} pro Minute: Was darüber war, wurde abgewiesen und ist noch einmal zu senden.",
  "Within ten seconds the school sent more than four fifths of the {n} requests that its quota of {all} a minute lets through then: what is beyond them is refused, to be sent again.":
    "Die Schule hat in zehn Sekunden mehr als vier Fünftel der {n} Anfragen gesendet, die ihr Kontingent von {all} pro Minute dann zulässt: Was darüber ist, wird abgewiesen und ist noch einmal zu senden.",
  "at most {n}": "höchstens {n}",
  "a whole number": "eine ganze Zahl",
  "nothing counts it here: SCHOOL_LIMIT is not bound": "nichts zählt es hier: SCHOOL_LIMIT ist nicht gebunden",
  "Your own credential lacks the scope {scopes}.": "Ihrer eigenen Anmeldung fehlt das Recht {scopes}.",
  "The key has the scope {scopes}, which your own credential lacks.":
    "Der Schlüssel hat das Recht {scopes}, das Ihrer eigenen Anmeldung fehlt.",
  "takes the scope {scopes}": "braucht das Recht {scopes}",

  // The school.
  "A live school's clock is not moved.": "Die Uhr einer echten Schule wird nicht gestellt.",
  "The clock took too long to move. Move it on from where it stands.":
    "Das Stellen der Uhr hat zu lange gedauert. Stellen Sie sie von da aus weiter, wo sie steht.",
  "The clock is being moved. Try again.": "Die Uhr wird gerade gestellt. Versuchen Sie es noch einmal.",
  "No user answered. Move the clock again.": "Kein Teilnehmer hat geantwortet. Stellen Sie die Uhr noch einmal.",
  "the clock never goes back": "die Uhr geht nie zurück",
  "two years ahead at most": "höchstens zwei Jahre voraus",
  "only a school in test mode has a clock of its own": "nur eine Testschule hat ihre eigene Uhr",
  "a clock of the years 1970 to 2188": "eine Uhr der Jahre 1970 bis 2188",
  "only Cloudflare keeps data in the jurisdiction of one's choice, the local runtime does not":
    "nur Cloudflare hält Daten in einem bestimmten Rechtsraum, die lokale Laufzeit nicht",
  "no database is bound as {name}: docs/guides/operating.md, “One jurisdiction”, has how":
    "keine Datenbank ist als {name} gebunden: wie, steht in docs/guides/operating.md, „One jurisdiction“",
  "fixed when a school is made: make another school":
    "steht fest, seit die Schule angelegt wurde: Legen Sie eine andere an",
  '"main", or the number of a database bound as LOG_<number>, of this school: {names}':
    "„main“ oder die Nummer einer Datenbank, die als LOG_<number> gebunden ist, für diese Schule: {names}",
  "what stands behind LOG_ in the name of a database bound as {name}, of this school: {names}":
    "was hinter LOG_ im Namen einer Datenbank steht, die als {name} gebunden ist, für diese Schule: {names}",
  "There is a school of this id.": "Eine Schule mit dieser ID gibt es schon.",
  "A school of this id was deleted; the id is free again from {date} on.":
    "Eine Schule mit dieser ID wurde gelöscht; die ID ist ab {date} wieder frei.",
  "a dry run counts what a pause, or its end, is about":
    "ein Probelauf zählt, worum es bei einem Anhalten oder dessen Ende geht",
  "Nothing leaves a school in test mode: settings.connectors.webhook.send_in_test.":
    "Eine Testschule verlässt nichts: settings.connectors.webhook.send_in_test.",
  "no release that was at work could read it": "keine der laufenden Versionen konnte es lesen",
  "The message could not be read, so nothing of it was kept that could be tried again.":
    "Die Nachricht war nicht lesbar. Nichts davon wurde aufbewahrt, was sich noch einmal versuchen ließe.",

  // Learners.
  "The user is just being merged into another.": "Der Teilnehmer wird gerade mit einem anderen zusammengeführt.",
  "a lead takes nobody in": "mit jemandem, von dem nur die E-Mail-Adresse bekannt ist, wird niemand zusammengeführt",
  "a user cannot be merged into itself": "niemand wird mit sich selbst zusammengeführt",
  "Nobody is there: who was erased is not brought back.":
    "Da ist niemand: Wer gelöscht wurde, wird nicht zurückgeholt.",
  "This runtime keeps no past of objects: only Cloudflare's own does.":
    "Diese Umgebung bewahrt keine früheren Stände auf: Das tut nur Cloudflare selbst.",
  "This event id was used with another body.": "Diese ID eines Ereignisses wurde schon mit anderem Inhalt gesendet.",
  "An event has at most 64 KiB.": "Ein Ereignis hat höchstens 64 KiB.",
  "No answer came. Send it again.": "Es kam keine Antwort. Senden Sie es noch einmal.",
  "a user has at most {n} {limited}": "ein Teilnehmer hat höchstens {n} {limited}",

  // Segments, their syncs, rules and groups.
  "There is a segment of this id.": "Ein Segment mit dieser ID gibt es schon.",
  "The members of a deleted segment of this id are still being taken out.":
    "Die Mitglieder eines gelöschten Segments mit dieser ID werden noch herausgenommen.",
  "The sync {name} uses this segment.": "Der Abgleich {name} verwendet dieses Segment.",
  "The segment is managed: its members follow its rules.":
    "Die Mitglieder dieses Segments bestimmen seine Regeln, nicht Sie von Hand.",
  "The members of this segment are kept by hand: it has none to follow.":
    "Die Mitglieder dieses Segments werden von Hand geführt: Es folgt keinen Regeln.",
  "The segment is synced with this course in this role already.":
    "Das Segment wird mit diesem Kurs in dieser Rolle schon abgeglichen.",
  "The segment is synced with this group of the course already.":
    "Das Segment wird mit dieser Gruppe des Kurses schon abgeglichen.",
  "There is a field of this key.": "Ein Feld mit diesem Schlüssel gibt es schon.",
  "A rule of the segment {name} uses this field.": "Eine Regel des Segments {name} verwendet dieses Feld.",
  "Rules of segments use this field: {quoted} and {n} more.":
    "Regeln von Segmenten verwenden dieses Feld: {quoted} und {n} weitere.",
  "Rules of segments use this field: {names}.": "Regeln von Segmenten verwenden dieses Feld: {names}.",
  "The auto groups of the course {name} use this field.":
    "Die automatischen Gruppen des Kurses {name} verwenden dieses Feld.",
  "The auto groups of the courses {quoted} and {n} more use this field.":
    "Die automatischen Gruppen der Kurse {quoted} und {n} weiterer verwenden dieses Feld.",
  "The auto groups of the courses {names} use this field.":
    "Die automatischen Gruppen der Kurse {names} verwenden dieses Feld.",
  "The members of the course are grouped by this field already.":
    "Die Teilnehmer des Kurses werden nach diesem Feld schon in Gruppen eingeteilt.",
  "The course has an enrolment method with this key.": "Der Kurs hat schon einen solchen Einschreibeschlüssel.",
  "The time to enrol by this key is over.": "Die Zeit, sich mit diesem Schlüssel einzuschreiben, ist vorbei.",
  "Too many wrong keys.": "Zu viele falsche Schlüssel.",
  "No key of this course.": "Kein Schlüssel dieses Kurses.",
  "No place is left by this key.": "Mit diesem Schlüssel ist kein Platz mehr frei.",
  "The automation {name} names this {named}.": "Die Automation {name} nennt {named}.",
  "The automations {quoted} and {n} more name this {named}.":
    "Die Automationen {quoted} und {n} weitere nennen {named}.",
  "The automations {names} name this {named}.": "Die Automationen {names} nennen {named}.",

  // Evidence packs and jobs.
  "No EVIDENCE_KEY is set: evidence packs cannot be signed, so none is made.":
    "Es ist kein EVIDENCE_KEY gesetzt: Nachweispakete lassen sich nicht signieren, deshalb entsteht keines.",
  "Whoever runs this installation sets it.": "Ihn setzt, wer diese Installation betreibt.",
  "it must be after `from`": "das muss nach dem Beginn liegen",
  "it is still ahead": "das liegt noch in der Zukunft",
  "The pack is still being made: ask again when its job is done.":
    "Das Paket entsteht noch: Fragen Sie wieder, wenn sein Auftrag fertig ist.",
  "The pack was not made to the end: make it anew.":
    "Das Paket wurde nicht fertig: Lassen Sie es noch einmal erstellen.",
  "one of course, segment and automation": "entweder Kurs, Segment oder Automation",
  "The job has ended already.": "Der Auftrag ist schon zu Ende.",
  "What this job takes away is gone already: it goes on to the end.":
    "Was dieser Auftrag entfernt, ist schon weg: Er läuft bis zum Ende weiter.",

  // The LMS.
  "No LMS is chosen in settings.connectors.lms, so there is none to reach.":
    "Unter settings.connectors.lms ist kein LMS gewählt, also ist keines zu erreichen.",
  "{said}: connect Moodle or LearnWorlds (settings.connectors.lms) to read from it.":
    "{said}: Binden Sie Moodle oder LearnWorlds an (settings.connectors.lms), um daraus zu lesen.",
  "{lms} tells us nothing": "{lms} sagt uns nichts",
  "no LMS is connected": "Es ist kein LMS angebunden",
  "The course has too many people to be compared while you wait: {how}.":
    "Der Kurs hat zu viele Teilnehmer, um ihn sofort zu vergleichen: Vergleichen Sie ihn mit einem Auftrag ({how}).",
  "The LMS named nobody in this course: nothing is changed by an empty answer.":
    "Das LMS hat in diesem Kurs niemanden genannt: Auf eine leere Antwort hin wird nichts geändert.",
  "It would un-enrol {n} of {all} in the LMS, and nothing was changed: say so by {how}.":
    "Das würde {n} von {all} im LMS austragen, und es wurde nichts geändert: Bestätigen Sie die Zahl ({how}).",
};
