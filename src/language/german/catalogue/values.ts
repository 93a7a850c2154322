/* Values that are chosen from, as people read them, and comparisons. */
export const values = {
  password: "Passwort",
  qualification: "Qualifizierung",
  sso: "SSO",
  trigger: "Auslöser",
  locale: "Sprache",
  source: "Herkunft",
  timezone: "Zeitzone",
  username: "Name",
};
