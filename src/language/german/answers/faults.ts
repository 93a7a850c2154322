/** What is wrong at a place of a form, or of what was sent. The editor shows these below a field. */
export const faults = {
  "there is no such field": "dieses Feld gibt es nicht",
  "not valid": "nicht gültig",
  "write it anew: the kept one belongs to another server or account":
    "geben Sie es neu ein: Das aufbewahrte gehört zu einem anderen Server oder Konto",
  "the same id twice": "zweimal dieselbe ID",
  "the same name twice": "zweimal derselbe Name",
  "the same scope twice": "zweimal dasselbe Recht",
  "the same origin twice": "zweimal dieselbe Herkunft",

  // Names, ids and times.
  "an id has 1 to 128 characters": "eine ID hat 1 bis 128 Zeichen",
  "an id has a–z, 0–9, _ and -, 64 at most": "eine ID hat a–z, 0–9, _ und -, höchstens 64",
  "an id has 1 to 64 of A–Z, a–z, 0–9 and _": "eine ID hat 1 bis 64 von A–Z, a–z, 0–9 und _",
  'no address can name "." or ".."': "keine Adresse kann „.“ oder „..“ nennen",
  "no id begins with {lead}": "keine ID beginnt mit {lead}",
  "text may not hold NUL": "Text darf kein NUL enthalten",
  "text may not hold half of a surrogate pair": "Text darf kein halbes Zeichen enthalten",
  "a name has 1 to 255 characters, and something of it is seen":
    "ein Name hat 1 bis 255 Zeichen, und etwas davon ist zu sehen",
  "a custom name has a–z, 0–9 and _, 64 at most": "ein eigener Name hat a–z, 0–9 und _, höchstens 64",
  "a role has 1 to 64 characters, and something of it is seen":
    "eine Rolle hat 1 bis 64 Zeichen, und etwas davon ist zu sehen",
  "name at least one": "nennen Sie mindestens eines",
  "nothing of it is seen": "davon ist nichts zu sehen",
  "is blank": "ist leer",
  "has a control character": "enthält ein Steuerzeichen",
  "five years at most": "höchstens fünf Jahre",
  "ten years at most": "höchstens zehn Jahre",
  'not an ISO 8601 duration, such as "P2D" or "PT1H"': "keine Dauer nach ISO 8601 wie „P2D“ oder „PT1H“",
  'not a date, such as "2026-01-31"': "kein Datum wie „2026-01-31“",
  'not a date, such as "2026-01-31", "2026-01-31T09:30" or "2026-01-31T09:30:00Z"':
    "kein Datum wie „2026-01-31“, „2026-01-31T09:30“ oder „2026-01-31T09:30:00Z“",
  'not a time, such as "2026-01-01T09:00:00.000Z"': "kein Zeitpunkt wie „2026-01-01T09:00:00.000Z“",
  "not a time, such as 2026-01-01T09:00:00.000Z": "kein Zeitpunkt wie 2026-01-01T09:00:00.000Z",
  'not a time of day, such as "21:00"': "keine Uhrzeit wie „21:00“",
  "from and to are the same": "von und bis sind gleich",
  "from a minute (PT1M) to 31 days (P31D)": "von einer Minute (PT1M) bis zu 31 Tagen (P31D)",
  "not a currency code, such as EUR": "kein Währungskürzel wie EUR",
  "not an IANA time zone, such as Europe/Athens": "keine Zeitzone der IANA wie Europe/Athens",
  "not a language tag, such as el or en-GB": "kein Sprachkürzel wie el oder en-GB",
  "not a locale, such as en-GB": "kein Sprachkürzel wie en-GB",
  "a window that never opens": "ein Zeitfenster, das sich nie öffnet",
  "more than 5 minutes ahead of the school's clock": "mehr als 5 Minuten vor der Uhr der Schule",
  "the user's id is needed": "die ID des Teilnehmers fehlt",

  // Addresses.
  "not an email address": "keine E-Mail-Adresse",
  "not an email address: there can be no such domain": "keine E-Mail-Adresse: eine solche Domain kann es nicht geben",
  "an email address has at most 254 characters": "eine E-Mail-Adresse hat höchstens 254 Zeichen",
  "not a domain, such as acme.com": "keine Domain wie acme.com",
  "not a domain, such as acme.com, or *.acme.com for it and all below it":
    "keine Domain wie acme.com, oder *.acme.com für sie und alle darunter",
  "an address in digits is no domain": "eine Adresse aus Ziffern ist keine Domain",
  "an empty label": "ein leerer Teil der Domain",
  "an address, or role:<name>": "eine Adresse, oder role:<Name>",
  "this host is ours: it would call itself": "dieser Host sind wir selbst: er riefe sich selbst auf",
  "an IP address cannot be called: give a host name":
    "eine IP-Adresse wird nicht aufgerufen: geben Sie einen Hostnamen an",
  "a private or local host cannot be called": "ein privater oder lokaler Host wird nicht aufgerufen",
  "not a host name": "kein Hostname",
  "this host name is reserved and leads nowhere": "dieser Hostname ist reserviert und führt nirgendwohin",
  "this host leads to a private or local address, which cannot be called":
    "dieser Host führt zu einer privaten oder lokalen Adresse, und die wird nicht aufgerufen",
  "an address holds no variables: put them into the body":
    "eine Adresse enthält keine Variablen: setzen Sie sie in den Text",
  "no variable is filled in here: name it, or take $trigger":
    "hier wird keine Variable eingesetzt: nennen Sie es selbst, oder nehmen Sie $trigger",
  "a header holds no variables: put them into the body":
    "eine Kopfzeile enthält keine Variablen: setzen Sie sie in den Text",
  "an address has at most 2,048 characters": "eine Adresse hat höchstens 2.048 Zeichen",
  "not an address, such as https://hooks.example.com/in": "keine Adresse wie https://hooks.example.com/in",
  "an address of this kind opens nothing: take https:// or one of your app":
    "eine Adresse dieser Art öffnet nichts: nehmen Sie https:// oder eine Ihrer App",
  "not an address, such as https://school.example.com/courses/js-101":
    "keine Adresse wie https://school.example.com/courses/js-101",
  "not a web address, such as https://school.com": "keine Webadresse wie https://school.com",
  "not a web address, such as https://school.com/logo.png": "keine Webadresse wie https://school.com/logo.png",
  "not an origin, such as https://school.com: scheme and host, no path, no wildcard":
    "keine Herkunft wie https://school.com: Schema und Host, kein Pfad, kein Platzhalter",
  "an address carries no user name or password": "eine Adresse trägt weder Benutzernamen noch Passwort",
  "an address carries no fragment": "eine Adresse trägt kein Fragment",
  "an address begins with https:// or http://": "eine Adresse beginnt mit https:// oder http://",
  "an address begins with https://": "eine Adresse beginnt mit https://",
  "an address names no port: only the usual one is called":
    "eine Adresse nennt keinen Port: nur der übliche wird aufgerufen",
  "not a header name": "kein Name einer Kopfzeile",
  "this header is ours to set": "diese Kopfzeile setzen wir selbst",
  "a header value has at most {n} characters": "der Wert einer Kopfzeile hat höchstens {n} Zeichen",
  "a header value has no control or non-Latin characters":
    "der Wert einer Kopfzeile hat nur lateinische Zeichen und keine Steuerzeichen",

  // Cards and steps.
  "a list of triggers": "eine Liste von Auslösern",
  "1 to 10 triggers": "1 bis 10 Auslöser",
  "20 triggers at most": "höchstens 20 Auslöser",
  "there is no trigger {quoted}": "den Auslöser {quoted} gibt es nicht",
  "there is no condition {quoted}": "die Bedingung {quoted} gibt es nicht",
  "there is no action or step {quoted}": "die Aktion oder den Schritt {quoted} gibt es nicht",
  "only exit_when and wait_for may name it": "nur exit_when und wait_for dürfen ihn nennen",
  "only when may name it": "nur when darf ihn nennen",
  "goes only with the triggers {triggers}": "passt nur zu den Auslösern {triggers}",
  "{n} conditions at most": "höchstens {n} Bedingungen",
  "{n} steps at most": "höchstens {n} Schritte",
  "unknown option": "unbekannte Option",
  "nested deeper than {n}": "tiefer als {n} verschachtelt",
  "a list of at least one condition": "eine Liste mit mindestens einer Bedingung",
  "another step is called {id}": "ein anderer Schritt heißt {id}",
  "goes on actions only": "geht nur bei Aktionen",
  "the percentages sum to {n}, not 100": "die Anteile ergeben {n}, nicht 100",
  "give exactly one of for, until, until_field": "geben Sie genau eines von for, until, until_field an",
  "give exactly one of field, of": "geben Sie genau eines von field, of an",
  "goes with until_field": "geht nur mit until_field",
  "goes with until or until_field": "geht nur mit until oder until_field",
  "goes with of": "geht nur mit of",
  "an invoice needs create_payment": "eine Rechnung braucht eine Zahlung",

  // Comparisons and fields.
  "not an operator: one of {operators}": "kein Vergleich: eines von {operators}",
  "{op} takes no value": "{op} braucht keinen Wert",
  "in takes a list of values": "in braucht eine Liste von Werten",
  "a list of texts, numbers or booleans": "eine Liste von Texten, Zahlen oder Ja-Nein-Werten",
  "{op} takes a text, a number or a boolean; is_empty asks for no value":
    "{op} braucht einen Text, eine Zahl oder ja oder nein; is_empty fragt nach keinem Wert",
  "matches takes a pattern": "matches braucht ein Muster",
  '{op} takes a date, such as "2026-01-31", or a time': "{op} braucht ein Datum wie „2026-01-31“ oder einen Zeitpunkt",
  "{op} takes a number or a date": "{op} braucht eine Zahl oder ein Datum",
  "true or false": "ja oder nein",
  "a number, such as 12 or 1.5": "eine Zahl wie 12 oder 1.5",
  'a date, such as "2026-01-31", or a time': "ein Datum wie „2026-01-31“ oder ein Zeitpunkt",
  'a time to the millisecond, such as "2026-01-31T09:30:00.000Z"; for a day ask for after and before':
    "ein Zeitpunkt auf die Millisekunde wie „2026-01-31T09:30:00.000Z“; nach einem Tag fragen Sie mit after und before",
  "true or false has no {op}: ask for is": "bei ja oder nein gibt es kein {op}: fragen Sie mit is",
  "of {field} a rule asks {operators}": "bei {field} fragt eine Regel mit {operators}",
  "{field} holds texts": "{field} enthält Texte",
  "a field holds a text, a number, a boolean, a list of texts or null":
    "ein Feld enthält einen Text, eine Zahl, ja oder nein, eine Liste von Texten oder nichts",
  "no field can be called {name}": "kein Feld kann {name} heißen",
  "not a choice of {choices}": "keine Auswahl aus {choices}",
  "not a text": "kein Text",
  "not a {fieldtype}": "{fieldtype}",
  "not a time": "kein Zeitpunkt",
  "not a list of texts": "keine Liste von Texten",
  "a list holds {n} texts at most": "eine Liste enthält höchstens {n} Texte",
  "each text of a list has 1 to {n} characters": "jeder Text einer Liste hat 1 bis {n} Zeichen",
  "{quoted} is not a choice of {choices}": "{quoted} ist keine Auswahl aus {choices}",
  "only a field declared as a list holds one": "nur ein Feld, das als Liste angelegt ist, enthält eine",
  "a choice needs its choices": "ein Auswahlfeld braucht seine Auswahl",
  "only a choice and a list have choices": "nur ein Auswahlfeld und eine Liste haben eine Auswahl",
  "there is no field {quoted}": "das Feld {quoted} gibt es nicht",
  "there is no such segment": "dieses Segment gibt es nicht",
  "there is no such user": "diesen Teilnehmer gibt es nicht",
  "there is no such kind of mail": "diese Art von E-Mail gibt es nicht",
  "there is no such type: it must be {types}": "diese Art gibt es nicht: es muss {types} sein",
  "a sync that enrols nobody keeps a group: name it":
    "ein Abgleich, der niemanden einschreibt, führt eine Gruppe: nennen Sie sie",

  // What is sent, as it is written.
  "The {part} is empty.": "{part} ist leer.",
  "The subject is longer than {n} characters.": "Der Betreff ist länger als {n} Zeichen.",
  "a date format is too wide": "ein Datumsformat ist zu breit",
  "a template has at most {n} characters": "eine Vorlage hat höchstens {n} Zeichen",
  "a template has at most {n} outputs and tags": "eine Vorlage hat höchstens {n} Ausgaben und Befehle",
  "brackets nest at most {n} deep": "Klammern sind höchstens {n} tief verschachtelt",
  "tags nest at most {n} deep": "Befehle sind höchstens {n} tief verschachtelt",
  'there is no tag "{tag}": {tags}': "den Befehl „{tag}“ gibt es nicht: {tags}",
  "what it makes takes more than {n} bytes": "was daraus wird, braucht mehr als {n} Bytes",
  "what it makes is longer than {n} characters": "was daraus wird, ist länger als {n} Zeichen",

  // Connectors' settings.
  "not a measurement id, such as G-ABC123": "keine Mess-ID wie G-ABC123",
  "not a pixel id": "keine Pixel-ID",
  "not the id of a message stream": "keine ID eines Nachrichtenstroms",
  "not a service account": "kein Dienstkonto",
  "not the JSON file of a service account (project_id, client_email, private_key)":
    "nicht die JSON-Datei eines Dienstkontos (project_id, client_email, private_key)",
  "not a webhook secret: whsec_ and 24 to 64 bytes in base64":
    "kein Signaturgeheimnis: whsec_ und 24 bis 64 Bytes in Base64",
  "user:password, as in the address given to Postmark": "Benutzer:Passwort wie in der Adresse, die Postmark hat",
  "whsec_ and base64, as Resend shows it": "whsec_ und Base64, wie Resend es zeigt",
  "the ARN of a topic of SNS": "die ARN eines SNS-Themas",
  "a key has letters, digits, _ and -, 64 at most, and begins with a letter or digit":
    "ein Schlüssel hat Buchstaben, Ziffern, _ und -, höchstens 64, und beginnt mit einem Buchstaben oder einer Ziffer",
  "the same choice twice": "zweimal dieselbe Auswahl",
  "a slug: a–z, 0–9 and hyphens within, 64 at most": "nur a–z, 0–9 und innen Bindestriche, höchstens 64",
  "an id has a–z, 0–9 and _, 64 at most, a letter first":
    "eine ID hat a–z, 0–9 und _, höchstens 64, zuerst einen Buchstaben",
  "a name has 1 to 64 of a–z, 0–9, _ and .": "ein Name hat 1 bis 64 Zeichen aus a–z, 0–9, _ und .",
  "a GA4 name has 1 to 40 letters, digits and _": "ein Name für GA4 hat 1 bis 40 Buchstaben, Ziffern und _",
  'not a time of day, such as "09:00"': "keine Uhrzeit wie „09:00“",
  "a time of the years 1970 to 2189": "eine Zeit der Jahre 1970 bis 2189",
  'not a local time, such as "2026-03-30T12:00:00"': "kein Zeitpunkt wie „2026-03-30T12:00:00“",
  'not a duration, such as "-P30D"': "keine Dauer wie „-P30D“",
  "not the name of a field": "nicht der Name eines Felds",
  '{quoted} is no attribute, and no field of the school: write "fields.<key>" for a field, or one of {list}':
    "{quoted} ist keine Angabe und kein Feld der Schule: Schreiben Sie für ein Feld „fields.<Schlüssel>“, oder eines von {list}",
  'names no field: "fields.<key>", "event.<name>", or one that segment rules know':
    "nennt kein Feld: „fields.<Schlüssel>“, „event.<Name>“ oder eines, das Segmentregeln kennen",
  "give days, from or to": "geben Sie Tage, einen Beginn oder ein Ende an",
  "no control characters": "keine Steuerzeichen",

  // Of a mail to one learner.
  "no event starts this mail, so nothing is known of {variables}":
    "kein Ereignis führt zu dieser E-Mail, daher ist {variables} hier ohne Wert",
  "nobody has declared {variables}": "{variables} hat niemand angelegt",
  "there is no kind of mail {quoted}": "die E-Mail-Art {quoted} gibt es nicht",
  "name what of it is meant: {variables}": "nennen Sie, was davon gemeint ist: {variables}",
};
