import type { FC } from "hono/jsx";
import { automationNames } from "../../../automations/find";
import { giverNames } from "../../../automations/givers";
import { WRITTEN_TO } from "../../../catalogue/facts/by-hand";
import type { RowOf } from "../../../http/answering/answers";
import { say, weave } from "../../../language/say";
import { timelineFrom } from "../../../users/past/timeline";
import { Banner, EmptyState } from "../../components/bits";
import { type Given, GivenBy, type Givers } from "../../components/giver";
import { Moment } from "../../components/moment";
import { Pager } from "../../components/table";
import { SpansText as Says } from "../../components/words";
import { Pages } from "../../page";
import type { Visit } from "../../visit";
import { schoolWords } from "../../words/names";
import { factSentence } from "../../words/sentences/fact";
import { capital } from "../../words/sentences/sentence";
import { deliveryPath } from "../sending/delivery-table";
import { LearnerPage, learnerOf, learnerPath } from "./learner-frame";

type Row = RowOf<"GET /v1/users/:id/timeline">;

interface EntryProps {
  entry: Row;
  user: string;
  /** Of automations, by their ids. */
  names: ReadonlyMap<string, string>;
  givers: Givers;
}

/** What made a fact, where that was not its event: nothing where it was. */
const giverOf = (entry: Row): Given[] =>
  entry.kind === "run" ? [] : entry.run_id ? [{ by: "run", id: entry.run_id }] : entry.by ? [entry.by] : [];

/** The mail that was written by hand. */
const Mail: FC<{ data: Record<string, unknown>; visit: Visit }> = ({ data: { delivery, subject }, visit }) => (
  <>
    {": "}
    <a href={deliveryPath(visit, String(delivery))}>{say("“{happened}”", { happened: String(subject) })}</a>
  </>
);

/** A fact, or the run that it started. */
const Entry: FC<EntryProps> = ({ entry, user, names, givers, givers: { visit, words } }) => (
  <li class={entry.kind === "run" ? "is-run" : ""}>
    <span class="log-time">
      <Moment atMs={Date.parse(entry.at)} nowMs={visit.nowMs} timezone={visit.timezone} exact />
    </span>
    <div title={entry.event_id === null ? undefined : say("Id of the event: {id}", { id: entry.event_id })}>
      {entry.kind === "run" ? (
        weave("started {automation}", {
          automation: (
            <a href={visit.path(`/runs/${encodeURIComponent(entry.run_id)}`)}>
              {names.get(entry.automation_id) ?? say("a deleted automation")}
            </a>
          ),
        })
      ) : (
        <>
          <Says spans={capital(factSentence(entry, words))} />
          {entry.type === WRITTEN_TO ? <Mail data={entry.data} visit={visit} /> : null}
          {entry.quiet ? <small class="soft"> {say("quiet: it starts nothing")}</small> : null}{" "}
          <GivenBy givers={giverOf(entry)} user={user} of={givers} />
        </>
      )}
    </div>
  </li>
);

export const timelinePages = new Pages();

timelinePages.get("/learners/:id/timeline", "viewer", async (c) => {
  const visit = c.var.visit;
  const learner = await learnerOf(c);
  const at = Date.parse(c.req.query("at") ?? "");
  const cursor = c.req.query("cursor") ?? (Number.isNaN(at) ? undefined : timelineFrom(at));
  const page = await visit.api.call("GET /v1/users/:id/timeline", {
    params: { id: learner.id },
    query: { order: "desc", cursor, limit: 100 },
  });
  const [names, words, given] = await Promise.all([
    automationNames(
      c.env,
      visit.school.id,
      page.data.flatMap((one) => (one.kind === "run" ? [one.automation_id] : [])),
    ),
    schoolWords(c.env, visit.school.id, page.data),
    giverNames(c.env, visit.school.id, page.data.flatMap(giverOf)),
  ]);
  const givers = { visit, words, names: given };
  return c.html(
    <LearnerPage c={c} visit={visit} learner={learner} tab="/timeline">
      {Number.isNaN(at) ? null : (
        <Banner>
          <span>
            {weave("Back from {moment}.", {
              moment: <Moment atMs={at} nowMs={visit.nowMs} timezone={visit.timezone} exact />,
            })}
          </span>
          <a href={`${learnerPath(visit, learner.id)}/timeline`}>{say("Show all, newest first")}</a>
        </Banner>
      )}
      {page.data.length === 0 ? (
        <EmptyState title={say("Nothing happened yet")}>
          <p>{say("What happens to this learner is shown here, with the runs it started.")}</p>
        </EmptyState>
      ) : (
        <>
          <ol class="log">
            {page.data.map((entry) => (
              <Entry entry={entry} user={learner.id} names={names} givers={givers} />
            ))}
          </ol>
          <Pager page={page} at={`${learnerPath(visit, learner.id)}/timeline`} c={c} />
        </>
      )}
    </LearnerPage>,
  );
});
