/* What a Moodle holds, as far as its web service tells of it. */

export interface FakeUser {
  id: number;
  username: string;
  idnumber: string;
  email: string;
  fullname: string;
  suspended: boolean;
  isAdmin: boolean;
  /** Custom profile fields by short name. */
  custom: Map<string, string>;
}

export interface FakeEnrolment {
  roleid: number;
  timestart: number;
  timeend: number;
  suspended: boolean;
}

export interface FakeActivity {
  cmid: number;
  /** 1 manual, 2 automatic. */
  tracking: number;
  /** States by user. Whoever is overridden is in it, strangers too. */
  states: Map<number, number>;
}

export interface FakeCourse {
  id: number;
  fullname: string;
  idnumber: string;
  startdate: number;
  enddate: number;
  /** Whether it has an enabled manual enrolment method. */
  manual: boolean;
  enrolments: Map<number, FakeEnrolment>;
  activities: FakeActivity[];
}

export interface FakeGroup {
  id: number;
  courseid: number;
  name: string;
  idnumber: string;
  members: Set<number>;
}

export interface FakeCohort {
  id: number;
  name: string;
  idnumber: string;
  members: Set<number>;
}

export interface FakeToken {
  /** Whose it is. */
  userid: number;
  /** Capabilities that its user lacks. */
  without: Set<string>;
  /** Functions that its service has not. */
  outside: Set<string>;
  expired: boolean;
}

export interface FakeMessage {
  to: number;
  text: string;
  format: number;
}

/** A profile field; a menu takes its entries alone. */
export interface FakeField {
  shortname: string;
  type: "text" | "menu" | "checkbox" | "datetime";
  entries?: string[];
}

export const STUDENT = 5;
export const SITE = 1;

export class MoodleState {
  users = new Map<number, FakeUser>();
  courses = new Map<number, FakeCourse>();
  groups = new Map<number, FakeGroup>();
  cohorts = new Map<number, FakeCohort>();
  tokens = new Map<string, FakeToken>();
  fields: FakeField[] = [];
  messages: FakeMessage[] = [];
  /** Roles that the service user may give, by the "allow role assignments" of its own. */
  assignable = new Set([STUDENT]);
  /** REST, or web services, switched on. */
  rest = true;
  maintenance = false;
  #lastId = 100;

  nextId(): number {
    this.#lastId += 1;
    return this.#lastId;
  }

  addUser(user: Partial<FakeUser> & { id: number }): FakeUser {
    const { id } = user;
    const whole: FakeUser = {
      username: `learner${id}`,
      idnumber: "",
      email: `learner${id}@school.example.com`,
      fullname: `Learner No${id}`,
      suspended: false,
      isAdmin: false,
      custom: new Map(),
      ...user,
    };
    this.users.set(id, whole);
    return whole;
  }

  addCourse(course: Partial<FakeCourse> & { id: number }): FakeCourse {
    const whole: FakeCourse = {
      fullname: `Course ${course.id}`,
      idnumber: "",
      startdate: 1_795_651_200,
      enddate: 0,
      manual: true,
      enrolments: new Map(),
      activities: [],
      ...course,
    };
    this.courses.set(course.id, whole);
    return whole;
  }

  addToken(token: string, given: { userid?: number; without?: string[]; outside?: string[]; expired?: boolean } = {}) {
    this.tokens.set(token, {
      userid: given.userid ?? 3,
      without: new Set(given.without),
      outside: new Set(given.outside),
      expired: given.expired ?? false,
    });
  }
}
