/** The fact of a user whom somebody put into an automation: it starts the one it names, and no trigger listens to it. */
export const ENROLLED = "automation.enrolled";

/** How a fact is said that no trigger listens to. */
export const UNHEARD = [
  { type: ENROLLED, label: "Put into an automation", says: "put into the automation by hand" },
] as const;
