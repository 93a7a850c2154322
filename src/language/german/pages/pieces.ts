export const pieces = {
  "Pieces of text": "Textbausteine",
  "As you look for it, such as “Opening hours”.": "Wie Sie danach suchen, etwa „Öffnungszeiten“.",
  "Plain text or HTML, with variables as in mails.": "Reiner Text oder HTML, mit Variablen wie in E-Mails.",
  "What several messages say is written once here; it stands in each of them where its variable does.":
    "Was in mehreren Nachrichten steht, wird hier einmal geschrieben; es erscheint in jeder dort, wo seine Variable steht.",
  "No pieces yet": "Noch keine Textbausteine",
  "Such as a signature, or a note on opening hours.": "Etwa eine Signatur oder ein Hinweis auf die Öffnungszeiten.",
  "In texts": "In Texten",
  "A new piece": "Neuer Textbaustein",
  "Delete “{name}”?": "„{name}“ löschen?",
  "Messages that name it will have nothing in its place; their automations say so.":
    "In Nachrichten, die ihn nennen, steht dann nichts an seiner Stelle; ihre Automationen weisen darauf hin.",
  "Opens and clicks": "Öffnungen und Klicks",
  "Note who opens mails and follows their links": "Festhalten, wer E-Mails öffnet und ihren Links folgt",
  "As Postmark, Resend or Amazon SES tell it, by the same address as bounces. Programs that fetch pictures by themselves count as opens.":
    "Wie Postmark, Resend oder Amazon SES es melden, über dieselbe Adresse wie Unzustellbares. Programme, die Bilder selbst abrufen, zählen als Öffnungen.",
  Opened: "Geöffnet",
  Clicked: "Geklickt",
  "A piece of text that the school has written": "Ein Textbaustein der Schule",
  "a piece holds no other piece": "ein Textbaustein enthält keinen anderen",
};
