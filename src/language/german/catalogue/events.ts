export const events = {
  "Tag added": "Schlagwort hinzugefügt",
  "The user was given one or several tags. One fact for each tag not held before.":
    "Der Teilnehmer hat ein oder mehrere Schlagwörter erhalten. Jedes, das er noch nicht hatte, zählt einzeln.",
  "Tag removed": "Schlagwort entfernt",
  "One or several tags were taken from the user. One fact for each tag that was held.":
    "Dem Teilnehmer wurden ein oder mehrere Schlagwörter genommen. Jedes, das er hatte, zählt einzeln.",
  "User signed in": "Teilnehmer angemeldet",
  "The user signed in; counts as a visit of the school, or of the app.":
    "Der Teilnehmer hat sich angemeldet; zählt als Besuch der Schule oder der App.",
  "User signed up": "Teilnehmer registriert",
  "The user registered. Makes a fact once for each user, whether or not the user was known before.":
    "Der Teilnehmer hat sich registriert. Zählt je Teilnehmer einmal, ob er zuvor bekannt war oder nicht.",
  "Sign-up request approved": "Registrierung genehmigt",
  "The school let the user in.": "Die Schule hat den Teilnehmer zugelassen.",
  "Sign-up request rejected": "Registrierung abgelehnt",
  "The school did not let the user in.": "Die Schule hat den Teilnehmer nicht zugelassen.",
  "User updated": "Teilnehmer geändert",
  "Attributes of the user changed; the new ones stand in `user`.":
    "Attribute des Teilnehmers haben sich geändert; die neuen stehen in `user`.",
  "Enrolled in a bundle": "In ein Paket eingeschrieben",
  "The user was enrolled in a bundle, and with it in each of its courses.":
    "Der Teilnehmer wurde in ein Paket eingeschrieben, und damit in jeden seiner Kurse.",
  "Un-enrolled from a bundle": "Aus einem Paket ausgetragen",
  "The user left the bundle, or lost it. Withdraws every source of the enrolment.":
    "Der Teilnehmer hat das Paket verlassen oder verloren. Nimmt jede Quelle der Einschreibung zurück.",
  "Enrolled in a course": "In einen Kurs eingeschrieben",
  "The user was enrolled in a course.": "Der Teilnehmer wurde in einen Kurs eingeschrieben.",
  "Un-enrolled from a course": "Aus einem Kurs ausgetragen",
  "The user left the course, or lost it. Withdraws every source of the enrolment.":
    "Der Teilnehmer hat den Kurs verlassen oder verloren. Nimmt jede Quelle der Einschreibung zurück.",
  "Enrolled to a subscription": "In ein Abo eingeschrieben",
  "The user subscribed, and is enrolled in each of the courses that the subscription holds.":
    "Der Teilnehmer hat ein Abo und ist in jeden Kurs eingeschrieben, den es enthält.",
  "Un-enrolled from a subscription": "Aus einem Abo ausgetragen",
  "The user left the subscription, or lost it. Withdraws every source of the enrolment.":
    "Der Teilnehmer hat das Abo verlassen oder verloren. Nimmt jede Quelle der Einschreibung zurück.",
  "Resumed in a course": "Einschreibung in einen Kurs fortgesetzt",
  "The user's enrolment in a course is no longer suspended.":
    "Die Einschreibung in einen Kurs ist nicht mehr ausgesetzt.",
  "Suspended in a course": "Einschreibung in einen Kurs ausgesetzt",
  "The user's enrolment in a course was suspended: it stays, and counts as none.":
    "Die Einschreibung in einen Kurs wurde ausgesetzt: Sie bleibt, zählt aber nicht.",
  "Learning activity completed": "Lernaktivität abgeschlossen",
  "The user completed an activity of a course.": "Der Teilnehmer hat eine Lernaktivität eines Kurses abgeschlossen.",
  "Learning activity progress reset": "Fortschritt einer Lernaktivität zurückgesetzt",
  "The user begins an activity anew.": "Der Teilnehmer beginnt eine Lernaktivität von vorn.",
  "Certificate awarded": "Zertifikat verliehen",
  "The user got a certificate. The same one again is news only when it brings another end.":
    "Der Teilnehmer hat ein Zertifikat erhalten. Dasselbe noch einmal zählt nur, wenn es ein anderes Ende bringt.",
  "Course completed": "Kurs abgeschlossen",
  "The user completed a course; its progress is 100 then.":
    "Der Teilnehmer hat einen Kurs abgeschlossen; der Fortschritt ist dann 100.",
  "Paid course previewed": "Vorschau eines kostenpflichtigen Kurses angesehen",
  "The user looked at the preview of a paid course.":
    "Der Teilnehmer hat sich die Vorschau eines kostenpflichtigen Kurses angesehen.",
  "Course progress reset": "Kursfortschritt zurückgesetzt",
  "The user begins the course anew: started, progress and completed can come again.":
    "Der Teilnehmer beginnt den Kurs von vorn: Beginn, Fortschritt und Abschluss können wieder kommen.",
  "Course progressed": "Kursfortschritt",
  "How far the user is in a course. Progress never falls; 100 does not imply completed.":
    "Wie weit der Teilnehmer in einem Kurs ist. Der Fortschritt fällt nie; 100 heißt nicht, dass er abgeschlossen ist.",
  "Coupon used": "Gutschein eingelöst",
  "The user used a coupon.": "Der Teilnehmer hat einen Gutschein eingelöst.",
  "Installments completed": "Alle Raten bezahlt",
  "The last installment was paid.": "Die letzte Rate wurde bezahlt.",
  "Payment made": "Zahlung eingegangen",
  "The user paid for a product. A coupon in it also makes coupon.used; a payment id seen before makes nothing.":
    "Der Teilnehmer hat ein Produkt bezahlt. Ein Gutschein darin löst auch coupon.used aus; eine schon bekannte Zahlungs-ID löst nichts aus.",
  "Subscription or installment canceled": "Abo oder Ratenzahlung gekündigt",
  "Recurring payments end; the end of a trial is announced no more.":
    "Wiederkehrende Zahlungen enden; das Ende einer Testphase wird nicht mehr angekündigt.",
  "Subscription or installment paid": "Abo oder Rate bezahlt",
  "A recurring payment came in.": "Eine wiederkehrende Zahlung ist eingegangen.",
  "Subscription updated": "Abo geändert",
  "A subscription changed: to be canceled, renewed, another plan, reactivated.":
    "Ein Abo hat sich geändert: Kündigung vorgemerkt, verlängert, anderer Tarif, wieder aktiv.",
  "Trial started": "Testphase begonnen",
  "A trial began. Some days before its end a fact follows by itself, unless it is canceled.":
    "Eine Testphase hat begonnen. Einige Tage vor ihrem Ende kommt von selbst ein weiteres Ereignis, außer sie wird gekündigt.",
  "Payment refunded": "Zahlung erstattet",
  "A payment was given back, all that is left of it or an amount. One that is not known makes a fact too.":
    "Eine Zahlung wurde erstattet, der ganze Rest oder ein Betrag. Auch eine unbekannte zählt.",
  "Assessment reviewed": "Prüfung bewertet",
  "A teacher reviewed the user's assessment.": "Ein Dozent hat die Prüfung des Teilnehmers bewertet.",
  "Assessment submitted": "Prüfung abgegeben",
  "The user handed an assessment in.": "Der Teilnehmer hat eine Prüfung abgegeben.",
  "Certificate exam reviewed": "Zertifikatsprüfung bewertet",
  "A teacher reviewed the user's certificate exam.": "Ein Dozent hat die Zertifikatsprüfung des Teilnehmers bewertet.",
  "Certificate exam submitted": "Zertifikatsprüfung abgegeben",
  "The user handed a certificate exam in.": "Der Teilnehmer hat eine Zertifikatsprüfung abgegeben.",
  "Form submitted": "Formular ausgefüllt",
  "A form was filled in. The one event whose user may be an email alone: a lead, merged into the user who later signs up with that email.":
    "Ein Formular wurde ausgefüllt. Das einzige Ereignis, von dessen Teilnehmer nur die E-Mail-Adresse bekannt sein darf: ein Interessent, der mit dem Teilnehmer zusammengeführt wird, der sich später mit dieser Adresse registriert.",
  "NPS form submitted": "NPS-Formular ausgefüllt",
  "The user said how likely a recommendation is, from 0 to 10.":
    "Der Teilnehmer hat gesagt, wie wahrscheinlich er weiterempfiehlt, von 0 bis 10.",
  "Joined a user group": "In eine Gruppe aufgenommen",
  "The user was added to a user group.": "Der Teilnehmer wurde in eine Gruppe aufgenommen.",
  "Left a user group": "Aus einer Gruppe entfernt",
  "The user was removed from a user group; a membership that a sync holds stays.":
    "Der Teilnehmer wurde aus einer Gruppe entfernt; eine Mitgliedschaft, die ein Abgleich hält, bleibt.",
  "Added to a seat offering": "Platz erhalten",
  "The user was given a seat, and is enrolled in each of the courses that it holds.":
    "Der Teilnehmer hat einen Platz erhalten und ist in jeden Kurs eingeschrieben, den er enthält.",
  "Removed from a seat offering": "Platz verloren",
  "The user's seat was taken away.": "Der Platz des Teilnehmers wurde weggenommen.",
  "Course visited": "Kurs besucht",
  "The user came to a course; the first time the course is started. Also a visit of the school.":
    "Der Teilnehmer hat einen Kurs besucht; beim ersten Mal beginnt der Kurs. Zählt auch als Besuch der Schule.",
  "School visited": "Schule besucht",
  "The user came to the school. Activity only: nothing starts from it, but exits and waits may name it.":
    "Der Teilnehmer hat die Schule besucht. Nur eine Aktivität: Nichts beginnt damit, aber Ausstiege und Warteschritte können darauf achten.",
  "Anything else the LMS wants to tell. A user token sends only the names that the school allows.":
    "Alles andere, was das LMS melden will. Ein Token eines Teilnehmers sendet nur die Namen, die die Schule erlaubt.",
};
