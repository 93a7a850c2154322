/** What was done, as pages tell after it. */
export const notices = {
  "Deleted. Its learners' runs have ended; the log of them stays.":
    "Gelöscht. Die Läufe ihrer Teilnehmer sind beendet; das Protokoll bleibt.",
  "Deleted. For an hour you can have it back as it was; until then it does nothing.":
    "Gelöscht. Eine Stunde lang lässt es sich wiederherstellen, wie es war; bis dahin geschieht dadurch nichts.",
  "Restored, as it was.": "Wiederhergestellt, wie es war.",
  "Created, switched off. Look at it, then switch it on.":
    "Angelegt und ausgeschaltet. Sehen Sie sie durch und schalten Sie sie dann ein.",
  "Duplicated. The copy is switched off.": "Dupliziert. Die Kopie ist ausgeschaltet.",
  "Switched on. It sees what happens from now on.": "Eingeschaltet. Sie sieht, was ab jetzt geschieht.",
  "Switched off. Learners who wait in it stay on hold until it is on again.":
    "Ausgeschaltet. Wer darin wartet, bleibt zurückgehalten, bis sie wieder eingeschaltet ist.",
  "Saved. A learner goes through it one at a time from now on.":
    "Gespeichert. Ab jetzt durchläuft ein Teilnehmer sie immer nur einmal gleichzeitig.",
  "The wait is over. The run is on hold all the same: below stands when it goes on.":
    "Das Warten ist vorbei. Der Lauf ist trotzdem zurückgehalten: Unten steht, wann er weitergeht.",
  "It is set to go on from the step that failed, but is on hold: below stands when it goes on.":
    "Er soll ab dem fehlgeschlagenen Schritt weitergehen, ist aber zurückgehalten: Unten steht, wann er weitergeht.",
  "The wait is over; the run went on.": "Das Warten ist vorbei; der Lauf ging weiter.",
  "The run is ended. Nothing more of it happens.": "Der Lauf ist beendet. Es geschieht nichts mehr davon.",
  "The run goes on from the step that failed.": "Der Lauf geht bei dem Schritt weiter, der fehlgeschlagen ist.",
  "Handed over. What becomes of the mail shows here within seconds.":
    "Übergeben. Was aus der E-Mail wird, erscheint hier in wenigen Sekunden.",
  "Sent again. What becomes of it shows here within seconds.":
    "Noch einmal gesendet. Was daraus wird, steht in wenigen Sekunden hier.",
  "Erased: state, runs, waits and personal data in the log.":
    "Unwiderruflich gelöscht: Zustand, Läufe, Warten und personenbezogene Daten im Protokoll.",
  "Merged: they are one learner now.": "Zusammengeführt: Sie sind jetzt ein Teilnehmer.",
  "Started. It continues by itself; you may leave this page.":
    "Begonnen. Es läuft von selbst weiter; Sie können diese Seite verlassen.",
  "Imported. What was new is made, what differed is changed.":
    "Importiert. Was neu war, ist angelegt; was anders war, ist geändert.",
  "Removed.": "Entfernt.",
  "Added.": "Hinzugefügt.",
  "Done for all that were selected.": "Für alle ausgewählten erledigt.",
  "Deleted, all that were selected. They can be brought back for an hour, below the list.":
    "Gelöscht, alle ausgewählten. Eine Stunde lang lassen sie sich wiederherstellen, unter der Liste.",
  "Restored, all of them as they were.": "Wiederhergestellt, alle so, wie sie waren.",
  "Undo all {n} deletions": "Alle {n} Löschungen zurücknehmen",
  "Done, but not for all": "Erledigt, aber nicht für alle",
  "It was done for {n} of {all}. These are as they were:": "Für {n} von {all} erledigt. Diese sind, wie sie waren:",
  "Somebody has deleted it meanwhile.": "Jemand hat sie inzwischen gelöscht.",
  "It is being deleted: undo that first, below the list.":
    "Sie wird gerade gelöscht: Nehmen Sie das zuerst zurück, unter der Liste.",
  "Nothing is done yet: write which label, beside what is to be done.":
    "Noch nichts ist geschehen: Schreiben Sie das Etikett neben das, was geschehen soll.",
  "Nothing is selected: tick the deliveries first.": "Nichts ist ausgewählt: Haken Sie zuerst die Zustellungen an.",
  "{n} delivery is sent again. What becomes of it shows among all deliveries within seconds.":
    "{n} Zustellung wird noch einmal gesendet. Was daraus wird, steht in wenigen Sekunden unter allen Zustellungen.",
  "{n} deliveries are sent again. What becomes of them shows among all deliveries within seconds.":
    "{n} Zustellungen werden noch einmal gesendet. Was daraus wird, steht in wenigen Sekunden unter allen Zustellungen.",
  "Nothing is selected: tick the automations first.": "Nichts ist ausgewählt: Haken Sie zuerst die Automationen an.",
  "Done. What follows from it happens now.": "Erledigt. Was daraus folgt, geschieht jetzt.",
  "Started for this learner.": "Für diesen Teilnehmer gestartet.",
  "Not started: its “Only if”, or how often a learner may enter, keeps this learner out.":
    "Nicht gestartet: Ihr „Nur wenn“, oder wie oft ein Teilnehmer beginnen darf, schließt diesen Teilnehmer aus.",
  "Ended. Nothing more of it happens.": "Beendet. Es geschieht nichts mehr davon.",
  "The clock has moved; all that was due has happened.":
    "Die Uhr wurde vorgestellt; alles, was fällig war, ist geschehen.",
  "There is more to do on the way than fits at once: the clock stopped where everybody is. Move it again to continue.":
    "Unterwegs ist mehr zu tun, als auf einmal geht: Die Uhr hielt dort an, wo alle sind. Stellen Sie sie noch einmal vor, um fortzufahren.",
  "Paused. Events are taken; what would start or go on is held until you let it go on.":
    "Angehalten. Ereignisse werden angenommen; was beginnen oder weiterlaufen würde, wird zurückgehalten, bis Sie es weiterlaufen lassen.",
  "The school goes on. What was held follows within moments.":
    "Die Schule läuft weiter. Was zurückgehalten wurde, folgt gleich.",
  "Suppressed. No mail of the school goes to this address.":
    "Gesperrt. An diese Adresse geht keine E-Mail der Schule mehr.",
  "Mail goes to this address again.": "An diese Adresse gehen wieder E-Mails.",
  "Tried again. What stands here still cannot be used.":
    "Noch einmal versucht. Was noch hier steht, lässt sich nicht verwenden.",
  "A test is on its way. What became of it shows here within seconds.":
    "Ein Test ist unterwegs. Was daraus wurde, steht in wenigen Sekunden hier.",
};
