import { addressKey } from "../account/email";
import type { MailLinks, MailSettings } from "../messages/mail";
import type { Piece } from "../messages/pieces";
import type { CourseId } from "../options/course-id";
import type { ChangeData, ChangeType } from "./changes";
import { type Giver, type Givers, newGivers, type Origin } from "./givers";
import type { ProductNames } from "./products";

/*
 * What is known of a user, and what can become true of one. All of it is JSON: it lies in the object's one row.
 * Times are milliseconds since 1970. Items of what a learner holds are never changed themselves, but replaced: whoever
 * keeps something made of one knows by it being the same object that nothing changed.
 */

export type ProductType = "course" | "bundle" | "subscription";
/** What a field of a user may be declared as. */
export const FIELD_TYPES = ["text", "number", "date", "boolean", "choice", "list"] as const;
export type FieldType = (typeof FIELD_TYPES)[number];
/** A list is of texts, each there once. */
export type FieldValue = string | number | boolean | string[];

/** Why an enrolment is there, with its own end: `event`, `run`, `bundle:<id>`, `subscription:<id>`, `seat:<id>`, `sync:<id>`. */
export interface Source {
  readonly source: string;
  readonly endsAt: number | null;
  readonly paid?: true;
  readonly private?: true;
  readonly suspended?: true;
  /** It was suspended for itself, not by the sync that gave it: only who resumes it, or enrols anew by hand, a run or the LMS, brings it back. */
  readonly suspendedApart?: true;
  /** The run that suspended it so: whoever undoes that run finds it changed by nobody else. */
  readonly suspendedIn?: string;
  /** The automations that brought its end about: what follows from the end comes back to them through a wait. */
  readonly by?: readonly string[];
  readonly given: Giver;
}

export interface Enrolment {
  readonly type: ProductType;
  readonly product: string;
  readonly role: string;
  readonly enrolledAt: number;
  /** When we heard of it, by the school's clock. */
  readonly knownAt: number;
  /** Since when visits are expected anew, by the school's clock: it goes on after a suspension, or its progress was reset. */
  readonly expectedSince?: number;
  readonly sources: readonly Source[];
}

export interface Membership {
  readonly group: string;
  /** `event`, `run`, `sync:<id>`, `auto:<id>`, each with who gave it. */
  readonly sources: readonly { readonly source: string; readonly given: Giver }[];
}

export interface CourseRecord {
  readonly startedAt: number | null;
  readonly percent: number;
  readonly activities: readonly { readonly id: string; readonly at: number; readonly kind?: string }[];
  readonly completedAt: number | null;
  readonly certificateAt: number | null;
}

export interface Certificate {
  readonly course: string | null;
  readonly certificate: string | null;
  readonly at: number;
  readonly expiresAt: number | null;
}

export interface Trial {
  readonly startedAt: number;
  readonly endsAt: number;
  readonly canceled: boolean;
  /** The `days` before its end that were told already. */
  readonly told: readonly number[];
  /** When its cancellation was undone: what would have been told before stays untold. */
  readonly resumedAt?: number;
}

/** A moment with the order of arrival, which decides between equal moments. */
export interface Seen {
  readonly at: number;
  readonly order: number;
  /** When we heard of it, by the school's clock, where that was later. */
  readonly heardAt?: number;
}

export interface Result {
  readonly submittedAt: number | null;
  readonly passed: boolean | null;
  readonly passedAt: number | null;
}

/** A user of a school, or a lead, as far as we have been told. Its records change by `setEntry` and `removeEntry`. */
export interface Learner {
  id: string;
  /** When we first heard of the user, by the school's clock. */
  knownAt: number;
  email: string | null;
  username: string | null;
  registeredAt: number;
  /** True while `registeredAt` is only when we first heard of the user. */
  registeredGuessed: boolean;
  signedUp: boolean;
  source: string | null;
  fields: Readonly<Record<string, FieldValue>>;
  timezone: string | null;
  locale: string | null;
  marketingConsent: boolean | null;
  cookiesAccepted: boolean | null;
  pushTokens: readonly string[];
  /** The kinds of mail, by the ids of `settings.mail.topics`, that the learner does without. */
  topicsOff: readonly string[];
  tags: readonly string[];
  /** Keys of tags once held and held no more. */
  pastTags: readonly string[];
  enrolments: readonly Enrolment[];
  groups: readonly Membership[];
  seats: readonly string[];
  spaces: readonly string[];
  segments: readonly string[];
  givers: Givers;
  courses: Readonly<Record<string, CourseRecord>>;
  certificates: readonly Certificate[];
  lastSeen: {
    school: Seen | null;
    app: Seen | null;
    courses: Readonly<Record<string, Seen>>;
    appCourses: Readonly<Record<string, Seen>>;
  };
  payments: readonly string[];
  /** A payment over 0 was made that cannot be given back: for ever. */
  paid: boolean;
  /** By its id, of each payment over 0 what was not given back. */
  refundable: Readonly<Record<string, Refundable>>;
  trials: Readonly<Record<string, Trial>>;
  forms: Readonly<Record<string, { readonly at: number; readonly kinds: readonly string[] }>>;
  assessments: Readonly<Record<string, Result>>;
  exams: Readonly<Record<string, Result>>;
  nps: { score: number; at: number } | null;
}

