/** What Moodle's connector says: why a change was not carried out, and what a test of the connection finds. */
export const moodle = {
  // The answer as a whole.
  "Moodle answered {call} in a form that is not known": "Moodle hat auf {call} in unbekannter Form geantwortet",
  "Moodle's answer is cut off": "die Antwort von Moodle ist abgeschnitten",
  "what answers at this address is not Moodle's web service: there is no JSON in it":
    "was unter dieser Adresse antwortet, ist nicht der Webservice von Moodle: es ist kein JSON darin",
  "the address redirects: set the one it leads to": "die Adresse leitet weiter: setzen Sie die ein, zu der sie führt",
  "web services or the REST protocol are switched off in Moodle":
    "Webservices oder das REST-Protokoll sind in Moodle ausgeschaltet",
  "there is no Moodle at this address": "unter dieser Adresse ist kein Moodle",
  "the address is protected by a password of its own": "die Adresse ist durch ein eigenes Passwort geschützt",
  "Moodle's server does not do it now": "der Server von Moodle tut es zurzeit nicht",
  "Moodle's server refuses the call": "der Server von Moodle lehnt den Aufruf ab",
  "the function {call} is not in the web service of the token":
    "die Funktion {call} gehört nicht zum Webservice des Tokens",

  // The token and the service user.
  "Moodle does not know the token": "Moodle kennt den Token nicht",
  "Moodle refuses the token: it has expired, is not for this address, or REST is not allowed":
    "Moodle lehnt den Token ab: Er ist abgelaufen, gilt nicht für diese Adresse, oder REST ist nicht erlaubt",
  "the service user was deleted": "der Dienstbenutzer wurde gelöscht",
  "the service user is not confirmed": "der Dienstbenutzer ist nicht bestätigt",
  "the service user is suspended": "der Dienstbenutzer ist gesperrt",
  "the password of the service user has expired": "das Passwort des Dienstbenutzers ist abgelaufen",
  "the service user may not sign in": "der Dienstbenutzer darf sich nicht anmelden",
  "the profile of the service user is not complete": "das Profil des Dienstbenutzers ist nicht vollständig",
  "the service user has not agreed to the site's policy":
    "der Dienstbenutzer hat den Richtlinien der Website nicht zugestimmt",
  "the service user has to change the password": "der Dienstbenutzer muss sein Passwort ändern",
  "the service user lacks a right for this": "dem Dienstbenutzer fehlt dafür ein Recht",
  "the service user may not enter this course (moodle/course:view; of a hidden one moodle/course:viewhiddencourses)":
    "der Dienstbenutzer darf diesen Kurs nicht betreten (moodle/course:view; bei einem verborgenen moodle/course:viewhiddencourses)",
  "the service user may not give this role (moodle/role:assign, Allow role assignments)":
    "der Dienstbenutzer darf diese Rolle nicht vergeben (moodle/role:assign, „Rollenzuweisungen erlauben“)",

  // Moodle's own troubles.
  "Moodle is in maintenance": "Moodle wird gewartet",
  "Moodle is being upgraded": "Moodle wird aktualisiert",
  "Moodle does not reach its database": "Moodle erreicht seine Datenbank nicht",
  "Moodle's database did not answer": "die Datenbank von Moodle hat nicht geantwortet",
  "Moodle's database did not write": "die Datenbank von Moodle hat nicht geschrieben",
  "Moodle waited too long for another call": "Moodle hat zu lange auf einen anderen Aufruf gewartet",
  "Moodle does not take what was sent: something in it is unknown, or taken already":
    "Moodle nimmt nicht an, was gesendet wurde: Etwas darin ist unbekannt oder schon vergeben",
  "Moodle does not take what was sent": "Moodle nimmt nicht an, was gesendet wurde",
  "Moodle does not know what was named": "Moodle kennt nicht, was genannt wurde",
  "Moodle failed on it: what it names may be unknown there":
    "Moodle ist daran gescheitert: Was genannt ist, ist dort womöglich unbekannt",
  "Moodle refused: {code}": "Moodle hat abgelehnt: {code}",
  "Moodle refused": "Moodle hat abgelehnt",

  // People.
  "Moodle does not know this person": "Moodle kennt diese Person nicht",
  "Moodle does not know the person {user}": "Moodle kennt die Person {user} nicht",
  "this person is suspended in Moodle": "diese Person ist in Moodle gesperrt",
  "administrators of Moodle cannot be changed from outside":
    "Administratoren von Moodle lassen sich von außen nicht ändern",
  "this person belongs to another Moodle": "diese Person gehört zu einem anderen Moodle",
  "the guest cannot be changed": "der Gast lässt sich nicht ändern",
  "somebody else in Moodle has this address": "jemand anders in Moodle hat diese Adresse",
  "Moodle does not take this address": "Moodle nimmt diese Adresse nicht an",
  '"{user}" is no number of a person in Moodle': "„{user}“ ist keine Nummer einer Person in Moodle",
  '"{user}" is no username of Moodle\'s': "„{user}“ ist kein Anmeldename von Moodle",
  'Moodle knows nobody by the {ids} "{user}", or the service user may not see them':
    "Moodle kennt niemanden mit {ids} „{user}“, oder der Dienstbenutzer darf ihn nicht sehen",
  'several people in Moodle have the {ids} "{user}"': "mehrere Personen in Moodle haben {ids} „{user}“",
  "nothing of it is kept in Moodle": "nichts davon wird in Moodle aufbewahrt",
  "Moodle has no profile field for this value: {fields}": "Moodle hat für diesen Wert kein Profilfeld: {fields}",
  "what was written cannot be read back: the service user may not see this person":
    "was geschrieben wurde, lässt sich nicht zurücklesen: Der Dienstbenutzer darf diese Person nicht sehen",

  // Courses, groups and cohorts.
  '"{course}" is neither the number nor the ID number of a course in Moodle':
    "„{course}“ ist weder die Nummer noch die ID-Nummer eines Kurses in Moodle",
  "Moodle has no course {course}": "Moodle hat keinen Kurs {course}",
  'which role of Moodle\'s "{role}" is cannot be known: name it "student" or by its number there':
    "welche Rolle von Moodle „{role}“ ist, lässt sich nicht wissen: Nennen Sie sie „student“ oder mit ihrer Nummer dort",
  "this course has no manual enrolment: add it under Participants, Enrolment methods":
    "dieser Kurs hat keine manuelle Einschreibung: Fügen Sie sie unter Teilnehmer, Einschreibemethoden hinzu",
  "manual enrolment of this course takes nobody": "die manuelle Einschreibung dieses Kurses nimmt niemanden auf",
  "manual enrolment of this course lets nobody go": "die manuelle Einschreibung dieses Kurses lässt niemanden gehen",
  "this person is not in the course": "diese Person ist nicht im Kurs",
  "too many are suspended in this course": "in diesem Kurs sind zu viele gesperrt",
  "Moodle has no group {group}": "Moodle hat keine Gruppe {group}",
  "there is no such group to leave": "diese Gruppe gibt es nicht zu verlassen",
  "Moodle takes only who is in the course into one of its groups":
    "Moodle nimmt nur in eine Gruppe auf, wer im Kurs ist",
  'groups are a course\'s in Moodle: "{group}" would have to be "<course>:{name}", or a number':
    "Gruppen gehören in Moodle zu einem Kurs: „{group}“ müsste „<Kurs>:{name}“ heißen oder eine Nummer sein",
  "a group's name has at most {n} characters in Moodle": "der Name einer Gruppe hat in Moodle höchstens {n} Zeichen",
  'Moodle does not make a group "{name}"': "Moodle legt keine Gruppe „{name}“ an",
  'the ID number of a cohort has at most {n} characters: "{segment}" has more':
    "die ID-Nummer einer globalen Gruppe hat höchstens {n} Zeichen: „{segment}“ hat mehr",
  "Moodle does not take anybody into this cohort": "Moodle nimmt niemanden in diese globale Gruppe auf",
  "there is no such cohort to leave": "diese globale Gruppe gibt es nicht zu verlassen",

  // Completion and messages.
  "it was so already": "das war schon so",
  "{n} of {most} activities are done; the others follow":
    "{n} von {most} Aktivitäten sind erledigt; die anderen folgen",
  "Moodle left activity {activity} as it was": "Moodle hat die Aktivität {activity} gelassen, wie sie war",
  '"{activity}" is no number of an activity in Moodle': "„{activity}“ ist keine Nummer einer Aktivität in Moodle",
  "Moodle does not know this activity": "Moodle kennt diese Aktivität nicht",
  "Moodle tracks no activity of this course, or hides it from the service user":
    "Moodle verfolgt in diesem Kurs keine Aktivität, oder verbirgt sie vor dem Dienstbenutzer",
  "Moodle tracks no activity {activity} in the course {course}, or hides it from the service user":
    "Moodle verfolgt im Kurs {course} keine Aktivität {activity}, oder verbirgt sie vor dem Dienstbenutzer",
  "this person is not in the course in Moodle, or not as somebody whose completion is tracked":
    "diese Person ist in Moodle nicht im Kurs, oder nicht als jemand, dessen Abschluss verfolgt wird",
  "completion tracking is switched off in this course": "die Abschlussverfolgung ist in diesem Kurs ausgeschaltet",
  "messages are switched off in this Moodle": "Nachrichten sind in diesem Moodle ausgeschaltet",
  "a message in Moodle has at most {most} bytes; this one has {n}":
    "eine Nachricht hat in Moodle höchstens {most} Bytes; diese hat {n}",
  "it may have been sent, so it is not sent again":
    "es wurde vielleicht gesendet, deshalb wird es nicht noch einmal gesendet",
  "Moodle does not let the service user write to this person (moodle/site:messageanyuser), or does not know them":
    "Moodle lässt den Dienstbenutzer dieser Person nicht schreiben (moodle/site:messageanyuser), oder kennt sie nicht",

  // The test of the connection.
  "Moodle answers at {site}, release {release}": "Moodle antwortet unter {site}, Version {release}",
  "Moodle answers at {site}": "Moodle antwortet unter {site}",
  "The address begins with https://": "Die Adresse beginnt mit https://",
  "a live school is called by https only: change the address":
    "bei einer echten Schule wird nur mit https aufgerufen: Ändern Sie die Adresse",
  "All {n} functions are in the web service": "Alle {n} Funktionen gehören zum Webservice",
  "The function {call} is in the web service": "Die Funktion {call} gehört zum Webservice",
  "add {call} to the functions of the token's service: without it there is no {said}":
    "nehmen Sie {call} in die Funktionen des Dienstes auf, zu dem der Token gehört; ohne sie fehlt: {said}",
  "the connection test": "der Verbindungstest",
  "finding people and reading back their fields": "Personen finden und ihre Felder zurücklesen",
  "changes of fields and addresses": "Felder und Adressen ändern",
  "reading courses and groups": "Kurse und Gruppen lesen",
  "reading courses, and finding one by its ID number": "Kurse lesen und einen mit seiner ID-Nummer finden",
  "reading people and enrolments": "Personen und Einschreibungen lesen",
  "enrolling, suspending and resuming": "einschreiben, aussetzen und fortsetzen",
  unenrolling: "austragen",
  "groups that are not there yet": "Gruppen, die es noch nicht gibt",
  "joining groups": "in Gruppen aufnehmen",
  "leaving groups": "aus Gruppen herausnehmen",
  "leaving segments": "aus Segmenten herausnehmen",
  "segments that are not there yet": "Segmente, die es noch nicht gibt",
  "joining segments": "in Segmente aufnehmen",
  "completing and resetting": "abschließen und zurücksetzen",
  "The service user sees people": "Der Dienstbenutzer sieht Personen",
  "The service user sees addresses": "Der Dienstbenutzer sieht Adressen",
  "The service user may enrol by hand": "Der Dienstbenutzer darf manuell einschreiben",
  "The service user may give the student role": "Der Dienstbenutzer darf die Rolle „Teilnehmer“ vergeben",
  "The service user may unenrol": "Der Dienstbenutzer darf austragen",
  "The service user may manage cohorts": "Der Dienstbenutzer darf globale Gruppen verwalten",
  "The service user may change people": "Der Dienstbenutzer darf Personen ändern",
  "The service user may send messages": "Der Dienstbenutzer darf Nachrichten senden",
  "The service user may see and manage groups of courses":
    "Der Dienstbenutzer darf Gruppen von Kursen sehen und verwalten",
  "The service user may see who is suspended in a course":
    "Der Dienstbenutzer darf sehen, wer in einem Kurs gesperrt ist",
  "The service user may see how far somebody is": "Der Dienstbenutzer darf sehen, wie weit jemand ist",
  "The service user may complete activities for others": "Der Dienstbenutzer darf Aktivitäten für andere abschließen",
  "give the service user's role, in the system context, {right}, and under Allow role assignments the student role; student_role is its number":
    "geben Sie der Rolle des Dienstbenutzers im Systemkontext {right}, und unter „Rollenzuweisungen erlauben“ die Rolle „Teilnehmer“; ihre Nummer ist student_role",
  "give the service user's role, in the system context, {right}, and switch messaging on":
    "geben Sie der Rolle des Dienstbenutzers im Systemkontext {right}, und schalten Sie Mitteilungen ein",
  '{said}, and have email among "Show user identity"':
    "{said}, und nehmen Sie unter „Nutzeridentität anzeigen“ die E-Mail-Adresse auf",
  "give the service user's role, in the system context, {right}":
    "geben Sie der Rolle des Dienstbenutzers im Systemkontext {right}",
};
