import { z } from "zod";
import { invalidParameter, MoodleException, missingRecord, moodleException } from "./php";
import { type FakeCourse, type FakeToken, type FakeUser, type MoodleState, SITE } from "./state";

/*
 * The functions of Moodle's web service, as 4.5 answers them: in the order in which it looks at rights, places and
 * people, for that order decides which error comes.
 */

/** Who calls, and when. */
interface Caller {
  state: MoodleState;
  token: FakeToken;
  /** Seconds since 1970. */
  now: number;
}

export interface FakeFunction {
  parameters: z.ZodType;
  run(caller: Caller, parameters: unknown): unknown;
}

/** What PHP nests with numbers is a list. */
const list = <T extends z.ZodType>(item: T) =>
  z.record(z.string().regex(/^\d+$/), item).transform(Object.values<z.output<T>>);
const int = z
  .string()
  .regex(/^-?\d+$/)
  .transform(Number);
const flag = z.enum(["0", "1"]).transform((text) => text === "1");
const text = z.string();

function define<P extends z.ZodType>(
  parameters: P,
  run: (caller: Caller, given: z.output<P>) => unknown,
): FakeFunction {
  // Called with what its own schema made alone.
  return { parameters, run: (caller, given) => run(caller, given as z.output<P>) };
}

function need({ token }: Caller, capability: string, errorcode = "nopermissions"): void {
  if (token.without.has(capability))
    throw new MoodleException(
      "core\\exception\\required_capability_exception",
      errorcode,
      `Sorry, but you do not currently have permissions to do that (${capability}).`,
    );
}

const userOf = ({ state }: Caller, id: number): FakeUser => {
  const user = state.users.get(id);
  if (!user) throw missingRecord("user", "invaliduser");
  return user;
};

/** A course that the caller may enter: `wrapped` where the function has a word of its own for that. */
function enter(
  caller: Caller,
  id: number,
  wrapped = false,
  unknown: () => Error = () => missingRecord("course"),
): FakeCourse {
  const course = caller.state.courses.get(id);
  if (!course) throw unknown();
  if (caller.token.without.has("moodle/course:view") && id !== SITE) {
    throw wrapped
      ? moodleException("errorcoursecontextnotvalid")
      : new MoodleException(
          "core\\exception\\require_login_exception",
          "requireloginerror",
          "Course or activity not accessible.",
        );
  }
  return course;
}

const isActive = (course: FakeCourse, user: number, now: number): boolean => {
  const one = course.enrolments.get(user);
  return one !== undefined && !one.suspended && one.timestart < now && (one.timeend === 0 || one.timeend > now);
};

const sees = ({ token }: Caller) =>
  !token.without.has("moodle/user:viewdetails") && !token.without.has("moodle/user:viewalldetails");

const shownFields = (caller: Caller, user: FakeUser) => ({
  id: user.id,
  username: user.username,
  fullname: user.fullname,
  ...(caller.token.without.has("moodle/site:viewuseridentity") && !user.isAdmin ? {} : { email: user.email }),
  ...(user.idnumber === "" ? {} : { idnumber: user.idnumber }),
});

const enrolment = {
  userid: int,
  courseid: int,
};

const groupShape = ({
  id,
  courseid,
  name,
  idnumber,
}: {
  id: number;
  courseid: number;
  name: string;
  idnumber: string;
}) => ({
  id,
  courseid,
  name,
  description: "",
  descriptionformat: 1,
  enrolmentkey: null,
  idnumber,
  visibility: 0,
  participation: true,
});

