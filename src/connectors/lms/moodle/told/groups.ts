import * as z from "zod";
import { type Moodle, nothing } from "../call";
import { type Carry, done } from "../carry";
import { MoodleFault, refuse } from "../faults";
import { isMoodleId, moodleCourseId, moodlePage } from "../ids";
import { courseOf, forget, personOf, remembered } from "../known";

/*
 * Groups are a course's in Moodle. One is known by its number there, or as ours are: `<course>:<name>`. Such a one is
 * made where it is missing, with our id as its ID number.
 */

const KIND = "group";
/** What Moodle's columns hold. */
const NAME_CHARACTERS = 254;
const ID_NUMBER_CHARACTERS = 100;

export const joined: Carry<"group.joined"> = async (moodle, { user, data: { group } }) => {
  const userid = await personOf(moodle, user);
  const add = async () => {
    const member = { groupid: await groupOf(moodle, group), userid };
    await moodle.call("core_group_add_group_members", { members: [member] }, nothing);
  };
  await add().catch((fault: unknown) => {
    if (!isUnknown(fault)) throw isNotTaken(fault) ? refuse(OUTSIDER) : fault;
    if (isMoodleId(group)) throw refuse(`Moodle has no group ${group}`);
    // The group that was remembered may have been deleted meanwhile: it is looked for, and made, once more.
    forget(moodle, KIND, group);
    return add();
  });
  return done();
};

export const left: Carry<"group.left"> = async (moodle, { user, data: { group } }) => {
  const userid = await personOf(moodle, user);
  const named = namedIn(group);
  const groupid = named ? (await findGroup(moodle, group, named))?.id : numberOf(group);
  if (groupid === undefined) return done(NO_GROUP);
  try {
    await moodle.call("core_group_delete_group_members", { members: [{ groupid, userid }] }, nothing);
    return done();
  } catch (fault) {
    if (isUnknown(fault)) return done(NO_GROUP);
    throw fault;
  }
};

const NO_GROUP = "there is no such group to leave";
const OUTSIDER = "Moodle takes only who is in the course into one of its groups";

const codeOf = (fault: unknown) => (fault instanceof MoodleFault ? fault.seen.errorcode : undefined);
const isUnknown = (fault: unknown) => codeOf(fault) === "invalidrecord";
const isNotTaken = (fault: unknown) => codeOf(fault) === "invalidparameter";

interface Named {
  course: string;
  name: string;
}

/** The parts of `<course>:<name>`. An address holds colons too: the course ends where what is before one is a course. */
function namedIn(group: string): Named | null {
  const colons = [...group.matchAll(/:/g)].map(({ index }) => index);
  const ends = colons.filter((at) => at > 0 && at < group.length - 1);
  const end =
    ends.find((at) => moodleCourseId(group.slice(0, at)) !== null) ?? ends.find((at) => group[at + 1] !== "/");
  return end === undefined || numberIn(group) ? null : { course: group.slice(0, end), name: group.slice(end + 1) };
}

/** The number that a group's id is, or that its address holds. */
function numberIn(group: string): string | null {
  const page = moodlePage(group);
  const id = page?.kind === "group" ? page.id : group;
  return isMoodleId(id) ? id : null;
}

function numberOf(group: string): number {
  const id = numberIn(group);
  if (id !== null) return Number(id);
  throw refuse(`groups are a course's in Moodle: "${group}" would have to be "<course>:${group}", or a number`);
}

async function groupOf(moodle: Moodle, group: string): Promise<number> {
  const named = namedIn(group);
  if (!named) return numberOf(group);
  return remembered(moodle, KIND, group, async () => {
    const found = await findGroup(moodle, group, named);
    return found ? found.id : makeGroup(moodle, group, named);
  });
}

const listed = z.array(z.object({ id: z.number(), name: z.string(), idnumber: z.string().nullish() }));

async function findGroup(moodle: Moodle, group: string, { course, name }: Named, same = sameName) {
  const courseid = await courseOf(moodle, course);
  const groups = await moodle.call("core_group_get_course_groups", { courseid }, listed);
  return groups.find(({ idnumber }) => idnumber === group) ?? groups.find((one) => same(one.name, name));
}

const sameName = (one: string, other: string) => one === other.trim();
const nearName = (one: string, other: string) => one.toLowerCase() === other.trim().toLowerCase();

const made = z.array(z.object({ id: z.number() })).min(1);

async function makeGroup(moodle: Moodle, group: string, named: Named): Promise<number> {
  const name = named.name.trim();
  if (name.length > NAME_CHARACTERS) throw refuse(`a group's name has at most ${NAME_CHARACTERS} characters in Moodle`);
  const wanted = {
    courseid: await courseOf(moodle, named.course),
    name,
    description: "",
    ...(group.length > ID_NUMBER_CHARACTERS ? {} : { idnumber: group }),
  };
  try {
    const [one] = await moodle.call("core_group_create_groups", { groups: [wanted] }, made);
    if (one) return one.id;
  } catch (fault) {
    if (!isNotTaken(fault)) throw fault;
    // Somebody made it at the same time, or Moodle's database takes capitals and small letters for one.
    const found = await findGroup(moodle, group, named, nearName);
    if (found) return found.id;
  }
  throw refuse(`Moodle does not make a group "${name}"`);
}
