/** What the ways out and in are, and what they are set up with. */
export const connectors = {
  "School message": "Schulnachricht",
  "How mail leaves. Without one it is not sent, but kept under Deliveries.":
    "Wie E-Mails hinausgehen. Ohne wird nichts gesendet, sondern unter Zustellungen aufbewahrt.",
  "Events by the Measurement Protocol.": "Ereignisse über das Measurement Protocol.",
  "Events for the page's data layer, or a server container.":
    "Ereignisse für den Data Layer der Seite oder einen Server-Container.",
  "Where every change that we make ourselves is told, such as enrolments and tags.":
    "Wohin jede Änderung gemeldet wird, die wir selbst vornehmen, etwa Einschreibungen und Schlagwörter.",
  "Messages in the learner's inbox at the school.": "Nachrichten im Postfach des Teilnehmers in der Schule.",
  "Events by the Conversions API.": "Ereignisse über die Conversions API.",
  "Events for product analytics.": "Ereignisse für die Produktanalyse.",
  "How notifications reach the mobile app.": "Wie Mitteilungen in die mobile App kommen.",
  "Calls that steps make, signed after Standard Webhooks.":
    "Aufrufe, die Schritte machen, signiert nach Standard Webhooks.",
  "Bounces and complaints": "Unzustellbares und Beschwerden",
  "By this your mail service reports what came back, who complained, and who opened a mail or followed a link.":
    "Hierüber meldet Ihr E-Mail-Dienst, was zurückkam, wer sich beschwerte und wer eine E-Mail öffnete oder einem Link folgte.",
  "LearnWorlds webhooks": "Webhooks von LearnWorlds",
  "By these LearnWorlds reports what learners do there. Their token proves who sends them.":
    "Hierüber meldet LearnWorlds, was Teilnehmer dort tun. Ihr Token beweist, wer sie sendet.",

  // By whom.
  "The LMS reads our answers, pulls the feed of changes, or is told by webhook steps.":
    "Das LMS liest unsere Antworten, holt die Änderungen ab oder erfährt sie durch Webhook-Schritte.",
  "Every change that we make ourselves, as a Standard Webhook of type change.<type>.":
    "Jede Änderung, die wir selbst vornehmen, als Standard Webhook der Art change.<type>.",
  "Tags, enrolments, progress, user groups, seats and spaces, by the REST API of the school.":
    "Schlagwörter, Einschreibungen, Fortschritt, Gruppen, Plätze und Bereiche über die REST-API der Schule.",
  "Cohorts, manual enrolments, groups, messages and completion, by Moodle's web service.":
    "Globale Gruppen, manuelle Einschreibungen, Gruppen, Nachrichten und Abschlüsse über den Webservice von Moodle.",
  "Keep, do not send": "Aufbewahren, nicht senden",
  "Mail is rendered and kept to be read under Deliveries; nothing is sent.":
    "E-Mails werden fertig erstellt und unter Zustellungen zum Lesen aufbewahrt; gesendet wird nichts.",
  "Sends mail through the Worker's own send_email binding; the From domain must be set up there.":
    "Sendet E-Mails über die Bindung send_email des Workers; die Absender-Domain muss dort eingerichtet sein.",
  "Sends push notifications to the learner's devices. Where its answer is lost on the way, one may arrive twice.":
    "Sendet Mitteilungen an die Geräte des Teilnehmers. Geht eine Antwort unterwegs verloren, kann eine doppelt ankommen.",
  "Sends events by the Measurement Protocol, which never says whether it took one and cannot tell a doubled one.":
    "Sendet Ereignisse über das Measurement Protocol, das nie sagt, ob es eines angenommen hat, und doppelte nicht erkennt.",
  "Posts events to your server container; without one they wait for the learner's page.":
    "Sendet Ereignisse an Ihren Server-Container; ohne einen warten sie auf die Seite des Teilnehmers.",
  "Sends events for a pixel; e-mail and id leave us hashed only.":
    "Sendet Ereignisse für ein Pixel; E-Mail-Adresse und ID verlassen uns nur als Hash.",
  "Sends events to a Mixpanel project.": "Sendet Ereignisse an ein Mixpanel-Projekt.",
  "Sends mail through postmarkapp.com. Where its answer is lost on the way, a mail may arrive twice.":
    "Sendet E-Mails über postmarkapp.com. Geht eine Antwort unterwegs verloren, kann eine E-Mail doppelt ankommen.",
  "Hands push notifications to a service of yours, as a Standard Webhook of type {type}.":
    "Übergibt Mitteilungen an einen eigenen Dienst, als Standard Webhook der Art {type}.",
  "Sends mail through resend.com.": "Sendet E-Mails über resend.com.",
  "Sends mail through your own mail server. Where its answer is lost on the way, a mail may arrive twice. By itself it tells nothing of opens, clicks and bounces.":
    "Sendet E-Mails über Ihren eigenen Mailserver. Geht eine Antwort unterwegs verloren, kann eine E-Mail doppelt ankommen. Von Öffnungen, Klicks und Unzustellbarem meldet er selbst nichts.",
  "As the port asks for": "Wie der Port es verlangt",
  "Encrypted from the start (TLS, mostly on port 465)": "Von Anfang an verschlüsselt (TLS, meist an Port 465)",
  "Encrypted after a greeting (STARTTLS, mostly on port 587)":
    "Nach der Begrüßung verschlüsselt (STARTTLS, meist an Port 587)",
  "Not encrypted: password and mails can be read on the way":
    "Unverschlüsselt: Passwort und E-Mails sind unterwegs lesbar",
  "Posts to the address a step names, signed after Standard Webhooks.":
    "Sendet an die Adresse, die ein Schritt nennt, signiert nach Standard Webhooks.",

  // With what.
  "The address mail is sent from.": "Die Adresse, von der E-Mails gesendet werden.",
  "Send in test mode": "In der Testschule senden",
  "Of a school in test mode: webhooks of its steps are really sent, and not only kept.":
    "Bei einer Testschule: Webhooks ihrer Schritte werden wirklich gesendet und nicht nur aufbewahrt.",
  "School address": "Adresse der Schule",
  "https://your-school.learnworlds.com, or the school's own domain.":
    "https://your-school.learnworlds.com oder die eigene Domain der Schule.",
  "Client ID": "Client-ID",
  "Where Moodle's front page is: https://moodle.your-school.com.":
    "Wo die Startseite von Moodle ist: https://moodle.your-school.com.",
  "Student role": "Teilnehmer-Rolle",
  "The number of the role that students have: 5 in a Moodle as installed.":
    "Die Nummer der Rolle, die Teilnehmer haben: 5 in einem frisch installierten Moodle.",
  "User ids": "IDs der Benutzer",
  "By what of their Moodle account a learner is known: our id is the same.":
    "Woran ein Teilnehmer in Moodle erkannt wird: Unsere ID ist dieselbe.",
  "The account's number": "Die Nummer des Kontos",
  "The ID number": "Die ID-Nummer",
  "The username": "Der Anmeldename",
  "United States": "Vereinigte Staaten",
  "European Union": "Europäische Union",
  India: "Indien",
  "Postmark: user:password": "Postmark: Benutzer:Passwort",
  "Resend: signing secret": "Resend: Signaturgeheimnis",
  "Amazon SES: ARN of the SNS topic": "Amazon SES: ARN des SNS-Themas",
};
