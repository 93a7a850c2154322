/* A sentence of an action is an infinitive: "E-Mail „Willkommen“ senden". */
export const actions = {
  "Add User's Email Domain as a Tag": "Domain der E-Mail-Adresse als Schlagwort hinzufügen",
  "Makes the domain of the user's email a tag, if it is one of these.":
    "Macht die Domain der E-Mail-Adresse zum Schlagwort, wenn sie eine von diesen ist.",
  "add the email domain as a tag[ if it is {domains}]":
    "Domain der E-Mail-Adresse als Schlagwort hinzufügen[, falls {domains}]",
  "Add Tags based on User's Email Domain": "Schlagwörter nach der Domain der E-Mail-Adresse hinzufügen",
  "Gives the tags that stand for the domain of the user's email; without a map the domain itself is the tag.":
    "Gibt die Schlagwörter, die für die Domain der E-Mail-Adresse stehen; ohne Zuordnung ist die Domain selbst das Schlagwort.",
  "add a tag by email domain[: {map|map}]": "Schlagwort nach der Domain der E-Mail-Adresse hinzufügen[: {map|map}]",
  "Add tags based on the user's TLD (.com, .org)": "Schlagwörter nach der Endung der Adresse hinzufügen (.com, .org)",
  "Gives the tags that stand for the top-level domain of the user's email, by the public suffix list; without a map the suffix itself is the tag (com, co.uk).":
    "Gibt die Schlagwörter, die für die Top-Level-Domain der E-Mail-Adresse stehen, nach der Public Suffix List; ohne Zuordnung ist die Endung selbst das Schlagwort (com, co.uk).",
  "add a tag by the ending of the email address[: {map|map}]":
    "Schlagwort nach der Endung der E-Mail-Adresse hinzufügen[: {map|map}]",
  "Add Tags": "Schlagwörter hinzufügen",
  "label, mark, segment": "Etikett, Tag, markieren, kennzeichnen",
  "Gives the user these tags.": "Gibt dem Teilnehmer diese Schlagwörter.",
  "add the tag {tags|and}": "Schlagwort {tags|and} hinzufügen",
  "Remove Tags": "Schlagwörter entfernen",
  "label, unmark": "Etikett, Tag, Markierung entfernen",
  "Takes these tags from the user.": "Nimmt dem Teilnehmer diese Schlagwörter.",
  "remove the tag {tags|and}": "Schlagwort {tags|and} entfernen",
  "Set a field": "Ein Feld setzen",
  "update profile, custom field, attribute, property, change field":
    "Profil ändern, eigenes Feld, Attribut, Eigenschaft, Feld ändern",
  "Writes a field of the user; nothing takes the field away. A field that is a list takes several values, or a text with | between them.":
    "Schreibt ein Feld des Teilnehmers; leer nimmt das Feld weg. Ein Feld, das eine Liste ist, nimmt mehrere Werte oder einen Text mit | dazwischen.",
  "set the field {field|field} [to {value|quote}]": "Feld {field|field} [auf {value|quote} setzen][leeren{!value}]",
  "Resume in Courses": "Einschreibung in Kurse fortsetzen",
  "unblock, give access again": "entsperren, wieder Zugang geben, freigeben",
  "Takes back the suspension of the user's enrolment in courses, whatever suspended it.":
    "Hebt das Aussetzen der Einschreibung in Kurse auf, egal was sie ausgesetzt hat.",
  "resume them in {courses|and}": "Einschreibung in {courses|and} fortsetzen",
  "Suspend in Courses": "Einschreibung in Kurse aussetzen",
  "freeze, block, pause access": "einfrieren, sperren, Zugang anhalten",
  "Suspends the user's enrolment in courses: it stays, and counts as none until it is resumed.":
    "Setzt die Einschreibung in Kurse aus: Sie bleibt, zählt aber nicht, bis sie fortgesetzt wird.",
  "suspend them in {courses|and}": "Einschreibung in {courses|and} aussetzen",
  "Enroll to Bundles": "In Pakete einschreiben",
  "add to bundle, give access, learning path": "zu Paket hinzufügen, Zugang geben, Lernpfad, Bundle",
  "Enrols the user in bundles and in the courses they are known to hold.":
    "Schreibt den Teilnehmer in Pakete ein und in die Kurse, die sie bekanntlich enthalten.",
  "enrol them in the bundle {bundles|and}[ for {expires_after}][, with a payment of {create_payment?}{price}[ {currency}]]":
    "in das Paket {bundles|and}[ für {expires_after}] einschreiben[, mit einer Zahlung über {create_payment?}{price}[ {currency}]]",
  "Enroll to Courses": "In Kurse einschreiben",
  "add to course, give access, register": "zu Kurs hinzufügen, Zugang geben, anmelden",
  "Enrols the user in courses, for good or for a time, with a payment record if asked for.":
    "Schreibt den Teilnehmer in Kurse ein, für immer oder für eine Zeit, auf Wunsch mit einem Zahlungseintrag.",
  "enrol them in {courses|and}[ as {role|role}][ for {expires_after}][, with a payment of {create_payment?}{price}[ {currency}]]":
    "in {courses|and}[ als {role|role}][ für {expires_after}] einschreiben[, mit einer Zahlung über {create_payment?}{price}[ {currency}]]",
  "Un-Enroll from Bundles": "Aus Paketen austragen",
  "remove from bundle, take away access, learning path": "aus Paket entfernen, Zugang nehmen, Lernpfad, Bundle",
  "Takes the user out of bundles and of the courses that only they gave.":
    "Trägt den Teilnehmer aus Paketen aus und aus den Kursen, die nur sie gaben.",
  "un-enrol them from the bundle {bundles|and}": "aus dem Paket {bundles|and} austragen",
  "Un-Enroll from Courses": "Aus Kursen austragen",
  "remove from course, take away access": "aus Kurs entfernen, Zugang nehmen",
  "Ends what an event or a run gave; what a bundle, sync or seat gives stays.":
    "Beendet, was ein Ereignis oder ein Lauf gab; was ein Paket, ein Abgleich oder ein Platz gibt, bleibt.",
  "un-enrol them from {courses|and}": "aus {courses|and} austragen",
  "Set Learning Activity as Completed": "Lernaktivität abschließen",
  "unit, lesson, mark as done, complete": "Einheit, Lektion, als fertig markieren, abschließen",
  "Completes activities of a course for the user.": "Schließt Lernaktivitäten eines Kurses für den Teilnehmer ab.",
  "set {activities|and} as completed[ in {course}]": "{activities|and}[ in {course}] abschließen",
  "Set Course as Completed": "Kurs abschließen",
  "finish course, mark as done, complete": "Kurs beenden, als fertig markieren, abschließen",
  "Completes courses for the user.": "Schließt Kurse für den Teilnehmer ab.",
  "set {courses|and} as completed": "{courses|and} abschließen",
  "Reset learning activity progress": "Fortschritt in Lernaktivitäten zurücksetzen",
  "unit, lesson, start over": "Einheit, Lektion, von vorn beginnen",
  "Lets the user begin activities anew.": "Lässt den Teilnehmer Lernaktivitäten von vorn beginnen.",
  "reset their progress in {activities|and}[ of {course}]":
    "Fortschritt in {activities|and}[ aus {course}] zurücksetzen",
  "Reset course progress": "Kursfortschritt zurücksetzen",
  "start over, recertification, clear progress": "von vorn beginnen, Rezertifizierung, Fortschritt löschen",
  "Lets the user begin courses anew; started, progress and completed can come again.":
    "Lässt den Teilnehmer Kurse von vorn beginnen; Beginn, Fortschritt und Abschluss können wieder kommen.",
  "reset their progress in {courses|and}": "Fortschritt in {courses|and} zurücksetzen",
  "Add to a user group": "In eine Gruppe aufnehmen",
  "Adds the user to groups.": "Nimmt den Teilnehmer in Gruppen auf.",
  "add them to the group {groups|and}": "in die Gruppe {groups|and} aufnehmen",
  "Add to seat": "Platz geben",
  "Gives the user seats.": "Gibt dem Teilnehmer Plätze.",
  "give them a seat in {seats|and}": "Platz in {seats|and} geben",
  "Add to a Private Space": "In einen privaten Bereich aufnehmen",
  community: "Community, Gemeinschaft, Forum",
  "Lets the user into private spaces.": "Lässt den Teilnehmer in private Bereiche.",
  "add them to the space {spaces|and}": "in den Bereich {spaces|and} aufnehmen",
  "Remove user from a user group": "Aus einer Gruppe entfernen",
  "Removes the user from groups; a membership that a sync holds stays.":
    "Entfernt den Teilnehmer aus Gruppen; eine Mitgliedschaft, die ein Abgleich hält, bleibt.",
  "remove them from the group {groups|and}": "aus der Gruppe {groups|and} entfernen",
  "Remove from seat": "Platz nehmen",
  "Takes seats from the user.": "Nimmt dem Teilnehmer Plätze.",
  "take their seat in {seats|and}": "Platz in {seats|and} nehmen",
  "Remove from a Private Space": "Aus einem privaten Bereich entfernen",
  "Takes the user out of private spaces.": "Nimmt den Teilnehmer aus privaten Bereichen.",
  "remove them from the space {spaces|and}": "aus dem Bereich {spaces|and} entfernen",
  "Add to a segment": "In ein Segment aufnehmen",
  "Makes the user a member of segments that are kept by hand.":
    "Macht den Teilnehmer zum Mitglied von Segmenten, die von Hand geführt werden.",
  "add them to the segment {segments|and}": "in das Segment {segments|and} aufnehmen",
  "Remove from a segment": "Aus einem Segment entfernen",
  "Ends the user's membership of segments that are kept by hand.":
    "Beendet die Mitgliedschaft in Segmenten, die von Hand geführt werden.",
  "remove them from the segment {segments|and}": "aus dem Segment {segments|and} entfernen",
  "Send email to collaborators": "E-Mail an Mitarbeiter senden",
  "notify admin, notify teacher, alert, notify staff, notify owner":
    "Dozenten benachrichtigen, Inhaber benachrichtigen, Team benachrichtigen, Hinweis, Alarm",
  "Sends an email to addresses, or to all collaborators who have a role.":
    "Sendet eine E-Mail an Adressen oder an alle Mitarbeiter mit einer Rolle.",
  "email {to|and} {subject: (no subject yet)|quote}": "E-Mail {subject: (noch ohne Betreff)|quote} an {to|and} senden",
  "mail to collaborators": "E-Mail an Mitarbeiter",
  "mails to collaborators": "E-Mails an Mitarbeiter",
  "Send Email to User": "E-Mail senden",
  "email, mail, letter, newsletter, write to": "Mail, Brief, Newsletter, Rundschreiben, anschreiben",
  "Sends the user an email. Marketing goes only to those who agreed to it, with a link to unsubscribe.":
    "Sendet dem Teilnehmer eine E-Mail. Werbung geht nur an die, die zugestimmt haben, mit einem Link zum Abmelden.",
  "email them {subject: (no subject yet)|quote}": "E-Mail {subject: (noch ohne Betreff)|quote} senden",
  mail: "E-Mail",
  mails: "E-Mails",
  "Send a School Message to User": "Nachricht der Schule senden",
  "inbox, chat, direct message, notify": "Posteingang, Chat, Direktnachricht, benachrichtigen",
  "Puts a message into the user's inbox at the school.":
    "Legt dem Teilnehmer eine Nachricht in den Posteingang der Schule.",
  "send them the message [{subject|quote}: ]{body: (empty yet)|quote}":
    "Nachricht [{subject|quote}: ]{body: (noch leer)|quote} senden",
  message: "Nachricht",
  messages: "Nachrichten",
  "Send Push Notification (Mobile) to User": "Push-Nachricht aufs Handy senden",
  "phone, app notification, alert": "Handy, Telefon, App-Benachrichtigung, Hinweis",
  "Sends a notification to the user's mobile app.": "Sendet eine Benachrichtigung an die mobile App des Teilnehmers.",
  "push to their phone {title: (no title yet)|quote}": "Push-Nachricht {title: (noch ohne Titel)|quote} senden",
  push: "Push-Nachricht",
  pushes: "Push-Nachrichten",
  "Send GA4 event (BETA)": "GA4-Ereignis senden (BETA)",
  "google analytics, tracking": "Google Analytics, Nachverfolgung",
  "Tells Google Analytics 4 of an event of the user.": "Meldet Google Analytics 4 ein Ereignis des Teilnehmers.",
  "tell Google Analytics {name: (no event yet)|quote}": "{name: (noch kein Ereignis)|quote} an Google Analytics melden",
  "Send GTM event (BETA)": "GTM-Ereignis senden (BETA)",
  "google tag manager, tracking, data layer": "Google Tag Manager, Nachverfolgung, Data Layer",
  "Tells Google Tag Manager: the school's server container, else the page when it next asks.":
    "Meldet es dem Google Tag Manager: dem Server-Container der Schule, sonst der Seite, wenn sie das nächste Mal fragt.",
  "tell Tag Manager {name: (no event yet)|quote}": "{name: (noch kein Ereignis)|quote} an den Tag Manager melden",
  "Send Meta event (BETA)": "Meta-Ereignis senden (BETA)",
  "facebook, conversion, tracking": "Facebook, Konversion, Nachverfolgung",
  "Tells Meta's Conversions API; the user's email and id go hashed.":
    "Meldet es der Conversions API von Meta; E-Mail-Adresse und ID des Teilnehmers gehen als Hash.",
  "tell Meta {name: (no event yet)|quote}": "{name: (noch kein Ereignis)|quote} an Meta melden",
  "Send mixpanel event (BETA)": "Mixpanel-Ereignis senden (BETA)",
  "tracking, analytics": "Nachverfolgung, Auswertung, Statistik",
  "Tells Mixpanel of an event of the user.": "Meldet Mixpanel ein Ereignis des Teilnehmers.",
  "tell Mixpanel {event: (no event yet)|quote}": "{event: (noch kein Ereignis)|quote} an Mixpanel melden",
  "Send a webhook": "Webhook senden",
  "http request, api, call a url, zapier, make, integration":
    "HTTP-Anfrage, API, URL aufrufen, Zapier, Make, Schnittstelle, Integration",
  "Calls an address with JSON, signed by Standard Webhooks. Without a body: the run, the user and the fact.":
    "Ruft eine Adresse mit JSON auf, signiert nach Standard Webhooks. Ohne Inhalt: der Lauf, der Teilnehmer und was geschah.",
  "call {url: (no address yet)|address}": "Adresse {url: (noch keine)|address} aufrufen",
  webhook: "Webhook",
  webhooks: "Webhooks",
};
