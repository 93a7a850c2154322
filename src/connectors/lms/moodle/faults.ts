import { LmsError } from "../port";

/*
 * What Moodle's error codes mean, in our own words: its messages are in the site's language, and some of them show
 * paths of the server. An error comes with status 200, like everything else.
 */

/**
 * `final`: this change can never be made. `later`: it may go better. `right`: the service user lacks one, which the
 * school must be told; other changes go on. `down`: nothing gets through until the school mends the connection.
 */
export type Verdict = "final" | "later" | "right" | "down";

export const VERDICTS: Record<Verdict, LmsError["failure"]> = {
  final: { retry: false },
  later: { retry: true },
  right: { retry: false, broken: true },
  down: { retry: true, broken: true },
};

interface Meaning {
  verdict: Verdict;
  says: string;
}

const final = (says: string): Meaning => ({ verdict: "final", says });
const later = (says: string): Meaning => ({ verdict: "later", says });
const right = (says: string): Meaning => ({ verdict: "right", says });
const down = (says: string): Meaning => ({ verdict: "down", says });

const MISSING = "the service user lacks a right for this";
const CLOSED =
  "the service user may not enter this course (moodle/course:view; of a hidden one moodle/course:viewhiddencourses)";

const CODES: ReadonlyMap<string, Meaning> = new Map([
  ["invalidtoken", down("Moodle does not know the token")],
  [
    "accessexception",
    down("Moodle refuses the token: it has expired, is not for this address, or REST is not allowed"),
  ],
  ["wsaccessuserdeleted", down("the service user was deleted")],
  ["wsaccessuserunconfirmed", down("the service user is not confirmed")],
  ["wsaccessusersuspended", down("the service user is suspended")],
  ["wsaccessuserexpired", down("the password of the service user has expired")],
  ["wsaccessusernologin", down("the service user may not sign in")],
  ["usernotfullysetup", down("the profile of the service user is not complete")],
  ["sitepolicynotagreed", down("the service user has not agreed to the site's policy")],
  ["forcepasswordchangenotice", down("the service user has to change the password")],

  ["nopermissions", right(MISSING)],
  ["nopermission", right(MISSING)],
  ["requireloginerror", right(CLOSED)],
  ["errorcoursecontextnotvalid", right(CLOSED)],
  ["wsusercannotassign", right("the service user may not give this role (moodle/role:assign, Allow role assignments)")],
  ["cannotviewreport", right(MISSING)],

  ["sitemaintenance", later("Moodle is in maintenance")],
  ["upgraderunning", later("Moodle is being upgraded")],
  ["dbconnectionfailed", later("Moodle does not reach its database")],
  ["dmlreadexception", later("Moodle's database did not answer")],
  ["dmlwriteexception", later("Moodle's database did not write")],
  ["ddlexecuteerror", later("Moodle's database did not answer")],
  ["dmltransactionexception", later("Moodle's database did not write")],
  ["locktimeout", later("Moodle waited too long for another call")],

  ["invalidparameter", final("Moodle does not take what was sent: something in it is unknown, or taken already")],
  ["invalidrecord", final("Moodle does not know what was named")],
  ["invaliduser", final("Moodle does not know this person")],
  ["invaliduserid", final("Moodle does not know this person")],
  ["suspended", final("this person is suspended in Moodle")],
  ["invalidcoursemodule", final("Moodle does not know this activity")],
  ["wsnoinstance", final("this course has no manual enrolment: add it under Participants, Enrolment methods")],
  ["wscannotenrol", final("manual enrolment of this course takes nobody")],
  ["wscannotunenrol", final("manual enrolment of this course lets nobody go")],
  ["usernotenroled", final("this person is not in the course")],
  ["completionnotenabled", final("completion tracking is switched off in this course")],
  ["disabled", final("messages are switched off in this Moodle")],
  ["usernotupdatedadmin", final("administrators of Moodle cannot be changed from outside")],
  ["usernotupdatedremote", final("this person belongs to another Moodle")],
  ["usernotupdatedguest", final("the guest cannot be changed")],
  ["useremailduplicate", final("somebody else in Moodle has this address")],
  ["useremailinvalid", final("Moodle does not take this address")],
  ["codingerror", final("Moodle does not take what was sent")],
]);

/** Of PHP itself: an unknown user on enrolment ends in one. */
const PHP_ERROR = final("Moodle failed on it: what it names may be unknown there");

/** A code is a word; what is none is not repeated. */
const plain = (code: string): string =>
  /^[a-z0-9_]{1,60}$/i.test(code) ? `Moodle refused: ${code}` : "Moodle refused";

export const meaningOf = (errorcode: string | undefined): Meaning =>
  errorcode === undefined ? PHP_ERROR : (CODES.get(errorcode) ?? final(plain(errorcode)));

/** Moodle could not be asked, or refused. */
export class MoodleFault extends LmsError {
  constructor(
    message: string,
    failure: LmsError["failure"],
    readonly seen: {
      /** HTTP status, where it is not 200. */
      code?: number;
      errorcode?: string;
      /** Nobody knows whether it was done: no answer came, or none of Moodle's own. */
      perhapsDone?: true;
    } = {},
  ) {
    super(message, failure);
  }
}

/** Of what we know ourselves without asking Moodle. */
export const refuse = (message: string): MoodleFault => new MoodleFault(message, VERDICTS.final);
