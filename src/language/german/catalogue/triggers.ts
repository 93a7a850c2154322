/* A sentence of a trigger follows what it speaks of, with its verb first: "wird in JavaScript 101 eingeschrieben". */
export const triggers = {
  "Tag Added": "Schlagwort hinzugefügt",
  "label, tagged, gets a tag": "Etikett, Tag, verschlagwortet, bekommt ein Schlagwort",
  "All of the tags are held: it fires when the last of them is added, however long ago the others were, and again only after one of them was removed and added again. Or any of them is added.":
    "Alle Schlagwörter sind vorhanden: löst aus, wenn das letzte hinzukommt, egal wie lange die anderen schon da sind, und erst wieder, nachdem eines davon entfernt und neu hinzugefügt wurde. Oder irgendeines davon kommt hinzu.",
  "is tagged {tags|match}": "erhält das Schlagwort {tags|match}",
  "Tag Removed": "Schlagwort entfernt",
  "label, untagged, loses a tag": "Etikett, Tag, verliert ein Schlagwort",
  "None of the tags is held any more, each having been held at some time: it fires when the last of them is removed. Or any of them is removed.":
    "Keines der Schlagwörter ist mehr vorhanden, und jedes war es einmal: löst aus, wenn das letzte entfernt wird. Oder irgendeines davon wird entfernt.",
  "loses the tag {tags|match}": "verliert das Schlagwort {tags|match}",
  "User Signs-in": "Anmeldung",
  "logs in, login": "meldet sich an, loggt sich ein",
  "The user signed in.": "Der Teilnehmer hat sich angemeldet.",
  "signs in": "meldet sich an",
  "User Signs-up": "Registrierung",
  "registers, joins, new user, account created": "registriert sich, neuer Teilnehmer, neues Konto, Konto angelegt",
  "The user registered.": "Der Teilnehmer hat sich registriert.",
  "signs up": "registriert sich",
  "User Sign up request approved": "Registrierungsanfrage genehmigt",
  "The school approved the user's request to sign up.": "Die Schule hat die Registrierungsanfrage genehmigt.",
  "has their sign-up approved": "bekommt die Registrierung genehmigt",
  "User Sign up request rejected": "Registrierungsanfrage abgelehnt",
  "The school rejected the user's request to sign up.": "Die Schule hat die Registrierungsanfrage abgelehnt.",
  "has their sign-up rejected": "bekommt die Registrierung abgelehnt",
  "User is Updated": "Profil geändert",
  "profile changed, field changed, attribute": "Feld geändert, Profil aktualisiert, Attribut",
  "An attribute or a profile field of the user changed: any, or one of these.":
    "Ein Attribut oder Profilfeld des Teilnehmers hat sich geändert: irgendeines oder eines von diesen.",
  "has {fields: anything} changed": "hat eine Änderung in {fields: irgendeinem Feld}",
  "User is resumed in a course": "Einschreibung in einen Kurs fortgesetzt",
  "The user's enrolment in any course, or in one of these, is no longer suspended.":
    "Die Einschreibung in irgendeinen Kurs oder einen von diesen ist nicht mehr ausgesetzt.",
  "is resumed in {courses: any course}": "bekommt die Einschreibung in {courses: irgendeinen Kurs} fortgesetzt",
  "User is suspended in a course": "Einschreibung in einen Kurs ausgesetzt",
  "The user's enrolment in any course, or in one of these, is suspended.":
    "Die Einschreibung in irgendeinen Kurs oder einen von diesen wird ausgesetzt.",
  "is suspended in {courses: any course}": "bekommt die Einschreibung in {courses: irgendeinen Kurs} ausgesetzt",
  "User Enrolled in a Bundle": "In ein Paket eingeschrieben",
  "gets access, buys, joins": "bekommt Zugang, kauft, tritt bei, Bundle",
  "The user is enrolled in any bundle, or in one of these.":
    "Der Teilnehmer wird in irgendein Paket oder eines von diesen eingeschrieben.",
  "is enrolled in [the bundle {bundles}][any bundle{!bundles}]":
    "wird in [das Paket {bundles}][irgendein Paket{!bundles}] eingeschrieben",
  "User Un-enrolled from a Bundle": "Aus einem Paket ausgetragen",
  "loses access, leaves, expires": "verliert Zugang, verlässt, läuft ab",
  "The user's enrolment in any bundle, or in one of these, ends; for any reason or one of these.":
    "Die Einschreibung in irgendein Paket oder eines von diesen endet, aus irgendeinem Grund oder einem von diesen.",
  "is un-enrolled from [the bundle {bundles}][any bundle{!bundles}][ because: {reasons}]":
    "wird aus [dem Paket {bundles}][irgendeinem Paket{!bundles}] ausgetragen[, Grund: {reasons}]",
  "User Enrolled in a Course": "In einen Kurs eingeschrieben",
  "The user is enrolled in any course, or in one of these.":
    "Der Teilnehmer wird in irgendeinen Kurs oder einen von diesen eingeschrieben.",
  "is enrolled in {courses: any course}": "wird in {courses: irgendeinen Kurs} eingeschrieben",
  "User Un-enrolled from a Course": "Aus einem Kurs ausgetragen",
  "The user's enrolment in any course, or in one of these, ends; for any reason or one of these.":
    "Die Einschreibung in irgendeinen Kurs oder einen von diesen endet, aus irgendeinem Grund oder einem von diesen.",
  "is un-enrolled from {courses: any course}[ because: {reasons}]":
    "wird aus {courses: irgendeinem Kurs} ausgetragen[, Grund: {reasons}]",
  "User Enrolled to a Subscription": "In ein Abo eingeschrieben",
  "The user is enrolled in any subscription, or in one of these.":
    "Der Teilnehmer wird in irgendein Abo oder eines von diesen eingeschrieben.",
  "is enrolled in [the subscription {subscriptions}][any subscription{!subscriptions}]":
    "wird in [das Abo {subscriptions}][irgendein Abo{!subscriptions}] eingeschrieben",
  "User Un-enrolled from a Subscription": "Aus einem Abo ausgetragen",
  "The user's enrolment in any subscription, or in one of these, ends; for any reason or one of these.":
    "Die Einschreibung in irgendein Abo oder eines von diesen endet, aus irgendeinem Grund oder einem von diesen.",
  "is un-enrolled from [the subscription {subscriptions}][any subscription{!subscriptions}][ because: {reasons}]":
    "wird aus [dem Abo {subscriptions}][irgendeinem Abo{!subscriptions}] ausgetragen[, Grund: {reasons}]",
  "User completed a learning activity": "Lernaktivität abgeschlossen",
  "unit, lesson, video, section, quiz": "Einheit, Lektion, Video, Abschnitt, Quiz",
  "The user completes an activity: any, one of these, or one of these courses.":
    "Der Teilnehmer schließt eine Lernaktivität ab: irgendeine, eine von diesen oder eine aus diesen Kursen.",
  "completes {activities: any learning activity}[ of {courses}]":
    "schließt {activities: irgendeine Lernaktivität}[ aus {courses}] ab",
  "Certificate gets Awarded": "Zertifikat verliehen",
  "diploma, certified, earned": "Urkunde, Diplom, zertifiziert, Abschluss",
  "The user gets a certificate: any, one of these courses, or one of these.":
    "Der Teilnehmer erhält ein Zertifikat: irgendeines, eines aus diesen Kursen oder eines von diesen.",
  "is awarded {certificates: any certificate}[ of {courses}]":
    "erhält {certificates: irgendein Zertifikat}[ aus {courses}]",
  "User Completed a Course": "Kurs abgeschlossen",
  "The user completes a course.": "Der Teilnehmer schließt einen Kurs ab.",
  "completes {courses: any course}": "schließt {courses: irgendeinen Kurs} ab",
  "User Previews a Paid Course": "Vorschau eines kostenpflichtigen Kurses angesehen",
  "The user looks at the preview of a paid course.":
    "Der Teilnehmer sieht sich die Vorschau eines kostenpflichtigen Kurses an.",
  "previews {courses: any paid course}": "sieht sich die Vorschau an: {courses: irgendein kostenpflichtiger Kurs}",
  "User Starts a Course": "Kurs begonnen",
  "The user visits a course for the first time.": "Der Teilnehmer besucht einen Kurs zum ersten Mal.",
  "starts {courses: any course}": "beginnt {courses: irgendeinen Kurs}",
  "User reaches X% of course progress": "Fortschritt im Kurs erreicht",
  "half way, percent": "Hälfte, Prozent, Kursfortschritt",
  "The progress in a course crosses this percentage upwards, also when it jumps past it.":
    "Der Fortschritt in einem Kurs steigt über diesen Prozentwert, auch wenn er ihn überspringt.",
  "reaches {percent|percent} of {courses: any course}":
    "erreicht {percent|percent} Fortschritt in {courses: irgendeinem Kurs}",
  "Coupon is Used": "Gutschein eingelöst",
  "discount, voucher, promotion code": "Rabatt, Gutscheincode, Aktionscode",
  "The user uses a coupon: any, one of these codes, or one of these kinds.":
    "Der Teilnehmer löst einen Gutschein ein: irgendeinen, einen dieser Codes oder einen dieser Art.",
  "uses {coupons: any coupon}[, a {kinds}]": "löst {coupons: irgendeinen Gutschein} ein[, Art: {kinds}]",
  "Installment Completed": "Letzte Rate bezahlt",
  "The user pays the last installment.": "Der Teilnehmer bezahlt die letzte Rate.",
  "pays the last installment of {products: any product}": "bezahlt die letzte Rate für {products: irgendein Produkt}",
  "Payment is Made": "Zahlung eingegangen",
  "buys, purchase, order, sale, checkout": "kauft, Kauf, Bestellung, Verkauf, Kasse",
  "The user pays: for anything, for one of these, or for one of these kinds of product.":
    "Der Teilnehmer bezahlt: für irgendetwas, für eines von diesen oder für eine dieser Produktarten.",
  "pays for {products: any product}[, a {product_types}]":
    "bezahlt für {products: irgendein Produkt}[, Art: {product_types}]",
  "Subscription or Installment Canceled": "Abo oder Ratenzahlung gekündigt",
  "Recurring payments end.": "Wiederkehrende Zahlungen enden.",
  "cancels a recurring payment of {products: any product}[, a {kinds}]":
    "kündigt eine wiederkehrende Zahlung für {products: irgendein Produkt}[, Art: {kinds}]",
  "Subscription or Installment is Paid": "Abo oder Rate bezahlt",
  "A recurring payment comes in.": "Eine wiederkehrende Zahlung geht ein.",
  "pays a recurring payment of {products: any product}[, a {kinds}]":
    "leistet eine wiederkehrende Zahlung für {products: irgendein Produkt}[, Art: {kinds}]",
  "Subscription Updated": "Abo geändert",
  "A subscription changes, in any way or in one of these.":
    "Ein Abo ändert sich, auf irgendeine Weise oder eine von diesen.",
  "has {subscriptions: any subscription} updated[: {changes}]":
    "hat eine Änderung an {subscriptions: irgendeinem Abo}[: {changes}]",
  "Subscription Trial Ends in 3 days": "Testphase eines Abos endet in 3 Tagen",
  "trial expires, trial ending": "Probezeit, Probeabo, Testphase läuft ab",
  "So many calendar days before a trial ends, unless it was canceled.":
    "So viele Kalendertage vor dem Ende einer Testphase, außer sie wurde gekündigt.",
  "is {days|days} before the end of a trial of {subscriptions: any subscription}":
    "ist {days|days} vor dem Ende der Testphase von {subscriptions: irgendeinem Abo}",
  "Subscription Trial Started": "Testphase eines Abos begonnen",
  "The user begins a trial.": "Der Teilnehmer beginnt eine Testphase.",
  "starts a trial of {subscriptions: any subscription}": "beginnt eine Testphase von {subscriptions: irgendeinem Abo}",
  "Payment is refunded": "Zahlung erstattet",
  "refund, money back, chargeback": "Erstattung, Rückzahlung, Geld zurück, Rückbuchung",
  "A payment is given back, whole or in part: any, for one of these products, or for one of these kinds.":
    "Eine Zahlung wird ganz oder teilweise erstattet: irgendeine, für eines dieser Produkte oder für eine dieser Arten.",
  "gets a payment back for {products: any product}[, a {product_types}]":
    "erhält eine Zahlung für {products: irgendein Produkt} zurück[, Art: {product_types}]",
  "Assessment is Reviewed": "Prüfung bewertet",
  "A teacher reviews the user's assessment.": "Ein Dozent bewertet die Prüfung des Teilnehmers.",
  "has {assessments: any assessment} reviewed": "bekommt {assessments: irgendeine Prüfung} bewertet",
  "Assessment is Submitted": "Prüfung abgegeben",
  "The user hands an assessment in.": "Der Teilnehmer gibt eine Prüfung ab.",
  "submits {assessments: any assessment}": "gibt {assessments: irgendeine Prüfung} ab",
  "Certificate exam is reviewed": "Zertifikatsprüfung bewertet",
  "A teacher reviews the user's certificate exam.": "Ein Dozent bewertet die Zertifikatsprüfung des Teilnehmers.",
  "has {exams: any certificate exam} reviewed": "bekommt {exams: irgendeine Zertifikatsprüfung} bewertet",
  "Certificate exam is submitted": "Zertifikatsprüfung abgegeben",
  "The user hands a certificate exam in.": "Der Teilnehmer gibt eine Zertifikatsprüfung ab.",
  "submits {exams: any certificate exam}": "gibt {exams: irgendeine Zertifikatsprüfung} ab",
  "Form is Submitted": "Formular ausgefüllt",
  "survey, lead, contact, answers": "Umfrage, Interessent, Kontakt, Antworten, abgeschickt",
  "The user, or someone known by an email alone, fills a form in.":
    "Der Teilnehmer, oder jemand, von dem nur die E-Mail-Adresse bekannt ist, füllt ein Formular aus.",
  "submits [the form {forms}][any form{!forms}]": "füllt [das Formular {forms}][irgendein Formular{!forms}] aus",
  "NPS form is submitted": "NPS-Formular ausgefüllt",
  "survey, score, rating, feedback": "Umfrage, Punkte, Bewertung, Rückmeldung",
  "The user answers an NPS form with a score within bounds.":
    "Der Teilnehmer beantwortet ein NPS-Formular mit einer Punktzahl in diesen Grenzen.",
  "answers the NPS form[ with at least {min_score}][ with at most {max_score}]":
    "beantwortet das NPS-Formular[ mit mindestens {min_score}][ und{min_score?}{max_score?}][ mit höchstens {max_score}]",
  "User is added to a user group": "In eine Gruppe aufgenommen",
  "The user joins a user group: any, or one of these.":
    "Der Teilnehmer kommt in eine Gruppe: irgendeine oder eine von diesen.",
  "joins [the group {groups}][any user group{!groups}]": "kommt in [die Gruppe {groups}][irgendeine Gruppe{!groups}]",
  "User is removed from a user group": "Aus einer Gruppe entfernt",
  "The user leaves a user group: any, or one of these.":
    "Der Teilnehmer verlässt eine Gruppe: irgendeine oder eine von diesen.",
  "leaves [the group {groups}][any user group{!groups}]": "verlässt [die Gruppe {groups}][irgendeine Gruppe{!groups}]",
  "User is added to a seat offering": "Platz erhalten",
  "The user is given a seat: any, or one of these.":
    "Der Teilnehmer erhält einen Platz: in irgendeinem Platzkontingent oder einem von diesen.",
  "gets a seat in {seats: any seat offering}": "erhält einen Platz in {seats: irgendeinem Platzkontingent}",
  "User is removed from seat offering": "Platz verloren",
  "The user's seat is taken away: any, or one of these.":
    "Der Platz des Teilnehmers wird weggenommen: in irgendeinem Platzkontingent oder einem von diesen.",
  "loses their seat in {seats: any seat offering}": "verliert den Platz in {seats: irgendeinem Platzkontingent}",
  "User hasn't visited a course via the mobile app in the last X days":
    "Einen Kurs X Tage lang nicht in der App besucht",
  "inactive, absent": "inaktiv, abwesend, war lange nicht da",
  "Fires once for each stretch of inactivity, when it reaches so many days. Users past it already when the automation is made active are left alone unless asked for. Each course counts for itself, for users enrolled and not completed.":
    "Löst einmal je Zeit der Inaktivität aus, sobald sie so viele Tage erreicht. Wer beim Einschalten der Automation schon länger fort ist, bleibt außen vor, außer es wird gewünscht. Jeder Kurs zählt für sich, für alle, die eingeschrieben sind und nicht abgeschlossen haben.",
  "has not visited {courses: a course} in the mobile app for {days|days}[, those already away included{include_already_inactive?}]":
    "hat {courses: einen Kurs} in der mobilen App {days|days} lang nicht besucht[, auch wer schon länger fort ist{include_already_inactive?}]",
  "User hasn't opened the mobile app in the last X days": "Die App X Tage lang nicht geöffnet",
  "Fires once for each stretch of inactivity, when it reaches so many days. Users past it already when the automation is made active are left alone unless asked for.":
    "Löst einmal je Zeit der Inaktivität aus, sobald sie so viele Tage erreicht. Wer beim Einschalten der Automation schon länger fort ist, bleibt außen vor, außer es wird gewünscht.",
  "has not opened the mobile app for {days|days}[, those already away included{include_already_inactive?}]":
    "hat die mobile App {days|days} lang nicht geöffnet[, auch wer schon länger fort ist{include_already_inactive?}]",
  "User hasn't visited a course in the last X days": "Einen Kurs X Tage lang nicht besucht",
  "inactive, absent, stuck": "inaktiv, abwesend, kommt nicht weiter, hängt fest",
  "has not visited {courses: a course} for {days|days}[, those already away included{include_already_inactive?}]":
    "hat {courses: einen Kurs} {days|days} lang nicht besucht[, auch wer schon länger fort ist{include_already_inactive?}]",
  "User hasn't visited the school in the last X days": "Die Schule X Tage lang nicht besucht",
  "inactive, absent, away, dormant, not logged in": "inaktiv, abwesend, fort, schläft, nicht angemeldet",
  "has not visited the school for {days|days}[, those already away included{include_already_inactive?}]":
    "hat die Schule {days|days} lang nicht besucht[, auch wer schon länger fort ist{include_already_inactive?}]",
  "User joined a segment": "In ein Segment gekommen",
  "The user becomes a member of a segment: any, or one of these.":
    "Der Teilnehmer wird Mitglied eines Segments: irgendeines oder eines von diesen.",
  "joins [the segment {segments}][any segment{!segments}]":
    "kommt in [das Segment {segments}][irgendein Segment{!segments}]",
  "User left a segment": "Ein Segment verlassen",
  "The user ceases to be a member of a segment: any, or one of these.":
    "Der Teilnehmer ist nicht mehr Mitglied eines Segments: irgendeines oder eines von diesen.",
  "leaves [the segment {segments}][any segment{!segments}]":
    "verlässt [das Segment {segments}][irgendein Segment{!segments}]",
  "Custom event": "Eigenes Ereignis",
  "api, own event, webhook, track": "API, eigenes Ereignis, Schnittstelle",
  "An event of the school's own, by its name, with data that compares as asked.":
    "Ein Ereignis der Schule selbst, nach seinem Namen, mit Daten, die dem Vergleich entsprechen.",
  "does {name: a custom event}[ with {where|clauses}]": "löst {name: ein eigenes Ereignis} aus[ mit {where|clauses}]",
  "A date is reached": "Ein Datum ist erreicht",
  "birthday, anniversary, renewal, expires, due date, schedule, yearly":
    "Geburtstag, Jahrestag, Verlängerung, läuft ab, Fälligkeit, Termin, jährlich",
  "Fires when a date in a field of the user, of a course that the user is in, or the end of a certificate comes; shifted, or every year, if asked. What is past when the automation is made active is left alone; a date that changes comes anew.":
    "Löst aus, wenn ein Datum in einem Feld des Teilnehmers, ein Datum eines Kurses, in dem er ist, oder das Ende eines Zertifikats kommt; auf Wunsch verschoben oder jedes Jahr. Was beim Einschalten der Automation vorbei ist, bleibt außen vor; ein Datum, das sich ändert, kommt neu.",
  "comes to [{offset|shift} ]{field: |field}{of: }[ ({courses})][ each {every}][ at {at}]":
    "erreicht [{offset|shift} ]{field: |field}{of: }[ ({courses})][ jedes {every}][ um {at}]",
  "User visits a course": "Kurs besucht",
  "opens a course": "öffnet einen Kurs",
  "The user comes to a course; only exits and waits may name it.":
    "Der Teilnehmer besucht einen Kurs; nur für Ausstiege und Warteschritte.",
  "visits {courses: any course}[ ({channel})]": "besucht {courses: irgendeinen Kurs}[ ({channel})]",
  "User visits the school": "Schule besucht",
  "comes back, logs in, opens": "kommt zurück, meldet sich an, öffnet",
  "The user comes to the school; only exits and waits may name it.":
    "Der Teilnehmer besucht die Schule; nur für Ausstiege und Warteschritte.",
  "visits the school[ ({channel})]": "besucht die Schule[ ({channel})]",
};
