import type { FC } from "hono/jsx";
import { say } from "../../../language/say";
import { Badge } from "../../components/bits";
import { GivenBy, type Givers } from "../../components/giver";
import { Table } from "../../components/table";
import type { Visit } from "../../visit";
import { roleWord } from "../../words/values/roles";
import { CHOICES, type Drift } from "./words";

/* Who is otherwise in a course here than in the LMS: how on both sides, and who gave it here. */

type Person = NonNullable<Drift["people"]>[number];

/** So many are shown. */
export const SHOWN = 200;

const enrolledWords = (one: Person["here"], role: boolean): string => {
  if (one === null) return say("not enrolled");
  const state = one.suspended ? say("suspended") : say("enrolled");
  const enrolled = role && one.role !== null ? say("{state} as {role}", { state, role: roleWord(one.role) }) : state;
  if (one.expires_at == null) return enrolled;
  return say("{enrolled}, until {day}", { enrolled, day: one.expires_at.slice(0, 10) });
};

interface PeopleProps {
  visit: Visit;
  lms: string;
  people: readonly Person[];
  names: ReadonlyMap<string, string>;
  givers: Givers;
}

export const DifferingPeople: FC<PeopleProps> = ({ visit, lms, people, names, givers }) => (
  <>
    <Table
      caption={say("Who differs")}
      rows={people.slice(0, SHOWN)}
      keyOf={(one) => one.user}
      columns={[
        {
          head: say("Learner"),
          names: true,
          cell: (one) =>
            one.kind === "unknown" ? (
              one.user
            ) : (
              <>
                <a href={visit.path(`/learners/${encodeURIComponent(one.user)}`)}>{names.get(one.user) ?? one.user}</a>{" "}
                {(names.get(one.user) ?? one.user) !== one.user ? <small class="soft">{one.user}</small> : null}
              </>
            ),
        },
        {
          head: say("Here"),
          cell: (one) =>
            one.kind === "unknown" ? (
              say("not known")
            ) : (
              <>
                {enrolledWords(one.here, one.kind === "differing")}{" "}
                <GivenBy givers={one.givers} user={one.user} of={givers} />
              </>
            ),
        },
        { head: say("In {lms}", { lms }), cell: (one) => enrolledWords(one.there, one.kind === "differing") },
        {
          head: say("Differs"),
          cell: (one) =>
            one.kind === "on_its_way" ? (
              <Badge tone="accent">{say("on the way there")}</Badge>
            ) : (
              <Badge tone="warning">{CHOICES[one.kind].is(lms)}</Badge>
            ),
        },
      ]}
    />
    {people.length > SHOWN ? (
      <p class="hint">{say("The first {shown} of {n}.", { shown: SHOWN, n: people.length })}</p>
    ) : null}
  </>
);
