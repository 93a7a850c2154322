import type { Child, FC } from "hono/jsx";
import type { AnswerTo } from "../../../http/answering/answers";
import { inWords, say, weave } from "../../../language/say";
import { Badge, EmptyState } from "../../components/bits";
import { type Given, GivenBy, Giver, type Givers } from "../../components/giver";
import { Moment } from "../../components/moment";
import { Table } from "../../components/table";
import { Called } from "../../components/words";
import { roleWord } from "../../words/values/roles";
import { whySuppressed } from "../sending/suppressions";
import { Chips } from "./chips";
import { FieldFacts } from "./field-facts";

type Learner = AnswerTo<"GET /v1/users/:id">;
type ProfileField = AnswerTo<"GET /v1/profile-fields/:key">;
type Enrolment = Learner["enrolments"][number];

interface ProfileProps {
  learner: Learner;
  givers: Givers;
  declared: readonly ProfileField[];
  /** Of the learner's address; null: mail goes to it. */
  suppression: AnswerTo<"GET /v1/suppressions/:id"> | null;
}

type Kind = "tags" | "fields" | "seats" | "spaces" | "segments";

/** All that give something to a learner. */
export const giversOf = ({ givers }: Learner): Given[] => [
  ...[givers.tags, givers.fields, givers.seats, givers.spaces, givers.segments].flatMap((named) =>
    Object.values(named),
  ),
  ...Object.values(givers.groups).flatMap((sources) => Object.values(sources)),
  ...givers.enrolments.flatMap(({ sources }) => sources),
];

