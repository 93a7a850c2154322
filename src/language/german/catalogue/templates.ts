export const templates = {
  "Sign-up": "Registrierung",
  "Enroll users in courses upon signup": "Bei der Registrierung in Kurse einschreiben",
  "Whoever signs up is enrolled in these courses, and gets a welcome email a while later.":
    "Wer sich registriert, wird in diese Kurse eingeschrieben und bekommt etwas später eine E-Mail zur Begrüßung.",
  "Welcome new users with a push notification": "Neue Teilnehmer mit einer Push-Nachricht begrüßen",
  "Whoever signs up is welcomed in the mobile app.": "Wer sich registriert, wird in der mobilen App begrüßt.",
  "Tag users by the domain of their email": "Teilnehmern die Domain ihrer E-Mail-Adresse als Schlagwort geben",
  "Whoever signs up is given the domain of their email (acme.com) as a tag.":
    "Wer sich registriert, erhält die Domain seiner E-Mail-Adresse (acme.com) als Schlagwort.",
  "Tag users of client organisations": "Teilnehmer von Kundenfirmen kennzeichnen",
  "Whoever signs up with an email of one of these domains is given the domain as a tag; nobody else is.":
    "Wer sich mit einer E-Mail-Adresse bei einer dieser Domains registriert, erhält die Domain als Schlagwort; sonst niemand.",
  "Tag users on signup": "Schlagwörter bei der Registrierung geben",
  "Whoever signs up is given tags at once, so that the page shown next can go by them; only between two days, if you name them.":
    "Wer sich registriert, erhält sofort Schlagwörter, damit sich schon die nächste Seite danach richten kann; nur zwischen zwei Tagen, wenn Sie sie nennen.",
  "Access to courses and spaces": "Zugang zu Kursen und Bereichen",
  "Add to a private space on enrollment": "Bei der Einschreibung in einen privaten Bereich aufnehmen",
  "Whoever is enrolled in one of these courses is let into their private spaces.":
    "Wer in einen dieser Kurse eingeschrieben wird, kommt in die privaten Bereiche dazu.",
  "Remove from a private space when the enrollment ends":
    "Aus einem privaten Bereich entfernen, wenn die Einschreibung endet",
  "Whoever leaves one of these courses, or loses it, for whatever reason, leaves their private spaces too.":
    "Wer einen dieser Kurse verlässt oder verliert, aus welchem Grund auch immer, verlässt auch die privaten Bereiche dazu.",
  "Give new users a course for a time": "Neuen Teilnehmern einen Kurs auf Zeit geben",
  "Whoever signs up is enrolled in these courses, and let into the spaces, for a time; the enrollment ends by itself, and the spaces with it.":
    "Wer sich registriert, wird für eine Zeit in diese Kurse eingeschrieben und in die Bereiche aufgenommen; die Einschreibung endet von selbst, und die Bereiche mit ihr.",
  "Un-enroll when a tag is removed": "Austragen, wenn ein Schlagwort entfernt wird",
  "Whoever loses these tags is un-enrolled from the courses that came with them.":
    "Wer diese Schlagwörter verliert, wird aus den Kursen ausgetragen, die damit kamen.",
  "Message users who hold several tags": "Teilnehmern mit mehreren Schlagwörtern schreiben",
  "When the last of these tags is added, whenever the others came, the user gets a message.":
    "Sobald das letzte dieser Schlagwörter hinzukommt, egal wann die anderen kamen, bekommt der Teilnehmer eine Nachricht.",
  "Complete courses for migrated users": "Kurse für übernommene Teilnehmer abschließen",
  "Whoever is given a tag for what they did elsewhere has these courses completed.":
    "Wer ein Schlagwort für anderswo Geleistetes erhält, hat diese Kurse abgeschlossen.",
  "Tag users who used a coupon": "Kennzeichnen, wer einen Gutschein eingelöst hat",
  "Whoever uses one of these coupons is given tags, to be found by in lists and reports.":
    "Wer einen dieser Gutscheine einlöst, erhält Schlagwörter und ist damit in Listen und Berichten zu finden.",
  "Tell collaborators of certificates and completed courses":
    "Mitarbeitern von Zertifikaten und abgeschlossenen Kursen berichten",
  "Whenever a user gets a certificate or completes a course, the collaborators of a role, or these addresses, hear of it.":
    "Sobald ein Teilnehmer ein Zertifikat erhält oder einen Kurs abschließt, erfahren es die Mitarbeiter mit einer Rolle oder diese Adressen.",
  "Marketing funnels": "Marketing",
  "E-book for an email address": "E-Book gegen E-Mail-Adresse",
  "Whoever leaves an email address gets the e-book, and a tag once they are a user. No account is needed.":
    "Wer eine E-Mail-Adresse hinterlässt, bekommt das E-Book, und ein Schlagwort, sobald er Teilnehmer ist. Ein Konto ist nicht nötig.",
  "Follow up on a course preview": "Nach der Vorschau eines Kurses nachfassen",
  "Whoever looks at the preview of one of these courses gets an email, and is given tags for the interest.":
    "Wer sich die Vorschau eines dieser Kurse ansieht, bekommt eine E-Mail und Schlagwörter für sein Interesse.",
  "Webinar registration": "Anmeldung zum Webinar",
  "Whoever fills the form in gets the link to the webinar by email.":
    "Wer das Formular ausfüllt, bekommt den Link zum Webinar per E-Mail.",
  "Learner journeys": "Wege der Teilnehmer",
  "Bonus course some days after the enrollment": "Bonuskurs einige Tage nach der Einschreibung",
  "Whoever is enrolled in one of these courses gets a bonus course some days later.":
    "Wer in einen dieser Kurse eingeschrieben wird, bekommt einige Tage später einen Bonuskurs.",
  "Certification renewal": "Zertifikat erneuern",
  "Whoever gets the certificate of one of these courses is reminded before the date in a field of theirs, and again if not enrolled in the refresher by then. Completing the refresher stops it.":
    "Wer das Zertifikat eines dieser Kurse erhält, wird vor dem Datum in einem seiner Felder erinnert, und noch einmal, wenn er bis dahin nicht im Auffrischungskurs eingeschrieben ist. Der Abschluss des Auffrischungskurses beendet es.",
  "Remind inactive users": "Inaktive Teilnehmer erinnern",
  "Whoever has not visited the school for some days is reminded, and again some days later. A visit stops it.":
    "Wer die Schule einige Tage nicht besucht hat, wird erinnert, und einige Tage später noch einmal. Ein Besuch beendet es.",
  "Onboarding drip": "Schritt für Schritt zum Einstieg",
  "Whoever is enrolled in one of these courses is welcomed, reminded, and then praised for a first unit or given tips. Completing the course stops it.":
    "Wer in einen dieser Kurse eingeschrieben wird, wird begrüßt, erinnert und dann für die erste Einheit gelobt oder bekommt Tipps. Der Abschluss des Kurses beendet es.",
  "Offer the next course after completion": "Nach dem Abschluss den nächsten Kurs anbieten",
  "Whoever completes one of these courses and has not the next one is offered it, and offered it again. Enrolling stops it.":
    "Wer einen dieser Kurse abschließt und den nächsten nicht hat, dem wird er angeboten, und noch einmal angeboten. Die Einschreibung beendet es.",
  "Win inactive users back": "Inaktive Teilnehmer zurückgewinnen",
  "Whoever has not visited the school for some days is reminded; who returns is welcomed back, who does not gets a stronger reminder; then a final offer. Signing in or completing a course stops it.":
    "Wer die Schule einige Tage nicht besucht hat, wird erinnert; wer zurückkommt, wird wieder begrüßt, wer nicht, bekommt eine deutlichere Erinnerung; dann ein letztes Angebot. Eine Anmeldung oder ein abgeschlossener Kurs beendet es.",
  "Learning paths": "Lernpfade",
  "Learning path": "Lernpfad",
  "Whoever completes a course of the path is enrolled in the one that follows it.":
    "Wer einen Kurs des Pfads abschließt, wird in den nächsten eingeschrieben.",
  "Courses to enroll in": "Kurse, in die eingeschrieben wird",
  "In the school's currency.": "In der Währung der Schule.",
  "Time until the welcome email": "Zeit bis zur E-Mail zur Begrüßung",
  "Text of the email": "Text der E-Mail",
  "Text of the notification": "Text der Benachrichtigung",
  "Domains of the organisations": "Domains der Firmen",
  "Tags to give": "Schlagwörter, die gegeben werden",
  "Only who registers after this day": "Nur wer sich nach diesem Tag registriert",
  "Only who registers before this day": "Nur wer sich vor diesem Tag registriert",
  "Private spaces": "Private Bereiche",
  "For how long": "Wie lange",
  "Courses to un-enroll from": "Kurse, aus denen ausgetragen wird",
  "Tags that must all be held": "Schlagwörter, die alle da sein müssen",
  "Text of the message": "Text der Nachricht",
  "Tags of migrated users": "Schlagwörter übernommener Teilnehmer",
  "Courses to complete": "Kurse, die abgeschlossen werden",
  "Whom to tell": "Wer es erfährt",
  "Tags to give to users": "Schlagwörter für die Teilnehmer",
  "Paid courses": "Kostenpflichtige Kurse",
  "Bonus courses": "Bonuskurse",
  "How long after": "Wie lange danach",
  "Courses with the certificate": "Kurse mit dem Zertifikat",
  "Refresher courses": "Auffrischungskurse",
  "Field with the day on which the certificate ends": "Feld mit dem Tag, an dem das Zertifikat endet",
  "Days before it": "Tage davor",
  "Time until the follow-up": "Zeit bis zum Nachfassen",
  "Subject of the reminder": "Betreff der Erinnerung",
  Reminder: "Erinnerung",
  "Subject, for those who are enrolled": "Betreff, wenn eingeschrieben",
  "Email for those who are enrolled": "E-Mail, wenn eingeschrieben",
  "Subject, for those who are not enrolled": "Betreff, wenn nicht eingeschrieben",
  "Email for those who are not enrolled": "E-Mail, wenn nicht eingeschrieben",
  "Days without a visit": "Tage ohne Besuch",
  "Time until the second reminder": "Zeit bis zur zweiten Erinnerung",
  "Subject of the first email": "Betreff der ersten E-Mail",
  "First email": "Erste E-Mail",
  "Subject of the second email": "Betreff der zweiten E-Mail",
  "Second email": "Zweite E-Mail",
  "Time until the reminder": "Zeit bis zur Erinnerung",
  "Time from there until progress is looked at": "Zeit von da, bis der Fortschritt geprüft wird",
  "Subject of the welcome": "Betreff der Begrüßung",
  Welcome: "Begrüßung",
  "Subject of the praise": "Betreff des Lobs",
  Praise: "Lob",
  "Subject of the tips": "Betreff der Tipps",
  Tips: "Tipps",
  "Next courses": "Nächste Kurse",
  "Time until the second offer": "Zeit bis zum zweiten Angebot",
  "Time between the emails": "Zeit zwischen den E-Mails",
  "Message for those who returned": "Nachricht an die, die zurückkamen",
  "Subject of the stronger reminder": "Betreff der deutlicheren Erinnerung",
  "Stronger reminder": "Deutlichere Erinnerung",
  "Subject of the final offer": "Betreff des letzten Angebots",
  "Final offer": "Letztes Angebot",
  // What their mails and messages say
  "Welcome, {{ user.username }}": "Willkommen, {{ user.username }}",
  "<p>Hello {{ user.username }},</p><p>your first course at {{ school.name }} is waiting for you.</p>":
    "<p>Hallo {{ user.username }},</p><p>Ihr erster Kurs bei {{ school.name }} wartet auf Sie.</p>",
  "Hello {{ user.username }}": "Hallo {{ user.username }}",
  "Good to have you at {{ school.name }}.": "Schön, dass Sie bei {{ school.name }} sind.",
  "Your seat, {{ user.username }}": "Ihr Platz, {{ user.username }}",
  '<p>Join us here: <a href="{{ school.url }}">{{ school.url }}</a></p>':
    '<p>Hier nehmen Sie teil: <a href="{{ school.url }}">{{ school.url }}</a></p>',
  "Your e-book": "Ihr E-Book",
  "<p>Here is the e-book that you asked for.</p>": "<p>Hier ist das E-Book, das Sie sich gewünscht haben.</p>",
  "Did you like what you saw, {{ user.username }}?": "Hat es Ihnen gefallen, {{ user.username }}?",
  '<p>Go on where you left off: <a href="{{ school.url }}">{{ school.name }}</a></p>':
    '<p>Machen Sie weiter, wo Sie aufgehört haben: <a href="{{ school.url }}">{{ school.name }}</a></p>',
  "We miss you, {{ user.username }}": "Wir vermissen Sie, {{ user.username }}",
  '<p>Your courses are waiting at <a href="{{ school.url }}">{{ school.name }}</a>.</p>':
    '<p>Ihre Kurse warten bei <a href="{{ school.url }}">{{ school.name }}</a>.</p>',
  "Still there, {{ user.username }}?": "Sind Sie noch da, {{ user.username }}?",
  "<p>A few minutes a day are enough.</p>": "<p>Ein paar Minuten am Tag genügen.</p>",
  "<p>Good to have you in {{ course.name }}.</p>": "<p>Schön, dass Sie in {{ course.name }} dabei sind.</p>",
  "How is it going?": "Wie läuft es?",
  "<p>A first unit takes no more than a few minutes.</p>": "<p>Eine erste Einheit dauert nur wenige Minuten.</p>",
  "Well done": "Gut gemacht",
  "<p>You are on your way: {{ course.percent }} %.</p>": "<p>Sie sind auf dem Weg: {{ course.percent }} %.</p>",
  "Some tips to begin": "Ein paar Tipps für den Anfang",
  "<p>Set a time of the day aside, and begin small.</p>":
    "<p>Nehmen Sie sich eine feste Zeit am Tag, und fangen Sie klein an.</p>",
  "Renew your certificate": "Erneuern Sie Ihr Zertifikat",
  "<p>Your certificate ends soon. The refresher renews it.</p>":
    "<p>Ihr Zertifikat läuft bald ab. Der Auffrischungskurs erneuert es.</p>",
  "You are on your way": "Sie sind auf dem Weg",
  "<p>Complete the refresher to renew your certificate.</p>":
    "<p>Schließen Sie den Auffrischungskurs ab, um Ihr Zertifikat zu erneuern.</p>",
  "Time is running out": "Die Zeit wird knapp",
  "<p>Begin the refresher now to keep your certificate.</p>":
    "<p>Beginnen Sie jetzt den Auffrischungskurs, um Ihr Zertifikat zu behalten.</p>",
  "<p>Your courses are waiting for you.</p>": "<p>Ihre Kurse warten auf Sie.</p>",
  "Welcome back, {{ user.username }}": "Willkommen zurück, {{ user.username }}",
  "Your courses are getting lonely": "Ihre Kurse werden einsam",
  "<p>Go on where you left off: it takes a few minutes.</p>":
    "<p>Machen Sie weiter, wo Sie aufgehört haben: Es dauert nur ein paar Minuten.</p>",
  "An offer to come back": "Ein Angebot für Ihre Rückkehr",
  "<p>For you alone, and for a few days only.</p>": "<p>Nur für Sie und nur für wenige Tage.</p>",
  "Ready for more, {{ user.username }}?": "Bereit für mehr, {{ user.username }}?",
  "<p>You have completed {{ course.name }}. Here is what follows.</p>":
    "<p>Sie haben {{ course.name }} abgeschlossen. Hier ist, was als Nächstes kommt.</p>",
  "10 % off your next course": "10 % Rabatt auf Ihren nächsten Kurs",
  "<p>This offer stands for a week.</p>": "<p>Dieses Angebot gilt eine Woche.</p>",
  "News of {{ user.username }}": "Neues von {{ user.username }}",
  "<p>{{ user.username }} ({{ user.email }}) has reached something in {{ course.name }}.</p>":
    "<p>{{ user.username }} ({{ user.email }}) hat in {{ course.name }} etwas erreicht.</p>",
  "Well done, {{ user.username }}: you have it all.": "Gut gemacht, {{ user.username }}: Sie haben alles beisammen.",
  // The same times, as their units name them.
  "welcome after": "Zeit bis zur Begrüßung",
  "again after": "Zeit bis zum zweiten Mal",
  "reminder after": "Zeit bis zur Erinnerung",
  "check after": "Zeit bis zur Prüfung",
  "follow up after": "Zeit bis zum Nachfassen",
  pause: "Pause",
  "One a line, in the order of the path.": "Je Zeile einer, in der Reihenfolge des Pfads.",
};
