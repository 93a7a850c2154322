import type { Table } from "../../../durable-objects/store/tables";
import type { ChannelName } from "../../catalogue/channels";
import type { Learner } from "../../catalogue/facts/facts";
import type { HeldTable } from "../../journal/held/held";

/*
 * What is kept of learners, in words. Each list is by the names of what it tells of, so that whatever is new does not
 * compile until it is told here.
 */

/** How long something is kept: until it is asked to go, or a while. */
export type Kept = "learner" | "log" | "journal" | "week" | "unmapped" | "dead_letters" | "answers" | "evidence";

export interface Place {
  what: string;
  kept: Kept;
}

type Group = "Who they are" | "What they chose" | "What they hold" | "What they did" | "How it came about";

/** What is known of a learner, by where it lies in their record. */
export const KNOWN: Record<keyof Learner, readonly [Group, string]> = {
  id: ["Who they are", "the id that the LMS gave them"],
  email: ["Who they are", "email address"],
  username: ["Who they are", "name"],
  registeredAt: ["Who they are", "when they registered"],
  registeredGuessed: [
    "How it came about",
    "whether that moment is known or taken from the first that was heard of them",
  ],
  signedUp: ["Who they are", "whether they signed up, or left an address only"],
  knownAt: ["How it came about", "when they were first heard of"],
  source: ["Who they are", "where they came from, as the LMS says"],
  fields: ["Who they are", "the school's own fields, as it defined them"],
  timezone: ["What they chose", "time zone"],
  locale: ["What they chose", "language"],
  marketingConsent: ["What they chose", "consent to marketing mail"],
  cookiesAccepted: ["What they chose", "consent to cookies of the school's pages"],
  pushTokens: ["What they chose", "tokens of devices that take push messages"],
  tags: ["What they hold", "tags"],
  pastTags: ["What they hold", "tags they once held"],
  enrolments: ["What they hold", "courses, bundles and subscriptions, since when and until when"],
  groups: ["What they hold", "groups"],
  seats: ["What they hold", "seats"],
  spaces: ["What they hold", "spaces"],
  segments: ["What they hold", "segments"],
  givers: ["How it came about", "what gave it to them: an event, an automation, an import, a person"],
  courses: ["What they did", "progress in courses: begun, how far, which activities, completed"],
  certificates: ["What they did", "certificates and when they end"],
  lastSeen: ["What they did", "when they last visited: the school, its app, each course"],
  payments: ["What they did", "ids of payments"],
  paid: ["What they did", "whether they ever paid"],
  refundable: ["What they did", "what of their payments may still be given back"],
  trials: ["What they hold", "trials and when they end"],
  forms: ["What they did", "which forms they sent, and when"],
  assessments: ["What they did", "assessments handed in and passed"],
  exams: ["What they did", "exams handed in and passed"],
  topicsOff: ["What they chose", "kinds of mail that they do without"],
  nps: ["What they did", "the score they last gave the school"],
};

/** In the learner's own object, by table. */
export const IN_OBJECT: Record<Table, Place> = {
  state: { what: "all that is listed above, with the automations they are going through", kept: "learner" },
  pieces: { what: "parts of the same, where it is long", kept: "learner" },
  entries: { what: "the events as they came, with their data", kept: "journal" },
  ended: { what: "automations they went through and messages made for them, contents included", kept: "journal" },
  beginning: { what: "what was known of them where those events begin", kept: "journal" },
  proofs: {
    what: "when they were enrolled, reminded, through and certified, and by what, once the rest is gone",
    kept: "evidence",
  },
  erased_ids: {
    what: "of who was erased: hashes of the ids of events, so that a copy brings nothing back",
    kept: "week",
  },
};

/** In the database, by table. */
export const IN_DATABASE: Record<HeldTable, Place> = {
  users: { what: "their line in the directory: id, address, name, when registered and last seen", kept: "learner" },
  user_words: { what: "the words they are searched by", kept: "learner" },
  user_marks: { what: "the tags, segments and courses they are listed by", kept: "learner" },
  roster_records: { what: "the records of the school's own system by which they are in courses", kept: "learner" },
  activity: { what: "when they last visited, and when trials end", kept: "learner" },
  runs: { what: "the automations they went through, step by step", kept: "log" },
  live_runs: { what: "those they are going through", kept: "learner" },
  deliveries: {
    what: "the messages made for them: to where, contents, attempts; when a mail was first opened and a link followed, where the school asks for it",
    kept: "log",
  },
  self_enrolments: { what: "the courses they entered by a key", kept: "learner" },
  learnworlds_seen: { what: "what LearnWorlds last said of them", kept: "learner" },
  unmapped_messages: { what: "messages about them that could not be understood", kept: "unmapped" },
  suppressions: { what: "addresses that mail came back from, or that complained", kept: "learner" },
  dead_letters: { what: "their id, beside what could not be done for them", kept: "dead_letters" },
  forgettings: { what: "their id, where the round that deletes what is old has come to", kept: "learner" },
  audit: { what: "what somebody of the school did to their record by hand", kept: "log" },
  idempotency: { what: "answers to calls about them, to be given again", kept: "answers" },
  past_members: { what: "courses, segments and automations they once were in, for evidence", kept: "evidence" },
  evidence_parts: { what: "what evidence packs that were made say of them", kept: "log" },
  jobs: { what: "their id, where a line of an import failed or a job names them", kept: "log" },
};

/** What leaves by each channel, for whoever the school has set up. */
export const SENT: Record<ChannelName, string> = {
  email: "their address and the mail",
  push: "their devices' tokens, their id and the message",
  message: "nothing: their inbox is read by the LMS",
  webhook: "their id, what happened, and what the school put into it",
  mixpanel: "their id and the properties that the school chose",
  ga4: "their id and the properties that the school chose",
  gtm: "their id and the properties that the school chose",
  meta: "hashes of their address and id, and the properties that the school chose",
  lms: "changes of what they hold, and messages for them",
};
