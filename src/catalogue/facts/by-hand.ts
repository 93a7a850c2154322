/** The fact of a user whom somebody put into an automation: it starts the one it names, and no trigger listens to it. */
export const ENROLLED = "automation.enrolled";

/** The fact of a user to whom somebody of the school wrote; `delivery` names the mail. No trigger listens to it. */
export const WRITTEN_TO = "mail.by_hand";

/** How a fact is said that no trigger listens to. */
export const UNHEARD = [
  { type: ENROLLED, label: "Put into an automation", says: "put into the automation by hand" },
  { type: WRITTEN_TO, label: "Written to by hand", says: "written to by hand" },
] as const;