export const FUNCTIONS: Record<string, FakeFunction> = {
  core_webservice_get_site_info: define(z.strictObject({}), ({ token, state }) => ({
    sitename: "School",
    username: state.users.get(token.userid)?.username ?? "",
    userid: token.userid,
    functions: Object.keys(FUNCTIONS)
      .filter((name) => !token.outside.has(name))
      .map((name) => ({ name, version: "2024100700" })),
    release: "4.5.6 (Build: 20250811)",
    version: "2024100706",
    siteid: SITE,
  })),

  core_user_get_users_by_field: define(
    z.strictObject({ field: z.enum(["id", "idnumber", "username", "email"]), values: list(text) }),
    (caller, { field, values }) => {
      if (field === "username" && values.some((one) => one !== one.toLowerCase())) throw invalidParameter();
      const found = [...caller.state.users.values()].filter((user) => values.includes(String(user[field])));
      return found
        .filter((user) => sees(caller) || user.id === caller.token.userid)
        .map((user) => ({
          ...shownFields(caller, user),
          suspended: user.suspended,
          ...(user.custom.size === 0
            ? {}
            : {
                customfields: [...user.custom].map(([shortname, value]) => ({
                  type: caller.state.fields.find((one) => one.shortname === shortname)?.type ?? "text",
                  value,
                  name: shortname,
                  shortname,
                })),
              }),
        }));
    },
  ),

  core_user_update_users: define(
    z.strictObject({
      users: list(
        z.strictObject({
          id: int,
          email: text.optional(),
          customfields: list(z.strictObject({ type: text.regex(/^[A-Za-z0-9_-]+$/), value: text })).optional(),
        }),
      ),
    }),
    (caller, { users }) => {
      need(caller, "moodle/user:update");
      const { state } = caller;
      const warnings = users.flatMap(({ id, email, customfields = [] }) => {
        const warn = (warningcode: string) => [{ item: "user", itemid: id, warningcode, message: "in some language" }];
        const user = state.users.get(id);
        if (!user) return warn("invaliduserid");
        if (user.isAdmin) return warn("usernotupdatedadmin");
        if (email !== undefined && email !== user.email) {
          if (!/^[^@\s]+@[^@\s]+$/.test(email)) return warn("useremailinvalid");
          const taken = [...state.users.values()].some((one) => one.email.toLowerCase() === email.toLowerCase());
          if (taken) return warn("useremailduplicate");
          user.email = email;
        }
        for (const { type, value } of customfields) {
          const field = state.fields.find(({ shortname }) => shortname === type);
          // Without a word: that is why it has to be read back.
          if (!field || (field.entries && value !== "" && !field.entries.includes(value))) continue;
          if (value === "") user.custom.delete(type);
          else user.custom.set(type, value);
        }
        return [];
      });
      return { warnings };
    },
  ),

  core_course_search_courses: define(
    z.strictObject({ criterianame: z.literal("search"), criteriavalue: text, page: int, perpage: int }),
    ({ state }, { page, perpage }) => {
      const all = [...state.courses.values()].filter(({ id }) => id !== SITE);
      const shown = all.slice(page * perpage, (page + 1) * perpage);
      return { total: all.length, courses: shown.map(({ id, fullname }) => ({ id, fullname })), warnings: [] };
    },
  ),

  core_course_get_courses_by_field: define(
    z.strictObject({ field: z.enum(["id", "ids", "idnumber", "shortname"]), value: text }),
    ({ state, token }, { field, value }) => {
      // Told to managers of a course alone; by it any course is found.
      const isManager = !token.without.has("moodle/course:update");
      const ids = value.split(",");
      const courses = [...state.courses.values()].filter(({ id, idnumber }) =>
        field === "idnumber" ? idnumber === value : ids.includes(String(id)),
      );
      const shown = courses.map(({ id, fullname, idnumber, startdate, enddate }) => ({
        id,
        fullname,
        ...(isManager ? { idnumber } : {}),
        startdate,
        enddate,
      }));
      return { courses: shown, warnings: [] };
    },
  ),

  core_enrol_get_enrolled_users: define(
    z.strictObject({
      courseid: int,
      options: list(
        z.strictObject({
          name: z.enum(["onlyactive", "onlysuspended", "userfields", "limitfrom", "limitnumber", "sortby"]),
          value: text,
        }),
      ).optional(),
    }),
    (caller, { courseid, options = [] }) => {
      const { state, token, now } = caller;
      const chosen = Object.fromEntries(options.map(({ name, value }) => [name, value]));
      const course = enter(caller, courseid, true);
      if (courseid === SITE) need(caller, "moodle/site:viewparticipants");
      const isActiveOnly = chosen.onlyactive === "1";
      const isSuspendedOnly = chosen.onlysuspended === "1";
      if (isActiveOnly || isSuspendedOnly) need(caller, "moodle/course:enrolreview");
      const from = Number(chosen.limitfrom ?? 0);
      const most = Number(chosen.limitnumber ?? 0) || Number.POSITIVE_INFINITY;
      return [...state.users.values()]
        .filter(({ id }) => courseid === SITE || course.enrolments.has(id))
        .filter(({ id }) => !isActiveOnly || isActive(course, id, now))
        .filter(({ id }) => !isSuspendedOnly || !isActive(course, id, now))
        .sort((one, other) => one.id - other.id)
        .slice(from, from + most)
        .filter(({ id }) => sees(caller) || id === token.userid)
        .map((user) => ({
          ...shownFields(caller, user),
          roles: [course.enrolments.get(user.id)?.roleid].flatMap((roleid) =>
            roleid === undefined ? [] : [{ roleid, name: "", shortname: `role${roleid}`, sortorder: 0 }],
          ),
        }));
    },
  ),

  enrol_manual_enrol_users: define(
    z.strictObject({
      enrolments: list(
        z.strictObject({
          ...enrolment,
          roleid: int,
          timestart: int.optional(),
          timeend: int.optional(),
          suspend: flag.optional(),
        }),
      ),
    }),
    (caller, { enrolments }) => {
      for (const { roleid, userid, courseid, timestart = 0, timeend = 0, suspend = false } of enrolments) {
        const course = enter(caller, courseid, false, invalidParameter);
        need(caller, "enrol/manual:enrol");
        if (caller.token.without.has("moodle/role:assign") || !caller.state.assignable.has(roleid))
          throw moodleException("wsusercannotassign", `You don't have the permission to assign this role (${roleid})`);
        if (!course.manual) throw moodleException("wsnoinstance");
        if (!caller.state.users.has(userid))
          throw new MoodleException(
            "TypeError",
            undefined,
            "core\\user::get_name_placeholders(): Argument #1 must be of type stdClass, bool given, called in /var/www/moodle/lib/enrollib.php on line 3674",
          );
        // What is left out of a repeat is lost.
        course.enrolments.set(userid, { roleid, timestart, timeend, suspended: suspend });
      }
      return null;
    },
  ),

  enrol_manual_unenrol_users: define(
    z.strictObject({ enrolments: list(z.strictObject(enrolment)) }),
    (caller, { enrolments }) => {
      for (const { userid, courseid } of enrolments) {
        const course = enter(caller, courseid);
        need(caller, "enrol/manual:unenrol");
        if (!course.manual) throw moodleException("wsnoinstance");
        userOf(caller, userid);
        course.enrolments.delete(userid);
        for (const group of caller.state.groups.values()) if (group.courseid === courseid) group.members.delete(userid);
      }
      return null;
    },
  ),

  core_group_get_course_groups: define(z.strictObject({ courseid: int }), (caller, { courseid }) => {
    enter(caller, courseid, true);
    need(caller, "moodle/course:managegroups");
    return [...caller.state.groups.values()].filter((one) => one.courseid === courseid).map(groupShape);
  }),

  core_group_create_groups: define(
    z.strictObject({
      groups: list(
        z.strictObject({
          courseid: int,
          name: text.max(254),
          description: text,
          idnumber: text.max(100).optional(),
        }),
      ),
    }),
    (caller, { groups }) =>
      groups.map(({ courseid, name, idnumber = "" }) => {
        // The database's own comparison: capitals and small letters are one.
        const all = [...caller.state.groups.values()].filter((one) => one.courseid === courseid);
        if (name.trim() === "" || all.some((one) => one.name.toLowerCase() === name.toLowerCase()))
          throw invalidParameter();
        enter(caller, courseid, true);
        need(caller, "moodle/course:managegroups");
        const group = { id: caller.state.nextId(), courseid, name, idnumber, members: new Set<number>() };
        caller.state.groups.set(group.id, group);
        return groupShape(group);
      }),
  ),

  ...membersOfGroups(),

  core_cohort_search_cohorts: define(
    z.strictObject({
      query: text,
      context: z.strictObject({ contextlevel: z.literal("system"), instanceid: int }),
      includes: z.literal("all"),
      limitfrom: int,
      limitnum: int,
    }),
    (caller, { query, limitfrom, limitnum }) => {
      if (caller.token.without.has("moodle/cohort:view")) need(caller, "moodle/cohort:manage");
      const found = [...caller.state.cohorts.values()].filter(({ name, idnumber }) =>
        `${name}\n${idnumber}`.toLowerCase().includes(query.toLowerCase()),
      );
      const shown = found.slice(limitfrom, limitfrom + limitnum);
      return {
        cohorts: shown.map(({ id, name, idnumber }) => ({ id, name, idnumber, description: "", visible: true })),
      };
    },
  ),

  core_cohort_create_cohorts: define(
    z.strictObject({
      cohorts: list(
        z.strictObject({
          categorytype: z.strictObject({ type: z.literal("system"), value: text }),
          name: text,
          idnumber: text,
          description: text.optional(),
          descriptionformat: int.optional(),
        }),
      ),
    }),
    (caller, { cohorts }) =>
      cohorts.map(({ name, idnumber, descriptionformat = 1 }) => {
        const { state } = caller;
        if ([...state.cohorts.values()].some((one) => one.idnumber === idnumber)) throw invalidParameter();
        need(caller, "moodle/cohort:manage");
        if (descriptionformat > 4) throw moodleException("formatnotsupported", "webservice/formatnotsupported");
        const cohort = { id: state.nextId(), name, idnumber, members: new Set<number>() };
        state.cohorts.set(cohort.id, cohort);
        return { id: cohort.id, name, idnumber, description: "", descriptionformat: 1, visible: true, theme: "" };
      }),
  ),

  core_cohort_add_cohort_members: define(
    z.strictObject({
      members: list(
        z.strictObject({
          cohorttype: z.strictObject({ type: text, value: text }),
          usertype: z.strictObject({ type: text, value: text }),
        }),
      ),
    }),
    (caller, { members }) => {
      const { state } = caller;
      const warnings = members.flatMap(({ cohorttype, usertype }) => {
        const warn = (warningcode: string, message: string) => [{ warningcode, message }];
        if (!["id", "idnumber"].includes(cohorttype.type)) return warn("1", "invalid parameter: cohortype");
        if (!["id", "username"].includes(usertype.type)) return warn("1", "invalid parameter: usertype");
        const cohort = [...state.cohorts.values()].find((one) =>
          cohorttype.type === "id" ? String(one.id) === cohorttype.value : one.idnumber === cohorttype.value,
        );
        if (!cohort) return warn("2", `cohort ${cohorttype.type}=${cohorttype.value} not exists`);
        const user = [...state.users.values()].find((one) =>
          usertype.type === "id" ? String(one.id) === usertype.value : one.username === usertype.value,
        );
        if (!user) return warn("2", `user ${usertype.type}=${usertype.value} not exists`);
        if (cohort.members.has(user.id)) return warn("3", "record already exists");
        if (caller.token.without.has("moodle/cohort:assign")) need(caller, "moodle/cohort:manage");
        cohort.members.add(user.id);
        return [];
      });
      return { warnings };
    },
  ),

  core_cohort_delete_cohort_members: define(
    z.strictObject({ members: list(z.strictObject({ cohortid: int, userid: int })) }),
    (caller, { members }) => {
      for (const { cohortid, userid } of members) {
        const cohort = caller.state.cohorts.get(cohortid);
        if (!cohort) throw missingRecord("cohort");
        userOf(caller, userid);
        if (caller.token.without.has("moodle/cohort:assign")) need(caller, "moodle/cohort:manage");
        cohort.members.delete(userid);
      }
      return null;
    },
  ),

  core_message_send_instant_messages: define(
    z.strictObject({
      messages: list(z.strictObject({ touserid: int, text, textformat: int.optional(), clientmsgid: text.optional() })),
    }),
    (caller, { messages }) => {
      need(caller, "moodle/site:sendmessage");
      const { state } = caller;
      const no = (errormessage: string) => ({ msgid: -1, errormessage, candeletemessagesforallusers: false });
      const answers = messages.map((message) => {
        if (!state.users.has(message.touserid)) return no("You cannot send a message to a user ID that doesn't exist.");
        if (new TextEncoder().encode(message.text).byteLength > 4096) return no("The message is longer than allowed.");
        if (caller.token.without.has("moodle/site:messageanyuser")) return no("You can't message this user.");
        state.messages.push({ to: message.touserid, text: message.text, format: message.textformat ?? 0 });
        return { msgid: state.nextId(), text: message.text, conversationid: 1, candeletemessagesforallusers: false };
      });
      // The good ones were sent.
      if (answers.length > 1 && answers.some(({ msgid }) => msgid < 0))
        throw moodleException("formatnotsupported", "webservice/formatnotsupported");
      return answers;
    },
  ),

  core_completion_get_activities_completion_status: define(
    z.strictObject({ courseid: int, userid: int }),
    (caller, { courseid, userid }) => {
      if (!caller.state.courses.has(courseid)) throw missingRecord("course");
      const user = userOf(caller, userid);
      if (user.username === "guest") throw moodleException("guestsarenotallowed");
      if (user.suspended) throw moodleException("suspended");
      const course = enter(caller, courseid);
      if (userid !== caller.token.userid) need(caller, "report/progress:view");
      const statuses = course.activities.map(({ cmid, tracking, states }) => ({
        cmid,
        modname: "page",
        state: states.get(userid) ?? 0,
        timecompleted: 0,
        tracking,
        overrideby: null,
        hascompletion: true,
        istrackeduser: isActive(course, userid, caller.now),
      }));
      return { statuses, warnings: [] };
    },
  ),

  core_completion_override_activity_completion_status: define(
    z.strictObject({ userid: int, cmid: int, newstate: int }),
    (caller, { userid, cmid, newstate }) => {
      const course = [...caller.state.courses.values()].find((one) => one.activities.some((two) => two.cmid === cmid));
      const activity = course?.activities.find((one) => one.cmid === cmid);
      if (!course || !activity) throw missingRecord("course_modules", "invalidcoursemodule");
      enter(caller, course.id);
      need(caller, "moodle/course:overridecompletion", "nopermission");
      const state = activity.states.get(userid) ?? 0;
      if (newstate !== 0 && newstate !== 1) throw moodleException("err_system");
      // Nobody looks whether there is such a user at all; and what is complete in another way stays so.
      const next = newstate === 1 && state > 1 ? state : newstate;
      activity.states.set(userid, next);
      return { cmid, userid, state: next, timecompleted: caller.now, overrideby: 3, tracking: activity.tracking };
    },
  ),
};

function membersOfGroups(): Record<string, FakeFunction> {
  const parameters = z.strictObject({ members: list(z.strictObject({ groupid: int, userid: int })) });
  const each = (change: (caller: Caller, members: Set<number>, user: number, course: FakeCourse) => void) =>
    define(parameters, (caller, { members }) => {
      for (const { groupid, userid } of members) {
        const group = caller.state.groups.get(groupid);
        if (!group) throw missingRecord("groups");
        userOf(caller, userid);
        const course = enter(caller, group.courseid, true);
        need(caller, "moodle/course:managegroups");
        change(caller, group.members, userid, course);
      }
      return null;
    });
  return {
    core_group_add_group_members: each((_, members, user, course) => {
      if (!course.enrolments.has(user)) throw invalidParameter();
      members.add(user);
    }),
    core_group_delete_group_members: each((_, members, user) => void members.delete(user)),
  };
}
