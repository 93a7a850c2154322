/** Before an automation is switched on, and what may be wrong with it. */
export const switchingOn = {
  "{n} learner is enrolled in {name} already. It starts for that one only if you say so.":
    "{n} Teilnehmer ist schon in {name} eingeschrieben. Für ihn startet sie nur, wenn Sie es sagen.",
  "{n} learners are enrolled in {name} already. It starts for them only if you say so.":
    "{n} Teilnehmer sind schon in {name} eingeschrieben. Für sie startet die Automation nur, wenn Sie es sagen.",
  "{n} learner has the tag {name} already. It starts for that one only if you say so.":
    "{n} Teilnehmer hat das Schlagwort {name} schon. Für ihn startet sie nur, wenn Sie es sagen.",
  "{n} learners have the tag {name} already. It starts for them only if you say so.":
    "{n} Teilnehmer haben das Schlagwort {name} schon. Für sie startet die Automation nur, wenn Sie es sagen.",
  "{n} learner is in the segment {name} already. It starts for that one only if you say so.":
    "{n} Teilnehmer ist schon im Segment {name}. Für ihn startet sie nur, wenn Sie es sagen.",
  "{n} learners are in the segment {name} already. It starts for them only if you say so.":
    "{n} Teilnehmer sind schon im Segment {name}. Für sie startet die Automation nur, wenn Sie es sagen.",
  "○ This is a test school: what it sends is kept, and reaches nobody.":
    "○ Dies ist eine Testschule: Was die Automation sendet, wird aufbewahrt und erreicht niemanden.",
  "Set it up": "Einrichten",
  "✓ What it sends has a way out.": "✓ Was sie sendet, kann hinausgehen.",
  "Before you switch it on": "Bevor Sie sie einschalten",
  "One thing needs a look: see above.": "Eines sollten Sie sich ansehen: siehe oben.",
  "{n} things need a look: see above.": "{n} Dinge sollten Sie sich ansehen: siehe oben.",
  "✓ Nothing stands in its way.": "✓ Nichts spricht dagegen.",
  "Switch on, and start it for that learner": "Einschalten und für diesen Teilnehmer starten",
  "Switch on, and start it for them": "Einschalten und für sie starten",
  "Try it first": "Zuerst ausprobieren",
  "It starts at once for the learners for whom it is so already: what it sends them is kept, too.":
    "Sie startet sofort für die Teilnehmer, für die es schon so ist: Auch was sie ihnen sendet, wird aufbewahrt.",
  "Switch on all the same?": "Trotzdem einschalten?",
  "This school is live. Once it is switched on, nobody gets what these send until that is set up:":
    "Diese Schule ist live. Nach dem Einschalten bekommt niemand, was diese Automationen senden, bis das eingerichtet ist:",
  "(nothing it sends is affected)": "(sendet nichts, was nicht hinausgehen kann)",
  "What is kept meanwhile can be sent afterwards, if you ask for it.":
    "Was so lange aufbewahrt wird, lässt sich danach senden, wenn Sie es wünschen.",
  "Set it up first": "Zuerst einrichten",
  "Switch on all the same": "Trotzdem einschalten",
  "Leave it off": "Ausgeschaltet lassen",
  // Warnings.
  "stopped: too many failures": "angehalten: zu viele Fehler",
  "Stopped: too many of its steps failed. Correct what fails and switch it on again.":
    "Angehalten: Zu viele ihrer Schritte sind fehlgeschlagen. Beheben Sie den Fehler, und schalten Sie sie wieder ein.",
  "This automation may start itself again, in a circle":
    "Diese Automation startet sich vielleicht selbst wieder, im Kreis",
  "another one undoes what it does": "eine andere macht rückgängig, was sie tut",
  "may start itself again": "startet sich vielleicht selbst wieder",
  "A step that changes who is in a segment always fails where the segment follows its rules":
    "Ein Schritt, der ändert, wer in einem Segment ist, schlägt immer fehl, wo das Segment seinen Regeln folgt",
  "a step changes a segment that follows its rules": "ein Schritt ändert ein Segment, das seinen Regeln folgt",
  ": {segment}": ": {segment}",
  "a step is never reached": "ein Schritt wird nie erreicht",
  "names something not seen yet": "nennt etwas noch nie Gesehenes",
  "names something deleted": "nennt etwas Gelöschtes",
  "waits for a date that is not there": "wartet auf ein Datum, das es nicht gibt",
  "a text names what there is not": "ein Text nennt, was es nicht gibt",
  "listens to another event than is sent": "wartet auf ein anderes Ereignis, als gesendet wird",
  "may overlap for one learner": "läuft vielleicht mehrfach zugleich für einen Teilnehmer",
  "the LMS cannot do a step": "das LMS kann einen Schritt nicht",
  "a message is empty": "eine Nachricht ist leer",
  "some of it would be dropped": "etwas davon ginge verloren",
  "sending is not set up": "das Senden ist nicht eingerichtet",
  "a very long wait": "ein sehr langes Warten",
  " with {automation}": " mit {automation}",
  ", by way of the segment {segment}": ", auf dem Weg über das Segment {segment}",
  "A learner who is in it already does not start again before that run has ended.":
    "Wer schon darin ist, beginnt nicht noch einmal, bevor dieser Lauf beendet ist.",
};
