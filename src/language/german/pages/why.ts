/** Why an automation ran for a learner or did not, and what comes next. */
export const why = {
  "Why did it run for a learner, or why not? See what decided, for each of their recent events.":
    "Warum lief sie für einen Teilnehmer, oder warum nicht? Sehen Sie für jedes seiner letzten Ereignisse, was entschied.",
  "{one} or {other}": "{one} oder {other}",
  "{one}, and {other}@never": "{one} oder {other}",
  // The answer. What happens stands as it is told of a learner: “wird in JavaScript 101 eingeschrieben”.
  "{name} {did}": "{name} {did}",
  "{name} {never}.": "Noch nie geschehen: {name} {never}.",
  "It starts once they {do}; or start it for them by hand.":
    "Die Automation startet, sobald das geschieht: Der Teilnehmer {do}. Oder starten Sie sie von Hand für ihn.",
  "{name} {did} before it could start: before it was switched on, or before what is on record.":
    "{name} {did}: Das war, bevor die Automation starten konnte, nämlich vor dem Einschalten oder vor allem, was aufgezeichnet ist.",
  "It sees what happens while it is on. You can start it for them by hand.":
    "Die Automation sieht, was geschieht, solange sie eingeschaltet ist. Sie können sie von Hand für ihn starten.",
  "{name} was last seen {when}; it starts after {n} day away.":
    "{name} war zuletzt da: {when}. Die Automation startet nach {n} Tag Abwesenheit.",
  "{name} was last seen {when}; it starts after {n} days away.":
    "{name} war zuletzt da: {when}. Die Automation startet nach {n} Tagen Abwesenheit.",
  "It starts {when}, if nothing is seen of them until then.":
    "Die Automation startet {when}, falls der Teilnehmer bis dahin nicht wieder da ist.",
  "Whoever was away as long before it was switched on is left alone, unless it is told to include them.":
    "Wer schon vor dem Einschalten so lange weg war, bleibt in Ruhe, außer sie soll auch solche einbeziehen.",
  "Start it for {name}": "Für {name} starten",
  "It ran: {happened} {when}.": "Die Automation lief. Es geschah: {happened} ({when}).",
  "The school was paused: the run goes on, or ends, with the pause.":
    "Die Schule war angehalten: Der Lauf geht mit dem Ende der Pause weiter oder endet dann.",
  "Nothing stood in its way.": "Nichts hielt sie auf.",
  "See the run": "Lauf ansehen",
  "{happened}, but “only if” was not met: it asks that they {are}, and {name} had {seen}.":
    "Es geschah: {happened}, aber „Nur wenn“ hielt die Automation auf. Verlangt wird: Der Teilnehmer {are}. {name} hatte: {seen}.",
  "Change that, and it starts next time; or change “only if”.":
    "Sorgen Sie dafür, dann startet sie beim nächsten Mal; oder ändern Sie „Nur wenn“.",
  "To {name}": "Zu {name}",
  "To its switch": "Zu ihrem Schalter",
  "{happened}, but it was off then.": "Es geschah: {happened}, aber da war die Automation ausgeschaltet.",
  "It is on now: it starts next time.": "Jetzt ist sie eingeschaltet und startet beim nächsten Mal.",
  "{happened}, but it was off.": "Es geschah: {happened}, aber die Automation war ausgeschaltet.",
  "Switch it on: it starts next time.": "Schalten Sie sie ein, dann startet sie beim nächsten Mal.",
  "{happened}, but there was no such automation then.":
    "Es geschah: {happened}, aber da gab es diese Automation nicht.",
  "It sees what happens since it was made; you can start it for them by hand.":
    "Sie sieht, was geschieht, seit es sie gibt; von Hand können Sie sie für ihn starten.",
  "{happened}, but by an import, a merge or a bulk change, which start nothing.":
    "Es geschah: {happened}, aber durch einen Import, eine Zusammenführung oder eine Massenänderung; die starten nichts.",
  "Import with “start automations” ticked, or start it for them by hand.":
    "Importieren Sie mit einem Haken bei „Automationen starten“, oder starten Sie sie von Hand für ihn.",
  "{happened}, but more than a day before it was switched on.":
    "Es geschah: {happened}, aber mehr als einen Tag, bevor die Automation eingeschaltet wurde.",
  "Start it for them by hand.": "Starten Sie sie von Hand für ihn.",
  "{happened}, but a run of its own had brought that about.":
    "Es geschah: {happened}, aber das hatte ein Lauf dieser Automation bewirkt.",
  "It would have gone round in a circle, so it does not start.": "Sie wäre im Kreis gelaufen: Das bleibt so.",
  "{happened}, but a run was under way already.": "Es geschah: {happened}, aber ein Lauf war schon unterwegs.",
  "Let it start more than one at a time, under Options.":
    "Lassen Sie unter „Optionen“ mehr als einen Lauf zugleich zu.",
  "{happened}, but it had run for them before.":
    "Es geschah: {happened}, aber die Automation war für diesen Teilnehmer schon gelaufen.",
  "Let it start more than once for a learner, under Options.":
    "Lassen Sie sie unter „Optionen“ mehr als einmal für einen Teilnehmer starten.",
  "{happened}, but it had run for them a short while ago.":
    "Es geschah: {happened}, aber die Automation war für diesen Teilnehmer erst vor Kurzem gelaufen.",
  "Shorten the pause between two starts, under Options.":
    "Verkürzen Sie unter „Optionen“ die Pause zwischen zwei Starts.",
  "{happened}, but it had started as often as it may.":
    "Es geschah: {happened}, aber die Automation war schon so oft gestartet, wie sie darf.",
  "Raise how often it may start, under Options.": "Erhöhen Sie unter „Optionen“, wie oft sie starten darf.",
  "{happened}, but it did not start.": "Es geschah: {happened}, aber die Automation startete nicht.",
  "See below what decided.": "Was entschied, sehen Sie unten.",
  // Of one that is deleted.
  "{name} (deleted)": "{name} (gelöscht)",
  "It is deleted. What it did then is told by the versions that are kept of it.":
    "Sie ist gelöscht. Was sie damals tat, sagen die Versionen, die von ihr aufbewahrt werden.",
  "It is deleted: nothing starts it any more.": "Sie ist gelöscht: Nichts startet sie mehr.",
  "{happened}, but it was off then, or about to be deleted.":
    "Es geschah: {happened}, aber die Automation war da ausgeschaltet oder sollte schon gelöscht werden.",
  "it was off, or about to be deleted": "sie war ausgeschaltet oder sollte schon gelöscht werden",
  // What decided each time.
  "What decided each time": "Was jedes Mal entschied",
  held: "zurückgehalten",
  ran: "lief",
  "✓ it listens to this": "✓ sie hört darauf",
  "it listened to something else": "sie hörte auf etwas anderes",
  "it was off": "sie war ausgeschaltet",
  "there was no such automation then": "da gab es diese Automation nicht",
  "It sees what happens since it was made.": "Sie sieht, was geschieht, seit es sie gibt.",
  "the change came with an import, a merge or a bulk change":
    "die Änderung kam mit einem Import, einer Zusammenführung oder einer Massenänderung",
  "Imports, first syncs and bulk changes start nothing unless somebody asks for it.":
    "Importe, erste Abgleiche und Massenänderungen starten nichts, außer jemand verlangt es.",
  "it had happened before": "es war schon vorher geschehen",
  "it would have gone round in a circle": "sie wäre im Kreis gelaufen",
  "A run of its own had brought this about.": "Das hatte einer ihrer Läufe bewirkt.",
  "a run was under way already": "ein Lauf war schon unterwegs",
  "Re-entry allows one at a time.": "Der Wiedereintritt erlaubt nur einen zugleich.",
  "it had run before": "sie war schon einmal gelaufen",
  "Re-entry allows one run for each learner.": "Der Wiedereintritt erlaubt einen Lauf je Teilnehmer.",
  "it had run a short while ago": "sie war erst vor Kurzem gelaufen",
  "The pause between two starts was not over.": "Die Pause zwischen zwei Starts war noch nicht um.",
  "it had started as often as it may": "sie war schon so oft gestartet, wie sie darf",
  "Its limit of starts, or 500 runs of the learner under way.":
    "Ihre Höchstzahl an Starts, oder 500 Läufe des Teilnehmers unterwegs.",
  "“only if” was not met": "„Nur wenn“ war nicht erfüllt",
  "It starts when a learner {happens}.": "Die Automation startet, wenn das geschieht: Ein Teilnehmer {happens}.",
  "At that time it started when a learner {happens}. It saw: {seen}.":
    "Damals startete sie, wenn das geschah: Ein Teilnehmer {happens}. Sie sah: {seen}.",
  "The school was paused: it goes on, or ends, with the pause.":
    "Die Schule war angehalten: Er geht mit dem Ende der Pause weiter oder endet dann.",
  "At that time it started when a learner {happens}.":
    "Damals startete sie, wenn das geschah: Ein Teilnehmer {happens}.",
  "It asked that they {are}. This learner had: {seen}.": "Verlangt war: Der Teilnehmer {are}. Dieser hatte: {seen}.",
  "Nothing that is on record of {learner} starts “{automation}”.":
    "Nichts, was von {learner} aufgezeichnet ist, startet „{automation}“.",
  "{n} other thing happened that does not start it": "{n} anderes Ereignis, das sie nicht startet",
  "{n} other things happened that do not start it": "{n} andere Ereignisse, die sie nicht starten",
  "What happened before {when} is not on record any more.":
    "Was vor diesem Zeitpunkt geschah, ist nicht mehr aufgezeichnet: {when}.",
  // What comes next.
  "What comes next": "Was als Nächstes kommt",
  "Last visit {when}": "Letzter Besuch {when}",
  "No visit so far; here since {when}": "Bisher kein Besuch; hier seit {when}",
  "No visit so far; enrolled {when}": "Bisher kein Besuch; eingeschrieben {when}",
  "The trial ends {when}": "Die Testphase endet {when}",
  "The date is {when}": "Das Datum ist {when}",
  "; it would not start: it has started for this already.": "; sie würde nicht starten: Sie ist dafür schon gestartet.",
  "; it would not start: that was over when it was switched on, or when we heard of it.":
    "; sie würde nicht starten: Das war schon vorbei, als sie eingeschaltet wurde oder als wir davon erfuhren.",
  "; it would not start: it is off.": "; sie würde nicht starten: Sie ist ausgeschaltet.",
  "; it would not start: it is to be deleted.": "; sie würde nicht starten: Sie soll gelöscht werden.",
  "; it would start {when}.": "; sie würde starten ({when}).",
  "A run": "Ein Lauf",
  "{run} waits that the learner {happens}": "{run} wartet auf dies: Der Teilnehmer {happens}",
  "{run} waits": "{run} wartet",
  ", until {when} at the latest": ", Ende spätestens {when}",
  ", and is held: the school is paused": ", und ist zurückgehalten: Die Schule ist angehalten",
  "; after that it is held: the school is paused": "; danach wird er zurückgehalten: Die Schule ist angehalten",
  ", and is held: the automation is off": ", und ist zurückgehalten: Die Automation ist ausgeschaltet",
  "; after that it is held: the automation is off": "; danach wird er zurückgehalten: Die Automation ist ausgeschaltet",
  ", and is held: the automation is to be deleted": ", und ist zurückgehalten: Die Automation soll gelöscht werden",
  "; after that it is held: the automation is to be deleted":
    "; danach wird er zurückgehalten: Die Automation soll gelöscht werden",
  // What became of a run that was asked about.
  "Give {name} an email address.": "Geben Sie {name} eine E-Mail-Adresse.",
  "It goes to {name} once they agree to marketing.": "Sie geht hinaus, sobald {name} in Werbung einwilligt.",
  "That is their own choice: {name} alone takes it back.":
    "Das ist die eigene Wahl: Nur {name} nimmt sie wieder zurück.",
  "Correct the address, or lift it once mail arrives there again.":
    "Berichtigen Sie die Adresse, oder geben Sie sie frei, sobald dort wieder E-Mails ankommen.",
  "Respect it, or lift the address if it was a mistake.":
    "Lassen Sie es dabei, oder geben Sie die Adresse frei, wenn es ein Versehen war.",
  "Lift the address, if mail may go there again.":
    "Geben Sie die Adresse frei, wenn wieder E-Mails dorthin gehen dürfen.",
  "Make the quiet hours shorter.": "Verkürzen Sie die Ruhezeit.",
  "Let more mails go to one learner.": "Erlauben Sie mehr E-Mails an einen Teilnehmer.",
  "It goes once {name} has the app on a device.": "Sie geht hinaus, sobald {name} die App auf einem Gerät hat.",
  "Its text says nothing for {name}: give it words.":
    "Der Text bleibt für {name} leer: Schreiben Sie, was er sagen soll.",
  "Choose somebody whom it goes to.": "Wählen Sie einen Empfänger.",
  "Look at it": "Ansehen",
  "“{what}” failed: {error}": "„{what}“ ist fehlgeschlagen: {error}",
  "Once that is mended, send it again.": "Sobald das behoben ist, senden Sie sie noch einmal.",
  "“{what}” did not leave: {reason}.": "„{what}“ ging nicht hinaus: {reason}.",
  "“{what}” was kept, not sent: {reason}.": "„{what}“ wurde aufbewahrt, nicht gesendet: {reason}.",
  "It can leave now: send it.": "Jetzt kann sie hinausgehen: Senden Sie sie.",
  "Set up how it leaves, then send what was kept.":
    "Richten Sie ein, wie sie hinausgeht, und senden Sie dann, was aufbewahrt wurde.",
  "“{what}” waits until {when}: {reason}.": "„{what}“ wartet, weiter {when}: {reason}.",
  "It goes by itself then.": "Dann geht sie von selbst hinaus.",
  "“{what}” has not got through yet: {error}": "„{what}“ kam noch nicht durch: {error}",
  "It is tried again {when}; or try it now.": "Nächster Versuch: {when}; oder versuchen Sie es jetzt.",
  "this is a test school": "Dies ist eine Testschule",
  "mail is set to be kept": "E-Mails sollen hier aufbewahrt werden",
  "A live school sends it.": "Eine echte Schule sendet sie.",
  "Choose what sends the school's mail.": "Wählen Sie, was die E-Mails der Schule sendet.",
  "A step did nothing: {reason}.": "Ein Schritt tat nichts: {reason}.",
  "A step failed: {reason}": "Ein Schritt ist fehlgeschlagen: {reason}",
  "Mend it, then retry the run.": "Beheben Sie es, und wiederholen Sie dann den Lauf.",
  "The run is on hold: {why}.": "Der Lauf ist zurückgehalten: {why}.",
  "It ended early: {reason}.": "Er endete vorzeitig: {reason}.",
  "It is not over.": "Er ist noch nicht zu Ende.",
  "It goes on {when}.": "Er geht weiter ({when}).",
  "It goes on once what it waits for happens.": "Er geht weiter, sobald geschieht, worauf er wartet.",
};