/** A payment, as far as it was not given back. */
export interface Refundable {
  readonly type: string;
  readonly product: string;
  readonly left: number;
  readonly currency?: string;
}

export const LEAD_PREFIX = "lead:";
export const isLead = (id: string): boolean => id.startsWith(LEAD_PREFIX);
/** Names an address: a lead of it, and the object that knows whose it is. In lower case, the domain as its A-label. */
export const leadId = (email: string): string => LEAD_PREFIX + addressKey(email);

export const newLearner = (id: string, now: number, occurredAt: number): Learner => ({
  id,
  knownAt: now,
  email: null,
  username: null,
  registeredAt: occurredAt,
  registeredGuessed: true,
  signedUp: false,
  source: null,
  fields: {},
  timezone: null,
  locale: null,
  marketingConsent: null,
  cookiesAccepted: null,
  pushTokens: [],
  topicsOff: [],
  tags: [],
  pastTags: [],
  enrolments: [],
  groups: [],
  seats: [],
  spaces: [],
  segments: [],
  givers: newGivers(),
  courses: {},
  certificates: [],
  lastSeen: { school: null, app: null, courses: {}, appCourses: {} },
  payments: [],
  paid: false,
  refundable: {},
  trials: {},
  forms: {},
  assessments: {},
  exams: {},
  nps: null,
});

/** Something that became true of a user. `data` keeps the names of the contract. */
export interface Fact {
  type: string;
  data: Record<string, unknown>;
  /** `occurred_at`. */
  at: number;
}

/** A fact with its place among all that was heard of the user. */
export interface OrderedFact extends Fact {
  order: number;
}

export interface FieldView {
  key: string;
  type: FieldType;
  /** What a value, or each of a list's, is one of; none: any will do. */
  choices: readonly string[];
}

export interface Collaborator {
  email: string;
  role: string;
}

/** The settings that triggers, conditions, actions and templates read, by the names of the contract. */
export interface SettingsView {
  timezone: string;
  currency?: string | undefined;
  collaborators: readonly Collaborator[];
  mail?: MailSettings | undefined;
  mail_pieces?: readonly Piece[] | undefined;
  [name: string]: unknown;
}

/** When a course begins and ends, and by when it is to be done: as dates stand in fields; null: nobody said so. */
export interface CourseDates {
  startsAt: string | null;
  endsAt: string | null;
  dueAt: string | null;
}

/** A school as the catalogue sees it. */
export interface SchoolView {
  id: string;
  name: string;
  mode: "live" | "test";
  settings: SettingsView;
  fields: ReadonlyMap<string, FieldView>;
  /** `held`: it is to be deleted, and until then nobody joins. */
  segments: ReadonlyMap<string, { managed: boolean; held?: true }>;
  /** The courses of what holds some: whoever holds it holds them. */
  bundles: ReadonlyMap<string, readonly string[]>;
  subscriptions: ReadonlyMap<string, readonly string[]>;
  seats: ReadonlyMap<string, readonly string[]>;
  /** The dates of courses that have some. */
  courseDates: ReadonlyMap<string, CourseDates>;
  /** The id that a course has here, by any of those that it is named by. */
  courseId: CourseId;
  /** Bundles whose courses were said by hand or by the LMS: events change nothing of them. */
  fixedBundles: ReadonlySet<string>;
  /** What products are called. */
  names: ProductNames;
  spellings: Spellings;
  /** Left out: messages hold no links of their own, as where the past is told again. */
  links?: MailLinks;
}

/** By what a card knows whether two of it go together. */
export type Judging = Pick<SchoolView, "fields" | "settings">;

/** Tags as first written in the school, by their lower-case key; undefined: none was so far. */
export interface Spellings {
  get(key: string): string | undefined;
}

export const NO_SPELLINGS: Spellings = { get: () => undefined };

export interface MakeOptions {
  /** Activity only: exits and waits may name it, nothing starts from it, and no answer lists it. */
  hidden?: boolean;
  /** What brought it about, where that is not what the turn is about. */
  by?: Origin;
}

/** What changes a learner gets in hand: the learner to change, the moment, and a way to say what became true. */
export interface Turn {
  learner: Learner;
  school: SchoolView;
  /** When it happened. */
  at: number;
  /** The school's clock. */
  now: number;
  /** The order of arrival. */
  order: number;
  /** The automations behind it, through waits too. */
  lineage: readonly string[];
  /** Whoever gives what is given in it. */
  giver: Giver;
  make(type: string, data: Record<string, unknown>, options?: MakeOptions): void;
  /** Says what was changed, for the LMS to hear unless it told us so itself. */
  tell<T extends ChangeType>(type: T, data: ChangeData<T>): void;
  /** The same turn for another giver. */
  by(origin: Origin): Turn;
}

/** The same turn for another giver: what it gives, and what is made and told of that, are the other's. */
export const turnBy = (turn: Turn, by: Origin["by"], id: string | null): Turn => turn.by({ by, id });

/** What a condition looks at. */
export interface View {
  learner: Learner;
  school: SchoolView;
  now: number;
  /** The fact that started the run, or that is asked about. */
  fact: OrderedFact;
  /** How often this automation has started for the user before. */
  starts: number;
}
