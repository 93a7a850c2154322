import type { Child, FC } from "hono/jsx";
import type { AnswerTo } from "../../../http/answers";
import { Badge, EmptyState } from "../../components/bits";
import { Moment } from "../../components/moment";
import { Table } from "../../components/table";
import { Called } from "../../components/words";
import type { Visit } from "../../visit";
import type { Words } from "../../words/sentence";
import { whySuppressed } from "../sending/suppressions";
import { Chips } from "./chips";
import { FieldFacts } from "./field-facts";

type Learner = AnswerTo<"GET /v1/users/:id">;
type ProfileField = AnswerTo<"GET /v1/profile-fields/:key">;
type Enrolment = Learner["enrolments"][number];

const SOURCES: Readonly<Record<string, string>> = {
  event: "an event",
  run: "an automation",
  import: "an import",
  self: "a key of the course",
};

/** Where an enrolment came from: "sync:seg_…" as the sync it is. */
const Source: FC<{ source: string; visit: Visit }> = ({ source, visit }) => {
  const [kind = "", id] = source.split(":");
  if (kind === "sync") return <a href={visit.path(`/syncs/${encodeURIComponent(id ?? "")}`)}>a segment's sync</a>;
  if (kind === "run" && id) return <a href={visit.path(`/runs/${encodeURIComponent(id)}`)}>an automation</a>;
  return <>{SOURCES[kind] ?? source}</>;
};

interface ProfileProps {
  learner: Learner;
  words: Words;
  declared: readonly ProfileField[];
  /** Of the learner's address; null: mail goes to it. */
  suppression: AnswerTo<"GET /v1/suppressions/:id"> | null;
  visit: Visit;
}

/** What is known of a learner. */
export const Profile: FC<ProfileProps> = ({ learner, words, declared, suppression, visit }) => {
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
        <h2 class="part">Who</h2>
        <dl class="facts">
          <dt>Id</dt>
          <dd>{learner.id}</dd>
          <dt>Email</dt>
          <dd>
            {learner.email ?? <span class="soft">none</span>}
            {suppression ? (
              <>
                {" "}
                <a href={visit.path("/suppressions")}>
                  <Badge tone="warning">{whySuppressed(suppression)}</Badge>
                </a>
              </>
            ) : null}
          </dd>
          <dt>Registered</dt>
          <dd>
            {moment(learner.registered_at)}
            {learner.source ? `, from ${learner.source}` : ""}
          </dd>
          <dt>Last seen</dt>
          <dd>
            school {moment(learner.last_seen.school)} · app {moment(learner.last_seen.app)}
          </dd>
          <dt>Zone, language</dt>
          <dd>
            {learner.timezone ?? "the school's"}, {learner.locale ?? "the school's"}
          </dd>
          <dt>Consent</dt>
          <dd class="inline">
            <Badge tone={learner.marketing_consent ? "good" : "plain"}>
              marketing {learner.marketing_consent ? "yes" : "no"}
            </Badge>
            <Badge tone={learner.cookies_accepted ? "good" : "plain"}>
              cookies {learner.cookies_accepted ? "yes" : "no"}
            </Badge>
            <Badge tone={learner.paying ? "good" : "plain"}>{learner.paying ? "paying" : "not paying"}</Badge>
          </dd>
        </dl>
        <FieldFacts learner={learner} declared={declared} />
      </section>
      <section>
        <h2 class="part">Belongs to</h2>
        <dl class="facts">
          <dt>Tags</dt>
          <dd>
            <Chips values={learner.tags} href={(tag) => visit.path(`/learners?tag=${encodeURIComponent(tag)}`)} />
          </dd>
          <dt>Segments</dt>
          <dd>
            <Chips
              values={learner.segments}
              href={(segment) => visit.path(`/segments/${encodeURIComponent(segment)}`)}
              name={(segment) => words.nameOf("segment", segment)}
            />
          </dd>
          <dt>Groups</dt>
          <dd>
            <Chips values={learner.groups} name={(group) => words.nameOf("group", group)} />
          </dd>
          <dt>Seats</dt>
          <dd>
            <Chips values={learner.seats} name={(seat) => words.nameOf("seat", seat)} />
          </dd>
          <dt>Spaces</dt>
          <dd>
            <Chips values={learner.spaces} name={(space) => words.nameOf("space", space)} />
          </dd>
        </dl>
      </section>
      <section class="is-wide">
        <h2 class="part">Enrolments</h2>
        {learner.enrolments.length === 0 ? (
          <EmptyState title="Not enrolled">
            <p>Courses, bundles and subscriptions stand here, each with where it came from.</p>
          </EmptyState>
        ) : (
          <Table<Enrolment>
            caption="Enrolments"
            rows={learner.enrolments}
            keyOf={(one) => `${one.product_type}-${one.product}`}
            columns={[
              {
                head: "Product",
                names: true,
                cell: (one) => (
                  <>
                    <Called id={one.product} name={words.nameOf(one.product_type, one.product)} />{" "}
                    <small class="soft">{one.product_type}</small>
                  </>
                ),
              },
              { head: "As", cell: (one) => one.role },
              {
                head: "Came from",
                cell: (one) =>
                  one.sources.map((source, index) => (
                    <>
                      {index > 0 ? ", " : ""}
                      <Source source={source} visit={visit} />
                    </>
                  )),
              },
              { head: "Since", cell: (one) => moment(one.enrolled_at) },
              {
                head: "Until",
                cell: (one) =>
                  one.suspended ? (
                    <Badge tone="warning">suspended</Badge>
                  ) : one.expires_at ? (
                    moment(one.expires_at)
                  ) : (
                    "no end"
                  ),
              },
              {
                head: "Progress",
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
          <h2 class="part">Progress</h2>
          <Table
            caption="Progress"
            rows={courses}
            keyOf={([id]) => id}
            columns={[
              { head: "Course", names: true, cell: ([id]) => <Called id={id} name={words.nameOf("course", id)} /> },
              { head: "Done", number: true, cell: ([, course]) => `${course.percent ?? 0} %` },
              { head: "Activities", number: true, cell: ([, course]) => course.activities.length },
              { head: "Started", cell: ([, course]) => moment(course.started_at) },
              { head: "Completed", cell: ([, course]) => moment(course.completed_at) },
              { head: "Certificate", cell: ([, course]) => moment(course.certificate_at) },
              {
                head: "Last seen there",
                cell: ([id]) => moment(new Map(Object.entries(learner.last_seen.courses)).get(id) ?? null),
              },
            ]}
          />
        </section>
      )}
    </div>
  );
};
