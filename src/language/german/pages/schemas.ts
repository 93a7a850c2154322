/** What schemas and connectors call themselves: below the UI, and so known to it only at run time. */
export const schemas = {
  "Time zone": "Zeitzone",
  "Such as Europe/Athens. Days, date waits and this UI go by it.":
    "Etwa Europe/Athens. Danach richten sich Tage, Termine und diese Oberfläche.",
  Language: "Sprache",
  "Such as el or en-GB.": "Etwa el oder en-GB.",
  "Address of the school": "Adresse der Schule",
  Company: "Firma",
  "Support email": "E-Mail des Supports",
  "Contact email": "E-Mail für Kontakt",
  "Sales email": "E-Mail des Vertriebs",
  "Link to the learner's account": "Link zum Konto des Teilnehmers",
  "Link to the inbox": "Link zum Postfach",
  Currency: "Währung",
  "Such as EUR.": "Etwa EUR.",
  "Postal address": "Postanschrift",
  "Mail signature": "E-Mail-Signatur",
  "Allowed origins": "Erlaubte Herkünfte",
  "Sites whose pages may send events with a user token, such as https://school.com. One a line.":
    "Websites, deren Seiten mit einem Benutzer-Token Ereignisse senden dürfen, etwa https://school.com. Eine pro Zeile.",
  "Custom events from browsers": "Eigene Ereignisse aus Browsern",
  "Names that a user token may send. One a line.":
    "Namen, die mit einem Benutzer-Token gesendet werden dürfen. Einer pro Zeile.",
  "Days the log is kept": "Tage, die das Protokoll aufbewahrt wird",
  "Years that evidence is kept": "Jahre, die Nachweise aufbewahrt werden",
  "Ids and times that evidence packs need, beyond the log. Empty: as long as the log.":
    "Ids und Zeiten, die Nachweispakete brauchen, über das Protokoll hinaus. Leer: so lange wie das Protokoll.",
  "When the LMS deletes a learner": "Wenn das LMS einen Teilnehmer löscht",
  "end: what goes on for them ends. erase: all that is held of them is erased.":
    "beenden: Was für ihn läuft, endet. löschen: Alles, was über ihn gespeichert ist, wird gelöscht.",
  end: "beenden",
  erase: "löschen",
  "School message": "Schulnachricht",
  Push: "Push",
  Webhooks: "Webhooks",
  Mixpanel: "Mixpanel",
  Meta: "Meta",
  "Google Analytics 4": "Google Analytics 4",
  "Google Tag Manager": "Google Tag Manager",
  email: "E-Mail",
  push: "Push",
  message: "Schulnachricht",
  "school message": "Schulnachricht",
  lms: "LMS",
  webhook: "Webhook",
  webhooks: "Webhooks",
  mixpanel: "Mixpanel",
  meta: "Meta",
  ga4: "Google Analytics 4",
  "google analytics 4": "Google Analytics 4",
  gtm: "Google Tag Manager",
  "google tag manager": "Google Tag Manager",
  "Events for product analytics.": "Ereignisse für die Produktanalyse.",
  "Events by the Conversions API.": "Ereignisse über die Conversions API.",
  "How notifications reach the mobile app.": "Wie Benachrichtigungen die mobile App erreichen.",
  "Messages in the learner's inbox at the school.": "Nachrichten im Postfach des Teilnehmers in der Schule.",
  "Events by the Measurement Protocol.": "Ereignisse über das Measurement Protocol.",
  "Calls that steps make, signed after Standard Webhooks.":
    "Aufrufe, die Schritte machen, signiert nach Standard Webhooks.",
  "Where every change that we make ourselves is told, such as enrolments and tags.":
    "Wohin jede Änderung gemeldet wird, die wir selbst vornehmen, etwa Einschreibungen und Schlagwörter.",
  "How mail leaves. Without one it is not sent, but kept under Deliveries.":
    "Womit E-Mails hinausgehen. Ohne Anbindung werden sie nicht gesendet, sondern unter Zustellungen aufbewahrt.",
  "Events for the page's data layer, or a server container.":
    "Ereignisse für den Data Layer der Seite oder einen Server-Container.",
  "LearnWorlds webhooks": "Webhooks von LearnWorlds",
  "The token that webhooks of LearnWorlds bear: it proves who sends them.":
    "Das Token, das Webhooks von LearnWorlds tragen: Es beweist, wer sie sendet.",
  "Bounces and complaints": "Unzustellbares und Beschwerden",
  "How the vendors that tell of bounces and complaints are known, beside the hook key in their address.":
    "Woran die Anbieter erkannt werden, die Unzustellbares und Beschwerden melden, neben dem Hook-Schlüssel in ihrer Adresse.",
  "Keep, do not send": "Aufbewahren, nicht senden",
  "Mail is rendered and kept to be read under Deliveries; nothing is sent.":
    "E-Mails werden erstellt und unter Zustellungen zum Lesen aufbewahrt; gesendet wird nichts.",
  "Cloudflare Email Service": "Cloudflare Email Service",
  "Sends mail through the Worker's own send_email binding; the From domain must be set up there.":
    "Sendet E-Mails über das send_email-Binding des Workers; die Absenderdomain muss dort eingerichtet sein.",
  Resend: "Resend",
  "Sends mail through resend.com.": "Sendet E-Mails über resend.com.",
  Postmark: "Postmark",
  "Sends mail through postmarkapp.com. Postmark knows no idempotency key: a lost answer may double a mail.":
    "Sendet E-Mails über postmarkapp.com. Postmark kennt keinen Idempotenzschlüssel: Geht eine Antwort verloren, kann eine E-Mail doppelt ankommen.",
  SMTP: "SMTP",
  "Sends mail through a mail server of yours, over TLS. SMTP knows no idempotency key: a lost answer may double a mail.":
    "Sendet E-Mails über Ihren eigenen Mailserver, mit TLS. SMTP kennt keinen Idempotenzschlüssel: Geht eine Antwort verloren, kann eine E-Mail doppelt ankommen.",
  "Firebase Cloud Messaging": "Firebase Cloud Messaging",
  "Sends push notifications to the user's devices. FCM knows no idempotency key: a lost answer may double one.":
    "Sendet Push-Benachrichtigungen an die Geräte des Teilnehmers. FCM kennt keinen Idempotenzschlüssel: Geht eine Antwort verloren, kann eine doppelt ankommen.",
  Webhook: "Webhook",
  "Hands push notifications to a service of yours, as a Standard Webhook of type push.user.":
    "Übergibt Push-Benachrichtigungen an einen Dienst von Ihnen, als Standard Webhook vom Typ push.user.",
  "Posts to the address a step names, signed after Standard Webhooks.":
    "Sendet an die Adresse, die ein Schritt nennt, signiert nach Standard Webhooks.",
  "Meta (Facebook) Conversions API": "Conversions API von Meta (Facebook)",
  "Sends events for a pixel; e-mail and id leave us hashed only.":
    "Sendet Ereignisse für ein Pixel; E-Mail und Id verlassen uns nur gehasht.",
  "Sends events by the Measurement Protocol, which never says whether it took one and cannot tell a doubled one.":
    "Sendet Ereignisse über das Measurement Protocol, das nie sagt, ob es eines angenommen hat, und doppelte nicht erkennt.",
  "Posts events to your server container; without one they wait for the learner's page.":
    "Sendet Ereignisse an Ihren Server-Container; ohne ihn warten sie auf die Seite des Teilnehmers.",
  "Sends events to a Mixpanel project.": "Sendet Ereignisse an ein Mixpanel-Projekt.",
  "The LMS reads our answers, pulls the feed of changes, or is told by webhook steps.":
    "Das LMS liest unsere Antworten, holt sich den Feed der Änderungen oder erfährt sie durch Webhook-Schritte.",
  "Every change that we make ourselves, as a Standard Webhook of type change.<type>.":
    "Jede Änderung, die wir selbst vornehmen, als Standard Webhook vom Typ change.<type>.",
  LearnWorlds: "LearnWorlds",
  Moodle: "Moodle",
  "Tags, enrolments, progress, user groups, seats and spaces, by the REST API of the school.":
    "Schlagwörter, Einschreibungen, Fortschritt, Gruppen, Plätze und Bereiche, über die REST-API der Schule.",
  "Cohorts, manual enrolments, groups, messages and completion, by Moodle's web service.":
    "Kohorten, manuelle Einschreibungen, Gruppen, Nachrichten und Abschluss, über den Webservice von Moodle.",
  "The address mail is sent from.": "Die Adresse, von der E-Mails gesendet werden.",
  "School address": "Adresse der Schule",
  "https://your-school.learnworlds.com, or the school's own domain.":
    "https://your-school.learnworlds.com oder die eigene Domain der Schule.",
  "Client ID": "Client-ID",
  "Where Moodle's front page is: https://moodle.your-school.com.":
    "Wo die Startseite von Moodle ist: https://moodle.your-school.com.",
  "Student role": "Rolle der Studenten",
  "The number of the role that students have: 5 in a Moodle as installed.":
    "Die Nummer der Rolle, die Studenten haben: 5 in einem frisch installierten Moodle.",
  "User ids": "Ids der Benutzer",
  "By what a user is known in Moodle: its number, the ID number or the username.":
    "Woran ein Benutzer in Moodle erkannt wird: an seiner Nummer (id), der ID-Nummer (idnumber) oder dem Benutzernamen (username).",
  "Postmark: user:password": "Postmark: Benutzer:Passwort",
  "Resend: signing secret": "Resend: Signaturgeheimnis",
  "Amazon SES: ARN of the SNS topic": "Amazon SES: ARN des SNS-Themas",
  "Send in test mode": "Im Testmodus senden",
  "Of a school in test mode: webhooks of its steps are really sent, and not only kept.":
    "In einer Testschule: Webhooks ihrer Schritte werden wirklich gesendet und nicht nur aufbewahrt.",
  "measurement id": "Mess-ID",
  "api secret": "API-Geheimnis",
  "api key": "API-Schlüssel",
  "server token": "Server-Token",
  stream: "Nachrichtenstrom",
  "marketing stream": "Nachrichtenstrom für Marketing",
  "service account": "Dienstkonto (JSON)",
  "server url": "Adresse des Servers",
  "pixel id": "Pixel-ID",
  "access token": "Zugriffstoken",
  "test event code": "Code für Testereignisse",
  token: "Token",
  region: "Region",
  url: "Adresse",
  secret: "Geheimnis",
  "previous secret": "Voriges Geheimnis",
  batch: "Gebündelt",
  "client secret": "Client-Geheimnis",
  host: "Host",
  port: "Port",
  user: "Benutzer",
  pass: "Passwort",
  tls: "TLS",
};
