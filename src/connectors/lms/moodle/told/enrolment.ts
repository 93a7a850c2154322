import { parseInstant } from "../../../../catalogue/dates/time";
import type { CarriedOut } from "../../port";
import { type Moodle, nothing } from "../call";
import { type Carry, done } from "../carry";
import { MoodleFault, refuse } from "../faults";
import { isMoodleId } from "../ids";
import { courseOf, personOf } from "../known";

/* Manual enrolments. A repeat overwrites: what is left out of it is lost, so role and end go along each time. */

interface Enrolment {
  user: string;
  data: { course: string; role: string; expires_at: string | null };
}

async function enrol(moodle: Moodle, { user, data }: Enrolment, suspend: boolean): Promise<CarriedOut> {
  const enrolment = {
    roleid: roleOf(moodle, data.role),
    userid: await personOf(moodle, user),
    courseid: await courseOf(moodle, data.course),
    timeend: endOf(data.expires_at),
    suspend,
  };
  await moodle.call("enrol_manual_enrol_users", { enrolments: [enrolment] }, nothing).catch(sayCourse(data.course));
  return done();
}

export const enrolled: Carry<"course.enrolled"> = (moodle, change) => enrol(moodle, change, false);
export const suspended: Carry<"course.suspended"> = (moodle, change) => enrol(moodle, change, true);
export const resumed: Carry<"course.resumed"> = (moodle, change) => enrol(moodle, change, false);

/** Who is not enrolled by hand is unenrolled as it is; what else keeps somebody in a course stays. */
export const unenrolled: Carry<"course.unenrolled"> = async (moodle, { user, data }) => {
  const enrolment = { userid: await personOf(moodle, user), courseid: await courseOf(moodle, data.course) };
  await moodle.call("enrol_manual_unenrol_users", { enrolments: [enrolment] }, nothing).catch(sayCourse(data.course));
  return done();
};

/** What Moodle does not take of an enrolment is its course: whoever it does not know it has a word for. */
const sayCourse = (course: string) => (fault: unknown) => {
  const code = fault instanceof MoodleFault ? fault.seen.errorcode : undefined;
  throw code === "invalidparameter" || code === "invalidrecord" ? refuse(`Moodle has no course ${course}`) : fault;
};

export const STUDENT = "student";

function roleOf({ settings }: Moodle, role: string): number {
  if (role === STUDENT) return settings.student_role;
  if (isMoodleId(role)) return Number(role);
  throw refuse(`which role of Moodle's "${role}" is cannot be known: name it "student" or by its number there`);
}

/** 0: never. */
function endOf(expiresAt: string | null): number {
  const at = expiresAt === null ? null : parseInstant(expiresAt);
  return at === null ? 0 : Math.floor(at / 1_000);
}
