/** Labels of options in forms that are made from schemas. */
export const connectorOptions = {
  // The account at a mail server.
  "User name": "Benutzername",
  // Options of connectors.
  "api key": "API-Schlüssel",
  "server token": "Server-Token",
  stream: "Stream",
  "marketing stream": "Stream für Werbung",
  host: "Server",
  port: "Port",
  Password: "Passwort",
  Encryption: "Verschlüsselung",
  implicit: "implizit",
  starttls: "STARTTLS",
  "service account": "Dienstkonto",
  secret: "Geheimnis",
  "previous secret": "voriges Geheimnis",
  token: "Token",
  region: "Region",
  "measurement id": "Mess-ID",
  "api secret": "API-Geheimnis",
  "server url": "URL des Servers",
  "pixel id": "Pixel-ID",
  "access token": "Zugriffstoken",
  "test event code": "Code für Testereignisse",
  batch: "Gebündelt",
  "client secret": "Client-Geheimnis",
  id: "ID",
  idnumber: "ID-Nummer",
  // What templates ask for.
};
