/** What of a message from outside could not be used. */
export const sending = {
  "all of it": "alles",
  "no eventname": "kein eventname",
  "no message": "keine Nachricht",
  "no type": "kein Typ",
  "no statement": "keine Aussage",
  "(not set)": "(nicht gesetzt)",
  "{name}, of an anonymous user": "{name}, von einem unbekannten Benutzer",
  "{verb} (actor without account and mbox)": "{verb} (Akteur ohne account und mbox)",
  "{verb} (object is no activity)": "{verb} (das Objekt ist keine Aktivität)",
};
