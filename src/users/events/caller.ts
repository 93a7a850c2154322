import type { Origin } from "../../catalogue/facts/givers";
/** For whom a verb acts: a credential of the school, or one of its users' own. */
/**
 * `here`: a user did it with us, by the enrolment method `method`; `hand`: somebody of the school did, for the user. So
 * nobody else knows of it yet.
 */
export type Sender =
  | { kind: "school" }
  | { kind: "user"; user: string }
  | { kind: "here"; method: string }
  | { kind: "hand"; by: Origin };
