import * as z from "zod";
import { formatInstant } from "../dates/time";
import type { Learner, SchoolView } from "../facts/facts";
import { type GivenKind, type Giver, giverOf } from "../facts/givers";
import { tagKey } from "../tags/key";
import { presentedUser, presentLearner } from "./present";

/* A user as shown with who gave what is held. */

const time = z.string().meta({ format: "date-time" });
const presentedGiver = z.object({ by: z.string(), id: z.string().nullable(), at: time });
export const presentedSource = presentedGiver.extend({ source: z.string() });
const byName = z.record(z.string(), presentedGiver);

/** The user with who gave what is held: of what was given before givers were kept, nothing is said. */
export const userWithGivers = presentedUser
  .extend({
    givers: z.object({
      tags: byName,
      fields: byName,
      seats: byName,
      spaces: byName,
      segments: byName,
      groups: z.record(z.string(), byName).meta({ description: "By group, the givers of its sources." }),
      enrolments: z.array(
        z.object({
          product_type: z.enum(["course", "bundle", "subscription"]),
          product: z.string(),
          sources: z.array(presentedSource),
        }),
      ),
    }),
  })
  .meta({ component: "UserWithGivers" });
export type UserWithGivers = z.output<typeof userWithGivers>;

const presentGiver = ({ by, id, at }: Giver) => ({ by, id, at: formatInstant(at) });

/** Of an enrolment or a membership of a group: what it came from, and who gave that. */
export const presentSource = ({
  source,
  given,
}: {
  source: string;
  given: Giver;
}): z.output<typeof presentedSource> => ({
  source,
  ...presentGiver(given),
});

/** What users are listed by. */
export interface Marked {
  tag?: string | undefined;
  segment?: string | undefined;
  course?: string | undefined;
}

const givenOnce = z.array(presentedGiver.extend({ source: z.string().optional() }));

/** The user as listed by a mark: with who gave that. */
export const markedUser = presentedUser
  .extend({
    given: z
      .object({ tag: givenOnce, segment: givenOnce, course: givenOnce })
      .partial()
      .optional()
      .meta({ description: "Who gave what the list is of: of a course the giver of each source." }),
  })
  .meta({ component: "ListedUser" });
export type MarkedUser = z.output<typeof markedUser>;

/** Shows a user, and who gave what they are listed by. */
function presentMarked(
  learner: Learner,
  school: Pick<SchoolView, "segments">,
  { tag, segment, course }: Marked,
): MarkedUser {
  const one = (kind: GivenKind, what: string) => {
    const giver = giverOf(learner.givers[kind], what);
    return giver ? [presentGiver(giver)] : [];
  };
  const enrolled = learner.enrolments.find(({ type, product }) => type === "course" && product === course);
  return {
    ...presentLearner(learner, school),
    given: {
      ...(tag === undefined ? {} : { tag: one("tags", tagKey(tag)) }),
      ...(segment === undefined ? {} : { segment: one("segments", segment) }),
      ...(course === undefined ? {} : { course: (enrolled?.sources ?? []).map(presentSource) }),
    },
  };
}

/** Shows a user and who gave what: what an answer to an event leaves out, to stay small. */
function presentWithGivers(learner: Learner, school: Pick<SchoolView, "segments">): UserWithGivers {
  const user = presentLearner(learner, school);
  const named = (kind: GivenKind, names: readonly string[], keyOf = (name: string) => name) =>
    Object.fromEntries(
      names.flatMap((name) => {
        const giver = giverOf(learner.givers[kind], keyOf(name));
        return giver ? [[name, presentGiver(giver)]] : [];
      }),
    );
  return {
    ...user,
    givers: {
      tags: named("tags", user.tags, tagKey),
      fields: named("fields", Object.keys(user.fields)),
      seats: named("seats", user.seats),
      spaces: named("spaces", user.spaces),
      segments: named("segments", user.segments),
      groups: Object.fromEntries(
        learner.groups.map(({ group, sources }) => [
          group,
          Object.fromEntries(sources.map(({ source, given }) => [source, presentGiver(given)])),
        ]),
      ),
      enrolments: learner.enrolments.map(({ type, product, sources }) => ({
        product_type: type,
        product,
        sources: sources.map(presentSource),
      })),
    },
  };
}

/** Shows a user with all givers, with those of what is named, or with none. */
export function presentGiven(learner: Learner, school: Pick<SchoolView, "segments">, givers: boolean | Marked) {
  if (givers === true) return presentWithGivers(learner, school);
  return givers === false ? presentLearner(learner, school) : presentMarked(learner, school, givers);
}
