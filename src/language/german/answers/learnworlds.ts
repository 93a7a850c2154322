/** What the connector of LearnWorlds says. */
export const learnworlds = {
  "LearnWorlds answers at the school's address": "LearnWorlds antwortet unter der Adresse der Schule",
  "The client id and secret are accepted": "Client-ID und Client-Secret werden angenommen",
  "The API client may read {access}": "Der API-Client darf {access} lesen",
  "Set the address at which the school is opened, such as https://your-school.learnworlds.com, and look whether it is up. It said: {said}":
    "Setzen Sie die Adresse ein, unter der die Schule geöffnet wird, etwa https://your-school.learnworlds.com, und prüfen Sie, ob sie erreichbar ist. Die Antwort war: {said}",
  "Copy the client id and the client secret anew from Settings > Developers > API in LearnWorlds. It said: {said}":
    "Kopieren Sie Client-ID und Client-Secret in LearnWorlds neu aus Settings > Developers > API. Die Antwort war: {said}",
  "Give the API client access to {access}: Settings > Developers > API in LearnWorlds. It said: {said}":
    "Geben Sie dem API-Client Zugriff auf {access}: Settings > Developers > API in LearnWorlds. Die Antwort war: {said}",
  "Try again in a while. It said: {said}": "Versuchen Sie es später noch einmal. Die Antwort war: {said}",
  "the address redirects elsewhere, which is not followed: set the address it leads to":
    "die Adresse leitet weiter, und dem wird nicht gefolgt: Setzen Sie die Adresse ein, zu der sie führt",
  "LearnWorlds refuses the token it has just given": "LearnWorlds lehnt den Token ab, den es gerade ausgegeben hat",
  "LearnWorlds does not let the API client do this": "LearnWorlds erlaubt das dem API-Client nicht",
  "a page stands where LearnWorlds' API should answer":
    "wo die API von LearnWorlds antworten sollte, steht eine Webseite",
  "an answer that is no JSON: {answer}": "eine Antwort, die kein JSON ist: {answer}",
  "refused without a reason": "ohne Grund abgelehnt",
  "the school's requests are used up for now": "die Anfragen der Schule sind für jetzt aufgebraucht",
  "no time left in this attempt": "bei diesem Versuch blieb keine Zeit",
  "no API of LearnWorlds answers at this address": "unter dieser Adresse antwortet keine API von LearnWorlds",
  "LearnWorlds refuses the client id and secret": "LearnWorlds lehnt Client-ID und Client-Secret ab",
  "sign-in: an answer without a token": "Anmeldung: eine Antwort ohne Token",
  "sign-in: {said}": "Anmeldung: {said}",
  "taken as job {id}, of which nothing was heard: {said}":
    "als Auftrag {id} angenommen, von dem nichts zu hören war: {said}",
  "LearnWorlds' job {id} failed: {cause}": "Auftrag {id} von LearnWorlds ist fehlgeschlagen: {cause}",
  "{n} units done": "{n} Einheiten erledigt",
  "in progress at LearnWorlds, as job {id}": "bei LearnWorlds in Arbeit, als Auftrag {id}",
  "a user without an id": "ein Benutzer ohne ID",
  "404: LearnWorlds knows the user neither by this id nor by the address":
    "404: LearnWorlds kennt den Benutzer weder mit dieser ID noch mit der Adresse",
  "invited: in the space once they accept": "eingeladen: im Bereich, sobald er annimmt",
  "held there without an end, which is kept here": "dort ohne Ende, das hier geführt wird",
  'LearnWorlds enrols students only: its API gives nobody the role "{role}" in a product':
    "LearnWorlds schreibt nur Teilnehmer ein: Seine API gibt niemandem die Rolle „{role}“ in einem Produkt",
  "{path}: an answer that is no page of a list": "{path}: eine Antwort, die keine Seite einer Liste ist",
  "{path}: something in the list has no id": "{path}: etwas in der Liste hat keine ID",
};
