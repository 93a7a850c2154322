/** For whom a verb acts: a credential of the school, or one of its users' own. */
export type Sender = { kind: "school" } | { kind: "user"; user: string };
