/** Words that stand in a slot of an answer, by the slot. */
export const nouns = {
  "“{quoted}”": "„{quoted}“",

  // There is no such {missing}.
  "automation@missing": "diese Automation",
  "automation, or it was not there yet@missing": "diese Automation, oder es gab sie damals noch nicht",
  "contact@missing": "diesen Kontakt",
  "count@missing": "diese Zählung",
  "document@missing": "dieses Dokument",
  "evidence pack@missing": "dieses Nachweispaket",
  "hook@missing": "diese Adresse",
  "link@missing": "diesen Link",
  "restore@missing": "diese Wiederherstellung",
  "school@missing": "diese Schule",
  "segment@missing": "dieses Segment",
  "template@missing": "diese Vorlage",
  "thing@missing": "das",
  "user to merge@missing": "diesen zweiten Teilnehmer",
  "user@missing": "diesen Teilnehmer",
  "version@missing": "diese Version",
  "piece@missing": "diesen Textbaustein",
  "auto group@missing": "diese automatische Gruppe",
  "delivery@missing": "diese Zustellung",
  "dead letter@missing": "diese aufgegebene Aufgabe",
  "enrolment method@missing": "diesen Einschreibeschlüssel",
  "enrolment key@missing": "diesen Einschreibeschlüssel",
  "entry@missing": "diesen Eintrag",
  "event@missing": "dieses Ereignis",
  "field@missing": "dieses Feld",
  "job@missing": "diesen Auftrag",
  "key@missing": "diesen Schlüssel",
  "message@missing": "diese Nachricht",
  "piece of text@missing": "diesen Textbaustein",
  "product@missing": "dieses Produkt",
  "rule@missing": "diese Regel",
  "run@missing": "diesen Lauf",
  "suppression@missing": "diese gesperrte Adresse",
  "sync@missing": "diesen Abgleich",
  "collaborator@missing": "diesen Mitarbeiter",
  "course@missing": "diesen Kurs",
  "statement@missing": "diese Aussage",

  // What is to be deleted.
  "automation@held": "Die Automation",
  "sync@held": "Der Abgleich",
  "auto group@held": "Die automatische Gruppe",
  "segment@held": "Das Segment",
  "rule@held": "Die Regel",
  "field@held": "Das Feld",

  // this {named}
  "segment@named": "dieses Segment",
  "field@named": "dieses Feld",

  // What a definition names.
  "automation@what": "Automation",
  "sync@what": "Abgleich",
  "auto group@what": "automatische Gruppe",
  "rule@what": "Regel",
  "segment@what": "Segment",
  "field@what": "Feld",

  // What is known by its id.
  "course@noun": "den Kurs",
  "bundle@noun": "das Paket",
  "subscription@noun": "das Abo",
  "product@noun": "das Produkt",
  "kind of product@noun": "die Produktart",
  "learning activity@noun": "die Lernaktivität",
  "tag@noun": "das Schlagwort",
  "user group@noun": "die Gruppe",
  "seat offering@noun": "das Platzkontingent",
  "segment@noun": "das Segment",
  "form@noun": "das Formular",
  "assessment@noun": "die Prüfung",
  "certificate exam@noun": "die Zertifikatsprüfung",
  "certificate@noun": "das Zertifikat",
  "coupon@noun": "den Gutschein",
  "space@noun": "den Bereich",
  "profile field@noun": "das Profilfeld",
  "attribute@noun": "das Merkmal",
  "collaborator@noun": "den Mitarbeiter",

  // Who does what on the same fact.
  "another automation@who": "eine andere Automation",
  "gives@does": "vergibt",
  "takes@does": "entfernt",
  "gives@progress": "setzt",
  "takes@progress": "löscht",
  "gives@own": "tut das Gegenteil",
  "takes@own": "tut das Gegenteil",

  // How many of what a learner has.
  "tags@limited": "Schlagwörter",
  "enrolments@limited": "Einschreibungen",
  "live runs@limited": "laufende Läufe",
  "other users merged into one@limited": "andere Teilnehmer, die zusammengeführt sind",

  // it has no {lacked}
  "subject@lacked": "keinen Betreff",
  "body@lacked": "keinen Inhalt",
  "title@lacked": "keinen Titel",
  "html@lacked": "keinen Inhalt",

  // The {part} is empty.
  "subject@part": "Der Betreff",
  "body@part": "Der Inhalt",
  "text@part": "Die reine Textfassung",

  // held, as {why}
  "the school is paused@why": "die Schule angehalten ist",
  "the automation is off@why": "die Automation ausgeschaltet ist",

  // not a {fieldtype}
  "text@fieldtype": "kein Text",
  "number@fieldtype": "keine Zahl",
  "boolean@fieldtype": "weder ja noch nein",
  "date@fieldtype": "kein Datum",

  // What a delivery is, and what a mail waits for.
  "queued@status": "in der Warteschlange",
  "sent@status": "gesendet",
  "failed@status": "fehlgeschlagen",
  "not_sent@status": "nicht gesendet",
  "captured@status": "aufbewahrt, nicht gesendet",
  "suppressed@status": "unterdrückt",
  "done@status": "erledigt",
  "quiet_hours@hold": "es ist Ruhezeit",
  "at_most@hold": "mehr auf einmal bekommt niemand",

  // What LearnWorlds' API client may read.
  "users@access": "Benutzer",
  "courses@access": "Kurse",
  "user groups@access": "Gruppen",

  "owner@least": "Inhaber",
  "editor@least": "Bearbeiter",
  "viewer@least": "Betrachter",
};
