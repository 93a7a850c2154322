/** Runs, one by one and in lists. */
export const runs = {
  Executions: "Läufe",
  "Executions of “{name}”": "Läufe von „{name}“",
  "Started by": "Gestartet durch",
  "until {when}": "bis {when}",
  "To the automation": "Zur Automation",
  "To the automations": "Zu den Automationen",
  "Export CSV": "CSV exportieren",
  "{n} at most": "höchstens {n}",
  "Started since": "Gestartet seit",
  "All steps": "Alle Schritte",
  "Those that reached the step {step}.": "Die, die bei diesem Schritt ankamen: {step}.",
  "No run like that": "Kein solcher Lauf",
  "Nothing has run yet": "Noch nichts ist gelaufen",
  "No run matches. If you expected somebody, ask on their page why it did not run.":
    "Niemand ging durch eine Automation, die dazu passt. Wenn Sie jemanden erwartet haben, fragen Sie auf dessen Seite, warum sie nicht lief.",
  "Each time a learner goes through an automation is a run, and is shown here with everything it did. Switch an automation on, and send an event.":
    "Jedes Mal, wenn ein Teilnehmer durch eine Automation geht, ist das ein Lauf und steht hier mit allem, was er tat. Schalten Sie eine Automation ein, und senden Sie ein Ereignis.",
  // One run.
  exited: "vorzeitig beendet",
  "way {n}": "Weg {n}",
  "case {n}": "Fall {n}",
  ": none of the cases": ": keiner der Fälle",
  "{n} round": "{n} Runde",
  "{n} rounds": "{n} Runden",
  "round {n}": "Runde {n}",
  "The goal was reached": "Das Ziel wurde erreicht",
  "to {whom}": "an {whom}",
  "See it": "Ansehen",
  "for them {when}": "beim Teilnehmer {when}",
  "Skip the wait": "Warten überspringen",
  "Retry from the failed step": "Ab dem fehlgeschlagenen Schritt wiederholen",
  "End this run…": "Diesen Lauf beenden…",
  "Nothing more of it happens, and it cannot go on later.":
    "Von ihm geschieht nichts mehr, und er kann später nicht weitergehen.",
  "in their timeline": "in der Zeitleiste",
  "Undo…": "Rückgängig machen…",
  "Why did it run?": "Warum lief sie?",
  "deleted automation": "gelöschte Automation",
  "It goes on when the school does.": "Er geht weiter, wenn die Schule weiterläuft.",
  "It goes on when the automation is switched on again.":
    "Er geht weiter, wenn die Automation wieder eingeschaltet wird.",
  "It has not taken a step yet ({when}).": "Er hat noch keinen Schritt getan ({when}).",
  "What {who} still has from it": "Was {who} davon hat",
  "Nothing: it gave nothing that lasts, or that was taken away again, or something else has given it since.":
    "Nichts: Er gab nichts, was noch da ist; oder es ging wieder, oder ein anderer hat es seither gegeben.",
};
