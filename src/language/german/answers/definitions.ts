/** Automations, their runs, imports of definitions and what is held: why something is refused. */
export const definitions = {
  "The automation was changed since you read it.": "Die Automation wurde geändert, seit Sie sie geöffnet haben.",
  "The automation: {said}.": "Die Automation: {said}.",
  "a definition has at most 256 KiB": "eine Definition hat höchstens 256 KiB",
  "The automation has not stopped itself.": "Die Automation hat sich nicht selbst angehalten.",
  "The automation is inactive.": "Die Automation ist ausgeschaltet.",
  "It is {n} by now: look at who they are, and say that count.":
    "Inzwischen sind es {n}: Sehen Sie nach, wer es ist, und bestätigen Sie diese Zahl.",
  "{said} would be {n} MiB; {most} are the most, each value counted with {more} bytes beside its text.":
    "{said} hätten {n} MiB; höchstens {most} sind erlaubt, jeder Wert mit {more} Bytes neben seinem Text gezählt.",
  "The school's automations": "Die Automationen der Schule",
  "The definitions": "Die Definitionen",
  "a label has at most 64 characters": "ein Etikett hat höchstens 64 Zeichen",
  "the same label twice": "zweimal dasselbe Etikett",
  "which label": "welches Etikett",
  "not the address of a collaborator of the school": "keine Adresse eines Mitarbeiters der Schule",
  "there is no fact {type}": "die Tatsache {type} gibt es nicht",
  "there is no event {type}": "das Ereignis {type} gibt es nicht",

  // Runs.
  "The run has ended.": "Der Lauf ist zu Ende.",
  "The run waits for nothing.": "Der Lauf wartet auf nichts.",
  "The run did not fail.": "Der Lauf ist nicht fehlgeschlagen.",
  "Its automation is deleted.": "Seine Automation ist gelöscht.",
  "Its failed step is not there any more.": "Seinen fehlgeschlagenen Schritt gibt es nicht mehr.",
  "It goes on already, or its user has as many live runs as one may.":
    "Er läuft schon weiter, oder sein Teilnehmer hat so viele laufende Läufe, wie erlaubt sind.",
  "No record of the run is kept any more: what it gave is not known.":
    "Von dem Lauf ist nichts mehr aufbewahrt: Was er vergeben hat, ist nicht bekannt.",
  "Its user is being merged into another: ask again in a while, the run goes along.":
    "Sein Teilnehmer wird gerade mit einem anderen zusammengeführt: Fragen Sie später noch einmal, der Lauf geht mit.",
  "The run is not there.": "Der Lauf ist nicht da.",
  "is before {date}, from when on the log is kept": "liegt vor {date}, seit wann das Protokoll aufbewahrt wird",

  // Deliveries.
  "The delivery is {status}.": "Die Zustellung ist {status}.",
  "The mail waits until {date}: {hold}.": "Die E-Mail wartet bis {date}: {hold}.",
  "The run was undone: it does not go on.": "Der Lauf wurde rückgängig gemacht: Er geht nicht weiter.",
  "The run that made it was undone: it is sent no more.":
    "Der Lauf, von dem sie stammt, wurde rückgängig gemacht: Sie wird nicht mehr gesendet.",
  "The delivery is on its way.": "Die Zustellung ist unterwegs.",
  "A later change of the same thing has been made: this one would undo it.":
    "Dasselbe wurde später noch einmal geändert: Diese Zustellung würde das rückgängig machen.",
  'It was kept on {date}, over 7 days ago. "old": true sends it all the same.':
    'Sie wird seit {date} aufbewahrt, seit über 7 Tagen. "old": true sendet sie trotzdem.',
  'The oldest of them was kept on {date}, over 7 days ago. "old": true sends them all the same.':
    'Die älteste davon wird seit {date} aufbewahrt, seit über 7 Tagen. "old": true sendet sie trotzdem.',
  "over {n} ended so: name a shorter time with from and to": "es sind über {n}: wählen Sie einen kürzeren Zeitraum",
  "They are {n} by now, not {count}.": "Inzwischen sind es {n}, nicht {count}.",

  // Imports.
  "It would come to something else by now than the plan says. Make the plan anew.":
    "Inzwischen käme etwas anderes heraus, als der Plan sagt. Erstellen Sie den Plan neu.",
  "Something of it was changed at the same time. Try again.":
    "Etwas davon wurde gleichzeitig geändert. Versuchen Sie es noch einmal.",
  "the {what} {name} is to be deleted": "{what} {name} soll gelöscht werden",
  "there is no {what} {name}": "{what} {name} gibt es nicht",
  "stands here twice": "steht hier zweimal",
  "every user has this attribute already": "dieses Merkmal hat jeder Teilnehmer schon",
  "stays as it is: make another with an id of its own": "bleibt, wie es ist: legen Sie ein weiteres mit eigener ID an",
  "there is one for this already": "dafür gibt es schon eines",
  "What would go is in use: {said}.": "Was entfernt würde, wird noch verwendet: {said}.",
  "the {what} {quoted}": "{what} {quoted}",
  "the sync {name} uses the segment {segment}": "der Abgleich {name} verwendet das Segment {segment}",
  "the rule {rule} uses the field {field}": "die Regel {rule} verwendet das Feld {field}",
  "the auto group {group} uses the field {field}": "die automatische Gruppe {group} verwendet das Feld {field}",
  "the automation {name} names the {what} {id}": "die Automation {name} nennt {what} {id}",
  "and {n} more": "und {n} weitere",
  "The place of what goes is taken until it is deleted: {said}. Restore it, or delete it at once.":
    "Der Platz dessen, was gelöscht werden soll, ist bis dahin belegt: {said}. Stellen Sie es wieder her, oder löschen Sie es sofort.",
  "{n} segments, syncs and auto groups would go, and at once only {most} may":
    "{n} Segmente, Abgleiche und automatische Gruppen würden entfernt, auf einmal sind nur {most} erlaubt",
  "to prune takes the plan of a dry run": "zum Entfernen braucht es den Plan eines Probelaufs",

  // What is held.
  "Deleted without `hold` it is at once.": "Ohne `hold` wird sofort gelöscht.",
  "The {held} {name} is to be deleted at {date}: restore it first.":
    "{held} {name} soll am {date} gelöscht werden: zuerst wiederherstellen.",
  "The {held} {name} is to be deleted: restore it first.":
    "{held} {name} soll gelöscht werden: zuerst wiederherstellen.",
  "The {held} {name} is not to be deleted.": "{held} {name} soll nicht gelöscht werden.",
  "The {held} is not to be deleted any more.": "{held} soll nicht mehr gelöscht werden.",
  "{duration} at most, and longer than nothing": "höchstens {duration}, und länger als gar nicht",
};
