import type { ChangeData, ChangeType } from "../../../src/catalogue/facts/changes";
import { moodle } from "../../../src/connectors/lms/moodle";
import type { Finding, LmsReads } from "../../../src/connectors/lms/port";
import type { Parcel, SendResult, Tools } from "../../../src/connectors/ports";
import { FakeMoodle, type MoodleState, STUDENT, TOKEN } from "../moodle";

/** What a test's school has in its Moodle: a course with two activities, and somebody who is not in it. */
export const COURSE = 7;
export const PAGE = 71;
export const QUIZ = 72;
export const ANNA = 40;

export interface MoodleSchool {
  lms: FakeMoodle;
  state: MoodleState;
  tools: Tools;
  settings: Record<string, unknown>;
  /** One change of Anna's, or of who is named, on its way through the connector. */
  tell<T extends ChangeType>(type: T, data: ChangeData<T>, user?: string): Promise<SendResult>;
  check(): Promise<Finding[]>;
  reads: Bound<LmsReads<unknown>>;
  /** Puts somebody into the course as Moodle has it. */
  enrol(user?: number, course?: number): void;
}

type Bound<Reads> = {
  [K in keyof Reads]: Reads[K] extends (settings: never, tools: never, ...rest: infer Rest) => infer Answer
    ? (...rest: Rest) => Answer
    : never;
};

export function moodleSchool(options: Record<string, unknown> = {}): MoodleSchool {
  const lms = new FakeMoodle();
  const { state } = lms;
  state.addUser({ id: ANNA, username: "anna", idnumber: "L-040", email: "anna@school.example.com" });
  const activity = (cmid: number, tracking: number) => ({ cmid, tracking, states: new Map<number, number>() });
  state.addCourse({ id: COURSE, idnumber: "course-7", activities: [activity(PAGE, 1), activity(QUIZ, 2)] });
  const tools: Tools = {
    fetch: lms.fetch,
    now: () => Date.UTC(2026, 10, 26),
    env: {},
    resolve: null,
    ownHosts: ["schoolbell.acme.com"],
  };
  const settings = { url: "https://moodle.acme.com", token: TOKEN, ...options };
  const { reads, check } = moodle.lms;
  if (!reads || !check) throw new Error("Moodle is read and checked");
  const bound = { settings, tools };
  let count = 0;
  return {
    lms,
    state,
    ...bound,
    tell(type, data, user = String(ANNA)) {
      count += 1;
      const change = { id: `chg_${count}`, user, seq: count, at: "2026-11-26T00:00:00Z", cause: CAUSE };
      return moodle.send({ ...PARCEL, content: { ...change, type, data } }, bound.settings, bound.tools);
    },
    check: () => check(bound.settings, bound.tools),
    reads: {
      courses: (after) => reads.courses(bound.settings, bound.tools, after),
      groups: (after) => reads.groups(bound.settings, bound.tools, after),
      users: (after) => reads.users(bound.settings, bound.tools, after),
      enrolments: (course, after) => reads.enrolments(bound.settings, bound.tools, course, after),
    },
    enrol(user = ANNA, course = COURSE) {
      state.courses.get(course)?.enrolments.set(user, { roleid: STUDENT, timestart: 0, timeend: 0, suspended: false });
    },
  };
}

const CAUSE = { type: "run", id: "run_01" };

const PARCEL: Omit<Parcel, "content"> = {
  key: "run_01-s1",
  deliveryId: "dlv_01",
  channel: "lms",
  to: [],
  at: Date.UTC(2026, 10, 26),
  mode: "live",
  school: { id: "acme", name: "Acme", webhookSecrets: [] },
  user: { id: "anna", email: null, pushTokens: [] },
  unsubscribeUrl: null,
};
