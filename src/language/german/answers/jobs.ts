/** What jobs leave out, and why they end; what is missed, and what a past that is replayed lacks. */
export const jobs = {
  "It gave no answer within 10 s, and was passed over.":
    "Es kam innerhalb von 10 s keine Antwort, deshalb wurde es ausgelassen.",
  "This kind of job is not known any more.": "Diese Art von Auftrag gibt es nicht mehr.",
  "It failed for a fault of ours, again and again.": "Das ist durch einen Fehler bei uns immer wieder fehlgeschlagen.",
  "A part of it failed for a fault of ours, again and again.":
    "Ein Teil davon ist durch einen Fehler bei uns immer wieder fehlgeschlagen.",
  "It failed for a fault of ours, and was passed over.":
    "Das ist durch einen Fehler bei uns fehlgeschlagen und wurde ausgelassen.",
  "What it reads gave no answer within {n} s.": "Was gelesen wird, hat innerhalb von {n} s nicht geantwortet.",
  "A user gave no answer.": "Ein Teilnehmer hat nicht geantwortet.",
  "A learner gave no answer.": "Ein Teilnehmer hat nicht geantwortet.",
  "What is known of them could not be read: the pack lacks them.":
    "Was über ihn bekannt ist, ließ sich nicht lesen: Im Paket fehlt er.",

  // The past, replayed.
  "Of some users nothing is kept before {date}.": "Von manchen Teilnehmern ist vor {date} nichts aufbewahrt.",
  "The facts are too long to tell of all: some are left out, and counted.":
    "Es sind zu viele Ereignisse, um alle zu nennen: Manche sind nicht genannt, aber gezählt.",
  "Some learners were merged, or had left an address first: what the other lived before is not counted.":
    "Manche Teilnehmer wurden zusammengeführt oder hatten zuerst nur eine Adresse hinterlassen: Was vorher beim anderen geschah, ist nicht gezählt.",
  "Not all of them are told of.": "Nicht alle sind genannt.",

  // The LMS.
  "The LMS calls somebody by an id that is none here.": "Das LMS nennt jemanden mit einer ID, die hier keine ist.",
  '"{id}" is no id of a user here': "„{id}“ ist hier keine ID eines Teilnehmers",
  "left out, as it is not good: {parts}": "ausgelassen, weil es nicht stimmt: {parts}",
  "{quoted} and {with} are one course in {lms} and stay two here for now: people are in another course by {by}, and are brought under the id of that. Read the courses again in a minute":
    "{quoted} und {with} sind in {lms} ein Kurs und bleiben hier vorerst zwei: Teilnehmer sind mit {by} in einem anderen Kurs und werden unter dessen ID gebracht. Lesen Sie die Kurse in einer Minute noch einmal",

  // The secret key of the installation.
  "Neither SECRET_KEY_NEXT nor SECRET_KEY_PREVIOUS is set: there is nothing to seal anew.":
    "Weder SECRET_KEY_NEXT noch SECRET_KEY_PREVIOUS ist gesetzt: Es gibt nichts neu zu versiegeln.",
  "What schools entrusted lies sealed by another secret than what is set: their keys are refused, and nothing that needs a secret of theirs leaves. Set the one of before as SECRET_KEY_PREVIOUS, beside the present one.":
    "Was Schulen anvertraut haben, ist mit einem anderen Geheimnis versiegelt als dem gesetzten: Ihre Schlüssel werden abgewiesen, und nichts geht hinaus, was ein Geheimnis von ihnen braucht. Setzen Sie das frühere als SECRET_KEY_PREVIOUS, neben dem jetzigen.",
  "Two secrets are set, and what {key} sealed lies as it was: POST /v1/secret-key/rotation seals it anew.":
    "Zwei Geheimnisse sind gesetzt, und was {key} versiegelt hat, liegt noch, wie es war: POST /v1/secret-key/rotation versiegelt es neu.",
  "What {key} sealed is being sealed anew: {n} of {most} rows so far.":
    "Was {key} versiegelt hat, wird neu versiegelt: bisher {n} von {most} Zeilen.",
  "What {key} sealed is sealed anew; it is needed until {date}, when it is looked again.":
    "Was {key} versiegelt hat, ist neu versiegelt; gebraucht wird er bis {date}, dann wird noch einmal nachgesehen.",
  "Nothing needs SECRET_KEY any more: set it to what SECRET_KEY_NEXT is, then take SECRET_KEY_NEXT away.":
    "SECRET_KEY wird nicht mehr gebraucht: Setzen Sie ihn auf den Wert von SECRET_KEY_NEXT, dann entfernen Sie SECRET_KEY_NEXT.",
  "Nothing needs SECRET_KEY_PREVIOUS any more: take it away.":
    "SECRET_KEY_PREVIOUS wird nicht mehr gebraucht: Entfernen Sie ihn.",
  "{n} of what lies sealed could not be sealed anew: the log says which.":
    "{n} versiegelte Werte ließen sich nicht neu versiegeln: Welche, sagt das Protokoll.",
};
