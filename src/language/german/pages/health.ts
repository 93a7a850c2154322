export const health = {
  "Nothing waits for its time within the next 30 days.": "In den nächsten 30 Tagen wartet nichts auf seine Zeit.",
  "Set up email": "E-Mail einrichten",
  "Once there are some, this page says what needs you, what was sent today and what goes out next.":
    "Sobald es welche gibt, steht hier, was Sie tun müssen, was heute gesendet wurde und was als Nächstes hinausgeht.",
  Home: "Übersicht",
  "All is well.": "Alles in Ordnung.",
  "What goes out next": "Was als Nächstes hinausgeht",
  Today: "Heute",
  "runs started": "Läufe begonnen",
  "mails failed": "E-Mails fehlgeschlagen",
  "of the mails sent bounced": "der gesendeten E-Mails waren unzustellbar",
  "still to go on today": "gehen heute noch weiter",
  "on their way out": "auf dem Weg hinaus",
  "learners overdue": "Teilnehmer überfällig",
  "{automation} goes on for {learners}": "{automation} geht für {learners} weiter",
  "{automation} sends “{subject}” to {learners}": "{automation} sendet „{subject}“ an {learners}",
  "These are the next thousand learners: more follow, on the last of these days too.":
    "Das sind die nächsten tausend Teilnehmer: Weitere folgen, auch am letzten dieser Tage.",
  "The next step of each learner within 30 days, if nothing else happens.":
    "Der nächste Schritt jedes Teilnehmers in den nächsten 30 Tagen, wenn nichts anderes geschieht.",
  "Each time is when the first of that day goes out.":
    "Die Uhrzeit ist die, zu der an diesem Tag das Erste hinausgeht.",
  stopped: "angehalten",
  failing: "gestört",
  "to look at": "ansehen",
  "I know": "Ich weiß",
  "that {name} has stopped itself": "dass sich {name} selbst angehalten hat",
  "Since {moment}.": "Seit {moment}.",
  "Mail is not set up: what automations mail is kept, not sent.":
    "E-Mail ist nicht eingerichtet: Was Automationen schreiben, wird aufbewahrt, nicht gesendet.",
  "Let the school go on…": "Schule weiterlaufen lassen…",
  "Pause everything…": "Alles anhalten…",
  "Set up {channel}": "{channel} einrichten",
  "Look at its settings": "Einstellungen ansehen",
  "What waits": "Was wartet",
  "Look at the automation": "Automation ansehen",
  "What failed": "Was fehlschlug",
  "{n} or more": "{n} oder mehr",
  "less than a second": "weniger als eine Sekunde",
  "Of the last {count} delivery each was tried within a minute; the longest wait was {wait}.":
    "Die letzte Zustellung ({count}) wurde innerhalb einer Minute versucht; sie wartete {wait}.",
  "Of the last {count} deliveries each was tried within a minute; the longest wait was {wait}.":
    "Von den letzten {count} Zustellungen wurde jede innerhalb einer Minute versucht; die längste Wartezeit war {wait}.",
  "Of the last {count} delivery {inTime} were tried within a minute; the longest wait was {wait}.":
    "Von der letzten Zustellung ({count}) wurden {inTime} innerhalb einer Minute versucht; sie wartete {wait}.",
  "Of the last {count} deliveries {inTime} were tried within a minute; the longest wait was {wait}.":
    "Von den letzten {count} Zustellungen wurden {inTime} innerhalb einer Minute versucht; die längste Wartezeit war {wait}.",
  "mails kept, as in every test school": "E-Mails aufbewahrt, wie in jeder Testschule",
  "mails sent": "E-Mails gesendet",
  "{name}: something needs looking at": "{name}: Etwas braucht Ihre Aufmerksamkeit",
  "{name}: {n} things need looking at": "{name}: {n} Dinge brauchen Ihre Aufmerksamkeit",
  "Something of {name} needs looking at:": "In der Schule {name} braucht etwas Ihre Aufmerksamkeit:",
  "What it means, and how to put it right:": "Was das heißt und wo Sie es beheben:",
  "{school}: “{automation}” has stopped itself": "{school}: „{automation}“ hat sich selbst angehalten",
  "The automation “{automation}” of {school} has stopped itself: too many of its steps failed within an hour. Nothing starts it until somebody switches it on again.":
    "Die Automation „{automation}“ der Schule {school} hat sich selbst angehalten: Zu viele ihrer Schritte sind innerhalb einer Stunde fehlgeschlagen. Nichts startet sie, bis jemand sie wieder einschaltet.",
  "Which steps failed, and why:": "Welche Schritte fehlgeschlagen sind und warum:",
};
