import type { HeldKind } from "../../held/hold";
import type { AnswerTo } from "../../http/answering/answers";
import { figure, later, many, say } from "../../language/say";

/* What the deletion of a definition will do, from its figures. */

export type Figures = Exclude<AnswerTo<"DELETE /v1/segments/:id">, null>;

/** What is said of each deletion. */
export const HELD_FIRST = later(
  "It is held for an hour first: until then it gives nothing new and takes nothing away, and you can have it back as it was.",
);

type Count = Figures["at_least"][number];

/** "12": "about" where it was projected, "at least" where counting ended. */
export function countText(figures: Figures, what: Count): string {
  const n = figures[what];
  if (figures.at_least.includes(what)) return say("at least {n}", { n });
  return figures.estimated ? say("about {n}", { n }) : figure(n);
}

const upper = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** What is taken back of what members have by it alone. */
function takenText(figures: Figures): string {
  const { enrolments, groups } = figures;
  const ended =
    enrolments &&
    many(enrolments, "{count} enrolment in a course ends", "{count} enrolments in courses end", {
      count: countText(figures, "enrolments"),
    });
  const left =
    groups &&
    many(groups, "{count} place in a group ends", "{count} places in groups end", {
      count: countText(figures, "groups"),
    });
  const taken = ended && left ? say("{enrolments}, and {groups}", { enrolments: ended, groups: left }) : ended || left;
  return taken ? ` ${say("{taken}; what somebody has by another way too, stays.", { taken: upper(taken) })}` : "";
}

/** What will follow, in a sentence. @param count the learners, in words */
export const FOLLOWS: Readonly<Record<HeldKind, (figures: Figures, count: string) => string>> = {
  automation: (figures, count) =>
    figures.runs === 0
      ? say("Nobody is under way in it. The log of its runs stays.")
      : say("{learners}: {runs}, and nothing more happens to them. The log of its runs stays.", {
          learners: upper(
            many(figures.users, "{count} learner is under way in it", "{count} learners are under way in it", {
              count,
            }),
          ),
          runs: many(figures.runs, "{count} run ends", "{count} runs end", { count: countText(figures, "runs") }),
        }),
  segment: (figures, count) => {
    const { users, rules } = figures;
    const left =
      users === 0
        ? say("Nobody is in it.")
        : upper(many(users, "{count} learner leaves it.", "{count} learners leave it.", { count }));
    const gone =
      rules &&
      many(rules, "{count} rule goes with it.", "{count} rules go with it.", { count: countText(figures, "rules") });
    return gone ? `${left} ${upper(gone)}` : left;
  },
  segment_rule: (figures, count) =>
    figures.users === 0
      ? say("Nobody leaves the segment by it.")
      : upper(
          many(
            figures.users,
            "{count} learner meets no other rule and leaves the segment.",
            "{count} learners meet no other rule and leave the segment.",
            { count },
          ),
        ) + takenText(figures),
  segment_sync: (figures, count) =>
    figures.users === 0
      ? say("Nobody loses anything by it.")
      : upper(
          many(figures.users, "{count} learner loses what it gave.", "{count} learners lose what it gave.", { count }),
        ) + takenText(figures),
  auto_group: (figures, count) =>
    figures.users === 0
      ? say("Nobody is in a group by it.")
      : upper(
          many(figures.users, "{count} learner leaves its groups.", "{count} learners leave its groups.", { count }),
        ),
  profile_field: () =>
    say("Learners keep their values; they are not checked any more, and no rule may name the field."),
};

const leaving = (users: number, count: string): string =>
  many(users, "Delete, {count} learner leaves", "Delete, {count} learners leave", { count });

/** What the button says where it does something to learners. */
const BUTTONS: Readonly<Partial<Record<HeldKind, (users: number, count: string) => string>>> = {
  automation: (users, count) =>
    many(users, "Delete, {count} learner exits", "Delete, {count} learners exit", { count }),
  segment: leaving,
  segment_rule: leaving,
  segment_sync: (users, count) =>
    many(users, "Delete, {count} learner loses it", "Delete, {count} learners lose it", { count }),
  auto_group: leaving,
};

/** What the button that deletes says. */
export function buttonText(kind: HeldKind, figures: Figures): string {
  const button = figures.users > 0 ? BUTTONS[kind] : undefined;
  return button ? button(figures.users, countText(figures, "users")) : say("Delete");
}
