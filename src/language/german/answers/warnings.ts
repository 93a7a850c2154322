/** What may be wrong with an automation, how a school does, and what comes. */
export const warnings = {
  "What it does may start it again.": "Was sie tut, kann sie selbst wieder starten.",
  "These automations may start each other in a circle: {automations}.":
    "Diese Automationen können einander im Kreis starten: {automations}.",
  "What it does may start it again, by way of the segments {segments}.":
    "Was sie tut, kann sie auf dem Weg über die Segmente {segments} selbst wieder starten.",
  "What it does may start it again, by way of the auto groups of {courses}.":
    "Was sie tut, kann sie auf dem Weg über die automatischen Gruppen von {courses} selbst wieder starten.",
  "What it does may start it again, by way of the segments {segments} and the auto groups of {courses}.":
    "Was sie tut, kann sie auf dem Weg über die Segmente {segments} und die automatischen Gruppen von {courses} selbst wieder starten.",
  "These automations may start each other in a circle, by way of the auto groups of {courses}: {automations}.":
    "Diese Automationen können einander im Kreis starten, auf dem Weg über die automatischen Gruppen von {courses}: {automations}.",
  "These automations may start each other in a circle, by way of the segments {segments} and the auto groups of {courses}: {automations}.":
    "Diese Automationen können einander im Kreis starten, auf dem Weg über die Segmente {segments} und die automatischen Gruppen von {courses}: {automations}.",
  "These automations may start each other in a circle, by way of the segments {segments}: {automations}.":
    "Diese Automationen können einander auf dem Weg über die Segmente {segments} im Kreis starten: {automations}.",
  "Nobody comes to the step {step}: the run has ended at {end} before it.":
    "Zum Schritt {step} kommt niemand: Der Lauf ist vorher bei {end} zu Ende.",
  "Nobody takes path {n} of the {type} {step}: it has 0 %.": "Den Weg {n} von {type} {step} nimmt niemand: Er hat 0 %.",
  "No event or enrolment has named the {noun} {quoted} so far.":
    "Bisher hat kein Ereignis und keine Einschreibung {noun} {quoted} genannt.",
  "No event or enrolment has named {n} more of its products so far.":
    "Bisher hat kein Ereignis und keine Einschreibung {n} weitere ihrer Produkte genannt.",
  "{lms} does not know what “{card}” changes: it is so here, and stays as it is there.":
    "{lms} kennt nicht, was „{card}“ ändert: Hier wird es so, dort bleibt es, wie es ist.",
  "{channel} is not set up: what it sends is kept under Deliveries, and not sent.":
    "{channel} ist nicht eingerichtet: Was darüber gesendet würde, wird unter Zustellungen aufbewahrt und nicht gesendet.",
  "Step {n}, “{card}”, sends what would be dropped: {said}.":
    "Schritt {n}, „{card}“, sendet, was verworfen würde: {said}.",
  "Step {n}, “{card}”, has nothing to say: {said}.": "Schritt {n}, „{card}“, hat nichts zu sagen: {said}.",
  "Step {n}, “{card}”, always fails: the members of the segment {quoted} follow its rules.":
    "Schritt {n}, „{card}“, schlägt immer fehl: Wer im Segment {quoted} ist, bestimmen dessen Regeln.",
  "It waits, and each event starts a run of its own: a learner may go through it several times at once.":
    "Sie wartet, und jedes Ereignis startet einen eigenen Lauf: Ein Teilnehmer kann sie mehrmals gleichzeitig durchlaufen.",
  "It listens to the event “{event}”. An event that is sent as “{sent}” has the name “{name}” here.":
    "Sie wartet auf das Ereignis „{event}“. Ein Ereignis, das als „{sent}“ gesendet wird, heißt hier „{name}“.",
  "There is no segment {id}.": "Es gibt kein Segment {id}.",
  "The members of the segment {id} follow its rules.": "Die Mitglieder des Segments {id} bestimmen seine Regeln.",
  "The field {id} was deleted.": "Das Feld {id} wurde gelöscht.",
  "“{card}” goes by the date in the field {quoted}, which nobody has declared.":
    "„{card}“ richtet sich nach dem Datum im Feld {quoted}, das niemand angelegt hat.",
  "“{card}” goes by the date in the field {quoted}, which does not hold dates.":
    "„{card}“ richtet sich nach dem Datum im Feld {quoted}, das keine Datumsangaben enthält.",
  "“{card}” names {variable}, which nobody has declared: it stays empty.":
    "„{card}“ nennt {variable}, was niemand angelegt hat: Es bleibt leer.",

  // What a message lacks, and what Google Analytics drops.
  "it has no {lacked}": "sie hat {lacked}",
  "the name {name} is reserved": "der Name {name} ist reserviert",
  "the name {name} begins as those of Google's own do": "der Name {name} beginnt wie die von Google selbst",
  "it takes {most} parameters, and these are {n}": "erlaubt sind {most} Parameter, und das sind {n}",
  "the parameter {name} begins as those of Google's own do": "der Parameter {name} beginnt wie die von Google selbst",
  "the parameter {name} is not letters, digits and _, a letter first":
    "der Parameter {name} besteht nicht aus Buchstaben, Ziffern und _ mit einem Buchstaben am Anfang",
  "the parameter {quoted} has more than {n} characters": "der Parameter {quoted} hat mehr als {n} Zeichen",
  "the parameter {quoted} says more than {n} characters": "der Parameter {quoted} sagt mehr als {n} Zeichen",
  "the parameter {name} is neither a text nor a number": "der Parameter {name} ist weder Text noch Zahl",

  // Who undoes it.
  "On the same fact {who} {does} the {noun} {quoted}, which this one {own}.":
    "Auf dasselbe Ereignis hin {does} {who} {noun} {quoted}; diese hier {own}.",
  "On the same fact {who} {does} the {noun} it is about, which this one {own}.":
    "Auf dasselbe Ereignis hin {does} {who} {noun} des Ereignisses; diese hier {own}.",
  "On the same fact {who} {progress} progress in the {noun} {quoted}, which this one {own}.":
    "Auf dasselbe Ereignis hin {progress} {who} den Fortschritt für {noun} {quoted}; diese hier {own}.",
  "On the same fact {who} {progress} progress in the {noun} it is about, which this one {own}.":
    "Auf dasselbe Ereignis hin {progress} {who} den Fortschritt für {noun} des Ereignisses; diese hier {own}.",
  "On the same fact {who} puts something else into the {noun} {quoted}, which this one fills.":
    "Auf dasselbe Ereignis hin schreibt {who} etwas anderes in {noun} {quoted}; diese hier füllt es auch.",
  "On the same fact the sync of the segment {quoted} with the course {with} {does} the {noun} {of}, which this one {own}.":
    "Auf dasselbe Ereignis hin {does} der Abgleich des Segments {quoted} mit dem Kurs {with} {noun} {of}; diese hier {own}.",
  "On the same fact the auto group of the course {quoted} {does} the {noun} {of}, which this one {own}.":
    "Auf dasselbe Ereignis hin {does} die automatische Gruppe des Kurses {quoted} {noun} {of}; diese hier {own}.",
  "On the same fact the bundle {quoted} {does} the {noun} {of}, which this one {own}.":
    "Auf dasselbe Ereignis hin {does} das Paket {quoted} {noun} {of}; diese hier {own}.",
  "On the same fact the subscription {quoted} {does} the {noun} {of}, which this one {own}.":
    "Auf dasselbe Ereignis hin {does} das Abo {quoted} {noun} {of}; diese hier {own}.",
  "On the same fact the seat offering {quoted} {does} the {noun} {of}, which this one {own}.":
    "Auf dasselbe Ereignis hin {does} das Platzkontingent {quoted} {noun} {of}; diese hier {own}.",
  "A ring: the segment {said}. Who joins may leave by it, and the other way round.":
    "Ein Ring: Das Segment {said}. Wer dazukommt, kann dadurch wieder herausfallen, und umgekehrt.",
  "{quoted} enrols in {with} by the sync {by}, asked for by a rule of {of}":
    "{quoted} schreibt mit dem Abgleich {by} in {with} ein, wonach eine Regel von {of} fragt",
  "{said}, which enrols in {with} by the sync {by}, asked for by a rule of {of}":
    "{said}, das mit dem Abgleich {by} in {with} einschreibt, wonach eine Regel von {of} fragt",

  // How a school does.
  "Owners are not mailed when something is wrong: whoever runs this installation has set no PLATFORM_EMAIL.":
    "Inhaber bekommen keine E-Mail, wenn etwas nicht stimmt: Wer diese Installation betreibt, hat keine PLATFORM_EMAIL gesetzt.",
  "“{name}” has stopped itself: too many of its steps failed within an hour.":
    "„{name}“ hat sich selbst angehalten: Zu viele ihrer Schritte sind innerhalb einer Stunde fehlgeschlagen.",
  "{n} automations have stopped themselves: too many of their steps failed within an hour.":
    "{n} Automationen haben sich selbst angehalten: Zu viele ihrer Schritte sind innerhalb einer Stunde fehlgeschlagen.",
  "One task was given up after many tries. Whoever runs this installation can have it tried again.":
    "Eine Aufgabe wurde nach vielen Versuchen aufgegeben. Wer diese Installation betreibt, kann sie noch einmal versuchen lassen.",
  "{n} tasks were given up after many tries. Whoever runs this installation can have them tried again.":
    "{n} Aufgaben wurden nach vielen Versuchen aufgegeben. Wer diese Installation betreibt, kann sie noch einmal versuchen lassen.",
  "Deliveries have been waiting to leave for more than an hour: what they go to may not answer.":
    "Zustellungen warten seit über einer Stunde: Womöglich antwortet nicht, wohin sie gehen.",
  "Learners’ next steps are overdue: there is more to do than is being done.":
    "Nächste Schritte von Teilnehmern sind überfällig: Es ist mehr zu tun, als getan wird.",
  "{channel} is not set up: what is to leave by it is kept, not sent.":
    "{channel} ist nicht eingerichtet: Was darüber gehen soll, wird aufbewahrt und nicht gesendet.",
  "{channel} does not get through: {said}.": "{channel} kommt nicht durch: {said}.",
  "the other side answers {code}": "die Gegenseite antwortet {code}",

  // What comes, and what is waited for.
  "it has started for this already": "dafür ist sie schon gestartet",
  "that was over when it was switched on, or when we heard of it":
    "das war vorbei, als sie eingeschaltet wurde oder als wir davon hörten",
  "it is off": "sie ist ausgeschaltet",
  "last visit {date}": "letzter Besuch {date}",
  "last visit in {course} {date}": "letzter Besuch in {course} {date}",
  "no visit so far, here since {date}": "bisher kein Besuch, hier seit {date}",
  "no visit so far in {course}, enrolled {date}": "bisher kein Besuch in {course}, eingeschrieben {date}",
  "no visit so far, enrolled {date}": "bisher kein Besuch, eingeschrieben {date}",
  "the trial of {product} ends {date}": "die Testphase von {product} endet {date}",
  "the trial ends {date}": "die Testphase endet {date}",
  "the date of {course} is {date}": "das Datum von {course} ist {date}",
  "the date is {date}": "das Datum ist {date}",
  "would not start: {said}": "würde nicht starten: {said}",
  "would start on {date}": "würde am {date} starten",
  "waits for {event}": "wartet auf {event}",
  "held, as {why}": "zurückgehalten, da {why}",
  "waits until {date}": "wartet bis {date}",
  "waits for {event} until {date}": "wartet auf {event} bis {date}",
};