/** What is known of a learner. */
export const Profile: FC<ProfileProps> = ({ learner, givers, declared, suppression }) => {
  const { visit, words } = givers;
  const by = (all: readonly Given[]): Child => <GivenBy givers={all} user={learner.id} of={givers} />;
  const given = (kind: Kind) => (what: string) => {
    const giver = new Map(Object.entries(learner.givers[kind])).get(what);
    return by(giver ? [giver] : []);
  };
  const ofGroup = (group: string) => {
    const sources = new Map(Object.entries(learner.givers.groups)).get(group) ?? {};
    return by(Object.entries(sources).map(([source, giver]) => ({ source, ...giver })));
  };
  const ofEnrolment = (one: Enrolment): readonly Given[] =>
    learner.givers.enrolments.find((other) => other.product_type === one.product_type && other.product === one.product)
      ?.sources ?? [];
  const moment = (at: string | null): Child =>
    at === null ? (
      <span class="soft">–</span>
    ) : (
      <Moment atMs={Date.parse(at)} nowMs={visit.nowMs} timezone={visit.timezone} />
    );
  const courses = Object.entries(learner.courses);
  return (
    <div class="columns">
      <section>
        <h2 class="part">{say("Who")}</h2>
        <dl class="facts">
          <dt>{say("Id")}</dt>
          <dd>{learner.id}</dd>
          <dt>{say("Email")}</dt>
          <dd>
            {learner.email ?? <span class="soft">{say("none")}</span>}
            {suppression ? (
              <>
                {" "}
                <a href={visit.path("/suppressions")}>
                  <Badge tone="warning">{whySuppressed(suppression)}</Badge>
                </a>
              </>
            ) : null}
          </dd>
          <dt>{say("Registered")}</dt>
          <dd>
            {learner.source
              ? weave("{moment}, from {source}", { moment: moment(learner.registered_at), source: learner.source })
              : moment(learner.registered_at)}
          </dd>
          <dt>{say("Last seen")}</dt>
          <dd>
            {weave("school {school} · app {app}", {
              school: moment(learner.last_seen.school),
              app: moment(learner.last_seen.app),
            })}
          </dd>
          <dt>{say("Zone, language")}</dt>
          <dd>
            {[...new Set([learner.timezone ?? say("the school's"), learner.locale ?? say("the school's")])].join(", ")}
          </dd>
          <dt>{say("Consent")}</dt>
          <dd class="inline">
            <Badge tone={learner.marketing_consent ? "good" : "plain"}>
              {learner.marketing_consent ? say("marketing yes") : say("marketing no")}
            </Badge>
            <Badge tone={learner.cookies_accepted ? "good" : "plain"}>
              {learner.cookies_accepted ? say("cookies yes") : say("cookies no")}
            </Badge>
          </dd>
          <dt>{say("Payments")}</dt>
          <dd>
            <Badge tone={learner.paying ? "good" : "plain"}>{learner.paying ? say("paying") : say("not paying")}</Badge>
          </dd>
        </dl>
        <FieldFacts learner={learner} declared={declared} more={given("fields")} />
      </section>
      <section>
        <h2 class="part">{say("Belongs to")}</h2>
        <dl class="facts">
          <dt>{say("Tags")}</dt>
          <dd>
            <Chips
              values={learner.tags}
              href={(tag) => visit.path(`/learners?tag=${encodeURIComponent(tag)}`)}
              more={given("tags")}
            />
          </dd>
          <dt>{say("Segments")}</dt>
          <dd>
            <Chips
              values={learner.segments}
              href={(segment) => visit.path(`/segments/${encodeURIComponent(segment)}`)}
              name={(segment) => words.nameOf("segment", segment)}
              more={given("segments")}
            />
          </dd>
          <dt>{say("Groups")}</dt>
          <dd>
            <Chips values={learner.groups} name={(group) => words.nameOf("group", group)} more={ofGroup} />
          </dd>
          <dt>{say("Seats")}</dt>
          <dd>
            <Chips values={learner.seats} name={(seat) => words.nameOf("seat", seat)} more={given("seats")} />
          </dd>
          <dt>{say("Spaces")}</dt>
          <dd>
            <Chips values={learner.spaces} name={(space) => words.nameOf("space", space)} more={given("spaces")} />
          </dd>
        </dl>
      </section>
      <section class="is-wide">
        <h2 class="part">{say("Enrolments")}</h2>
        {learner.enrolments.length === 0 ? (
          <EmptyState title={say("Not enrolled")}>
            <p>{say("Courses, bundles and subscriptions are shown here, each with where it came from.")}</p>
          </EmptyState>
        ) : (
          <Table<Enrolment>
            caption={say("Enrolments")}
            rows={learner.enrolments}
            keyOf={(one) => `${one.product_type}-${one.product}`}
            columns={[
              {
                head: say("Product"),
                names: true,
                cell: (one) => (
                  <>
                    <Called id={one.product} name={words.nameOf(one.product_type, one.product)} />{" "}
                    <small class="soft">{inWords(one.product_type)}</small>
                  </>
                ),
              },
              { head: say("As"), cell: (one) => roleWord(one.role) },
              {
                head: say("Came from"),
                cell: (one) =>
                  ofEnrolment(one).map((source, index) => (
                    <>
                      {index > 0 ? "; " : ""}
                      <Giver given={source} user={learner.id} of={givers} />
                    </>
                  )),
              },
              { head: say("Since"), cell: (one) => moment(one.enrolled_at) },
              {
                head: say("Until"),
                cell: (one) =>
                  one.suspended ? (
                    <Badge tone="warning">{say("suspended")}</Badge>
                  ) : one.expires_at ? (
                    moment(one.expires_at)
                  ) : (
                    say("no end")
                  ),
              },
              {
                head: say("Progress"),
                number: true,
                cell: (one) => {
                  const course = one.product_type === "course" ? new Map(courses).get(one.product) : undefined;
                  return course ? `${course.percent ?? 0} %` : "";
                },
              },
            ]}
          />
        )}
      </section>
      {courses.length === 0 ? null : (
        <section class="is-wide">
          <h2 class="part">{say("Progress")}</h2>
          <Table
            caption={say("Progress")}
            rows={courses}
            keyOf={([id]) => id}
            columns={[
              {
                head: say("Course"),
                names: true,
                cell: ([id]) => <Called id={id} name={words.nameOf("course", id)} />,
              },
              { head: say("Done"), number: true, cell: ([, course]) => `${course.percent ?? 0} %` },
              { head: say("Activities"), number: true, cell: ([, course]) => course.activities.length },
              { head: say("Started"), cell: ([, course]) => moment(course.started_at) },
              { head: say("Completed"), cell: ([, course]) => moment(course.completed_at) },
              { head: say("Certificate"), cell: ([, course]) => moment(course.certificate_at) },
              {
                head: say("Last seen there"),
                cell: ([id]) => moment(new Map(Object.entries(learner.last_seen.courses)).get(id) ?? null),
              },
            ]}
          />
        </section>
      )}
    </div>
  );
};
