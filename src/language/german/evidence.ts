/* The cover of an evidence pack: a file for whoever it is shown to. */
export const evidence = {
  "Evidence: the course {id}": "Nachweis: der Kurs {id}",
  "Evidence: the segment {id}": "Nachweis: das Segment {id}",
  "Evidence: the automation {id}": "Nachweis: die Automation {id}",
  "Enrolled by": "Eingeschrieben durch",
  "Valid until": "Gültig bis",
  Left: "Verlassen",
  "Member from": "Mitglied von",
  "Member until": "Mitglied bis",
  "an automation@cause": "eine Automation",
  "the learner@cause": "den Teilnehmer selbst",
  "an event@cause": "ein Ereignis",
  "a segment’s rule": "die Regel eines Segments",
  "a segment’s sync": "den Abgleich eines Segments",
  "an auto group": "eine automatische Gruppe",
  "a bundle": "ein Paket",
  "an import@cause": "einen Import",
  "someone at the school": "jemanden an der Schule",
  "matching with the LMS": "das Angleichen mit dem LMS",
  "a merge of two records": "das Zusammenführen zweier Datensätze",
  "an undo@cause": "das Zurücknehmen",
  "the passing of time": "den Ablauf der Zeit",
  "School: {school}": "Schule: {school}",
  "From {from} until before {to}": "Vom {from} bis vor dem {to}",
  "Made: {time}. Times on this page are those of the school’s zone, {zone}; those in the files are UTC.":
    "Erstellt: {time}. Zeiten auf dieser Seite sind die der Zeitzone der Schule, {zone}; die in den Dateien sind UTC.",
  "Names and addresses are those of when it was made, whatever they were in the time it is about.":
    "Namen und Adressen sind die vom Zeitpunkt der Erstellung, wie auch immer sie in der Zeit lauteten, um die es geht.",
  "Learners: {n}": "Teilnehmer: {n}",
  "Messages to them: {n}": "Nachrichten an sie: {n}",
  "Erased at their wish since: {n}; of them only a pseudonym is left":
    "Seither auf Wunsch gelöscht: {n}; von ihnen bleibt nur ein Pseudonym",
  "each learner and course: enrolled, left, completed, certified, when and by what":
    "jeder Teilnehmer und Kurs: eingeschrieben, verlassen, abgeschlossen, zertifiziert, wann und wodurch",
  "each thing that happened in the time, and what brought it about":
    "alles, was in der Zeit geschah, und was es ausgelöst hat",
  "each message to a learner, by which step, and what became of it; not what it said":
    "jede Nachricht an einen Teilnehmer, durch welchen Schritt, und was aus ihr wurde; nicht, was darin stand",
  "each time a learner went through the automation, where this is about one":
    "jeder Lauf eines Teilnehmers durch die Automation, wo es um eine geht",
  "who was in it and was erased since, by a pseudonym, and when; and who may have been, where that is not known any more":
    "wer darin stand und seither gelöscht wurde, als Pseudonym, und wann; und wer darin gestanden haben kann, wo sich das nicht mehr sagen lässt",
  "automations, segments, rules and syncs as they stood in that time":
    "Automationen, Segmente, Regeln und Abgleiche, wie sie in der Zeit galten",
  "the SHA-256 of each file": "der SHA-256-Wert jeder Datei",
  "the signature over the manifest": "die Signatur darüber",
  "{whole}: what was before is kept no longer, or not all of it.":
    "{whole}: Was davor war, ist nicht mehr aufbewahrt oder nicht vollständig.",
  "Whole from {time} on": "Vollständig ab {time}",
  "Not in it, as they could not be read: {learners}": "Nicht enthalten, da nicht lesbar: {learners}",
  "What is in it": "Was darin ist",
  "To check that nothing was changed": "Prüfen, dass nichts geändert wurde",
  "Run {command} on the zip as it came. KEYS is the file of public keys that the manifest’s {entry} names: whoever holds it needs no connection.":
    "{command} auf die ZIP-Datei anwenden, so wie sie ankam. KEYS ist die Datei der öffentlichen Schlüssel, die im Manifest unter {entry} genannt ist: Wer sie hat, braucht keine Verbindung.",
  "The first of the learners; all of them are in people.csv": "Die ersten Teilnehmer; alle stehen in people.csv",
  "Automations in force": "Automationen, die galten",
  "(deleted since)": "(seither gelöscht)",
  "None was.": "Keine.",
};
