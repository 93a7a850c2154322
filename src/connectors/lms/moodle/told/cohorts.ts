import * as z from "zod";
import { type Moodle, nothing } from "../call";
import { type Carry, done } from "../carry";
import { MoodleFault, refuse } from "../faults";
import { forget, personOf, remembered } from "../known";

/* Segments are cohorts of the system in Moodle: the segment's id is the cohort's ID number, its name the name it is made by. */

const KIND = "cohort";
const ID_NUMBER_CHARACTERS = 100;
const NAME_CHARACTERS = 254;

const warned = z.object({ warnings: z.array(z.object({ warningcode: z.coerce.string() })) });
const NOT_FOUND = "2";
const MEMBER_ALREADY = "3";

export const joined: Carry<"segment.joined"> = async (moodle, { user, data: { segment } }) => {
  if (segment.length > ID_NUMBER_CHARACTERS)
    throw refuse(`the ID number of a cohort has at most ${ID_NUMBER_CHARACTERS} characters: "${segment}" has more`);
  const userid = await personOf(moodle, user);
  const add = async () => {
    const member = {
      cohorttype: { type: "idnumber", value: segment },
      usertype: { type: "id", value: String(userid) },
    };
    const { warnings } = await moodle.call("core_cohort_add_cohort_members", { members: [member] }, warned);
    return warnings.map(({ warningcode }) => warningcode).find((code) => code !== MEMBER_ALREADY);
  };
  let warning = await add();
  if (warning === NOT_FOUND) {
    // The cohort or the person: the same code says both.
    await make(moodle, segment);
    warning = await add();
  }
  if (warning === NOT_FOUND) throw refuse(`Moodle does not know the person ${user}`);
  if (warning !== undefined) throw refuse("Moodle does not take anybody into this cohort");
  return done();
};

const made = z.array(z.object({ id: z.number() }));

async function make(moodle: Moodle, segment: string): Promise<void> {
  const called = (await moodle.segmentName(segment)) ?? segment;
  // By code points: half of one is none.
  const name = [...called].slice(0, NAME_CHARACTERS).join("");
  const cohort = { categorytype: { type: "system", value: "" }, name, idnumber: segment };
  try {
    await moodle.call("core_cohort_create_cohorts", { cohorts: [cohort] }, made);
  } catch (fault) {
    // Taken: it is there, made at the same time or before.
    if (!(fault instanceof MoodleFault) || fault.seen.errorcode !== "invalidparameter") throw fault;
  }
}

export const left: Carry<"segment.left"> = async (moodle, { user, data: { segment } }) => {
  const userid = await personOf(moodle, user);
  const cohortid = await remembered(moodle, KIND, segment, () => find(moodle, segment));
  if (cohortid === NONE) {
    forget(moodle, KIND, segment);
    return done("there is no such cohort to leave");
  }
  try {
    await moodle.call("core_cohort_delete_cohort_members", { members: [{ cohortid, userid }] }, nothing);
    return done();
  } catch (fault) {
    if (!(fault instanceof MoodleFault) || fault.seen.errorcode !== "invalidrecord") throw fault;
    forget(moodle, KIND, segment);
    return done("there is no such cohort to leave");
  }
};

const NONE = 0;
const PAGE = 100;
const searched = z.object({ cohorts: z.array(z.object({ id: z.number(), idnumber: z.string().nullish() })) });

/** The search looks into names and descriptions too, wherever the text stands in them. */
async function find(moodle: Moodle, segment: string, limitfrom = 0): Promise<number> {
  const { cohorts } = await moodle.call(
    "core_cohort_search_cohorts",
    {
      query: segment,
      context: { contextlevel: "system", instanceid: 0 },
      includes: "all",
      limitfrom,
      limitnum: PAGE,
    },
    searched,
  );
  const found = cohorts.find(({ idnumber }) => idnumber === segment);
  if (found) return found.id;
  return cohorts.length < PAGE ? NONE : find(moodle, segment, limitfrom + PAGE);
}
