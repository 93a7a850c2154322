/** How what leaves got through, or why not: in our own words, whatever it left by. */
export const connections = {
  "no whole answer within {n} ms": "keine vollständige Antwort innerhalb von {n} ms",
  "not reached: {cause}": "nicht erreicht: {cause}",
  "a redirect, which is not followed": "eine Weiterleitung, der nicht gefolgt wird",
  "this host has no address": "dieser Host hat keine Adresse",
  "where this host leads cannot be looked up": "wohin dieser Host führt, lässt sich nicht nachsehen",
  "the resolver answers with the code {code}": "der Namensdienst antwortet mit {code}",
  "a fault of ours; it is logged": "ein Fehler bei uns; er ist protokolliert",
  "the address is suppressed": "die Adresse ist gesperrt",
  "no connector is set up for {channel}": "für {channel} ist keine Anbindung eingerichtet",
  "{lms} takes what it is sent": "{lms} nimmt an, was gesendet wird",
  "{lms} knows no {type}": "{lms} kennt kein {type}",
  "no change: it is of a release before": "keine Änderung: sie ist von einer früheren Version",
  "no LMS is chosen any more": "es ist kein LMS mehr gewählt",
  "a school in test mode calls nobody on this machine, unless settings.connectors.webhook.send_in_test is true":
    "eine Testschule ruft auf dieser Maschine niemanden auf, außer settings.connectors.webhook.send_in_test ist eingeschaltet",
  "header {name}: {said}": "Kopfzeile {name}: {said}",

  // The LMS by webhook.
  "The LMS answers {code}: {said}.": "Das LMS antwortet {code}: {said}.",
  "The LMS answers {code}, a redirect, which is not followed: set the address that it leads to.":
    "Das LMS antwortet {code}, eine Weiterleitung, der nicht gefolgt wird: Setzen Sie die Adresse ein, zu der sie führt.",
  "The LMS answers {code} where it should answer 2xx: what is wrong is in its own log.":
    "Das LMS antwortet {code}, wo es 2xx antworten sollte: Was nicht stimmt, steht in seinem eigenen Protokoll.",
  "it does not take the signature: have it check with the secret that is set here, or else with the school's webhook secret":
    "Es nimmt die Signatur nicht an: Lassen Sie es mit dem Geheimnis prüfen, das hier gesetzt ist, sonst mit dem Signaturgeheimnis der Schule",
  "it does not let us in: have it take calls that are signed with the secret that is set here, or else with the school's webhook secret":
    "Es lässt uns nicht herein: Lassen Sie es Aufrufe annehmen, die mit dem Geheimnis signiert sind, das hier gesetzt ist, sonst mit dem Signaturgeheimnis der Schule",
  "nothing is there: look at the path of the address": "Da ist nichts: Prüfen Sie den Pfad der Adresse",
  "it takes no POST there: look at the path of the address":
    "Es nimmt dort kein POST an: Prüfen Sie den Pfad der Adresse",
  "it says that nothing is there any more: set the address that took its place":
    "Es sagt, dass dort nichts mehr ist: Setzen Sie die Adresse ein, die an die Stelle getreten ist",

  // Vendors.
  "this Worker has no send_email binding": "dieser Worker hat keine Bindung send_email",
  "the private key of the service account cannot be read":
    "der private Schlüssel des Dienstkontos lässt sich nicht lesen",
  "the user has no device": "der Teilnehmer hat kein Gerät",
  "{n} of {most} devices": "{n} von {most} Geräten",
  "401: the access token was refused": "401: der Zugangstoken wurde abgelehnt",
  "nothing sent": "nichts gesendet",
  "it may have been counted, so it is not sent again":
    "es wurde vielleicht gezählt, deshalb wird es nicht noch einmal gesendet",
  "no server container: the event waits for the page": "kein Server-Container: Das Ereignis wartet auf die Seite",
  "409: an earlier attempt is still under way": "409: ein früherer Versuch läuft noch",
  "the server hung up": "der Server hat aufgelegt",
  "nothing answers at {host}, port {port}; check the server's name and the port":
    "unter {host}, Port {port}, antwortet niemand; prüfen Sie den Namen des Servers und den Port",
  "no encrypted connection to {host}, port {port}; check the server's name, the port and the encryption":
    "keine verschlüsselte Verbindung zu {host}, Port {port}; prüfen Sie den Namen des Servers, den Port und die Verschlüsselung",
  "the mail server does not take the user name and password: {answer}":
    "der Mailserver nimmt Benutzername und Passwort nicht an: {answer}",
  "the mail server does not take this address: {answer}": "der Mailserver nimmt diese Adresse nicht an: {answer}",
  "the idempotency key has characters that cannot be signed":
    "der Idempotenzschlüssel enthält Zeichen, die sich nicht signieren lassen",
};
