/** For whom a verb acts: a credential of the school, or one of its users' own. */
/** `here`: a user did it with us, so that nobody else knows of it yet. */
export type Sender = { kind: "school" } | { kind: "user"; user: string } | { kind: "here" };
